import { quantity } from "./quantity.ts";
import type { Quantity } from "./quantity.ts";
import { Status } from "./status.ts";
import type { StatusCode } from "./status.ts";

/** Why a figure has no value. Never a zero, an infinity or NaN in its place. */
export type Refusal =
  /** An input has no value. */
  | "MISSING"
  /** A denominator is inside its dead zone: the ratio would mean nothing. */
  | "LOW_DENOM"
  /** The inputs contradict the physics of the formula: a pulp lighter than water, a tail richer than the feed. */
  | "OUT_OF_DOMAIN"
  /** The wanted point lies outside the measured curve. */
  | "NO_BRACKET"
  /** Not enough readings, samples or turns to say anything. */
  | "TOO_FEW"
  | "NOT_CONVERGED"
  /** The balance cannot tell it from what is measured. */
  | "UNOBSERVABLE";

/** Contributions to the standard uncertainty by source, each ∂y/∂x · u(x) with its sign and in the figure's own unit.
 *  A source named after an instrument (`WIT-201`) is one and the same error at all times: systematic. One with an
 *  occasion after an @ (`AY-901@2026-11-22/day`) is a new draw on each occasion: random. Figures that share a source are
 *  correlated, and every further calculation takes that into account. */
export type Parts = Readonly<Record<string, number>>;

export interface Known<U extends string = string> {
  readonly value: Quantity<U>;
  /** Standard uncertainty (one sigma) in the same unit: the root of Σ parts² and of an unnamed remainder, which is
   *  independent of everything else. */
  readonly u: number;
  /** The worst of what went in. */
  readonly status: StatusCode;
  readonly parts: Parts;
  readonly reason?: never;
}

export interface Unknown {
  readonly value: null;
  readonly u: null;
  readonly status: StatusCode;
  readonly parts: Parts;
  readonly reason: Refusal;
}

/** A number that a metallurgist signs, or the reason why there is none. */
export type Figure<U extends string = string> = Known<U> | Unknown;

const NO_PARTS: Parts = Object.freeze({});

/** A constant, a setting, a count: no uncertainty. */
export function exactly<const U extends string>(value: number, unit: U): Known<U> {
  return { value: quantity(value, unit), u: 0, status: Status.Good, parts: NO_PARTS };
}

/** A value with its standard uncertainty in the same unit. With a source the error is shared by all figures that name
 *  it; without one it is independent. */
export function measured<const U extends string>(
  value: number,
  unit: U,
  u: number,
  source?: string,
  status: StatusCode = Status.Good,
): Known<U> {
  const parts = source === undefined || u === 0 ? NO_PARTS : { [source]: u };
  return { value: quantity(value, unit), u: Math.abs(u), status, parts };
}

export function unknown(reason: Refusal, status: StatusCode = Status.BadOutOfRange): Unknown {
  return { value: null, u: null, status, parts: NO_PARTS, reason };
}

/** Systematic and random standard uncertainty of a figure: what does not average in time, and what does. */
export function splitUncertainty({ u, parts }: Known): {
  readonly systematic: number;
  readonly random: number;
} {
  let systematic2 = 0;
  for (const [source, amount] of Object.entries(parts))
    if (!source.includes("@")) systematic2 += amount * amount;
  return { systematic: Math.sqrt(systematic2), random: Math.sqrt(Math.max(0, u * u - systematic2)) };
}
