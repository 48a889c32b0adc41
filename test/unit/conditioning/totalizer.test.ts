import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  advanceTotalizer,
  createTotalizer,
  createTotalizers,
  stepKind,
  totalizerStep,
} from "../../../src/conditioning/totalizer.ts";
import { tagOf } from "../../support/tags.ts";

const R = 10_000_000;

describe("totalizer step", () => {
  it("rollover and reset are told apart, and their steps add up", () => {
    const readings = [9_999_950, 9_999_985, 12, 47, 3, 38];
    const steps = readings.slice(1).map((counts, i) => {
      const previous = readings[i] ?? NaN;
      const step = totalizerStep(previous, counts, R, 60);
      return { step, kind: stepKind(previous, counts, step) };
    });
    expect(steps).toEqual([
      { step: 35, kind: "forward" },
      { step: 27, kind: "rollover" },
      { step: 35, kind: "forward" },
      { step: 3, kind: "reset" },
      { step: 35, kind: "forward" },
    ]);
    expect(steps.reduce((sum, { step }) => sum + step, 0)).toBe(135);
  });

  it.each([
    ["a step of just the largest size", 100, 160, 60],
    ["a leap forward", 100, 161, NaN],
    ["a fall to a number too large for a reset", 5_000_000, 61, NaN],
    ["standing still", 100, 100, 0],
    ["a rollover to just zero", R - 1, 0, 1],
  ])("%s", (_, previous, counts, step) => {
    expect(totalizerStep(previous, counts, R, 60)).toBe(step);
  });
});

/** Reads a counter once a second; `null` is a second without a reading. */
function run(modulus: number, readings: readonly (number | null)[]) {
  const totalizer = createTotalizer(modulus, 1000);
  const kinds: string[] = [];
  for (const [second, counts] of readings.entries())
    if (counts !== null) kinds.push(advanceTotalizer(totalizer, counts, 1e12 + second * 1000, second * 1000));
  return { kinds, total: totalizer.accumulatedCounts };
}

describe("totalizer over time", () => {
  it.each([2 ** 16, 2 ** 32, R])("a wrap at %i makes no spike and loses nothing", (modulus) => {
    const steady = Array.from({ length: 200 }, (_, i) => i * 3);
    const wrapping = steady.map((counts) => (modulus - 300 + counts) % modulus);
    const { kinds, total } = run(modulus, wrapping);
    expect(total).toBe(run(modulus, steady).total);
    expect(kinds.filter((kind) => kind !== "forward")).toEqual(["rollover"]);
  });

  it("a reset adds what was counted since, and no turn of the counter", () => {
    const before = Array.from({ length: 100 }, (_, i) => 9_999_000 + i * 2);
    const { kinds, total } = run(R, [...before, 1, 3, 5]);
    expect(total).toBe(99 * 2 + 5);
    expect(kinds.filter((kind) => kind !== "forward")).toEqual(["reset"]);
  });

  it("the step over an hour without readings is accepted, also across a wrap", () => {
    const gap: null[] = Array.from({ length: 3600 }, () => null);
    const readings = [
      ...Array.from({ length: 100 }, (_, i) => i),
      ...gap,
      ...Array.from({ length: 5 }, (_, i) => 3700 + i),
    ];
    for (const start of [0, R - 2000]) {
      const moved = readings.map((counts) => (counts === null ? null : (start + counts) % R));
      expect(run(R, moved).total).toBe(3704);
    }
  });

  it("a plant that became faster in an hour without readings has its step accepted", () => {
    const gap: null[] = Array.from({ length: 3600 }, () => null);
    const { kinds, total } = run(R, [...Array.from({ length: 100 }, (_, i) => i), ...gap, 20_000]);
    expect(kinds).not.toContain("invalid");
    expect(total).toBe(20_000);
  });

  it("a reset in an hour without readings adds what was counted since, and no turn of the counter", () => {
    const before = Array.from({ length: 100 }, (_, i) => 9_000_000 + i);
    const gap: null[] = Array.from({ length: 3600 }, () => null);
    expect(run(R, [...before, ...gap, 300, 301])).toMatchObject({ total: 99 + 300 + 1 });
  });

  it("a torn reading adds nothing on its way up nor on its way down", () => {
    const counts = Array.from({ length: 100 }, (_, i) => 1_000_000 + i);
    counts[50] = (counts[50] ?? 0) + 65_536;
    const { kinds, total } = run(R, counts);
    expect(kinds.filter((kind) => kind === "invalid")).toHaveLength(2);
    expect(total).toBe(97);
  });

  it("a plant that becomes ten times faster loses one step, not all that follow", () => {
    const slow = Array.from({ length: 50 }, (_, i) => i);
    const fast = Array.from({ length: 50 }, (_, i) => 49 + (i + 1) * 10);
    const { kinds, total } = run(R, [...slow, ...fast]);
    expect(kinds.filter((kind) => kind === "invalid")).toHaveLength(1);
    expect(total).toBe(49 + 49 * 10);
  });

  it("counts that the counter cannot show are invalid and no baseline", () => {
    expect(run(R, [10, 12, R + 5, 14, 15])).toEqual({
      kinds: ["forward", "forward", "invalid", "forward", "forward"],
      total: 3,
    });
  });

  it("the total is the same however the readings are thinned out, and wherever the counter wraps", () => {
    const lead = Array.from({ length: 15 }, () => 20); // teaches the largest rate
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 0, max: 20 }), { minLength: 1, maxLength: 200 }),
        fc.oneof(fc.integer({ min: 0, max: R - 1 }), fc.integer({ min: R - 2000, max: R - 1 })),
        fc.func(fc.boolean()),
        (random, start, isKept) => {
          const readings = [start];
          for (const step of [...lead, ...random]) readings.push(((readings.at(-1) ?? 0) + step) % R);
          const thinned = readings.map((counts, i) =>
            i <= lead.length || i === readings.length - 1 || isKept(i) ? counts : null,
          );
          expect(run(R, thinned).total).toBe([...lead, ...random].reduce((sum, step) => sum + step, 0));
        },
      ),
      { seed: 20_240_601, numRuns: 300 },
    );
  });
});

it("events are kept for the log up to a bound, and the oldest are dropped and counted", () => {
  const totalizers = createTotalizers([tagOf(0), tagOf(1, { rolloverCounts: 100 })]);
  for (let i = 0; i < 2010; i++) totalizers.advance(1, i % 2 === 0 ? 900 : 1000, i, i);
  const { events, dropped } = totalizers.drainEvents();
  expect(events).toHaveLength(1000);
  expect(dropped).toBe(1010);
  expect(events.at(-1)).toMatchObject({ tagIndex: 1, kind: "invalid", counts: 1000 });
  expect(totalizers.drainEvents()).toEqual({ events: [], dropped: 0 });
  expect(totalizers.accumulated(0)).toBeNull();
});
