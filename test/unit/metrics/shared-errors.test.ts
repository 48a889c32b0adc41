import { describe, expect, test } from "vitest";
import type { MetallurgyEntry } from "../../../src/config/metric-schema.ts";
import { BELT, COUNTER } from "../../support/gold-plant.ts";
import { course, HOUR, metricBench, MORNING } from "../../support/metric-bench.ts";

const SHIFT = 12 * HOUR;

/** The counter's tonnes less those of the rate, and the sum of both, 4 t/h in a shift. */
async function partsOf(instruments: MetallurgyEntry["instruments"]): Promise<{ less: number; sum: number }> {
  const own = (expression: string) => ({
    title: "Own",
    expression,
    unit: "t",
    area: "grinding",
    periods: ["shift" as const],
    inputs: { a: { of: "WQT-201", take: "delta" as const }, b: { of: "WIT-201", take: "total" as const } },
  });
  using bench = metricBench([BELT, COUNTER], {
    instruments,
    metrics: { less: own("a - b"), sum: own("a + b") },
  });
  const until = MORNING + SHIFT;
  bench.history.add(
    0,
    course(MORNING - HOUR, until + HOUR, 30_000, () => 4),
  );
  bench.history.add(
    1,
    course(
      MORNING - HOUR,
      until + HOUR,
      36_000,
      (time) => Math.round(((time - MORNING) / HOUR + 10) * 400) / 100,
    ),
  );
  await bench.settle(until + 60_000);
  const u = (metric: string): number => bench.latest(metric, "shift", MORNING).u ?? NaN;
  return { less: u("less"), sum: u("sum") };
}

test("two tags of one scale are wrong together: their difference is sure, and their sum all the less", async () => {
  const { less, sum } = await partsOf({
    "WIT-201": { sd: "1%" },
    "WQT-201": { sd: "1%", sameAs: "WIT-201" },
  });
  expect(less).toBeLessThan(0.002);
  expect(sum).toBeCloseTo(0.96, 2);
});

test("two scales are wrong each in its own way", async () => {
  const { less, sum } = await partsOf({ "WIT-201": { sd: "1%" }, "WQT-201": { sd: "1%" } });
  expect(less).toBeCloseTo(Math.SQRT2 * 0.48, 2);
  expect(sum).toBeCloseTo(Math.SQRT2 * 0.48, 2);
});

test("a tag that names its instrument and no size of its error has the usual one", async () => {
  const { less, sum } = await partsOf({ "WIT-201": { sd: "1%" }, "WQT-201": { sameAs: "WIT-201" } });
  expect(less).toBeLessThan(0.002);
  expect(sum).toBeCloseTo(0.96, 2);
});

describe("a constant that is known with an error", () => {
  type Inputs = Readonly<Record<string, { value: number; sd: number; errorOf?: string }>>;

  /** The difference of two figures, 10 m3 times a constant each. */
  async function lessOf(first: Inputs, second: Inputs): Promise<number> {
    const [own, other] = [first, second].map((inputs) => ({
      title: "Own",
      expression: `10 * ${Object.keys(inputs)[0]}`,
      unit: "1",
      area: "grinding",
      periods: ["shift" as const],
      inputs: Object.fromEntries(
        Object.entries(inputs).map(([name, one]) => [name, { ...one, take: "auto" as const }]),
      ),
    }));
    const inputs = { a: "own", b: "other" };
    using bench = metricBench([BELT], {
      metrics: { own: own!, other: other!, less: { ...own!, expression: "a - b", inputs } },
    });
    await bench.settle(MORNING + SHIFT + 60_000);
    return bench.latest("less", "shift", MORNING).u ?? NaN;
  }

  test("is the same number in all figures of which it is an input: in a difference it cancels", async () => {
    const solids = { value: 2.65, sd: 0.02 };
    expect(await lessOf({ solids }, { solids })).toBe(0);
  });

  test("has nothing to do with another one that merely has its name", async () => {
    const solids = { value: 2.65, sd: 0.02 };
    const u = await lessOf({ solids }, { solids: { value: 4.5, sd: 0.02 } });
    expect(u).toBeCloseTo(Math.SQRT2 * 0.2, 9);
    expect(await lessOf({ solids }, { solids: { value: 2.65, sd: 0.03 } })).toBeCloseTo(
      Math.hypot(0.2, 0.3),
      9,
    );
  });

  test("is wrong by itself where the plant file says whose error it is, however much another looks like it", async () => {
    const fill = { value: 0.3, sd: 0.02 };
    const u = await lessOf(
      { fill: { ...fill, errorOf: "mill-1" } },
      { fill: { ...fill, errorOf: "mill-2" } },
    );
    expect(u).toBeCloseTo(Math.SQRT2 * 0.2, 9);
    expect(await lessOf({ fill }, { fill: { ...fill, errorOf: "fill" } })).toBeCloseTo(Math.SQRT2 * 0.2, 9);
  });

  test("is one number under two names where the plant file says so", async () => {
    const ore = { value: 2.65, sd: 0.02, errorOf: "ore" };
    expect(await lessOf({ solids: ore }, { rock: ore })).toBe(0);
  });
});
