import { Matrix, SingularValueDecomposition } from "ml-matrix";

/** Singular values below this share of the largest, or of what the matrix was worked out from, are zero: dependent rows,
 *  unmeasured streams that nothing tells apart. */
const RANK_TOLERANCE = 1e-10;

/** A = U·S·Vᵀ split at its rank: what the matrix does, and what it does nothing to. The null spaces are worked out when
 *  they are asked for. */
export interface Split {
  readonly rank: number;
  readonly singular: readonly number[];
  /** Orthonormal columns: range of A, and its left null space. */
  readonly range: Matrix;
  readonly leftNull: Matrix;
  /** Orthonormal columns: row space of A, and its null space. */
  readonly rows: Matrix;
  readonly null: Matrix;
}

/** A column subset of a matrix, which may be empty. */
function columns(matrix: Matrix, from: number, to: number): Matrix {
  return to > from ? matrix.subMatrix(0, matrix.rows - 1, from, to - 1) : Matrix.zeros(matrix.rows, 0);
}

/** `size`: of the numbers that the entries were worked out from, where those may have cancelled to nothing but rounding. */
export function splitByRank(a: Matrix, size = 0): Split {
  const isZero = a.rows === 0 || a.columns === 0 || (a.max() === 0 && a.min() === 0);
  return isZero ? splitOfZeros(a) : splitPadded(a, size);
}

/** The decomposition wants neither rows nor columns to be missing. */
function splitOfZeros(a: Matrix): Split {
  return {
    rank: 0,
    singular: [],
    range: Matrix.zeros(a.rows, 0),
    leftNull: Matrix.eye(a.rows),
    rows: Matrix.zeros(a.columns, 0),
    null: Matrix.eye(a.columns),
  };
}

/** Padded to a square with zeros, so that the decomposition gives whole bases. */
function splitPadded(a: Matrix, size: number): Split {
  const side = Math.max(a.rows, a.columns);
  const square = Matrix.zeros(side, side);
  square.setSubMatrix(a, 0, 0);
  const decomposition = new SingularValueDecomposition(square);
  const order = decomposition.diagonal
    .map((value, index) => ({ value, index }))
    .sort((x, y) => y.value - x.value);
  const limit = RANK_TOLERANCE * Math.max(size, order[0]?.value ?? 0);
  const rank = order.filter(({ value }) => value > limit).length;
  const left = decomposition.leftSingularVectors.subMatrixColumn(order.map(({ index }) => index));
  const right = decomposition.rightSingularVectors.subMatrixColumn(order.map(({ index }) => index));
  return {
    rank,
    singular: order.slice(0, rank).map(({ value }) => value),
    range: columns(top(left, a.rows), 0, rank),
    get leftNull() {
      return basisOf(top(left, a.rows), rank, a.rows);
    },
    rows: columns(top(right, a.columns), 0, rank),
    get null() {
      return basisOf(top(right, a.columns), rank, a.columns);
    },
  };
}

function top(matrix: Matrix, rows: number): Matrix {
  return matrix.subMatrix(0, rows - 1, 0, matrix.columns - 1);
}

/** Of the columns beyond the rank those that live in the first `rows` coordinates, made orthonormal again: padding adds
 *  directions of its own, which the decomposition may have mixed with them. */
function basisOf(vectors: Matrix, rank: number, rows: number): Matrix {
  const basis: number[][] = [];
  const wanted = rows - rank;
  if (wanted === 0) return Matrix.zeros(rows, 0);
  const against = Array.from({ length: rank }, (_, i) => vectors.getColumn(i));
  const candidates = Array.from({ length: vectors.columns - rank }, (_, i) => vectors.getColumn(rank + i));
  for (const candidate of candidates.sort((x, y) => norm(y) - norm(x))) {
    if (basis.length === wanted) break;
    const rest = remove(remove(candidate, [...against, ...basis]), [...against, ...basis]);
    const length = norm(rest);
    if (length > 1e-6) basis.push(rest.map((value) => value / length));
  }
  return new Matrix(basis).transpose();
}

function remove(vector: readonly number[], directions: readonly (readonly number[])[]): number[] {
  let rest = [...vector];
  for (const direction of directions) {
    const along = dot(rest, direction);
    rest = rest.map((value, i) => value - along * (direction[i] ?? 0));
  }
  return rest;
}

export function dot(a: readonly number[], b: readonly number[]): number {
  let sum = 0;
  for (const [i, value] of a.entries()) sum += value * (b[i] ?? 0);
  return sum;
}

export function norm(vector: readonly number[]): number {
  return Math.sqrt(dot(vector, vector));
}
