import { describe, expect, test } from "vitest";
import type { MetallurgyEntry } from "../../../src/config/metric-schema.ts";
import { Status } from "../../../src/domain/status.ts";
import { course, HOUR, metricBench, MORNING } from "../../support/metric-bench.ts";
import type { MetricBench } from "../../support/metric-bench.ts";
import { expectNear } from "../../support/near.ts";
import { tagOf } from "../../support/tags.ts";

const MINUTE = 60_000;
const SHIFT = 12 * HOUR;
const NIGHT = MORNING + SHIFT;
const END = NIGHT + SHIFT;

const DETECTOR = tagOf(0, { id: "AT-491", unit: "[ppm]", range: { low: 0, high: 50 } });
const PIEZOMETER = tagOf(1, { id: "PZ-710A", unit: "kPa", range: { low: 0, high: 200 } });
const LOAD = tagOf(2, { id: "WT-201", unit: "kg/m", range: { low: 0, high: 5 } });
const SPEED = tagOf(3, { id: "ST-201", unit: "m/s", range: { low: 0, high: 2 } });
const FLOW = tagOf(4, { id: "FT-207", unit: "m3/h" });
const RATE = tagOf(5, { id: "WIT-201", unit: "t/h", range: { low: 0, high: 10 } });
const RUN = tagOf(6, { id: "XS-201", type: "bool", unit: null });
const TAGS = [DETECTOR, PIEZOMETER, LOAD, SPEED, FLOW, RATE, RUN];

const common = { area: "leach", periods: ["hour" as const, "shift" as const, "day" as const] };

const PLANT: MetallurgyEntry = {
  assays: { "AY-952": { title: "P80", unit: "um", every: "shift", random: "3%" } },
  instruments: { "AT-491": { sd: "5%" } },
  metrics: {
    hcn: { ...common, title: "HCN", kind: "M-54", inputs: { of: "AT-491" } },
    dam: { ...common, title: "Dam", kind: "M-58", inputs: { pressure: "PZ-710A" } },
    zero: {
      ...common,
      title: "Empty belt",
      kind: "M-06",
      inputs: { load: "WT-201", speed: "ST-201", emptyLoad: 0.1, beltLength: 12 },
    },
    drift: {
      ...common,
      title: "Drift",
      kind: "M-06a",
      inputs: { zero: "zero", calibratedZero: 0, span: 5 },
    },
    cut: {
      ...common,
      title: "Cut",
      kind: "M-24b",
      inputs: {
        flow: "FT-207",
        solidsByVolume: 33,
        referenceCut: 150,
        referenceFlow: 16,
        referenceSolidsByVolume: 33,
      },
    },
    factor: {
      ...common,
      title: "Factor",
      kind: "M-24c",
      inputs: { product80: "AY-952", cut: "cut" },
    },
    p80: {
      ...common,
      title: "P80",
      kind: "M-24a",
      inputs: { sizeFactor: { of: "factor", take: "start", value: 0.716 }, cut: "cut" },
    },
    wet: {
      ...common,
      title: "Wet feed",
      kind: "M-02a",
      inputs: { rate: "WIT-201", span: 10, running: "XS-201" },
    },
  },
};

/** A day in which nothing happens but for what the test says. */
function day(changes: Readonly<Record<number, (time: number) => number>>): MetricBench {
  const bench = metricBench(TAGS, PLANT);
  const usual = [0.2, 60, 2, 0.8, 16, 4, 1];
  for (const [tag, value] of usual.entries())
    bench.history.add(tag, course(MORNING - 9 * HOUR, END, MINUTE, changes[tag] ?? (() => value)));
  return bench;
}

const after = (hours: number, from = MORNING): number => from + hours * HOUR;

describe("hydrogen cyanide in air", () => {
  /** 9.4 ppm for half an hour of the night shift, six hours after it began. */
  const leak = (time: number): number => (time >= after(6, NIGHT) && time < after(6.5, NIGHT) ? 9.4 : 0.2);

  test("is told as the worst quarter of an hour and the worst eight hours of a shift; a day has its worst shift", async () => {
    using bench = day({ 0: leak });
    await bench.settle(END + MINUTE);
    const of = (result: string, kind: "shift" | "day", from: number): number | null =>
      bench.latest(`hcn.${result}`, kind, from).value;
    expectNear(of("stel", "shift", MORNING), 0.2, 1e-9);
    expectNear(of("stel", "shift", NIGHT), 9.4, 1e-9);
    expectNear(of("twa", "shift", NIGHT), (7.5 * 0.2 + 0.5 * 9.4) / 8, 1e-9);
    expect(of("stel", "day", MORNING)).toBe(of("stel", "shift", NIGHT));
    expect(of("twa", "day", MORNING)).toBe(of("twa", "shift", NIGHT));
    expectNear(bench.latest("hcn.stel", "shift", NIGHT).u, 0.05 * 9.4, 1e-9);
    expect(of("fault", "day", MORNING)).toBe(0);
  });

  test("counts what somebody breathed before the shift began", async () => {
    using bench = day({ 0: (time) => (time < NIGHT && time >= NIGHT - 10 * MINUTE ? 30 : 0) });
    await bench.settle(END + MINUTE);
    expectNear(bench.latest("hcn.stel", "shift", NIGHT).value, 20, 1e-6);
  });

  test("of a detector that says nothing is a fault, and no clean air", async () => {
    using bench = day({});
    bench.history.add(0, [
      { time: after(2) + 1, value: NaN, status: Status.BadSensorFailure },
      { time: after(2) + 2 * MINUTE, value: NaN, status: Status.BadSensorFailure },
    ]);
    await bench.settle(END + MINUTE);
    const of = (kind: "shift" | "day", from: number): number | null =>
      bench.latest("hcn.fault", kind, from).value;
    expect([of("shift", MORNING), of("shift", NIGHT), of("day", MORNING)]).toEqual([1, 0, 1]);
  });
});

test("the water in a dam's wall is told by how fast it rises, mm a day", async () => {
  using bench = day({ 1: (time) => 60 + (0.5 * (time - MORNING)) / (24 * HOUR) });
  await bench.settle(END + MINUTE);
  expectNear(bench.latest("dam.trend", "day", MORNING).value, (0.5 * 1e6) / (1000 * 9.80665), 1e-3);
});

test("a belt that runs empty shows the zero of its scale, and how far that has drifted", async () => {
  const isEmpty = (time: number): boolean => time >= after(3) && time < after(3.2);
  using bench = day({ 2: (time) => (isEmpty(time) ? 0.04 : 2) });
  await bench.settle(END + MINUTE);
  expectNear(bench.latest("zero", "hour", after(3)).value, 0.04, 1e-9);
  expectNear(bench.latest("drift", "hour", after(3)).value, 0.008, 1e-9);
  expectNear(bench.latest("zero", "shift", MORNING).value, 0.04, 1e-9);
  const full = bench.latest("zero", "hour", after(5));
  expect([full.value, full.reason]).toEqual([null, "TOO_FEW"]);
});

test("a rate within its dead band is zero while the machine stands, and what it is while it runs", async () => {
  using bench = day({ 5: () => 0.06, 6: (time) => (time < after(6) ? 0 : 1) });
  await bench.settle(END + MINUTE);
  const hour = (from: number): number | null => bench.latest("wet", "hour", from).value;
  expectNear(hour(after(2)), 0, 1e-12);
  expectNear(hour(after(8)), 0.06, 1e-12);
});

test("each laboratory P80 corrects the estimate of the shifts after it, also when it comes late", async () => {
  using bench = day({});
  const cut = 150;
  bench.assay("AY-952", NIGHT, END, 120);
  await bench.settle(END + MINUTE);
  const factor = (from: number) => bench.latest("factor", "shift", from);
  expect([factor(MORNING).value, factor(MORNING).state]).toEqual([0.716, "PROVISIONAL"]);
  expectNear(factor(NIGHT).value, 0.716 + 0.3 * (120 / cut - 0.716), 1e-9);
  expectNear(bench.latest("p80", "shift", NIGHT).value, 0.716 * cut, 1e-9);

  bench.assay("AY-952", MORNING, NIGHT, 105);
  await bench.settle(END + 2 * MINUTE);
  const first = 0.716 + 0.3 * (105 / cut - 0.716);
  expectNear(factor(MORNING).value, first, 1e-9);
  expectNear(factor(NIGHT).value, first + 0.3 * (120 / cut - first), 1e-9);
  expectNear(bench.latest("p80", "shift", NIGHT).value, first * cut, 1e-9);
  expectNear(bench.latest("p80", "hour", after(5, NIGHT)).value, first * cut, 1e-9);
  expect(bench.latest("p80", "shift", MORNING).version).toBe(1);
  expect(bench.latest("cut", "shift", NIGHT).version).toBe(1);
});
