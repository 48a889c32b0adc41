import fc from "fast-check";
import { expect, test } from "vitest";
import { mulberry32, normal } from "../../../src/domain/random.ts";
import { reconcile } from "../../../src/metallurgy/reconciliation.ts";
import type { LinearBalance, Reconciled } from "../../../src/metallurgy/reconciliation.ts";

interface Network extends LinearBalance {
  readonly constraints: readonly (readonly number[])[];
  readonly variance: readonly number[];
}

/** Nodes in a row with streams that skip ahead, turn back, enter and leave; some of them not measured. */
function networkOf(seed: number): Network {
  const random = mulberry32(seed);
  const nodes = 1 + Math.floor(random() * 6);
  const ends: (readonly [from: number, to: number])[] = [[-1, 0]];
  for (let node = 0; node < nodes; node++) ends.push([node, node + 1 < nodes ? node + 1 : -1]);
  for (let extra = Math.floor(random() * 6); extra > 0; extra--) {
    const from = Math.floor(random() * (nodes + 1)) - 1;
    const to = Math.floor(random() * (nodes + 1)) - 1;
    if (from !== to) ends.push([from, to]);
  }
  const constraints = Array.from({ length: nodes }, (_, node) =>
    ends.map(([from, to]) => (to === node ? 1 : from === node ? -1 : 0)),
  );
  const size = 10 ** (random() * 4);
  return {
    constraints,
    measured: ends.map(() => (random() < 0.25 ? null : size * (1 + 0.1 * normal(random)))),
    variance: ends.map(() => (size * (0.002 + 0.05 * random())) ** 2),
  };
}

function solved(balance: LinearBalance): Reconciled {
  const result = reconcile(balance);
  if (typeof result === "string") throw new Error(result);
  return result;
}

const seeds = fc.integer({ min: 0, max: 0xffffffff });

test("every balance whose streams are all known closes to a billionth", () => {
  let closed = 0;
  fc.assert(
    fc.property(seeds, (seed) => {
      const network = networkOf(seed);
      const { values } = solved(network);
      for (const row of network.constraints) {
        const touched = row.flatMap((a, j) => (a === 0 ? [] : [[a, values[j] ?? null] as const]));
        if (touched.some(([, value]) => value === null)) continue;
        const flow = touched.reduce((sum, [, value]) => sum + Math.abs(value!), 0);
        const misclosure = touched.reduce((sum, [a, value]) => sum + a * value!, 0);
        expect(Math.abs(misclosure)).toBeLessThanOrEqual(1e-9 * flow);
        closed++;
      }
    }),
    { numRuns: 500, seed: 30 },
  );
  expect(closed).toBeGreaterThan(500);
});

test("the order of streams and of nodes changes nothing", () => {
  fc.assert(
    fc.property(seeds, seeds, (seed, shuffle) => {
      const network = networkOf(seed);
      const random = mulberry32(shuffle);
      const shuffled = (length: number): number[] =>
        Array.from({ length }, (_, i) => ({ i, key: random() }))
          .toSorted((a, b) => a.key - b.key)
          .map(({ i }) => i);
      const streams = shuffled(network.measured.length);
      const nodes = shuffled(network.constraints.length);
      const plain = solved(network);
      const other = solved({
        constraints: nodes.map((node) => streams.map((j) => network.constraints[node]![j]!)),
        measured: streams.map((j) => network.measured[j]!),
        variance: streams.map((j) => network.variance[j]!),
      });
      expect(other.rank).toBe(plain.rank);
      expect(other.classes).toEqual(streams.map((j) => plain.classes[j]));
      expect(other.globalStatistic).toBeCloseTo(plain.globalStatistic, 6);
      const scale = Math.max(...network.measured.map((y) => Math.abs(y ?? 0)), 1);
      for (const [place, j] of streams.entries()) {
        if (plain.values[j] === null) expect(other.values[place]).toBeNull();
        else {
          expect(Math.abs(other.values[place]! - plain.values[j]!)).toBeLessThan(1e-9 * scale);
          expect(Math.abs(other.u[place]! - plain.u[j]!)).toBeLessThan(1e-8 * scale);
        }
        const z = plain.measurementZ[j];
        if (z === null) expect(other.measurementZ[place]).toBeNull();
        else expect(other.measurementZ[place]).toBeCloseTo(z!, 5);
      }
    }),
    { numRuns: 300, seed: 31 },
  );
});

test("no stream is less sure after reconciliation than its measurement, and only redundant ones move", () => {
  fc.assert(
    fc.property(seeds, (seed) => {
      const network = networkOf(seed);
      const { values, u, classes } = solved(network);
      for (const [j, measured] of network.measured.entries()) {
        if (measured === null) continue;
        expect(u[j]!).toBeLessThanOrEqual(Math.sqrt(network.variance[j]!) * (1 + 1e-9));
        if (classes[j] === "nonredundant") expect(values[j]).toBeCloseTo(measured, 6);
      }
    }),
    { numRuns: 300, seed: 32 },
  );
});

test("reconciling what is reconciled changes nothing more", () => {
  fc.assert(
    fc.property(seeds, (seed) => {
      const network = networkOf(seed);
      const first = solved(network);
      const again = solved({
        ...network,
        measured: network.measured.map((y, j) => (y === null ? null : first.values[j]!)),
      });
      const scale = Math.max(...network.measured.map((y) => Math.abs(y ?? 0)), 1);
      for (const [j, value] of first.values.entries())
        if (value !== null) expect(Math.abs(again.values[j]! - value)).toBeLessThan(1e-9 * scale);
      expect(again.globalStatistic).toBeLessThan(1e-12);
    }),
    { numRuns: 200, seed: 33 },
  );
});

test("an unmeasured stream is called unobservable exactly when two different flows of it would close the balance", () => {
  fc.assert(
    fc.property(seeds, (seed) => {
      const network = networkOf(seed);
      const { classes } = solved(network);
      // Fixing an unobservable stream at two values must leave the fit as it was; an observable one has its say.
      for (const [j, kind] of classes.entries()) {
        if (kind !== "unobservable" && kind !== "observable") continue;
        const fitted = [0, 1_000_000].map((value) => {
          const measured = network.measured.map((y, i) => (i === j ? value : y));
          const result = reconcile({ ...network, measured });
          return typeof result === "string" ? NaN : result.globalStatistic;
        });
        const isFree = Math.abs(fitted[0]! - fitted[1]!) < 1e-3;
        expect(isFree).toBe(kind === "unobservable");
      }
    }),
    { numRuns: 200, seed: 34 },
  );
});
