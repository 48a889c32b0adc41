import { Matrix, inverse } from "ml-matrix";
import { describe, expect, test } from "vitest";
import { reconcileBilinear } from "../../../src/metallurgy/bilinear.ts";
import {
  globalTest,
  indistinguishable,
  measurementTest,
  screen,
} from "../../../src/metallurgy/gross-errors.ts";
import { reconcile } from "../../../src/metallurgy/reconciliation.ts";
import type { LinearBalance, Reconciled } from "../../../src/metallurgy/reconciliation.ts";
import { splitByRank } from "../../../src/metallurgy/orthogonal.ts";
import { EXCHANGER, solved } from "../../support/exchanger.ts";
import { expectAllNear, expectNear } from "../../support/near.ts";

const READ = [101.91, 64.45, 34.65, 64.2, 36.44, 98.88];
const ONES = [1, 1, 1, 1, 1, 1];

describe("what the balance says of each stream", () => {
  test("an unmeasured stream between measured ones is given by them, with its uncertainty", () => {
    const measured = [101.91, null, 34.65, 64.2, 36.44, 98.88];
    const solution = solved(reconcile({ constraints: EXCHANGER, measured, variance: ONES }));
    expect(solution.classes).toEqual([
      "redundant",
      "observable",
      "redundant",
      "redundant",
      "redundant",
      "redundant",
    ]);
    expect(solution.rank).toBe(3);
    // Stream 2 runs on as stream 4, which is measured and adjusted.
    expectNear(solution.values[1], solution.values[3]!, 1e-12);
    expectNear(solution.u[1], solution.u[3]!, 1e-12);
    expect(solution.nodeZ.slice(0, 2)).toEqual([null, null]);
  });

  test("two unmeasured streams side by side are unobservable: null, while the rest is still balanced", () => {
    const constraints = [
      [1, -1, -1, 0],
      [0, 1, 1, -1],
    ];
    const measured = [10.4, null, null, 9.6];
    const solution = solved(reconcile({ constraints, measured, variance: [1, 9, 9, 1] }));
    expect(solution.values).toEqual([expect.closeTo(10, 9), null, null, expect.closeTo(10, 9)]);
    expect(solution.u.slice(1, 3)).toEqual([null, null]);
    expect(solution.classes).toEqual(["redundant", "unobservable", "unobservable", "redundant"]);
    expect(solution.measurementZ[1]).toBeNull();
  });

  test("a measurement that nothing else tells about is kept and cannot be tested", () => {
    const constraints = [
      [1, -1, -1, 0],
      [0, 0, 1, -1],
    ];
    const solution = solved(reconcile({ constraints, measured: [10, null, 4, 4.2], variance: [1, 1, 1, 1] }));
    expect(solution.classes).toEqual(["nonredundant", "observable", "redundant", "redundant"]);
    expect(solution.values[0]).toBe(10);
    expectNear(solution.u[0], 1, 1e-12);
    expect(solution.measurementZ[0]).toBeNull();
    expectNear(solution.values[1], 5.9, 1e-12);
    expectNear(solution.u[1], Math.sqrt(1.5), 1e-9);
  });

  test("a stream without error stays what it is and pulls the others to it", () => {
    const solution = solved(reconcile({ constraints: [[1, -1]], measured: [10, 11], variance: [0, 4] }));
    expect(solution.values).toEqual([10, expect.closeTo(10, 12)]);
    expect(solution.classes).toEqual(["exact", "redundant"]);
    expect(solution.u[0]).toBe(0);
    expectNear(solution.measurementZ[1], 0.5, 1e-12);
  });

  test("streams without error that contradict each other have no balance", () => {
    const balance = { constraints: [[1, -1]], measured: [10, 11], variance: [0, 0] };
    expect(reconcile(balance)).toBe("OUT_OF_DOMAIN");
    expect(solved(reconcile({ ...balance, measured: [10, 10] })).values).toEqual([10, 10]);
  });

  test("a change of stock is a stream of its node", () => {
    const measured = [100, 92, 5];
    const solution = solved(reconcile({ constraints: [[1, -1, -1]], measured, variance: [1, 1, 1] }));
    expectAllNear(solution.values, [99, 93, 6], 1e-12);
  });

  test("a balance with a constant closes to it", () => {
    const balance = { constraints: [[1, 1]], constants: [10], measured: [4, 5], variance: [1, 1] };
    expectAllNear(solved(reconcile(balance)).values, [4.5, 5.5], 1e-12);
  });

  test("without a balance, or without a measurement, nothing changes", () => {
    const free = solved(reconcile({ constraints: [], measured: [1, 2], variance: [1, 1] }));
    expect(free).toMatchObject({ values: [1, 2], rank: 0, classes: ["nonredundant", "nonredundant"] });
    const blind = solved(reconcile({ constraints: [[1, -1]], measured: [null, null], variance: [1, 1] }));
    expect(blind.values).toEqual([null, null]);
    expect(solved(reconcile({ constraints: [], measured: [], variance: [] })).values).toEqual([]);
    const nothing = { constraints: [[0, 0]], measured: [1, 2], variance: [1, 1] };
    expect(solved(reconcile(nothing))).toMatchObject({ values: [1, 2], rank: 0, nodeZ: [null] });
  });

  test("what is no covariance is refused", () => {
    const variance = [
      [1, 2],
      [2, 1],
    ];
    expect(reconcile({ constraints: [[1, -1]], measured: [1, 2], variance })).toBe("NOT_CONVERGED");
    const balance = { constraints: [{ terms: [] }], measured: [1, 2], variance };
    expect(reconcileBilinear(balance)).toBe("NOT_CONVERGED");
  });
});

describe("dependent balances", () => {
  const plain = solved(reconcile({ constraints: EXCHANGER, measured: READ, variance: ONES }));

  test("that follow from the others change nothing: neither values nor tests", () => {
    const around = [1, 0, 0, 0, 0, -1]; // the whole exchanger
    const twice = EXCHANGER[1]!.map((a) => 2 * a);
    const constraints = [...EXCHANGER, around, twice];
    const solution = solved(reconcile({ constraints, measured: READ, variance: ONES }));
    expect(solution.rank).toBe(4);
    expectAllNear(solution.values, plain.values as number[], 1e-10);
    expectAllNear(solution.measurementZ, plain.measurementZ as number[], 1e-9);
    expectNear(solution.globalStatistic, plain.globalStatistic, 1e-10);
  });

  test("have units of their own: grams beside tonnes", () => {
    const constraints = EXCHANGER.map((row, i) => row.map((a) => a * 1_000 ** i));
    const solution = solved(reconcile({ constraints, measured: READ, variance: ONES }));
    expectAllNear(solution.values, plain.values as number[], 1e-9);
    expectAllNear(solution.nodeZ, plain.nodeZ as number[], 1e-9);
  });
});

describe("the covariance after reconciliation", () => {
  const variance = [
    [1, 0.3, 0, 0, 0, 0.2],
    [0.3, 2, 0, 0.1, 0, 0],
    [0, 0, 0.5, 0, 0, 0],
    [0, 0.1, 0, 1.5, 0, 0],
    [0, 0, 0, 0, 0.8, -0.2],
    [0.2, 0, 0, 0, -0.2, 1],
  ];
  const solution = solved(reconcile({ constraints: EXCHANGER, measured: READ, variance }));

  test("is V − V·Aᵀ·(A·V·Aᵀ)⁻¹·A·V, and the values y − V·Aᵀ·(A·V·Aᵀ)⁻¹·A·y", () => {
    const [a, v] = [new Matrix(EXCHANGER), new Matrix(variance)];
    const gain = v.mmul(a.transpose()).mmul(inverse(a.mmul(v).mmul(a.transpose())));
    const expected = Matrix.sub(v, gain.mmul(a).mmul(v)).to2DArray();
    for (const [i, row] of expected.entries())
      for (const [j, value] of row.entries()) expect(solution.covariance[i]?.[j]).toBeCloseTo(value, 12);
    const y = Matrix.columnVector(READ);
    expectAllNear(solution.values, Matrix.sub(y, gain.mmul(a).mmul(y)).to1DArray(), 1e-12);
  });

  test("says that the reconciled streams close without any error", () => {
    const c = new Matrix(solution.covariance);
    for (const row of EXCHANGER) {
      const a = Matrix.rowVector(row);
      expect(a.mmul(c).mmul(a.transpose()).get(0, 0)).toBeCloseTo(0, 12);
    }
  });
});

describe("gross errors", () => {
  const solveWithout =
    (balance: LinearBalance) =>
    (without: ReadonlySet<number>): Reconciled | "NOT_CONVERGED" =>
      reconcile({
        ...balance,
        measured: balance.measured.map((y, j) => (without.has(j) ? null : y)),
      }) as Reconciled | "NOT_CONVERGED";

  /** A line of five meters on one pipe, and a branch. */
  const line = (measured: readonly number[]): LinearBalance => ({
    constraints: [
      [1, -1, 0, 0, 0],
      [0, 1, -1, 0, 0],
      [0, 0, 1, -1, 0],
      [0, 0, 0, 1, -1],
    ],
    measured,
    variance: [1, 1, 1, 1, 1],
  });

  test("two of them are found one after the other", () => {
    const screening = screen(solveWithout(line([100, 120, 100.4, 88, 99.6])));
    if (typeof screening === "string") throw new Error(screening);
    expect(screening.isResolved).toBe(true);
    expect(screening.suspects.map(({ stream }) => stream)).toEqual([1, 3]);
    expectAllNear(screening.solution.values, [100, 100, 100, 100, 100], 1e-9);
  });

  test("more than the balance can carry are left to a person, with every measurement still in", () => {
    const screening = screen(solveWithout(line([100, 120, 140, 160, 180])));
    if (typeof screening === "string") throw new Error(screening);
    expect(screening.isResolved).toBe(false);
    expect(screening.suspects).toHaveLength(2);
    expectAllNear(screening.solution.values, Array<number>(5).fill(140), 1e-9);
  });

  test("two meters on one pipe accuse each other, and neither alone", () => {
    const balance = { constraints: [[1, -1]], measured: [10, 20], variance: [1, 1] };
    const solution = solved(reconcile(balance));
    expect(indistinguishable(solution, 0)).toEqual([0, 1]);
    expect(globalTest(solution).isRejected).toBe(true);
    // One degree of freedom is not spent.
    expect(screen(solveWithout(balance))).toMatchObject({ isResolved: false, suspects: [] });
  });

  test("a balance that cannot be solved is not screened", () => {
    expect(screen(() => "NOT_CONVERGED")).toBe("NOT_CONVERGED");
  });

  test("nothing to test means nothing to reject", () => {
    const solution = solved(reconcile({ constraints: [], measured: [1], variance: [1] }));
    expect(globalTest(solution)).toMatchObject({ isRejected: false, probability: 1, critical: 0 });
    expect(measurementTest(solution)).toMatchObject({ isRejected: false, largest: null });
    expect(measurementTest(solution, { tested: 10 }).criticalZ).toBeCloseTo(2.7996, 3);
  });
});

describe("bilinear balances", () => {
  test("an unmeasured grade comes out of the gold balance", () => {
    const term = (coefficient: number, a: number, b: number) => ({ coefficient, factors: [a, b] as const });
    const line = (coefficient: number, a: number) => ({ coefficient, factors: [a] as const });
    const solution = solved(
      reconcileBilinear({
        // F = C + T and F f = C c + T t, with c unknown.
        constraints: [
          { terms: [line(1, 0), line(-1, 1), line(-1, 2)] },
          { terms: [term(1, 0, 3), term(-1, 1, 4), term(-1, 2, 5)] },
        ],
        measured: [100, 0.25, 99.75, 12, null, 7],
        variance: [1, 0.0001, 1, 0.1, 1, 0.1],
        start: [null, null, null, null, 1_000],
      }),
    );
    expect(solution.classes[4]).toBe("observable");
    const x = solution.values as number[];
    expectNear(x[0]! * x[3]!, x[1]! * x[4]! + x[2]! * x[5]!, 1e-10);
    expectNear(x[4], (100 * 12 - 99.75 * 7) / 0.25, 1e-6);
  });

  test("balances that no values satisfy do not converge", () => {
    const square = { terms: [{ coefficient: 1, factors: [0, 0] as const }], constant: -1 };
    expect(reconcileBilinear({ constraints: [square], measured: [0.7], variance: [1] })).toBe(
      "NOT_CONVERGED",
    );
  });

  test("a square is a product like any other", () => {
    const square = { terms: [{ coefficient: 1, factors: [0, 0] as const }], constant: 9 };
    const solution = solved(reconcileBilinear({ constraints: [square], measured: [2], variance: [1] }));
    expectNear(solution.values[0], 3, 1e-10);
  });
});

describe("the split of a matrix by its rank", () => {
  test.each([
    ["wide", [[1, 2, 3]], 1],
    ["tall", [[1], [2], [3]], 1],
    [
      "deficient",
      [
        [1, 2],
        [2, 4],
      ],
      1,
    ],
    [
      "constant",
      [
        [2, 2],
        [2, 2],
      ],
      1,
    ],
    ["zero", [[0, 0, 0]], 0],
    [
      "wide and deficient",
      [
        [1, 2, 3, 4, 5],
        [2, 4, 6, 8, 10],
        [1, 0, 1, 0, 1],
      ],
      2,
    ],
    ["tall and deficient", [1, 2, 3, 4, 5].map((row) => [row, 2 * row, row * row]), 2],
    ["zero but for one", [1, 2, 3, 4].map((row) => [0, row === 3 ? 1 : 0, 0, 0, 0, 0]), 1],
  ])("%s: bases of range and null space on both sides are whole and orthonormal", (_, rows, rank) => {
    const a = new Matrix(rows);
    const split = splitByRank(a);
    expect(split.rank).toBe(rank);
    expect([split.leftNull.columns, split.null.columns]).toEqual([a.rows - rank, a.columns - rank]);
    for (const basis of [split.leftNull, split.null, split.range, split.rows]) {
      const gram = basis.transpose().mmul(basis);
      for (let i = 0; i < gram.rows; i++)
        for (let j = 0; j < gram.columns; j++) expect(gram.get(i, j)).toBeCloseTo(i === j ? 1 : 0, 10);
    }
    if (split.null.columns > 0) expect(a.mmul(split.null).norm()).toBeCloseTo(0, 10);
    if (split.leftNull.columns > 0) expect(split.leftNull.transpose().mmul(a).norm()).toBeCloseTo(0, 10);
  });
});
