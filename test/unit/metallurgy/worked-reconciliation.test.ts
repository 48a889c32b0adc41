import { describe, expect, test } from "vitest";
import { reconcileBilinear } from "../../../src/metallurgy/bilinear.ts";
import type { BilinearBalance } from "../../../src/metallurgy/bilinear.ts";
import {
  criticalZ,
  globalTest,
  indistinguishable,
  measurementTest,
  screen,
} from "../../../src/metallurgy/gross-errors.ts";
import { reconcile } from "../../../src/metallurgy/reconciliation.ts";
import type { LinearBalance } from "../../../src/metallurgy/reconciliation.ts";
import { EXCHANGER, solved } from "../../support/exchanger.ts";
import { expectAllNear, expectNear } from "../../support/near.ts";

const exchangerWith = (stream2: number): LinearBalance => ({
  constraints: EXCHANGER,
  measured: [101.91, stream2, 34.65, 64.2, 36.44, 98.88],
  variance: [1, 1, 1, 1, 1, 1],
});

test("W-26: a heat exchanger with a by-pass closes, and nothing stands out", () => {
  const solution = solved(reconcile(exchangerWith(64.45)));
  expectAllNear(solution.values, [100.22, 64.5, 35.72, 64.5, 35.72, 100.22]);
  expectAllNear(solution.u, Array<number>(6).fill(0.57735));
  expectAllNear(solution.measurementZ, [2.06982, 0.0612372, 1.31048, 0.367423, 0.881816, 1.64116]);
  const verdict = globalTest(solution);
  expect(verdict).toMatchObject({ freedom: 4, isRejected: false });
  expectAllNear([verdict.statistic, verdict.critical], [6.4075, 9.48773]);
  expectNear(criticalZ(6), 2.63104);
  expect(measurementTest(solution).isRejected).toBe(false);
});

describe("W-27: the same with stream 2 reading 4 too high", () => {
  const balance = exchangerWith(68.45);
  const solution = solved(reconcile(balance));

  test("is rejected as a whole, at its node and at its measurement", () => {
    expectNear(globalTest(solution).statistic, 16.6742);
    expect(globalTest(solution).isRejected).toBe(true);
    expectAllNear(solution.nodeZ, [0.687047, 3.0052, 1.26572, 1.01614]);
    expectAllNear(solution.measurementZ, [1.25332, 3.20475, 0.49398, 2.00042, 1.69831, 2.45765]);
    expect(measurementTest(solution)).toMatchObject({ isRejected: true, largest: { stream: 1 } });
  });

  test("is resolved by leaving stream 2 out, which the balance then gives", () => {
    const screening = screen((without) =>
      reconcile({ ...balance, measured: balance.measured.map((y, j) => (without.has(j) ? null : y)) }),
    );
    if (typeof screening === "string") throw new Error(screening);
    expect(screening).toMatchObject({ isResolved: true, suspects: [{ stream: 1, alternatives: [] }] });
    expectNear(screening.suspects[0]?.z, 3.20475);
    const { solution: cleared } = screening;
    expectAllNear(cleared.values, [100.2325, 64.525, 35.7075, 64.525, 35.7075, 100.2325], 1e-5);
    expect(cleared.classes[1]).toBe("observable");
    const verdict = globalTest(cleared);
    expect(verdict).toMatchObject({ freedom: 3, isRejected: false });
    expectAllNear([verdict.statistic, verdict.critical], [6.40375, 7.81473]);
  });
});

test("W-28: Ripps' reactor is rejected and its second measurement named", () => {
  const solution = solved(
    reconcile({
      constraints: [
        [0.1, 0.6, -0.2, -0.7],
        [0.8, 0.1, -0.2, -0.1],
        [0.1, 0.3, -0.6, -0.2],
      ],
      measured: [0.1858, 4.7935, 1.2295, 3.88],
      variance: [0.000289, 0.0025, 0.000576, 0.04],
    }),
  );
  expectAllNear(solution.values, [0.167567, 4.85945, 1.17297, 3.85405]);
  const verdict = globalTest(solution);
  expect(verdict).toMatchObject({ freedom: 3, isRejected: true });
  expectAllNear([verdict.statistic, verdict.critical], [8.45474, 7.81473]);
  expectAllNear(solution.measurementZ, [1.07678, 2.73699, 2.62385, 0.131776]);
  expect(measurementTest(solution)).toMatchObject({ isRejected: true, largest: { stream: 1 } });
  expectNear(criticalZ(4), 2.49092);
});

const [F, f, K, k, L, l, T, t, Gc, Gs] = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9] as const;
const term = (coefficient: number, ...factors: readonly [number] | readonly [number, number]) => ({
  coefficient,
  factors,
});
const plantWith = (leachFeed: number): BilinearBalance => ({
  constraints: [
    { terms: [term(1, F), term(-1, K), term(-1, L)] },
    { terms: [term(1, L), term(-1, T)] },
    { terms: [term(1, F, f), term(-1, K, k), term(-1, L, l)] },
    { terms: [term(1, L, l), term(-1, T, t), term(-1, Gc), term(-1, Gs)] },
  ],
  measured: [101.9, 12.35, 0.241, 1880, 99.6, leachFeed, 101.2, 0.535, 702, 1.25],
  variance: [1.02, 0.49, 0.012, 94, 2, 0.23, 2, 0.027, 14, 0.19].map((sd) => sd ** 2),
});

test("W-29: solids and gold of the plant close together, tonnes and assays adjusted at once", () => {
  const solution = solved(reconcileBilinear(plantWith(7.61)));
  expectAllNear(
    solution.values,
    [101.326, 12.0997, 0.24388, 1902.17, 101.082, 7.5395, 101.082, 0.53673, 706.601, 1.25085],
    2e-4,
  );
  const verdict = globalTest(solution);
  expect(verdict).toMatchObject({ freedom: 4, isRejected: false });
  expectNear(verdict.statistic, 1.4498, 2e-4);
});

test("W-30: a wrong assay of the leach feed stands out before what follows from it", () => {
  const solution = solved(reconcileBilinear(plantWith(9.1)));
  expectNear(globalTest(solution).statistic, 35.1257, 2e-4);
  expect(measurementTest(solution)).toMatchObject({ isRejected: true, largest: { stream: l } });
  const z = solution.measurementZ;
  expectAllNear([z[l], z[t], z[Gc], z[Gs], z[F]], [5.81357, 5.53761, 5.53761, 5.53761, 2.33644], 2e-4);
  expect(indistinguishable(solution, t)).toEqual([t, Gc, Gs]);
});
