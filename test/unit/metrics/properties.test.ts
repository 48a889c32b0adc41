import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { MetallurgyEntry } from "../../../src/config/metric-schema.ts";
import type { MetricRecord } from "../../../src/domain/metric.ts";
import { randomFor } from "../../../src/domain/random.ts";
import type { Random } from "../../../src/domain/random.ts";
import { computeFigure } from "../../../src/gateway/metrics/compute.ts";
import { createFigureView } from "../../../src/gateway/metrics/figure-view.ts";
import { BELT, COUNTER } from "../../support/gold-plant.ts";
import { HOUR, metricBench, MORNING } from "../../support/metric-bench.ts";
import type { MetricBench } from "../../support/metric-bench.ts";
import type { Row } from "../../support/history.ts";
import { tagOf } from "../../support/tags.ts";

const TOTAL = { ...COUNTER, rolloverCounts: 10_000 };
const POWER = tagOf(2, { id: "JT-810", unit: "kW" });

const metric = (kind: string, inputs: Record<string, string | number>, periods = ["shift", "day"]) =>
  ({ title: kind, kind, area: "grinding", periods, inputs }) as never;

const PLANT: MetallurgyEntry = {
  assays: {
    "AY-901": { title: "Head", unit: "g/t", every: "shift", random: "3%" },
    "AY-903": { title: "Tails", unit: "g/t", every: "shift", random: "5%" },
  },
  metrics: {
    rate: metric("M-02", { wet: "WIT-201", moisture: 0.035 }),
    dry: metric("M-04", { wet: "WQT-201", moisture: 0.035 }, ["shift", "day", "month"]),
    power: metric("M-15a", { site: "JT-810" }, ["shift", "day", "month"]),
    feed: metric("M-41", { dry: "dry", grade: "AY-901" }, ["shift", "day", "month"]),
    tails: metric("M-45", { dry: "dry", grade: "AY-903", water: 0, solution: 0 }, ["shift", "day"]),
    recovery: metric("M-46", { goldInFeed: "feed", tails: "tails" }, ["shift", "day"]),
  },
};

const SHIFT = 12 * HOUR;
const DAY = 24 * HOUR;
const CASES = 40;

let bench: MetricBench;
beforeEach(() => {
  bench = metricBench([BELT, TOTAL, POWER], PLANT);
});
afterEach(() => bench[Symbol.dispose]());

/** A day of readings at odd times: a rate that wanders, bad readings, silences of up to twenty minutes, and a counter of
 *  0.01 t that rolls over at 100 t. */
function rowsOf(random: Random): readonly [belt: Row[], total: Row[], power: Row[]] {
  const rows: [Row[], Row[], Row[]] = [[], [], []];
  let counts = Math.floor(9_000 * random());
  let time = MORNING - HOUR;
  let rate = 4;
  while (time < MORNING + DAY) {
    const pause = random() < 0.005 ? 20 * 60_000 * random() : 40_000 * random();
    const next = Math.floor(time + 1 + pause);
    counts = (counts + Math.round((100 * rate * (next - time)) / HOUR)) % 10_000;
    time = next;
    rate = Math.max(0, rate + 0.4 * (random() - 0.5));
    const status = random() < 0.02 ? 0x80_00_00_00 : 0;
    rows[0].push({ time, value: rate, status });
    rows[1].push({ time, value: counts * 0.01 });
    rows[2].push({ time, value: 150 + 60 * random() });
  }
  return rows;
}

const add = ({ history }: MetricBench, rows: readonly (readonly Row[])[]): void =>
  rows.forEach((some, tag) => history.add(tag, some));

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

describe("totals are additive over any split of a window", () => {
  const random = randomFor("splits", 7);

  /** A total over a window; the estimates of windows with holes in them are no totals. */
  async function totalOf(id: string, from: number, to: number): Promise<number> {
    const { graph, surroundings } = bench.engine;
    const found = graph.metrics.find((one) => one.id === id);
    if (found === undefined) throw new Error(id);
    const span = { kind: "open", key: "any", from, to } as const;
    const { figure, total } = await computeFigure(found, span, surroundings);
    return (id === "rate" ? total : figure.value) ?? NaN;
  }

  test.each(["rate", "dry", "power"])("%s, cut anywhere into up to eight pieces", async (id) => {
    add(bench, rowsOf(random));
    let compared = 0;
    for (let run = 0; run < CASES; run++) {
      const from = MORNING + Math.floor(6 * HOUR * random());
      const to = from + Math.floor(2 * HOUR + 10 * HOUR * random());
      const cuts = Array.from({ length: Math.floor(8 * random()) }, () =>
        Math.floor(from + (to - from) * random()),
      );
      const edges = [...new Set([from, ...cuts, to])].sort((a, b) => a - b);
      const pieces: number[] = [];
      for (const [i, edge] of edges.slice(1).entries()) pieces.push(await totalOf(id, edges[i] ?? NaN, edge));
      // A piece that is mostly a silence is bad and has no value: then nothing is claimed of the sum.
      if (pieces.some(Number.isNaN)) continue;
      compared++;
      const whole = await totalOf(id, from, to);
      expect(Math.abs(sum(pieces) - whole)).toBeLessThan(1e-9 * Math.abs(whole));
    }
    expect(compared).toBeGreaterThan(CASES / 3);
  });

  test("days and months are the sums of their shifts", async () => {
    add(bench, rowsOf(random));
    for (const shift of [MORNING, MORNING + SHIFT])
      bench.assay("AY-901", shift, shift + SHIFT, 12 + (shift % 7));
    await bench.settle(MORNING + DAY + 60_000);
    for (const id of ["dry", "power", "feed"]) {
      const shifts = [MORNING, MORNING + SHIFT].map((from) => bench.latest(id, "shift", from).value ?? NaN);
      const day = bench.latest(id, "day", MORNING).value ?? NaN;
      expect(Math.abs(sum(shifts) - day)).toBeLessThan(1e-12 * day);
    }
  });
});

describe("what arrives in another order", () => {
  const samples = [MORNING, MORNING + SHIFT].flatMap((from) => [
    ["AY-901", from, 12 + (from % 5)] as const,
    ["AY-903", from, 0.5] as const,
  ]);

  function shuffled<T>(all: readonly T[], random: Random): T[] {
    return all
      .map((one) => [random(), one] as const)
      .sort((a, b) => a[0] - b[0])
      .map(([, one]) => one);
  }

  function viewOf(own: MetricBench): ReturnType<typeof createFigureView> {
    return createFigureView({
      metrics: own.engine.graph.metrics,
      engine: own.engine,
      journal: own.journal,
      live: { instant: () => null, rolling: () => null, run: () => Promise.resolve() },
      now: () => own.now,
      wake: () => undefined,
      outputs: () => [],
      balance: () => null,
    });
  }

  type Arrival = (own: MetricBench) => void;

  const asSample =
    ([point, from, value]: readonly [string, number, number]): Arrival =>
    (own) =>
      own.assay(point, from, from + SHIFT, value);

  /** They stand for what comes after them, for an hour or two at most. */
  const asReadings =
    (piece: readonly (readonly Row[])[]): Arrival =>
    (own) => {
      add(own, piece);
      const times = piece.flatMap((rows) => rows.map(({ time }) => time));
      const [from, to] = [Math.min(...times), Math.max(...times) + 2 * HOUR];
      const change = { cause: "readings came late", by: null, reason: null, from, to };
      own.engine.change({ ...change, touches: (source) => source.from === "tag" }, true);
    };

  const FIGURES = ["dry", "power", "feed", "tails", "recovery.headTails"];

  function finals(own: MetricBench): readonly Partial<MetricRecord>[] {
    return FIGURES.flatMap((id) =>
      [MORNING, MORNING + SHIFT].map((from) => {
        const { metric: name, key, value, u, state, status, coverage } = own.latest(id, "shift", from);
        return { metric: name, key, value, u, state, status, coverage };
      }),
    );
  }

  test("never changes a FINAL figure", async () => {
    const rows = rowsOf(randomFor("order", 1));
    const outcomes = new Set<string>();
    const now = MORNING + DAY + 60_000;
    for (let seed = 0; seed < 5; seed++) {
      using own = metricBench([BELT, TOTAL, POWER], PLANT);
      const random = randomFor("order of arrival", seed);
      const pieces = Array.from({ length: 8 }, (_, piece) =>
        rows.map((some) =>
          some.slice(Math.floor((some.length * piece) / 8), Math.floor((some.length * (piece + 1)) / 8)),
        ),
      );
      for (const arrive of shuffled([...samples.map(asSample), ...pieces.map(asReadings)], random)) {
        arrive(own);
        if (random() < 0.4) await own.settle(now);
      }
      await own.settle(now);
      const view = viewOf(own);
      for (const key of ["2026-11-22/day", "2026-11-22/night"]) view.sign("shift", key, "chief", "");
      outcomes.add(JSON.stringify(finals(own)));

      // The laboratory sends everything again, in yet another order, and all is computed again.
      const before = own.engine.counts.added;
      for (const [point, from] of shuffled(samples, random)) {
        const change = { cause: "sent again", by: null, reason: null, from, to: from + SHIFT };
        own.engine.change({ ...change, touches: (source) => source.id === point });
      }
      own.engine.reopen(MORNING);
      await own.settle(now);
      expect(own.engine.counts.added).toBe(before);
      expect(view.held()).toEqual([]);
      outcomes.add(JSON.stringify(finals(own)));
    }
    expect(outcomes.size).toBe(1);
    expect([...outcomes][0]).toContain("FINAL");
  });
});
