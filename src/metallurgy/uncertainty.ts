import { quantity } from "../domain/quantity.ts";
import type { Figure, Known } from "../domain/figure.ts";
import { Status } from "../domain/status.ts";
import type { StatusCode } from "../domain/status.ts";

/** A function of several numbers; NaN where it has no value. */
export type Scalar = (x: readonly number[]) => number;

const STEP = Math.cbrt(Number.EPSILON);

/** Partial derivatives of f at x by central differences, one-sided where f has no value on the other side.
 *  `scales` are the sizes over which f is meant to vary (the standard uncertainties); inputs of scale 0 get 0. */
export function gradientOf(f: Scalar, x: readonly number[], scales: readonly number[]): number[] {
  const centre = f(x);
  const moved = [...x];
  return x.map((value, i) => {
    const scale = scales[i] ?? 0;
    if (scale === 0) return 0;
    const step = STEP * Math.max(Math.abs(value), scale);
    moved[i] = value + step;
    const up = f(moved);
    moved[i] = value - step;
    const down = f(moved);
    moved[i] = value;
    if (Number.isNaN(up)) return (centre - down) / step;
    return Number.isNaN(down) ? (up - centre) / step : (up - down) / (2 * step);
  });
}

/** One kind of error: a share of the value and an amount in the tag's unit, both standard uncertainties. */
export interface ErrorSize {
  readonly relative: number;
  readonly absolute: number;
}

/** What is known of an instrument's or an assay's errors. */
export interface ErrorModel {
  /** The same at all times: does not average. */
  readonly systematic: ErrorSize;
  /** A new draw after each correlation time. */
  readonly random: ErrorSize;
  /** Autocorrelation time of the random part, ms; 0 for a laboratory sample, which is one draw. */
  readonly correlationMs: number;
}

const NONE: ErrorSize = { relative: 0, absolute: 0 };

function model(systematic: Partial<ErrorSize>, random: Partial<ErrorSize>, correlationMs = 0): ErrorModel {
  return { systematic: { ...NONE, ...systematic }, random: { ...NONE, ...random }, correlationMs };
}

/** Standard uncertainties to assume where the plant file says nothing: design assumptions for a small gold plant.
 *  Absolute amounts are in the unit named by the key. */
export const DEFAULT_ERRORS = {
  beltScale: model({ relative: 0.01 }, {}),
  beltScaleCalibrated: model({ relative: 0.005 }, {}),
  "moistureNir %": model({ absolute: 0.3 }, {}),
  "moistureLab %": model({}, { absolute: 0.2 }),
  "densityGauge t/m3": model({ absolute: 0.003 }, {}),
  magneticFlowmeter: model({ relative: 0.005 }, {}),
  "solidsDensity t/m3": model({ absolute: 0.02 }, {}),
  power: model({ relative: 0.005 }, {}),
  headAssay: model({}, { relative: 0.03 }),
  headAssayCoarseGold: model({}, { relative: 0.065 }),
  "tailsAssay g/t": model({}, { relative: 0.05, absolute: 0.02 }),
  carbonAssay: model({}, { relative: 0.05 }),
  "solutionAssay mg/L": model({}, { relative: 0.05, absolute: 0.002 }),
  carbonConcentration: model({}, { relative: 0.1 }),
  tankVolume: model({ relative: 0.02 }, {}),
  doreMass: model({ relative: 0.0001 }, {}),
  doreFineness: model({}, { relative: 0.002 }),
} as const satisfies Record<string, ErrorModel>;

/** Standard uncertainty of one reading of `value`. Where a share and an amount are both given, the larger counts. */
export function sizeOf({ relative, absolute }: ErrorSize, value: number): number {
  return Math.max(relative * Math.abs(value), absolute);
}

/** Number of independent draws in a time, for errors that are correlated over `correlationMs`: T/(2τ), never below one. */
export function effectiveDraws(coveredMs: number, correlationMs: number): number {
  return correlationMs === 0 ? 1 : Math.max(1, coveredMs / (2 * correlationMs));
}

/** Whether a figure differs from what it should be by more than its expanded uncertainty, twice u: a call factor or a
 *  cross-check from 1. Null while the figure has no value. */
export function standsOut({ value, u }: Figure, expected: number): boolean | null {
  return value === null ? null : Math.abs(value - expected) > 2 * u;
}

/** Covariance of figures by the sources that they share; zeros for one that is not measured. */
export function covarianceOf(figures: readonly (Known | null)[]): number[][] {
  return figures.map((a, i) =>
    figures.map((b, j) => {
      if (a === null || b === null) return 0;
      if (i === j) return a.u * a.u;
      let common = 0;
      for (const [source, amount] of Object.entries(a.parts)) common += amount * (b.parts[source] ?? 0);
      return common;
    }),
  );
}

export interface Reading {
  readonly source: string;
  /** Names the draw of the random part, so that figures of one period share it. */
  readonly occasion: string;
  /** Time that the mean was taken over. */
  readonly coveredMs: number;
  readonly status?: StatusCode;
}

/** The mean of an instrument over a time as a figure: its systematic error whole, its random one averaged. */
export function meanOf<const U extends string>(
  mean: number,
  unit: U,
  errors: ErrorModel,
  { source, occasion, coveredMs, status = Status.Good }: Reading,
): Known<U> {
  const systematic = sizeOf(errors.systematic, mean);
  const random = sizeOf(errors.random, mean) / Math.sqrt(effectiveDraws(coveredMs, errors.correlationMs));
  const parts: Record<string, number> = {};
  if (systematic > 0) parts[source] = systematic;
  if (random > 0) parts[`${source}@${occasion}`] = random;
  return { value: quantity(mean, unit), u: Math.hypot(systematic, random), status, parts };
}
