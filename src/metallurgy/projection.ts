import { EigenvalueDecomposition, Matrix } from "ml-matrix";
import type { Refusal } from "../domain/figure.ts";
import { dot, splitByRank } from "./orthogonal.ts";
import type { Split } from "./orthogonal.ts";

/** Balances A·x = b over streams, some of them measured. An inventory change is a stream of its own node. */
export interface LinearBalance {
  /** One row a node: +1 for what comes in, −1 for what goes out, or any coefficients. */
  readonly constraints: readonly (readonly number[])[];
  /** b; zeros when left out. */
  readonly constants?: readonly number[];
  /** Null for a stream that is not measured. */
  readonly measured: readonly (number | null)[];
  /** Variances, or the whole covariance of the streams. A measured stream of variance 0 is taken as exact. Those of
   *  streams that are not measured count for nothing. */
  readonly variance: readonly number[] | readonly (readonly number[])[];
}

/** What exact streams may leave open of a balance, as a share of what flows through it. */
const CONTRADICTION = 1e-9;

/** A balance taken apart: what is measured and how sure, the balances left when what is not measured is projected out, and
 *  the least adjustments that close them. */
export interface Projection {
  readonly balance: LinearBalance;
  readonly sides: Sides;
  readonly system: System;
  readonly covariance: Matrix;
  /** L with L·Lᵀ = V of the free streams: one column for each error that is a new one. */
  readonly root: Matrix;
  readonly unmeasured: Split;
  readonly modes: Split;
  /** Misclosure of each mode in units of its uncertainty. */
  readonly score: readonly number[];
  /** What an error of each free stream, of one unit, makes of each score. */
  readonly senses: Matrix;
  /** Adjustment of each free stream by each mode of score one. */
  readonly adjusts: Matrix;
  readonly adjusted: readonly number[];
}

/** Takes a balance apart; NOT_CONVERGED when the covariance is none, OUT_OF_DOMAIN when exact streams contradict each
 *  other. Source: Crowe, García Campos and Hrymak 1983. */
export function project(balance: LinearBalance): Projection | Refusal {
  const covariance = covarianceOf(balance.variance);
  const sides = sidesOf(balance.measured, covariance);
  const root = rootOf(covariance, sides.free);
  if (root === null) return "NOT_CONVERGED";
  const system = systemOf(balance, sides, covariance);
  const unmeasured = splitByRank(system.missing);
  const projector = unmeasured.leftNull.transpose();
  const free = projector.mmul(system.free);
  // Rows were of size one before errors that streams share cancelled in them.
  const modes = splitByRank(free.mmul(root), 1);
  // Misclosures of the balances that are left, in the modes, in units of their uncertainty.
  const misclosure = projector.mmul(system.misclosure);
  const beyondReach = modes.leftNull.transpose().mmul(misclosure);
  if (beyondReach.norm() > CONTRADICTION * (1 + system.magnitude)) return "OUT_OF_DOMAIN";
  const toScore = modes.range.transpose();
  if (modes.rank > 0) toScore.divColumnVector([...modes.singular]);
  const score = toScore.mmul(misclosure).getColumn(0);
  const senses = toScore.mmul(free);
  const adjusts = root.mmul(modes.rows);
  const adjusted = sides.free.map((_, row) => -dot(adjusts.getRow(row), score));
  return { balance, sides, system, covariance, root, unmeasured, modes, score, senses, adjusts, adjusted };
}

/** Streams by what is known of them: measured with an error, measured without, not measured. */
export interface Sides {
  readonly free: readonly number[];
  readonly exact: readonly number[];
  readonly missing: readonly number[];
}

/** Variances as a diagonal matrix; a covariance as it is. */
function covarianceOf(variance: LinearBalance["variance"]): Matrix {
  return typeof variance[0] === "object"
    ? new Matrix(variance as number[][]) // copies what it is given
    : Matrix.diag([...(variance as readonly number[])]);
}

function sidesOf(measured: readonly (number | null)[], covariance: Matrix): Sides {
  const free: number[] = [];
  const exact: number[] = [];
  const missing: number[] = [];
  for (const [stream, value] of measured.entries()) {
    if (value === null) missing.push(stream);
    else if (covariance.get(stream, stream) === 0) exact.push(stream);
    else free.push(stream);
  }
  return { free, exact, missing };
}

/** Variances that are a smaller share of their streams' own than this are rounding. */
export const ROUNDING = 1e-12;

/** L with L·Lᵀ = V of the free streams; null when V is no covariance. Streams that are wrong together, like two that one
 *  meter measures, have fewer errors than there are streams: V then has no inverse, and L is the narrower. Worked out from
 *  the correlations, so that the units of the streams do not decide what is rounding. */
function rootOf(covariance: Matrix, free: readonly number[]): Matrix | null {
  if (free.length === 0) return Matrix.zeros(0, 0);
  const own = free.map((j) => Math.sqrt(covariance.get(j, j)));
  const correlations = covariance.selection([...free], [...free]);
  correlations.divRowVector(own).divColumnVector(own);
  const { realEigenvalues, eigenvectorMatrix } = new EigenvalueDecomposition(correlations, {
    assumeSymmetric: true,
  });
  const limit = ROUNDING * free.length;
  if (realEigenvalues.some((value) => !(value >= -limit))) return null;
  const kept = realEigenvalues.flatMap((value, k) => (value > limit ? [k] : []));
  return eigenvectorMatrix
    .subMatrixColumn(kept)
    .mulRowVector(kept.map((k) => Math.sqrt(realEigenvalues[k] ?? 0)))
    .mulColumnVector(own);
}

export interface System {
  readonly free: Matrix;
  readonly missing: Matrix;
  /** Sizes by which the columns of `missing` were divided, so that their units do not decide the rank. */
  readonly missingScale: readonly number[];
  /** A·y − b over measured streams, and each row's scale. */
  readonly misclosure: Matrix;
  /** The largest sum of what enters and leaves a balance, in its row's scale. */
  readonly magnitude: number;
}

/** Rows are scaled to a misclosure of about one standard uncertainty, so that tonnes and grams weigh alike. */
function systemOf(
  { constraints, constants = [], measured }: LinearBalance,
  sides: Sides,
  covariance: Matrix,
): System {
  const known = [...sides.free, ...sides.exact];
  const scales = constraints.map((row) => {
    const spread = Math.sqrt(
      sides.free.reduce((sum, j) => sum + (row[j] ?? 0) ** 2 * covariance.get(j, j), 0),
    );
    return spread > 0 ? spread : Math.max(...row.map(Math.abs), Number.MIN_VALUE);
  });
  const pick = (streams: readonly number[]): Matrix =>
    streams.length === 0 || constraints.length === 0
      ? Matrix.zeros(constraints.length, streams.length)
      : new Matrix(constraints.map((row, i) => streams.map((j) => (row[j] ?? 0) / (scales[i] ?? 1))));
  const misclosure = constraints.map((row, i) => [
    (known.reduce((sum, j) => sum + (row[j] ?? 0) * (measured[j] ?? 0), 0) - (constants[i] ?? 0)) /
      (scales[i] ?? 1),
  ]);
  const flows = constraints.map(
    (row, i) =>
      known.reduce((sum, j) => sum + Math.abs((row[j] ?? 0) * (measured[j] ?? 0)), 0) / (scales[i] ?? 1),
  );
  const missing = pick(sides.missing);
  const missingScale = sides.missing.map((_, j) =>
    Math.max(missing.getColumnVector(j).norm(), Number.MIN_VALUE),
  );
  return {
    free: pick(sides.free),
    missing: missing.columns === 0 ? missing : missing.divRowVector([...missingScale]),
    missingScale,
    misclosure: constraints.length === 0 ? Matrix.zeros(0, 1) : new Matrix(misclosure),
    magnitude: Math.max(0, ...flows),
  };
}
