import { describe, expect, test } from "vitest";
import { normal, randomFor } from "../../../src/domain/random.ts";
import type { Random } from "../../../src/domain/random.ts";
import { reconcileBilinear } from "../../../src/metallurgy/bilinear.ts";
import type { BilinearConstraint } from "../../../src/metallurgy/bilinear.ts";
import {
  criticalZ,
  detectionPower,
  globalTest,
  indistinguishable,
  measurementTest,
  namingPower,
  ownTestPower,
} from "../../../src/metallurgy/gross-errors.ts";
import { reconcile } from "../../../src/metallurgy/reconciliation.ts";
import type { Reconciled } from "../../../src/metallurgy/reconciliation.ts";

const DRAWS = 2_000;
const BIASED_DRAWS = 600;

interface Plant {
  readonly truth: readonly number[];
  readonly sd: readonly number[];
  readonly solve: (measured: readonly number[], variance: readonly number[]) => Reconciled | string;
}

const EXCHANGER: Plant = {
  truth: [100, 64, 36, 64, 36, 100],
  sd: [1, 0.8, 0.6, 0.8, 0.6, 1.2],
  solve: (measured, variance) =>
    reconcile({
      constraints: [
        [1, -1, -1, 0, 0, 0],
        [0, 1, 0, -1, 0, 0],
        [0, 0, 1, 0, -1, 0],
        [0, 0, 0, 1, 1, -1],
      ],
      measured,
      variance,
    }),
};

/** Solids and gold of the plant over a day: belt, gravity concentrate, leach feed, tails, gold on carbon and dissolved. */
const term = (coefficient: number, ...factors: readonly [number] | readonly [number, number]) => ({
  coefficient,
  factors,
});
const GOLD: readonly BilinearConstraint[] = [
  { terms: [term(1, 0), term(-1, 2), term(-1, 4)] },
  { terms: [term(1, 4), term(-1, 6)] },
  { terms: [term(1, 0, 1), term(-1, 2, 3), term(-1, 4, 5)] },
  { terms: [term(1, 4, 5), term(-1, 6, 7), term(-1, 8), term(-1, 9)] },
];
const [F, K, L] = [101.3, 0.24, 101.06];
const [k, l, t, Gs] = [1_900, 7.55, 0.53, 1.25];
const PLANT: Plant = {
  truth: [F, (K * k + L * l) / F, K, k, L, l, L, t, L * (l - t) - Gs, Gs],
  sd: [1.02, 0.49, 0.012, 94, 2, 0.23, 2, 0.027, 14, 0.19],
  solve: (measured, variance) => reconcileBilinear({ constraints: GOLD, measured, variance }),
};

const variances = ({ sd }: Plant): number[] => sd.map((u) => u ** 2);

function readings({ truth, sd }: Plant, random: Random, biasOf: readonly number[] = []): number[] {
  return truth.map((value, j) => value + (biasOf[j] ?? 0) + sd[j]! * normal(random));
}

function solved(plant: Plant, measured: readonly number[]): Reconciled {
  const result = plant.solve(measured, variances(plant));
  if (typeof result === "string") throw new Error(result);
  return result;
}

const sum = (list: readonly number[]): number => list.reduce((total, value) => total + value, 0);

describe.each([
  ["a linear network", EXCHANGER],
  ["solids and gold of the plant", PLANT],
])("%s with honest instruments", (name, plant) => {
  const random = randomFor(name, 20);
  const runs = Array.from({ length: DRAWS }, () => {
    const measured = readings(plant, random);
    return { measured, solution: solved(plant, measured) };
  });

  test("the global test is wrong as often as it admits: 5 % of the time", () => {
    const alarms = runs.filter(({ solution }) => globalTest(solution).isRejected).length;
    expect(Math.abs(alarms / DRAWS - 0.05)).toBeLessThanOrEqual(0.015);
  });

  test("the measurement tests together, by Šidák, at most that often", () => {
    const alarms = runs.filter(({ solution }) => measurementTest(solution).isRejected).length;
    expect(alarms / DRAWS).toBeLessThanOrEqual(0.05 + 0.015);
  });

  test("every redundant stream is nearer the truth than its measurement, and by as much as is claimed", () => {
    for (const [j, truth] of plant.truth.entries()) {
      const raw = sum(runs.map(({ measured }) => (measured[j]! - truth) ** 2)) / DRAWS;
      const after = sum(runs.map(({ solution }) => (solution.values[j]! - truth) ** 2)) / DRAWS;
      const claimed = sum(runs.map(({ solution }) => solution.u[j]! ** 2)) / DRAWS;
      expect(runs[0]!.solution.classes[j]).toBe("redundant");
      expect(after).toBeLessThan(raw);
      // A mean square of 2,000 draws is good to 3.2 %.
      expect(Math.abs(after / claimed - 1)).toBeLessThan(0.13);
    }
  });
});

/** The share that the draws show, and what theory gives for it, agree within three standard errors of both. */
function expectShare(found: number, theory: number, theoryDraws = Infinity): void {
  const variance = theory * (1 - theory);
  const error = Math.sqrt(variance / BIASED_DRAWS + variance / theoryDraws) + 0.5 / BIASED_DRAWS;
  expect(Math.abs(found / BIASED_DRAWS - theory)).toBeLessThanOrEqual(3 * error);
}

describe.each([
  ["a 4 % bias of the exchanger's first meter", EXCHANGER, 0],
  ["a 4 % bias of the exchanger's third meter", EXCHANGER, 2],
  ["a 4 % bias of the belt scale of the plant", PLANT, 0],
  ["a 4 % bias of the leach feed's solids", PLANT, 4],
])("%s", (name, plant, stream) => {
  const bias = 0.04 * plant.truth[stream]!;
  const random = randomFor(name, 21);
  const runs = Array.from({ length: BIASED_DRAWS }, () =>
    solved(
      plant,
      readings(
        plant,
        random,
        plant.truth.map((_, j) => (j === stream ? bias : 0)),
      ),
    ),
  );
  const atTruth = solved(plant, plant.truth);

  test("is found by the global test as often as the non-central χ² says", () => {
    const found = runs.filter((solution) => globalTest(solution).isRejected).length;
    expectShare(found, detectionPower(atTruth, stream, bias));
  });

  test("shows in its own test as often as the normal distribution says", () => {
    const found = runs.filter(
      ({ measurementZ }) => measurementZ[stream]! > criticalZ(plant.truth.length),
    ).length;
    expectShare(found, ownTestPower(atTruth, stream, bias));
  });

  test("is found and named as often as the test has the power to", () => {
    const named = indistinguishable(atTruth, stream);
    const found = runs.filter((solution) => {
      const { largest, isRejected } = measurementTest(solution);
      return globalTest(solution).isRejected && isRejected && named.includes(largest!.stream);
    }).length;
    const theory = namingPower(atTruth, stream, bias, { random: randomFor(name, 22), draws: 20_000 });
    expectShare(found, theory, 20_000);
  });
});

test("a test without a balance, or of a stream that no balance tells about, has no power", () => {
  const alone = reconcile({ constraints: [], measured: [1], variance: [1] }) as Reconciled;
  expect(detectionPower(alone, 0, 100)).toBe(0);
  expect(ownTestPower(alone, 0, 100)).toBe(0);
  expect(namingPower(alone, 0, 100, { random: randomFor("x", 1), draws: 10 })).toBe(0);
});
