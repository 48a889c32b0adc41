import type { Figure, Known, Refusal } from "../domain/figure.ts";
import { unknown } from "../domain/figure.ts";
import { quantity } from "../domain/quantity.ts";
import type { Quantity } from "../domain/quantity.ts";
import { Status, worse } from "../domain/status.ts";
import type { StatusCode } from "../domain/status.ts";
import { gradientOf } from "./uncertainty.ts";

/** Names of inputs and their UCUM units. */
export type Units = Readonly<Record<string, string>>;
export type Quantities<I extends Units> = { readonly [K in keyof I]: Quantity<I[K]> };
/** Values without their units, for what has units of its own. */
export type Bare<I extends Units> = { readonly [K in keyof I]: number };
export type Figures<I extends Units> = { readonly [K in keyof I]: Figure<I[K]> };

export interface FormulaText<I extends Units, U extends string> {
  /** UCUM unit of the result. */
  readonly unit: U;
  readonly inputs: I;
  /** The formula on bare values, or why it has no value there. */
  readonly of: (x: Quantities<I>) => number | Refusal;
  /** Partial derivatives where they are known, each in the unit of the result per unit of its input; central differences
   *  stand in for a formula that gives none. */
  readonly partials?: (x: Bare<I>) => Bare<I>;
}

/** A formula that takes figures by name and gives a figure: the value, the uncertainty to first order with every shared
 *  source of error, and the worst status of its inputs. `of` is the same on bare numbers, for columns of readings. */
export interface Formula<I extends Units = Units, U extends string = string> extends FormulaText<I, U> {
  (figures: Figures<I>): Figure<U>;
}

export function formula<const I extends Units, const U extends string>(
  text: FormulaText<I, U>,
): Formula<I, U> {
  const names = Object.keys(text.inputs);
  const apply = (figures: Figures<I>): Figure<U> => {
    const known = knownOf(names.map((name) => figures[name] ?? unknown("MISSING")));
    if ("reason" in known) return known;
    const values = known.inputs.map(({ value }) => value);
    const bare = (x: readonly number[]): number | Refusal => text.of(named(names, x));
    const slopes = text.partials?.(named(names, values));
    const gradient = slopes === undefined ? undefined : names.map((name) => slopes[name] ?? 0);
    return evaluate(bare, text.unit, known.inputs, known.status, gradient);
  };
  return Object.assign(apply, text);
}

function named<I extends Units>(names: readonly string[], x: readonly number[]): Quantities<I> {
  const record: Record<string, number> = {};
  for (const [i, name] of names.entries()) record[name] = x[i] ?? NaN;
  return record as Quantities<I>;
}

function knownOf(
  figures: readonly Figure[],
): { readonly inputs: readonly Known[]; readonly status: StatusCode } | ReturnType<typeof unknown> {
  const inputs: Known[] = [];
  let status: StatusCode = Status.Good;
  for (const figure of figures) {
    status = worse(status, figure.status);
    if (figure.value !== null) inputs.push(figure);
  }
  return inputs.length === figures.length ? { inputs, status } : unknown("MISSING", status);
}

/** A function of figures as a figure. The base of every formula. */
export function evaluate<const U extends string>(
  bare: (x: readonly number[]) => number | Refusal,
  unit: U,
  inputs: readonly Known[],
  status: StatusCode,
  gradient?: readonly number[],
): Figure<U> {
  const x = inputs.map(({ value }) => value);
  const value = bare(x);
  if (typeof value === "string") return unknown(value);
  if (!Number.isFinite(value)) return unknown("OUT_OF_DOMAIN");
  const scalar = (at: readonly number[]): number => {
    const result = bare(at);
    return typeof result === "string" ? NaN : result;
  };
  const uncertainties = inputs.map(({ u }) => u);
  const spread = addUp(inputs, gradient ?? gradientOf(scalar, x, uncertainties));
  // At an end of its domain a formula may be infinitely steep: then nothing is known of it.
  if (!Number.isFinite(spread.u)) return unknown("OUT_OF_DOMAIN", status);
  return { value: quantity(value, unit), status, ...spread };
}

/** Contributions of every input, times its slope, added source by source. */
function addUp(inputs: readonly Known[], slopes: readonly number[]): Pick<Known, "u" | "parts"> {
  const parts: Record<string, number> = {};
  let unnamed2 = 0;
  for (const [i, input] of inputs.entries()) {
    const slope = slopes[i] ?? 0;
    if (input.u === 0 || slope === 0) continue;
    let named2 = 0;
    for (const [source, amount] of Object.entries(input.parts)) {
      parts[source] = (parts[source] ?? 0) + slope * amount;
      named2 += amount * amount;
    }
    unnamed2 += slope * slope * Math.max(0, input.u * input.u - named2);
  }
  let variance = unnamed2;
  for (const amount of Object.values(parts)) variance += amount * amount;
  return { u: Math.sqrt(variance), parts };
}

/** Σ factor · figure. Systematic errors that the terms share add up; what is independent adds in quadrature.
 *  An empty sum is an exact 0; one unknown term makes the sum unknown. */
export function sumOf<const U extends string>(
  unit: U,
  figures: readonly Figure<NoInfer<U>>[],
  factors: readonly number[] = [],
): Figure<U> {
  const known = knownOf(figures);
  if ("reason" in known) return known;
  const slopes = figures.map((_, i) => factors[i] ?? 1);
  let total = 0;
  for (const [i, { value }] of known.inputs.entries()) total += (slopes[i] ?? 1) * value;
  return { value: quantity(total, unit), status: known.status, ...addUp(known.inputs, slopes) };
}

/** A ratio, unless the denominator's magnitude is below its dead zone. */
export function ratio(numerator: number, denominator: number, deadZone = 0): number | Refusal {
  const magnitude = Math.abs(denominator);
  return magnitude < deadZone || magnitude === 0 || Number.isNaN(magnitude)
    ? "LOW_DENOM"
    : numerator / denominator;
}
