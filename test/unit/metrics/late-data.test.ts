import { afterEach, describe, expect, test } from "vitest";
import type { MetallurgyEntry } from "../../../src/config/metric-schema.ts";
import type { MetricRecord } from "../../../src/domain/metric.ts";
import { randomFor } from "../../../src/domain/random.ts";
import { createFigureView } from "../../../src/gateway/metrics/figure-view.ts";
import { course, HOUR, memoryHistory, metricBench, MORNING } from "../../support/metric-bench.ts";
import type { MetricBench } from "../../support/metric-bench.ts";
import { expectAllNear, expectNear } from "../../support/near.ts";
import { tagOf } from "../../support/tags.ts";

const BELT = tagOf(0, { id: "WIT-201", unit: "t/h", range: { low: 0, high: 10 } });
const POWER = tagOf(1, { id: "JT-810", unit: "kW" });
const input = { take: "auto", value: 0 } as const;

const GOLD: MetallurgyEntry = {
  assays: {
    "AY-901": { title: "Head", unit: "g/t", every: "shift", random: "3%" },
    "AY-903": { title: "Tails", unit: "g/t", every: "shift", random: "5%" },
  },
  metrics: {
    dry: {
      title: "Dry",
      kind: "M-04",
      area: "grinding",
      periods: ["shift", "day", "month"],
      inputs: { wet: "WIT-201", moisture: 0 },
    },
    feed: {
      title: "Gold in feed",
      kind: "M-41",
      area: "grinding",
      periods: ["shift", "day", "month"],
      inputs: { dry: "dry", grade: "AY-901" },
    },
    tails: {
      title: "Gold in tails",
      kind: "M-45",
      area: "tailings",
      periods: ["shift", "day", "month"],
      inputs: { dry: "dry", grade: "AY-903", water: input, solution: input },
    },
    recovery: {
      title: "Recovery",
      kind: "M-46",
      area: "leach",
      periods: ["shift", "day", "month"],
      inputs: { goldInFeed: "feed", tails: "tails" },
    },
    power: {
      title: "Power",
      kind: "M-15a",
      area: "utilities",
      periods: ["hour", "shift", "day", "month"],
      inputs: { site: "JT-810" },
    },
  },
};

const SHIFT = 12 * HOUR;
const DAYS = 3;
let bench: MetricBench;
afterEach(() => bench[Symbol.dispose]());

/** Three days of 50.1 t a shift, and the samples of the week before, all of 12 g/t. */
function threeDays(): MetricBench {
  bench = metricBench([BELT, POWER], GOLD);
  const until = MORNING + DAYS * 24 * HOUR;
  bench.history.add(
    0,
    course(MORNING - 60_000, until, 60_000, () => 4.175),
  );
  bench.history.add(
    1,
    course(MORNING - 60_000, until, 60_000, () => 200),
  );
  for (let shift = 1; shift <= 14; shift++)
    bench.assay("AY-901", MORNING - shift * SHIFT, MORNING - (shift - 1) * SHIFT, 12);
  return bench;
}

const values = (records: readonly MetricRecord[]): number[] => records.map(({ value }) => value ?? NaN);

test("W-19: a head assay that comes late and a tails assay that is corrected make new versions of what is made of them", async () => {
  const { settle, assay, versions } = threeDays();
  assay("AY-903", MORNING, MORNING + SHIFT, 0.52);
  await settle(MORNING + SHIFT + 60_000);
  assay("AY-901", MORNING, MORNING + SHIFT, 13.4);
  await settle(MORNING + SHIFT + 9 * HOUR);
  assay("AY-903", MORNING, MORNING + SHIFT, 0.58, "weighed again");
  await settle(MORNING + SHIFT + 10 * HOUR);

  const feed = versions("feed", "shift", MORNING);
  expect(feed.map(({ version, state }) => [version, state])).toEqual([
    [1, "PRELIMINARY"],
    [2, "PROVISIONAL"],
  ]);
  expectAllNear(values(feed), [601.2, 671.34]);
  expect(feed[0]?.inputs.find(({ name }) => name === "grade")?.source).toBe("surrogate");
  const tails = versions("tails", "shift", MORNING);
  expectAllNear(values(tails), [26.052, 29.058]);
  const recovery = versions("recovery.headTails", "shift", MORNING);
  expectAllNear(values(recovery), [95.6667, 96.1194, 95.6716]);
  expect(versions("recovery.headTails", "shift", MORNING).map(({ cause }) => cause)).toEqual([
    "the period ended",
    "assay AY-901",
    "assay AY-903: weighed again",
  ]);
});

describe("one late assay", () => {
  test("is computed into what is made of it, in the periods it belongs to, and nothing else", async () => {
    const { settle, assay, engine, latest } = threeDays();
    await settle(MORNING + DAYS * 24 * HOUR + 60_000);
    const before = engine.counts.computed;
    expect(latest("tails", "shift", MORNING + 3 * SHIFT).value).toBeNull();
    assay("AY-903", MORNING + SHIFT, MORNING + 2 * SHIFT, 0.52);
    await settle(MORNING + DAYS * 24 * HOUR + 120_000);
    // Tails and recovery of one shift and of the four after, for which it stands in; of three days and one month.
    expect(engine.counts.computed - before).toBe(2 * (5 + 3 + 1));
    expect(latest("tails", "shift", MORNING).value).toBeNull();
    const later = latest("tails", "shift", MORNING + 3 * SHIFT);
    expect(later.value).toBeCloseTo(50.1 * 0.52, 6);
    expect(later.state).toBe("PRELIMINARY");
  });

  test("reads no history, because no reading has changed", async () => {
    const { settle, assay, history } = threeDays();
    await settle(MORNING + DAYS * 24 * HOUR + 60_000);
    const before = history.reads;
    assay("AY-901", MORNING, MORNING + SHIFT, 13.4);
    await settle(MORNING + DAYS * 24 * HOUR + 120_000);
    expect(history.reads).toBe(before);
  });
});

test("computing everything again makes no new version", async () => {
  const { settle, engine, journal, assay } = threeDays();
  assay("AY-903", MORNING, MORNING + SHIFT, 0.52);
  const now = MORNING + DAYS * 24 * HOUR + 60_000;
  await settle(now);
  const before = engine.counts.added;
  engine.reopen(MORNING);
  await settle(now);
  expect(engine.counts.computed).toBeGreaterThan(before);
  expect(engine.counts.added).toBe(before);
  expect(journal.work.count()).toBe(0);
});

test("in whatever order readings and assays arrive, the figures end up the same", async () => {
  const until = MORNING + DAYS * 24 * HOUR;
  const now = until + 60_000;
  const samples = Array.from({ length: 2 * DAYS }, (_, shift) => [
    ["AY-901", MORNING + shift * SHIFT, 10 + shift] as const,
    ["AY-903", MORNING + shift * SHIFT, 0.4 + 0.02 * shift] as const,
  ]).flat();
  const pieces = Array.from({ length: 2 * DAYS * 3 }, (_, piece) => MORNING + piece * 4 * HOUR);
  const outcomes = new Set<string>();
  for (let seed = 0; seed < 6; seed++) {
    const random = randomFor("arrival", seed);
    const shuffle = <T>(all: readonly T[]): T[] =>
      all
        .map((one) => [random(), one] as const)
        .sort((a, b) => a[0] - b[0])
        .map(([, one]) => one);
    using own = metricBench([BELT, POWER], GOLD, memoryHistory());
    for (const step of shuffle([...samples, ...pieces])) {
      if (typeof step === "number") {
        own.history.add(
          0,
          course(step, step + 4 * HOUR, 60_000, (time) => 4 + (time % 7_000_000) / 1e7),
        );
        const change = {
          cause: "readings came late",
          by: null,
          reason: null,
          from: step,
          to: step + 5 * HOUR,
        };
        own.engine.change({ ...change, touches: ({ id }) => id === "WIT-201" }, true);
      } else own.assay(step[0], step[1], step[1] + SHIFT, step[2]);
      if (random() < 0.5) await own.settle(now);
    }
    await own.settle(now);
    const standing = ["dry", "feed", "tails", "recovery.headTails"].flatMap((metric) =>
      (["shift", "day", "month"] as const).flatMap((period) =>
        own.journal.versions
          .between(metric, period, MORNING - 40 * 24 * HOUR, now, false)
          .map(({ key, value, u, status, coverage }) => [metric, period, key, value, u, status, coverage]),
      ),
    );
    expect(standing.length).toBeGreaterThan(4 * 9);
    outcomes.add(JSON.stringify(standing));
  }
  expect(outcomes.size).toBe(1);
  bench = metricBench([BELT, POWER], GOLD);
});

describe("what was signed", () => {
  async function signedShift(): Promise<MetricBench & { view: ReturnType<typeof createFigureView> }> {
    const own = threeDays();
    own.assay("AY-901", MORNING, MORNING + SHIFT, 13.4);
    own.assay("AY-903", MORNING, MORNING + SHIFT, 0.52);
    await own.settle(MORNING + SHIFT + HOUR);
    const view = createFigureView({
      metrics: own.engine.graph.metrics,
      engine: own.engine,
      journal: own.journal,
      live: { instant: () => null, rolling: () => null, run: () => Promise.resolve() },
      now: () => own.now,
      wake: () => undefined,
      outputs: () => [],
      balance: () => null,
    });
    return Object.assign(own, { view });
  }

  test("is FINAL, and a change without a reason waits for one", async () => {
    const own = await signedShift();
    expect(own.view.sign("shift", "2026-11-22/day", "chief", "")).toEqual({ signed: 5 });
    expect(own.latest("feed", "shift", MORNING).state).toBe("FINAL");
    own.assay("AY-901", MORNING, MORNING + SHIFT, 14);
    await own.settle(MORNING + SHIFT + 2 * HOUR);
    expect(own.latest("feed", "shift", MORNING)).toMatchObject({ state: "FINAL", version: 2 });
    expect(
      own.view
        .held()
        .map(({ metric }) => metric)
        .sort(),
    ).toEqual(["feed"]);
    expect(own.view.restate("shift", "2026-11-22/day", "chief", "the laboratory weighed again")).toEqual({
      restated: 1,
    });
    await own.settle(MORNING + SHIFT + 3 * HOUR);
    const restated = own.latest("feed", "shift", MORNING);
    expect(restated).toMatchObject({ state: "RESTATED", version: 3, by: "chief" });
    expectNear(restated.value ?? NaN, 50.1 * 14);
    expect(own.latest("recovery.headTails", "shift", MORNING)).toMatchObject({
      state: "RESTATED",
      by: "chief",
    });
    expect(own.view.held()).toEqual([]);
  });

  test("is RESTATED at once by a correction that gives its reason", async () => {
    const own = await signedShift();
    own.view.sign("shift", "2026-11-22/day", "chief", "");
    own.assay("AY-903", MORNING, MORNING + SHIFT, 0.6, "wrong bottle");
    await own.settle(MORNING + SHIFT + 2 * HOUR);
    expect(own.latest("tails", "shift", MORNING)).toMatchObject({
      state: "RESTATED",
      cause: "assay AY-903: wrong bottle",
      by: "laboratory",
    });
    expect(own.latest("feed", "shift", MORNING).state).toBe("FINAL");
  });

  test("cannot be a period that is not over, is preliminary, or does not exist", async () => {
    const own = await signedShift();
    for (const [kind, key] of [
      ["day", "2026-11-22"],
      ["shift", "2026-11-22/night"],
      ["shift", "2026-11-22/noon"],
    ] as const)
      expect(own.view.sign(kind, key, "chief", "")).toHaveProperty("refused");
    own.view.sign("shift", "2026-11-22/day", "chief", "");
    expect(own.view.sign("shift", "2026-11-22/day", "chief", "")).toHaveProperty("refused");
  });
});

test("what is still to be done is done after a restart", async () => {
  threeDays();
  bench.now = MORNING + SHIFT + 60_000;
  bench.engine.close(bench.now, MORNING);
  const pending = bench.journal.work.count();
  expect(pending).toBeGreaterThan(0);
  bench.reopen();
  expect(bench.journal.work.count()).toBe(pending);
  await bench.settle(MORNING + SHIFT + 60_000);
  expect(bench.journal.work.count()).toBe(0);
  expectNear(bench.latest("dry", "shift", MORNING).value ?? NaN, 50.1);
});
