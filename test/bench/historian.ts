/** What the historian costs: readings a second in, bytes on disk, time of a trend, against plain rows in SQLite.
 *
 *      node test/bench/historian.ts [--hours 48] [--tags 200]
 *
 *  The signals are those of a plant at one reading a second: 30 % noisy 16-bit loop signals, 20 % temperatures in tenths,
 *  10 % totalizers, 10 % set points, 20 % states, 10 % noisy float32. Each poll comes 0 to 3 ms late, the tags of one device
 *  together. Every reading is stored, the unchanged ones too. */
import { mkdtempSync, readdirSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { parseArgs } from "node:util";
import { createBatch } from "../../src/domain/batch.ts";
import type { ReadingBatch } from "../../src/domain/batch.ts";
import { mulberry32, normal } from "../../src/domain/random.ts";
import type { Random } from "../../src/domain/random.ts";
import { systemClock } from "../../src/domain/system-clock.ts";
import { openHistorian } from "../../src/store/historian/historian.ts";
import type { Historian } from "../../src/store/historian/historian.ts";
import type { Linear } from "../../src/store/historian/values.ts";

const START = Date.UTC(2026, 10, 1);
const HOUR_MS = 3_600_000;
const DAY_SAMPLES = 200 * 86_400;
const BATCH_ROWS = 4_000;
const TAGS_PER_DEVICE = 40;

const { values: options } = parseArgs({
  options: {
    hours: { type: "string", default: "48" },
    tags: { type: "string", default: "200" },
    quick: { type: "boolean", default: false },
  },
});
const hours = options.quick ? 4 : Number(options.hours);
const tagCount = Number(options.tags);

interface Signal {
  readonly linear: Linear;
  readonly at: (second: number) => number;
}

const PLAIN: Linear = { scale: 1, offset: 0 };
const LOOP: Linear = { scale: 100 / 27_648, offset: 0 };

function lag(random: Random, tauS: number): () => number {
  const phi = Math.exp(-1 / tauS);
  let state = normal(random);
  return () => (state = phi * state + Math.sqrt(1 - phi * phi) * normal(random));
}

function signalOf(tag: number, random: Random): Signal {
  const kind = tag % 10;
  if (kind < 3) {
    const noise = lag(random, 2);
    return { linear: LOOP, at: () => Math.round(14_000 + 110 * noise()) * LOOP.scale };
  }
  if (kind < 5) {
    const noise = lag(random, 30);
    return { linear: PLAIN, at: (second) => Math.fround(Math.round(460 + noise() + second / 360) / 10) };
  }
  if (kind === 5)
    return {
      linear: { scale: 0.01, offset: 0 },
      at: (second) => Math.floor(9e6 + second * 0.12 + random()) * 0.01,
    };
  if (kind === 6) return { linear: PLAIN, at: () => Math.fround(16.4) };
  if (kind < 9) return { linear: PLAIN, at: (second) => (Math.floor(second / 5_000) + tag) % 2 };
  const noise = lag(random, 1);
  return { linear: PLAIN, at: () => Math.fround(16.4 + 0.2 * noise()) };
}

/** The batches of an hour, made beforehand so that making them is not measured. */
function hourOf(signals: readonly Signal[], hour: number, random: Random): ReadingBatch[] {
  const batches: ReadingBatch[] = [];
  let batch = createBatch(BATCH_ROWS);
  for (let second = hour * 3600; second < (hour + 1) * 3600; second++) {
    let time = 0;
    for (const [tag, signal] of signals.entries()) {
      if (tag % TAGS_PER_DEVICE === 0) time = START + 1000 * second + Math.floor(4 * random());
      const row = batch.length++;
      batch.tag[row] = tag;
      batch.value[row] = signal.at(second);
      batch.sourceTime[row] = time;
      batch.receivedTime[row] = time;
      if (batch.length < BATCH_ROWS) continue;
      batches.push(batch);
      batch = createBatch(BATCH_ROWS);
    }
  }
  batches.push(batch);
  return batches;
}

interface Subject {
  readonly name: string;
  append(batch: ReadingBatch): Promise<void>;
  settle(): Promise<void>;
  trend(tag: number, from: number, to: number, buckets: number): Promise<number>;
  close(): Promise<void>;
}

function asSubject(name: string, historian: Historian): Subject {
  let sent = 0;
  return {
    name,
    async append(batch) {
      historian.append(batch);
      if ((sent += batch.length) % (25 * BATCH_ROWS) === 0) await historian.sync(); // no more than it can queue
    },
    async settle() {
      await historian.archive();
      if (historian.health().dropped > 0) throw new Error("readings were dropped");
    },
    trend: async (tag, from, to, buckets) => (await historian.readBuckets(tag, from, to, buckets)).length,
    close: async () => {
      console.log(historian.health());
      await historian.close();
    },
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
    name: "rows in SQLite",
    async append(batch) {
      database.exec("begin");
      for (let row = 0; row < batch.length; row++)
        insert.run(
          batch.tag[row] ?? 0,
          batch.sourceTime[row] ?? 0,
          batch.value[row] ?? 0,
          batch.status[row] ?? 0,
        );
      database.exec("commit");
    },
    settle: async () => database.exec("pragma wal_checkpoint(truncate)"),
    trend: async (tag, from, to, buckets) =>
      trend.all(tag, from, to, from, Math.floor((to - from) / buckets)).length,
    close: async () => database.close(),
  };
}

function bytesIn(dir: string): number {
  return readdirSync(dir).reduce((sum, name) => sum + statSync(join(dir, name)).size, 0);
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

/** A subject's line of the table. */
async function measure(
  subject: Subject,
  dir: string,
  forHours: number,
  finish: () => Promise<unknown>,
): Promise<string[]> {
  const random = mulberry32(1);
  const signals = Array.from({ length: tagCount }, (_, tag) => signalOf(tag, random));
  let inMs = 0;
  let readings = 0;
  const cpuBefore = process.cpuUsage();
  let makingUs = 0;
  for (let hour = 0; hour < forHours; hour++) {
    const before = process.cpuUsage();
    const batches = hourOf(signals, hour, random);
    const { user, system } = process.cpuUsage(before);
    makingUs += user + system;
    const start = performance.now();
    for (const batch of batches) {
      await subject.append(batch);
      readings += batch.length;
    }
    await subject.settle();
    inMs += performance.now() - start;
  }
  const start = performance.now();
  await finish();
  inMs += performance.now() - start;
  const { user, system } = process.cpuUsage(cpuBefore);
  const end = START + forHours * HOUR_MS;
  const day = Math.max(START, end - 24 * HOUR_MS);
  const trendMs = await median(9, () => subject.trend(0, day, end, 1000));
  const wholeMs = await median(5, () => subject.trend(0, START, end, 1000));
  await subject.close();
  const bytes = bytesIn(dir);
  return [
    subject.name,
    String(forHours),
    (readings / 1e6).toFixed(1),
    ((readings / inMs) * 1000).toFixed(0),
    ((user + system - makingUs) / readings).toFixed(2),
    (bytes / readings).toFixed(2),
    (((bytes / readings) * 30 * DAY_SAMPLES) / 1e6).toFixed(0),
    trendMs.toFixed(1),
    wholeMs.toFixed(1),
  ];
}

async function withFolder<T>(work: (dir: string) => Promise<T>): Promise<T> {
  const dir = mkdtempSync(join(tmpdir(), "puma-bench-historian-"));
  try {
    return await work(dir);
  } finally {
    if (process.env["KEEP"]) console.log(dir);
    else rmSync(dir, { recursive: true, force: true });
  }
}

const historian = await withFolder(async (dir) => {
  const random = mulberry32(1);
  const tags = Array.from({ length: tagCount }, (_, tag) => ({
    name: `T-${tag}`,
    linear: signalOf(tag, random).linear,
  }));
  const log = {
    debug() {},
    info() {},
    warn() {},
    error: (facts: object, sentence: string) => console.error(sentence, facts),
  };
  const clock = { ...systemClock, now: () => START };
  const opened = await openHistorian({ dir, tags, historyDays: 400, clock, log });
  return measure(asSubject("historian", opened), dir, hours, () => opened.archive());
});
const rows = await withFolder((dir) =>
  measure(plainRows(dir), dir, Math.min(hours, 1), async () => undefined),
);

const headings = [
  "store",
  "hours",
  "M readings",
  "readings/s in",
  "CPU us each",
  "bytes each",
  "MB for 200 tags x 30 d",
  "24 h -> 1000 ms",
  "all -> 1000 ms",
];
const lines = [headings, historian, rows];
const widths = headings.map((_, column) => Math.max(...lines.map((line) => line[column]?.length ?? 0)));
for (const line of lines)
  console.log(
    line
      .map((cell, column) =>
        column === 0 ? cell.padEnd(widths[0] ?? 0) : cell.padStart(widths[column] ?? 0),
      )
      .join("  "),
  );
