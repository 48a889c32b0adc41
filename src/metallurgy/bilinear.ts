import type { Refusal } from "../domain/figure.ts";
import { project } from "./projection.ts";
import type { LinearBalance, Projection } from "./projection.ts";
import { assemble, complete } from "./reconciliation.ts";
import type { Reconciled } from "./reconciliation.ts";

/** coefficient × x_a, or coefficient × x_a × x_b: a mass flow, or the gold that it carries. */
export interface Term {
  readonly coefficient: number;
  readonly factors: readonly [number] | readonly [number, number];
}

/** Σ terms = constant. */
export interface BilinearConstraint {
  readonly terms: readonly Term[];
  readonly constant?: number;
}

export interface BilinearBalance {
  readonly constraints: readonly BilinearConstraint[];
  readonly measured: LinearBalance["measured"];
  readonly variance: LinearBalance["variance"];
  /** Where to start for what is not measured. */
  readonly start?: readonly (number | null)[];
}

const STEPS_MAX = 50;
const CONVERGED = 1e-12;

/** Misclosure of each constraint at x. */
export function misclosures(constraints: readonly BilinearConstraint[], x: readonly number[]): number[] {
  return constraints.map(({ terms, constant = 0 }) =>
    terms.reduce(
      (sum, { coefficient, factors: [a, b] }) =>
        sum + coefficient * (x[a] ?? NaN) * (b === undefined ? 1 : (x[b] ?? NaN)),
      -constant,
    ),
  );
}

function jacobian(constraints: readonly BilinearConstraint[], x: readonly number[]): number[][] {
  return constraints.map(({ terms }) => {
    const row = x.map(() => 0);
    for (const { coefficient, factors } of terms) {
      const [a, b] = factors;
      row[a] = (row[a] ?? 0) + coefficient * (b === undefined ? 1 : (x[b] ?? NaN));
      if (b !== undefined) row[b] = (row[b] ?? 0) + coefficient * (x[a] ?? NaN);
    }
    return row;
  });
}

/** What counts as little of each: its uncertainty, or where it starts. A change of stock may well be nothing. */
function sizesOf(
  variance: BilinearBalance["variance"],
  start: readonly (number | null)[],
): readonly number[] {
  return variance.map((row, j) => {
    const own = typeof row === "number" ? row : (row[j] ?? 0);
    return Math.max(Math.sqrt(own), Math.abs(start[j] ?? 0), 1e-12);
  });
}

/** Balances of masses and of the gold in them at once, each assay with its own uncertainty: Gauss–Newton, the balances
 *  taken as straight at the latest values, until nothing moves. Tests and uncertainties are those at the solution.
 *  NOT_CONVERGED after 50 steps. */
export function reconcileBilinear(balance: BilinearBalance): Reconciled | Refusal {
  const { constraints, measured, variance, start = [] } = balance;
  const sizes = sizesOf(variance, start);
  const began = beginning(balance);
  if (typeof began === "string") return began;
  let x = began;
  for (let step = 0; step < STEPS_MAX; step++) {
    const slopes = jacobian(constraints, x);
    const closing = misclosures(constraints, x);
    const constants = slopes.map(
      (row, i) => row.reduce((sum, slope, j) => sum + slope * (x[j] ?? 0), 0) - (closing[i] ?? 0),
    );
    const projection = project({ constraints: slopes, constants, measured, variance });
    if (typeof projection === "string") return projection;
    const next = completed(projection, x);
    const moved = Math.max(
      ...next.map((value, j) => Math.abs(value - (x[j] ?? 0)) / Math.max(Math.abs(value), sizes[j] ?? 0)),
    );
    // What rounding leaves of nothing is nothing: what such a flow carries cannot be told.
    x = next.map((value, j) => (Math.abs(value) < CONVERGED * (sizes[j] ?? 0) ? 0 : value));
    if (!Number.isFinite(moved)) return "NOT_CONVERGED";
    if (moved < CONVERGED) return assemble(projection);
  }
  return "NOT_CONVERGED";
}

/** Where the steps begin: where the balances that are straight hold already. At flows that do not close, balances of the gold in
 *  them that say the same would seem to say different things. */
function beginning({ constraints, measured, variance, start = [] }: BilinearBalance): number[] | Refusal {
  const straight = constraints.filter(({ terms }) => terms.every(({ factors }) => factors.length === 1));
  const x = measured.map((value, j) => value ?? start[j] ?? 1);
  const projection = project({
    constraints: jacobian(straight, x),
    constants: straight.map(({ constant = 0 }) => constant),
    measured,
    variance,
  });
  return typeof projection === "string" ? projection : completed(projection, x);
}

/** What the balance does not give stays what it was. */
function completed(projection: Projection, x: readonly number[]): number[] {
  return complete(projection).values.map((value, j) => value ?? x[j] ?? 1);
}
