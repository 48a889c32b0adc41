import { describe, expect, test } from "vitest";
import type { MetallurgyEntry } from "../../../src/config/metric-schema.ts";
import { resolveMetallurgy } from "../../../src/config/resolve-metallurgy.ts";
import type { MetricRecord } from "../../../src/domain/metric.ts";
import { reasonOf, Status } from "../../../src/domain/status.ts";
import { balanceOf } from "../../../src/gateway/metrics/balance.ts";
import { BELT, COUNTER } from "../../support/gold-plant.ts";
import { course, HOUR, metricBench, MORNING } from "../../support/metric-bench.ts";
import type { MetricBench } from "../../support/metric-bench.ts";
import { expectNear } from "../../support/near.ts";
import { tagOf } from "../../support/tags.ts";

const SHIFT = 12 * HOUR;
const MINUTE = 60_000;
const RUNNING = tagOf(2, { id: "XS-201", unit: null, type: "bool" });

const own = { area: "grinding", periods: ["shift" as const, "day" as const] };

const PLANT: MetallurgyEntry = {
  instruments: { "WIT-201": { sd: "1%" }, "WQT-201": { sd: "1%" } },
  metrics: {
    rate: { ...own, title: "Rate", kind: "M-02", inputs: { wet: "WIT-201", moisture: 0 } },
    tonnes: { ...own, title: "Tonnes", kind: "M-04", inputs: { wet: "WIT-201", moisture: 0 } },
    counted: { ...own, title: "Counted", kind: "M-04", inputs: { wet: "WQT-201", moisture: 0 } },
    "gold-of-rate": { ...own, title: "Gold", kind: "M-41", inputs: { dry: "rate", grade: 2 } },
    "gold-of-tonnes": { ...own, title: "Gold", kind: "M-41", inputs: { dry: "tonnes", grade: 2 } },
    "gold-of-tag": { ...own, title: "Gold", kind: "M-41", inputs: { dry: "WIT-201", grade: 2 } },
    "gold-of-counted": { ...own, title: "Gold", kind: "M-41", inputs: { dry: "counted", grade: 2 } },
    running: { ...own, title: "Running", kind: "M-12", inputs: { mass: "counted", runTime: "XS-201" } },
    balance: { ...own, title: "Balance", kind: "M-48", inputs: {} },
  },
  flowsheet: {
    nodes: { N1: { title: "Mill", area: "grinding" } },
    streams: {
      F: { from: null, to: "N1", solids: "counted" },
      T: { from: "N1", to: null, solids: "rate" },
    },
  },
};

/** 3 t/h for six hours and 5 t/h after that, while the machine runs; its counter has 4 t/h. Nobody looks for so many minutes
 *  before the eleventh hour is over. */
async function shiftWithout(minutes: number): Promise<MetricBench> {
  const bench = metricBench([BELT, COUNTER, RUNNING], PLANT);
  const end = MORNING + 2 * SHIFT;
  const gap = { from: MORNING + 11 * HOUR - minutes * MINUTE, to: MORNING + 11 * HOUR };
  const rate = (time: number): number => (time < MORNING + 6 * HOUR ? 3 : 5);
  const tonnes = (time: number): number => Math.round(400 * ((time - MORNING) / HOUR + 1)) / 100;
  for (const [tag, value] of [rate, tonnes, () => 1].entries()) {
    const seen = course(MORNING - HOUR, end + HOUR, MINUTE, value).filter(
      ({ time }) => time < gap.from || time >= gap.to,
    );
    bench.history.add(tag, seen);
    if (minutes > 0)
      bench.history.add(tag, [{ time: gap.from, value: 0, status: Status.BadNoCommunication }]);
  }
  await bench.settle(end + MINUTE);
  return bench;
}

const shown = ({ value, u, coverage, status }: MetricRecord) => ({
  value,
  u,
  coverage,
  status: reasonOf(status),
});

describe("an hour that nobody saw, in a shift of 3 t/h and then 5 t/h", () => {
  // Seen: 6 h × 3 + 5 h × 5 = 43 t in 11 of 12 h. Over the whole 43 × 12/11 = 46.909 t, of which the belt is wrong by 1 %,
  // 0.46909 t, and the hour that was not seen by (5 − 3)/√12 t/h × 1 h = 0.57735 t: together 0.74389 t.
  const WHOLE = 46.909091;
  const WHOLE_U = 0.743895;

  test("stays out of what was seen, and stands beside it with its uncertainty", async () => {
    using bench = await shiftWithout(60);
    const rate = bench.latest("rate", "shift", MORNING);
    expectNear(rate.total, 43);
    expectNear(rate.totalU, 0.43);
    const tonnes = bench.latest("tonnes", "shift", MORNING);
    expectNear(tonnes.value, 43);
    expectNear(tonnes.u, 0.43);
    for (const { filled, filledU, coverage } of [rate, tonnes]) {
      expectNear(filled, WHOLE, 1e-6);
      expectNear(filledU, WHOLE_U, 1e-6);
      expectNear(coverage, 11 / 12);
    }
  });

  test("is in the gold that is made of it, which says that some of it was substituted", async () => {
    using bench = await shiftWithout(60);
    for (const [metric, id] of [
      ["gold-of-rate", "rate"],
      ["gold-of-tonnes", "tonnes"],
      ["gold-of-tag", "WIT-201"],
    ] as const) {
      const gold = bench.latest(metric, "shift", MORNING);
      expectNear(gold.value, 2 * WHOLE, 1e-6);
      expectNear(gold.u, 2 * WHOLE_U, 1e-6);
      expectNear(gold.coverage, 11 / 12);
      expect(reasonOf(gold.status)).toBe("SUBSTITUTED");
      expect(gold.filled).toBe(gold.value);
      expect(gold.inputs[0]).toMatchObject({ id, status: Status.UncertainSubstitute });
    }
  });

  test("is in the gold of the day once, with the night that was seen", async () => {
    using bench = await shiftWithout(60);
    const day = bench.latest("gold-of-rate", "day", MORNING);
    // The night has 12 h × 5 t/h. The belt is wrong in both alike: 2 × √((0.46909 + 0.6)² + 0.57735²).
    expectNear(day.value, 2 * (WHOLE + 60), 1e-6);
    expectNear(day.u, 2 * Math.hypot(0.46909091 + 0.6, 0.57735027), 1e-6);
    expectNear(day.coverage, 23 / 24);
    expect(day.filled).toBe(day.value);
    expect(reasonOf(day.status)).toBe("SUBSTITUTED");
  });

  test("was counted by a counter, and by the hours of a machine that ran before and after", async () => {
    using bench = await shiftWithout(60);
    const gold = bench.latest("gold-of-counted", "shift", MORNING);
    expect(shown(gold)).toMatchObject({ coverage: 1, status: null });
    expectNear(gold.value, 2 * 48, 1e-3);
    expectNear(gold.u, 2 * 0.48, 1e-3);
    const running = bench.latest("running", "shift", MORNING);
    expectNear(running.value, 4, 1e-3);
    expect(reasonOf(running.status)).toBe("SUBSTITUTED");
  });

  test("weighs as little in the balance as is known of it, in the figure and on the page alike", async () => {
    using bench = await shiftWithout(60);
    const { flowsheet } = resolveMetallurgy(PLANT);
    const page = balanceOf({ flowsheet, points: new Map(), engine: bench.engine }, "shift", MORNING);
    const tails = page?.result?.streams.find(({ stream }) => stream === "T");
    const near = (value: number, digits: number): number => expect.closeTo(value, digits) as number;
    expect(tails).toMatchObject({ raw: { value: near(WHOLE, 5), u: near(WHOLE_U, 5) } });
    const figure = bench.latest("balance.T", "shift", MORNING);
    expect(tails).toMatchObject({ value: near(figure.value as number, 9), u: near(figure.u as number, 9) });
    // Weighed by 1/u²: 48 ± 0.48 t counted against 46.909 ± 0.74389 t.
    expectNear(
      figure.value ?? NaN,
      (48 / 0.48 ** 2 + WHOLE / WHOLE_U ** 2) / (1 / 0.48 ** 2 + 1 / WHOLE_U ** 2),
      1e-3,
    );
  });
});

test("a shift that was seen throughout is what it was: good, and no less certain than its belt", async () => {
  using bench = await shiftWithout(0);
  const gold = bench.latest("gold-of-rate", "shift", MORNING);
  expect(shown(gold)).toMatchObject({ coverage: 1, status: null });
  expectNear(gold.value, 96);
  expectNear(gold.u, 0.96);
});

test.each([
  [2, null],
  [4, "SUBSTITUTED"],
  [30, "SUBSTITUTED"],
])("%d minutes without readings are in the gold of the shift, marked as %s", async (minutes, reason) => {
  using bench = await shiftWithout(minutes);
  const gold = bench.latest("gold-of-rate", "shift", MORNING);
  const seen = 48 - (5 * minutes) / 60;
  expectNear(gold.value, (2 * seen) / (1 - minutes / 720), 1e-9);
  expect(reasonOf(gold.status)).toBe(reason);
  expectNear(gold.coverage, 1 - minutes / 720);
});

test("a shift of which too little was seen has no gold, however well it might be filled up", async () => {
  using bench = await shiftWithout(240);
  const gold = bench.latest("gold-of-rate", "shift", MORNING);
  expect(gold).toMatchObject({ value: null, u: null });
  const rate = bench.latest("rate", "shift", MORNING);
  expect(rate).toMatchObject({ value: null, total: null });
  expectNear(rate.filled, (28 / 8) * 12, 1e-9);
});
