import { expect, test } from "vitest";
import type { MetallurgyEntry } from "../../../src/config/metric-schema.ts";
import { course, HOUR, metricBench, MORNING } from "../../support/metric-bench.ts";
import { expectNear } from "../../support/near.ts";
import { tagOf } from "../../support/tags.ts";

const SHIFT = 12 * HOUR;
const BELT = tagOf(0, { id: "WIT-201", unit: "t/h", range: { low: 0, high: 10 } });
const common = { area: "grinding", periods: ["hour" as const, "shift" as const, "day" as const] };
const point = { unit: "g/t", every: "shift" as const, random: "3%" };

/** A belt, the head grade of what it carries, and a grade of a stream that nothing weighs. */
const PLANT: MetallurgyEntry = {
  assays: {
    "AY-901": { ...point, title: "Head", stream: "F" },
    "AY-902": { ...point, title: "Leach feed" },
  },
  metrics: {
    dry: { ...common, title: "Dry", kind: "M-04", inputs: { wet: "WIT-201", moisture: 0 } },
    feed: { ...common, title: "Gold", kind: "M-41", inputs: { dry: "dry", grade: "AY-901" } },
    other: { ...common, title: "Gold", kind: "M-41", inputs: { dry: 10, grade: "AY-902" } },
  },
  flowsheet: {
    nodes: { N1: { title: "Grinding", area: "grinding" } },
    streams: { F: { from: null, to: "N1", solids: "dry", gold: "AY-901" } },
  },
};

const shiftFrom = (number: number): number => MORNING + (number - 1) * SHIFT;

test("what stands in for a sample weighs those of the week before by their tonnes, and is weighed anew by readings that come late", async () => {
  using bench = metricBench([BELT], PLANT);
  const belt = (from: number, hours: number, rate: number): void =>
    bench.history.add(
      0,
      course(from, from + hours * HOUR, 60_000, () => rate),
    );
  belt(shiftFrom(1), 12, 4);
  belt(shiftFrom(2), 10, 2);
  belt(shiftFrom(3), 24, 3);
  for (const id of ["AY-901", "AY-902"]) {
    bench.assay(id, shiftFrom(1), shiftFrom(2), 12);
    bench.assay(id, shiftFrom(2), shiftFrom(3), 9);
  }
  const now = shiftFrom(5) + 60_000;
  await bench.settle(now);
  const gradeOf = (metric: string, shift: number): number =>
    bench.latest(metric, "shift", shiftFrom(shift)).inputs.find(({ source }) => source === "surrogate")
      ?.value ?? NaN;
  // The last reading of the second shift holds for two minutes more.
  const second = bench.latest("dry", "shift", shiftFrom(2)).value ?? NaN;
  expectNear(second, 20, 0.005);
  for (const shift of [3, 4])
    expectNear(gradeOf("feed", shift), (48 * 12 + second * 9) / (48 + second), 1e-12);
  expectNear(gradeOf("other", 3), 10.5, 1e-12);
  expect(bench.latest("feed", "hour", shiftFrom(3)).inputs).toContainEqual(
    expect.objectContaining({ source: "surrogate", value: gradeOf("feed", 3) }),
  );

  const late = shiftFrom(2) + 10 * HOUR;
  belt(late, 2, 2);
  const touches = ({ id }: { id: string }): boolean => id === "WIT-201";
  const why = { cause: "readings of WIT-201 came late", by: null, reason: null };
  bench.engine.change({ ...why, from: late, to: shiftFrom(3), touches }, true);
  await bench.settle(now);
  expectNear(gradeOf("feed", 3), 11, 1e-12);
  expectNear(gradeOf("feed", 4), 11, 1e-12);
  const versionsOf = (metric: string): number[] =>
    [1, 2, 3, 4].map((shift) => bench.latest(metric, "shift", shiftFrom(shift)).version);
  expect(versionsOf("dry")).toEqual([1, 2, 1, 1]);
  expect(versionsOf("feed")).toEqual([1, 2, 2, 2]);
  expect(versionsOf("other")).toEqual([1, 1, 1, 1]);
  expect(bench.latest("feed", "hour", shiftFrom(3)).version).toBe(2);
  expect(bench.latest("feed", "day", shiftFrom(3)).version).toBe(2);
  expect(bench.latest("feed", "shift", shiftFrom(4)).cause).toBe(why.cause);
});
