import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { mulberry32, normal } from "../../../src/domain/random.ts";
import type { Random } from "../../../src/domain/random.ts";
import { reconcileBilinear } from "../../../src/metallurgy/bilinear.ts";
import type { BilinearConstraint } from "../../../src/metallurgy/bilinear.ts";
import { reconcile } from "../../../src/metallurgy/reconciliation.ts";
import type { Reconciled } from "../../../src/metallurgy/reconciliation.ts";
import { solved } from "../../support/exchanger.ts";
import { expectAllNear, expectNear } from "../../support/near.ts";

/** What streams are measured by: the reading and its variance. */
interface Meter {
  readonly value: number;
  readonly variance: number;
}

/** Streams by the meter that each is measured by; null for what is not measured. */
interface Metered {
  readonly meters: readonly Meter[];
  readonly by: readonly (number | null)[];
}

function meterOf(random: Random, size: number): Meter {
  return {
    value: size * (1 + 0.05 * normal(random)),
    variance: (size * (0.01 + 0.04 * random())) ** 2,
  };
}

/** One variable a stream, those of one meter with the same error. */
function byStream({ meters, by }: Metered) {
  const common = (a: number | null, b: number | null): number =>
    a === null || a !== b ? 0 : (meters[a]?.variance ?? 0);
  return {
    measured: by.map((meter) => (meter === null ? null : meters[meter]!.value)),
    variance: by.map((a) => by.map((b) => common(a, b))),
  };
}

/** One variable a meter and one for each stream without any: what is the same number has one name. */
function byMeter({ meters, by }: Metered) {
  const places = by.map((meter) => meter);
  let next = meters.length;
  const variableOf = places.map((meter) => meter ?? next++);
  const unmeasured = Array.from({ length: next - meters.length }, () => null);
  return {
    variableOf,
    count: next,
    measured: [...meters.map(({ value }) => value), ...unmeasured],
    variance: [...meters.map(({ variance }) => variance), ...unmeasured.map(() => 0)],
  };
}

/** The streams told by the smaller problem, where nothing is correlated and every covariance has an inverse. */
function expectAlike(streams: Reconciled, meters: Reconciled, variableOf: readonly number[]): void {
  const size = Math.max(1, ...meters.values.map((value) => Math.abs(value ?? 0)));
  expect(streams.rank).toBe(meters.rank);
  expect(Math.abs(streams.globalStatistic - meters.globalStatistic)).toBeLessThan(
    1e-6 * (1 + meters.globalStatistic),
  );
  for (const [stream, variable] of variableOf.entries()) {
    const [value, expected] = [streams.values[stream] ?? null, meters.values[variable] ?? null];
    if (expected === null) expect(value).toBeNull();
    else {
      expect(Math.abs(value! - expected)).toBeLessThan(1e-8 * size);
      expect(Math.abs(streams.u[stream]! - meters.u[variable]!)).toBeLessThan(1e-7 * size);
    }
  }
}

const seeds = fc.integer({ min: 0, max: 0xffffffff });

/** Nodes in a row with streams that skip ahead, turn back, enter and leave, measured by fewer meters than there are streams. */
function networkOf(seed: number): Metered & { readonly constraints: number[][] } {
  const random = mulberry32(seed);
  const nodes = 1 + Math.floor(random() * 5);
  const ends: (readonly [from: number, to: number])[] = [[-1, 0]];
  for (let node = 0; node < nodes; node++) ends.push([node, node + 1 < nodes ? node + 1 : -1]);
  for (let extra = Math.floor(random() * 5); extra > 0; extra--)
    ends.push([Math.floor(random() * (nodes + 1)) - 1, Math.floor(random() * (nodes + 1)) - 1]);
  const size = 10 ** (random() * 4);
  const meters = Array.from({ length: 1 + Math.floor(random() * 4) }, () => meterOf(random, size));
  return {
    meters,
    by: ends.map(() => (random() < 0.2 ? null : Math.floor(random() * meters.length))),
    constraints: Array.from({ length: nodes }, (_, node) =>
      ends.map(([from, to]) => Number(to === node) - Number(from === node)),
    ),
  };
}

test("streams of one meter are reconciled as that one meter is, in any network", () => {
  fc.assert(
    fc.property(seeds, (seed) => {
      const network = networkOf(seed);
      const { variableOf, count, ...single } = byMeter(network);
      const merged = network.constraints.map((row) => {
        const sums = Array.from({ length: count }, () => 0);
        for (const [j, a] of row.entries()) sums[variableOf[j]!] = (sums[variableOf[j]!] ?? 0) + a;
        return sums;
      });
      const streams = solved(reconcile({ constraints: network.constraints, ...byStream(network) }));
      expectAlike(streams, solved(reconcile({ constraints: merged, ...single })), variableOf);
    }),
    { numRuns: 500, seed: 40 },
  );
});

/** Vessels in a row, each stream's tonnes by one of two belts and its grade by one of three samples. What is true of such a
 *  row can be said in straight balances as well: all tonnes are the same, and all grades are. */
function rowOfVessels(seed: number): Metered & {
  readonly constraints: BilinearConstraint[];
  readonly straight: readonly (readonly [number, number])[];
} {
  const random = mulberry32(seed);
  const nodes = 1 + Math.floor(random() * 4);
  const belts = [meterOf(random, 100), meterOf(random, 100)];
  const samples = Array.from({ length: 3 }, () => meterOf(random, 8));
  const streams = nodes + 1;
  const pick = (from: number, count: number): number | null =>
    random() < 0.2 ? null : from + Math.floor(random() * count);
  const by = Array.from({ length: 2 * streams }, (_, j) => (j < streams ? pick(0, 2) : pick(2, 3)));
  by[0] = 0; // without any tonnes, none would close every balance of gold
  const constraints = Array.from({ length: nodes }, (_, node): BilinearConstraint[] => [
    {
      terms: [
        { coefficient: 1, factors: [node] },
        { coefficient: -1, factors: [node + 1] },
      ],
    },
    {
      terms: [
        { coefficient: 1, factors: [node, streams + node] },
        { coefficient: -1, factors: [node + 1, streams + node + 1] },
      ],
    },
  ]).flat();
  const straight = Array.from({ length: nodes }, (_, node) => [
    [node, node + 1] as const,
    [streams + node, streams + node + 1] as const,
  ]).flat();
  return { meters: [...belts, ...samples], by, constraints, straight };
}

test("belts and samples that several streams share are reconciled as the one belt and the one sample that they are", () => {
  fc.assert(
    fc.property(seeds, (seed) => {
      const { constraints, straight, ...row } = rowOfVessels(seed);
      const start = row.by.map((_, j) => (j < row.by.length / 2 ? 100 : 8));
      const streams = solved(reconcileBilinear({ constraints, ...byStream(row), start }));
      const { variableOf, count, ...single } = byMeter(row);
      const alike = straight.map(([a, b]) =>
        Array.from({ length: count }, (_, j) => Number(variableOf[a] === j) - Number(variableOf[b] === j)),
      );
      expectAlike(streams, solved(reconcile({ constraints: alike, ...single })), variableOf);
    }),
    { numRuns: 400, seed: 41 },
  );
});

describe("two streams that one meter measures", () => {
  const both = [
    [4, 4],
    [4, 4],
  ];

  test("tell nothing about the vessel between them: no degree of freedom, no test, and nothing is won", () => {
    const solution = solved(reconcile({ constraints: [[1, -1]], measured: [100, 100], variance: both }));
    expect(solution).toMatchObject({
      rank: 0,
      classes: ["nonredundant", "nonredundant"],
      nodeZ: [null],
      measurementZ: [null, null],
    });
    expectAllNear(solution.values, [100, 100], 1e-12);
    expectAllNear(solution.u, [2, 2], 1e-12);
  });

  test("contradict each other when an exact amount is between them", () => {
    const balance = { constraints: [[1, -1]], constants: [5], measured: [100, 100], variance: both };
    expect(reconcile(balance)).toBe("OUT_OF_DOMAIN");
  });

  test("weigh as one against another meter", () => {
    const variance = [
      [4, 4, 0],
      [4, 4, 0],
      [0, 0, 12],
    ];
    const constraints = [
      [1, -1, 0],
      [0, 1, -1],
    ];
    const solution = solved(reconcile({ constraints, measured: [100, 100, 104], variance }));
    expectAllNear(solution.values, [101, 101, 101], 1e-12);
    expectNear(solution.u[0], Math.sqrt(3), 1e-12);
    expectNear(solution.globalStatistic, 1, 1e-12);
    expect(solution.rank).toBe(1);
  });

  test("are wrong by a share of their own too, however small it is", () => {
    for (const own of [1e-2, 1e-4, 1e-6, 1e-8]) {
      const variance = [
        [4 + own, 4],
        [4, 4 + own],
      ];
      const solution = solved(reconcile({ constraints: [[1, -1]], measured: [100, 100.002], variance }));
      expectAllNear(solution.values, [100.001, 100.001], 1e-9);
      expectNear(solution.globalStatistic, 0.002 ** 2 / (2 * own), 1e-3 * (0.002 ** 2 / (2 * own)));
    }
  });
});

test("a flow that the balance makes nothing carries a grade that nobody can tell", () => {
  // In and out by one belt, and a third stream between them: what it carries is nothing.
  const constraints: BilinearConstraint[] = [
    {
      terms: [
        { coefficient: 1, factors: [0] },
        { coefficient: -1, factors: [1] },
        { coefficient: -1, factors: [2] },
      ],
    },
    {
      terms: [
        { coefficient: 1, factors: [0, 3] },
        { coefficient: -1, factors: [1, 4] },
        { coefficient: -1, factors: [2, 5] },
      ],
    },
  ];
  const metered: Metered = {
    meters: [
      { value: 100, variance: 4 },
      { value: 8, variance: 0.04 },
      { value: 8.2, variance: 0.04 },
    ],
    by: [0, 0, null, 1, 2, null],
  };
  const start = [100, 100, 100, 8, 8, 8];
  const solution = solved(reconcileBilinear({ constraints, ...byStream(metered), start }));
  expectAllNear(solution.values.slice(0, 5), [100, 100, 0, 8.1, 8.1], 1e-9);
  expect(solution.values[5]).toBeNull();
});
