/** What the historian costs: readings a second in, bytes on disk, time of a trend, against plain rows in SQLite.
 *
 *      node test/bench/historian.ts [--hours 25] [--quick]
 *
 *  Every tag is read once a second and every reading is stored, the unchanged ones too. */
import { mkdtempSync, readdirSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { parseArgs } from "node:util";
import { loadPlant } from "../../src/config/load.ts";
import type { ReadingBatch } from "../../src/domain/batch.ts";
import { systemClock } from "../../src/domain/system-clock.ts";
import { openHistorian } from "../../src/store/historian/historian.ts";
import type { Historian } from "../../src/store/historian/historian.ts";
import { hourOf, mixedSignals, modelledSignals, START } from "./historian-signals.ts";
import type { Signal } from "./historian-signals.ts";

const HOUR_MS = 3_600_000;
/** 200 tags once a second for 30 days. */
const MONTH_READINGS = 200 * 86_400 * 30;

/** What is asked of it. */
const MONTH_MB_MAX = 750;
const READINGS_PER_S_MIN = 100_000;
const DAY_TREND_MS_MAX = 50;

/** It never queues more than this many readings. */
const UNSYNCED_MAX = 100_000;

const { values: options } = parseArgs({
  options: { hours: { type: "string", default: "25" }, quick: { type: "boolean", default: false } },
});
const hours = options.quick ? 2 : Number(options.hours);

interface Subject {
  append(batch: ReadingBatch): Promise<void>;
  settle(): Promise<void>;
  trend(tag: number, from: number, to: number, buckets: number): Promise<number>;
  close(): Promise<void>;
}

async function historian(dir: string, signals: readonly Signal[]): Promise<Subject> {
  const tags = signals.map(({ linear }, tag) => ({ name: `T-${tag}`, linear }));
  const silent = (): void => undefined;
  const log = { debug: silent, info: silent, warn: silent, error: console.error };
  const clock = { ...systemClock, now: () => START };
  const opened = await openHistorian({ dir, tags, historyDays: 400, clock, log });
  return asSubject(opened);
}

function asSubject(opened: Historian): Subject {
  let unsynced = 0;
  return {
    async append(batch) {
      opened.append(batch);
      if ((unsynced += batch.length) < UNSYNCED_MAX) return;
      await opened.sync();
      unsynced = 0;
    },
    async settle() {
      await opened.archive();
      if (opened.health().dropped > 0) throw new Error("readings were dropped");
    },
    trend: async (tag, from, to, buckets) => (await opened.readBuckets(tag, from, to, buckets)).length,
    close: () => opened.close(),
  };
}

/** The yardstick: a row a reading, one transaction a batch, as one would begin. */
function plainRows(dir: string): Subject {
  const database = new DatabaseSync(join(dir, "rows.sqlite"));
  database.exec(`pragma journal_mode = wal; pragma synchronous = normal;
    create table reading (tag integer, time integer, value real, status integer, primary key (tag, time)) without rowid`);
  const insert = database.prepare("insert or replace into reading values (?, ?, ?, ?)");
  const trend = database.prepare(
    "select min(value), max(value) from reading where tag = ? and time >= ? and time < ? group by (time - ?) / ?",
  );
  return {
    async append({ length, tag, sourceTime, value, status }) {
      database.exec("begin");
      for (let row = 0; row < length; row++)
        insert.run(tag[row] ?? 0, sourceTime[row] ?? 0, value[row] ?? 0, status[row] ?? 0);
      database.exec("commit");
    },
    settle: async () => database.exec("pragma wal_checkpoint(truncate)"),
    trend: async (tag, from, to, buckets) =>
      trend.all(tag, from, to, from, Math.floor((to - from) / buckets)).length,
    close: async () => database.close(),
  };
}

interface Result {
  readonly name: string;
  readonly tags: number;
  readonly hours: number;
  readonly readings: number;
  readonly readingsPerS: number;
  readonly cpuUsEach: number;
  readonly bytesEach: number;
  readonly trendMs: number;
}

/** Feeds a subject hour by hour, and asks it for a trend of the last 24 hours at the end. */
async function measure(
  name: string,
  open: (dir: string, signals: readonly Signal[]) => Subject | Promise<Subject>,
  signals: readonly Signal[],
  forHours: number,
): Promise<Result> {
  const dir = mkdtempSync(join(tmpdir(), "puma-bench-historian-"));
  try {
    const subject = await open(dir, signals);
    const fed = await feed(subject, signals, forHours);
    const end = START + forHours * HOUR_MS;
    const trendMs = await median(9, () => subject.trend(0, end - 24 * HOUR_MS, end, 1000));
    await subject.close();
    const bytes = readdirSync(dir).reduce((sum, file) => sum + statSync(join(dir, file)).size, 0);
    return {
      name,
      tags: signals.length,
      hours: forHours,
      readings: fed.readings,
      readingsPerS: (fed.readings / fed.ms) * 1000,
      cpuUsEach: fed.cpuUs / fed.readings,
      bytesEach: bytes / fed.readings,
      trendMs,
    };
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
}

async function feed(subject: Subject, signals: readonly Signal[], forHours: number) {
  const fed = { readings: 0, ms: 0, cpuUs: 0 };
  for (let hour = 0; hour < forHours; hour++) {
    const batches = hourOf(signals, hour);
    const cpuBefore = process.cpuUsage();
    const start = performance.now();
    for (const batch of batches) {
      await subject.append(batch);
      fed.readings += batch.length;
    }
    await subject.settle();
    fed.ms += performance.now() - start;
    const { user, system } = process.cpuUsage(cpuBefore);
    fed.cpuUs += user + system;
  }
  return fed;
}

async function median(runs: number, work: () => Promise<unknown>): Promise<number> {
  const times: number[] = [];
  for (let run = 0; run < runs; run++) {
    const start = performance.now();
    await work();
    times.push(performance.now() - start);
  }
  return times.sort((a, b) => a - b)[Math.floor(runs / 2)] ?? NaN;
}

const monthMb = ({ bytesEach }: Result): number => (bytesEach * MONTH_READINGS) / 1e6;

function print(results: readonly Result[]): void {
  const headings = ["store", "tags", "hours", "M readings", "readings/s", "CPU us", "bytes", "MB", "ms"];
  const lines = results.map((one) => [
    one.name,
    String(one.tags),
    String(one.hours),
    (one.readings / 1e6).toFixed(1),
    one.readingsPerS.toFixed(0),
    one.cpuUsEach.toFixed(2),
    one.bytesEach.toFixed(2),
    monthMb(one).toFixed(0),
    one.trendMs.toFixed(1),
  ]);
  const widths = headings.map((heading, column) =>
    Math.max(heading.length, ...lines.map((line) => line[column]?.length ?? 0)),
  );
  const padded = (cell: string, column: number): string =>
    column === 0 ? cell.padEnd(widths[0] ?? 0) : cell.padStart(widths[column] ?? 0);
  for (const line of [headings, ...lines]) console.log(line.map(padded).join("  "));
  console.log(
    "\nCPU us and bytes of one reading; MB of 200 tags once a second for 30 days; ms for 24 hours of one tag as 1,000 stretches",
  );
}

const plant = loadPlant(join(import.meta.dirname, "../../devices/plants/puma.yaml"));
const modelled = modelledSignals(plant);
const ofPlant = await measure("historian, signals of the plant model", historian, modelled, hours);
const ofMixture = await measure("historian, a hard mixture", historian, mixedSignals(200), hours);
const rows = await measure("rows in SQLite, the same mixture", plainRows, mixedSignals(200), 1);
print([ofPlant, ofMixture, rows]);

const hasHeld =
  monthMb(ofPlant) <= MONTH_MB_MAX &&
  monthMb(ofMixture) <= MONTH_MB_MAX &&
  ofPlant.readingsPerS >= READINGS_PER_S_MIN &&
  ofPlant.trendMs <= DAY_TREND_MS_MAX;
console.log(
  `\nasked: ${MONTH_MB_MAX} MB, ${READINGS_PER_S_MIN.toLocaleString("en")} readings/s, ${DAY_TREND_MS_MAX} ms: ${hasHeld ? "held" : "MISSED"}`,
);
process.exitCode = hasHeld ? 0 : 1;
