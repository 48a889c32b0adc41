import { Matrix } from "ml-matrix";
import type { Refusal } from "../domain/figure.ts";
import { dot } from "./orthogonal.ts";
import { project, ROUNDING } from "./projection.ts";
import type { LinearBalance, Projection } from "./projection.ts";

export type { LinearBalance } from "./projection.ts";

/** What the balance says of a stream. */
export type StreamClass =
  /** Measured, and the balance would give it without its measurement. */
  | "redundant"
  /** Measured, and the balance can neither correct nor test it. */
  | "nonredundant"
  /** Measured without error. */
  | "exact"
  /** Not measured, but given by the balance. */
  | "observable"
  | "unobservable";

export interface Reconciled {
  /** Null for what is unobservable: never invented. */
  readonly values: readonly (number | null)[];
  /** Standard uncertainties after reconciliation. */
  readonly u: readonly (number | null)[];
  /** Covariance of all streams after reconciliation; meaningless for unobservable ones. */
  readonly covariance: readonly (readonly number[])[];
  readonly classes: readonly StreamClass[];
  /** Degrees of freedom: independent balances between measured streams. */
  readonly rank: number;
  /** Σ of squared misclosures in units of their uncertainty: χ² of `rank` degrees when nothing is wrong. */
  readonly globalStatistic: number;
  /** |misclosure| of each node in units of its uncertainty; null for a node with unmeasured streams, or with nothing but
   *  exact ones and errors that cancel. */
  readonly nodeZ: readonly (number | null)[];
  /** |adjustment| of each measurement in units of its uncertainty; null where the balance cannot test it. */
  readonly measurementZ: readonly (number | null)[];
  /** Adjustment of stream j by mode k, and what mode k senses of an error of stream j: the basis of power calculations. */
  readonly adjusts: readonly (readonly number[])[];
  readonly senses: readonly (readonly number[])[];
}

const REDUNDANT_FROM = 1e-9;

/** Weighted least squares: the values that close every balance with the least adjustment in units of the uncertainties.
 *  Unmeasured streams are projected out, dependent balances drop out by rank. NOT_CONVERGED when the covariance is none,
 *  OUT_OF_DOMAIN when exact streams contradict each other.
 *  Source: Crowe, García Campos and Hrymak 1983; Narasimhan and Jordache 2000, ch. 3 and 7. */
export function reconcile(balance: LinearBalance): Reconciled | Refusal {
  const projection = project(balance);
  return typeof projection === "string" ? projection : assemble(projection);
}

/** Least-norm inverse of the unmeasured columns, with their scale undone: rows for unobservable streams mean nothing. */
function solutionOf({ unmeasured, system }: Projection): Matrix {
  const scaled = unmeasured.range.transpose();
  for (const [k, singular] of unmeasured.singular.entries())
    scaled.setRow(
      k,
      scaled.getRow(k).map((value) => value / singular),
    );
  const inverse = unmeasured.rows.mmul(scaled);
  for (const [j, scale] of system.missingScale.entries())
    inverse.setRow(
      j,
      inverse.getRow(j).map((value) => value / scale),
    );
  return inverse;
}

/** Values of all streams, and every stream as a linear function of the free ones: themselves, or the balance's answer for
 *  what is not measured. */
export function complete(parts: Projection): { readonly values: (number | null)[]; readonly byFree: Matrix } {
  const { balance, sides, system, adjusted, unmeasured } = parts;
  const values: (number | null)[] = [...balance.measured];
  const byFree = Matrix.zeros(values.length, sides.free.length);
  for (const [i, j] of sides.free.entries()) {
    values[j] = (balance.measured[j] ?? NaN) + (adjusted[i] ?? 0);
    byFree.set(j, i, 1);
  }
  const inverse = solutionOf(parts);
  const nullSpace = unmeasured.null;
  const closing = system.misclosure.clone();
  if (sides.free.length > 0) closing.add(system.free.mmul(Matrix.columnVector([...adjusted])));
  for (const [i, j] of sides.missing.entries()) {
    const row = inverse.getRow(i);
    values[j] = isObservable(nullSpace, i) ? -dot(row, closing.to1DArray()) : null;
    for (let k = 0; k < sides.free.length; k++) byFree.set(j, k, -dot(row, system.free.getColumn(k)));
  }
  return { values, byFree };
}

/** Whether an unmeasured stream is the same in every solution: it takes no part in the null space. */
function isObservable(nullSpace: Matrix, row: number): boolean {
  return nullSpace.columns === 0 || nullSpace.getRow(row).every((value) => Math.abs(value) < 1e-8);
}

function gramOf(matrix: Matrix): Matrix {
  return matrix.mmul(matrix.transpose());
}

/** Values, uncertainties and tests of a balance that was taken apart. */
export function assemble(parts: Projection): Reconciled {
  const { balance, sides, root, modes, senses, adjusts, adjusted } = parts;
  const remaining = root.mmul(modes.null);
  const { values, byFree } = complete(parts);
  const covariance =
    sides.free.length === 0 ? Matrix.zeros(values.length, values.length) : gramOf(byFree.mmul(remaining));
  const spread = (stream: number): readonly number[] => {
    const row = sides.free.indexOf(stream);
    return row < 0 ? [] : adjusts.getRow(row);
  };
  const classes = values.map((value, j) => classOf(parts, j, value, dot(spread(j), spread(j))));
  return {
    values,
    u: values.map((value, j) => (value === null ? null : Math.sqrt(Math.max(0, covariance.get(j, j))))),
    covariance: covariance.to2DArray(),
    classes,
    rank: adjusts.columns,
    globalStatistic: dot(parts.score, parts.score),
    nodeZ: balance.constraints.map((_, node) => nodeZ(parts, node)),
    measurementZ: classes.map((kind, j) =>
      kind === "redundant"
        ? Math.abs(adjusted[sides.free.indexOf(j)] ?? 0) / Math.sqrt(dot(spread(j), spread(j)))
        : null,
    ),
    adjusts: classes.map((_, j) => spread(j)),
    senses: classes.map((_, j) => {
      const row = sides.free.indexOf(j);
      return row < 0 ? [] : senses.getColumn(row);
    }),
  };
}

function classOf(
  { balance, sides, covariance }: Projection,
  j: number,
  value: number | null,
  spread: number,
): StreamClass {
  if (balance.measured[j] === null) return value === null ? "unobservable" : "observable";
  if (sides.exact.includes(j)) return "exact";
  return spread > REDUNDANT_FROM * covariance.get(j, j) ? "redundant" : "nonredundant";
}

function nodeZ({ balance, sides, system, covariance }: Projection, node: number): number | null {
  const row = balance.constraints[node] ?? [];
  if (sides.missing.some((j) => (row[j] ?? 0) !== 0) || sides.free.every((j) => (row[j] ?? 0) === 0))
    return null;
  const scaled = Matrix.rowVector(system.free.getRow(node));
  const free = covariance.selection([...sides.free], [...sides.free]);
  // In its row's scale it would be one, were no error shared.
  const variance = scaled.mmul(free).mmul(scaled.transpose()).get(0, 0);
  return variance > ROUNDING ? Math.abs(system.misclosure.get(node, 0)) / Math.sqrt(variance) : null;
}
