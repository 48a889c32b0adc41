import { afterEach, describe, expect, test } from "vitest";
import { createFigureFeed } from "../../../src/gateway/metrics/figure-feed.ts";
import { BELT, FIGURES, POWER, someDays } from "../../support/gold-plant.ts";
import { HOUR, memoryHistory, metricBench, MORNING } from "../../support/metric-bench.ts";
import type { MetricBench } from "../../support/metric-bench.ts";
import { expectNear } from "../../support/near.ts";

const DAY = 24 * HOUR;
let bench: MetricBench;
afterEach(() => bench[Symbol.dispose]());

describe("totals", () => {
  test("are the same over any split of the time: hours, shifts, the day", async () => {
    bench = metricBench([BELT, POWER], FIGURES, someDays(2));
    await bench.settle(MORNING + 2 * DAY + 60_000);
    const sum = (period: "hour" | "shift", of: "value" | "total", metric: string): number =>
      bench.journal.versions
        .between(metric, period, MORNING, MORNING + DAY, false)
        .reduce((total, record) => total + (record[of] ?? NaN), 0);
    for (const [metric, of] of [
      ["dry", "total"],
      ["tonnes", "value"],
    ] as const) {
      const day = bench.latest(metric, "day", MORNING)[of] ?? NaN;
      expect(day).toBeGreaterThan(50);
      expectNear(sum("hour", of, metric), day, 1e-12);
      expectNear(sum("shift", of, metric), day, 1e-12);
    }
  });

  test("are of the measured time only, with what they would be over the whole beside them", async () => {
    const history = memoryHistory();
    history.add(0, [
      { time: MORNING, value: 4 },
      { time: MORNING + 1, value: 4 },
    ]);
    for (let time = MORNING; time < MORNING + 11 * HOUR; time += 60_000) history.add(0, [{ time, value: 4 }]);
    bench = metricBench([BELT, POWER], FIGURES, history);
    await bench.settle(MORNING + 12 * HOUR + 60_000);
    const shift = bench.latest("tonnes", "shift", MORNING);
    expect(shift.coverage).toBeGreaterThan(11 / 12);
    expect(shift.coverage).toBeLessThan(0.95);
    expect(shift.status >>> 30).toBe(1);
    expectNear(shift.value ?? NaN, 4 * 0.965 * 12 * shift.coverage, 1e-9);
    expectNear(shift.filled ?? NaN, 4 * 0.965 * 12, 1e-9);
  });
});

test("nothing measured is null and never 0, and a denominator of nearly nothing is LOW_DENOM", async () => {
  const history = memoryHistory();
  for (let time = MORNING - 60_000; time < MORNING + 12 * HOUR; time += 60_000) {
    history.add(1, [{ time, value: 200 }]);
    if (time < MORNING + HOUR) history.add(0, [{ time, value: 0.001 }]);
  }
  bench = metricBench([BELT, POWER], FIGURES, history);
  await bench.settle(MORNING + 12 * HOUR + 60_000);
  const second = bench.latest("tonnes", "hour", MORNING + 2 * HOUR);
  expect(second).toMatchObject({ value: null, u: null, reason: "MISSING" });
  expect(bench.latest("energy", "hour", MORNING)).toMatchObject({ value: null, reason: "LOW_DENOM" });
});

test("a formula of the plant's own gives what the kind gives", async () => {
  bench = metricBench([BELT, POWER], FIGURES, someDays(1));
  await bench.settle(MORNING + DAY + 60_000);
  const own = bench.latest("own", "shift", MORNING);
  const kind = bench.latest("energy", "shift", MORNING);
  expectNear(own.value ?? NaN, kind.value ?? NaN, 1e-12);
  expectNear(own.u ?? NaN, kind.u ?? NaN, 1e-6);
});

test("an output that was away, and a gateway that was restarted, lose no version on its way", async () => {
  bench = metricBench([BELT, POWER], FIGURES, someDays(2));
  const areaOf = (): string => "grinding";
  const taken: string[] = [];
  await bench.settle(MORNING + DAY + 60_000);
  const first = createFigureFeed("mqtt", bench.journal, areaOf);
  const seen = first.peek();
  expect(first.peek()).toBe(seen); // The sink did not take them: they come again.
  bench.reopen();
  await bench.settle(MORNING + 2 * DAY + 60_000);
  const feed = createFigureFeed("mqtt", bench.journal, areaOf);
  while (feed.isReady()) {
    for (const { metric, period, from, version } of feed.peek())
      taken.push(`${metric} ${period} ${from} ${version}`);
    feed.acknowledge();
    if (taken.length > 10_000) break;
  }
  expect(new Set(taken).size).toBe(taken.length);
  expect(taken).toHaveLength(bench.journal.outbox.next("another", 10_000).length);
  expect(bench.journal.outbox.pending("mqtt")).toBe(0);
  bench.journal.outbox.trim(["mqtt"]);
  expect(bench.journal.outbox.pending("another")).toBe(0);
});
