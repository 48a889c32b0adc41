/** What the figures of a month cost, against reading and adding up the same columns.
 *
 *      node test/bench/figures.ts [--days 30] [--quick]
 *
 *  A history of the Puma plant is made, every tag at its own period; then its figures are computed from it as after a
 *  restart with an empty journal, for a third, two thirds and all of the days, each in a process of its own. The yardstick
 *  pages through the columns of the same tags in the same historian and adds them up. Last, one assay comes late. The cost of a
 *  day may not grow with the length of the history, and a late assay may not touch more of a long one. */
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { loadPlant } from "../../src/config/load.ts";
import type { Assay } from "../../src/domain/assay.ts";
import { clearBatch, createBatch } from "../../src/domain/batch.ts";
import { createCalendar } from "../../src/domain/calendar.ts";
import type { Tag } from "../../src/domain/tag.ts";
import { sourcesOfMetric } from "../../src/gateway/metrics/binding.ts";
import { compileMetrics } from "../../src/gateway/metrics/compile.ts";
import { createEngine } from "../../src/gateway/metrics/engine.ts";
import type { Engine } from "../../src/gateway/metrics/engine.ts";
import { assayChange } from "../../src/gateway/metrics/outside-changes.ts";
import { openPlantHistory } from "../../src/gateway/history-keeping.ts";
import { systemClock } from "../../src/domain/system-clock.ts";
import type { Clock } from "../../src/domain/time.ts";
import type { Historian } from "../../src/store/historian/historian.ts";
import { openJournal } from "../../src/store/journal/journal.ts";
import type { Journal } from "../../src/store/journal/journal.ts";
import { coursesOf, gradesOf } from "./figure-load.ts";

/** 07:00 in Lima on the first of a month. */
const START = Date.UTC(2026, 10, 1, 12);
const DAY = 86_400_000;
const SHIFT = DAY / 2;
const PAGE_ROWS = 50_000;
const BATCH_SECONDS = 20;
const STEPS = 3;
const GROWTH_MAX = 1.3;
/** Metrics that a history of several weeks has in a second week or month. */
const LONGER_PERIODS = 10;

const { values: options, positionals } = parseArgs({
  allowPositionals: true,
  options: { days: { type: "string", default: "30" }, quick: { type: "boolean", default: false } },
});

const plant = loadPlant(join(import.meta.dirname, "../../devices/plants/puma.yaml"));
const { metrics } = compileMetrics(plant);
const points = plant.metallurgy?.assays ?? [];
const calendar = createCalendar(plant);
const used: readonly Tag[] = [
  ...new Set(
    metrics.flatMap(sourcesOfMetric).flatMap((source) => (source.from === "tag" ? [source.tag] : [])),
  ),
];

/** What one process has to say. */
interface Cost {
  readonly days: number;
  readonly wallS: number;
  readonly cpuS: number;
  readonly peakMb: number;
  readonly what: string;
  /** Figures that were computed. */
  readonly computed: number;
}

const log = {
  debug() {},
  info() {},
  warn() {},
  error: (facts: object, sentence: string) => console.error(sentence, facts),
};

function openHistory(dir: string): Promise<Historian> {
  const clock: Clock = { ...systemClock, now: () => START };
  return openPlantHistory({ ...plant, data: { ...plant.data, dir, historyDays: 4000 } }, clock, log);
}

async function makeHistory(dir: string, days: number): Promise<number> {
  const historian = await openHistory(dir);
  const courses = coursesOf(plant);
  const batch = createBatch(plant.tags.length * BATCH_SECONDS);
  let readings = 0;
  for (let second = -600; second < days * 86_400 + 60; second++) {
    for (const { tag, everyS, at } of courses) {
      if (second % everyS !== 0) continue;
      const row = batch.length++;
      batch.tag[row] = tag;
      batch.value[row] = at(second);
      batch.sourceTime[row] = START + 1000 * second;
      batch.receivedTime[row] = START + 1000 * second;
    }
    if (second % BATCH_SECONDS !== 0) continue;
    historian.append(batch);
    readings += batch.length;
    clearBatch(batch);
    if (second % 400 === 0) await historian.sync();
  }
  await historian.archive();
  if (historian.health().dropped > 0) throw new Error("readings were dropped");
  await historian.close();
  return readings;
}

async function measured(days: number, what: string, work: () => Promise<unknown>): Promise<Cost> {
  const cpu = process.cpuUsage();
  const start = performance.now();
  await work();
  const wallS = (performance.now() - start) / 1000;
  const { user, system } = process.cpuUsage(cpu);
  return {
    days,
    wallS,
    cpuS: (user + system) / 1e6,
    peakMb: process.resourceUsage().maxRSS / 1024,
    what,
    computed: 0,
  };
}

/** Pages through the columns and adds them up, shift by shift as the figures do. */
async function addUp(historian: Historian, days: number): Promise<number> {
  let sum = 0;
  for (let from = START; from < START + days * DAY; from += SHIFT)
    for (const { index } of used) {
      let at: number | null = from;
      while (at !== null) {
        const page: Awaited<ReturnType<Historian["readRaw"]>> = await historian.readRaw(
          index,
          at,
          from + SHIFT,
          PAGE_ROWS,
        );
        for (let row = 0; row < page.length; row++) sum += page.value[row] as number;
        at = page.next;
      }
    }
  return sum;
}

function takeAssays(journal: Journal, days: number, isLate: (point: string, day: number) => boolean): void {
  const grades = gradesOf();
  journal.transaction(() => {
    for (let shift = 0; shift < 2 * days; shift++)
      for (const { id, unit, every } of points) {
        const value = grades.get(id);
        if (value === undefined || (every !== "shift" && shift % 2 === 1) || isLate(id, shift / 2)) continue;
        journal.assays.append([assayOf(id, unit, value, START + shift * SHIFT)]);
      }
  });
}

function assayOf(point: string, unit: string, value: number, from: number): Assay {
  return {
    point,
    sample: `${point}-${from}`,
    kind: "sample",
    version: 1,
    revision: 1,
    unit,
    value,
    u: null,
    cutFrom: from,
    cutTo: from + SHIFT,
    reportedAt: from + DAY,
    receivedAt: from + DAY,
    asReported: `${value}`,
    method: null,
    batch: null,
    material: null,
    state: "accepted",
    by: "laboratory",
    reason: null,
  };
}

/** The figures of so many days from nothing but history and assays, then again after one late assay. */
async function recompute(historian: Historian, days: number): Promise<readonly Cost[]> {
  const dir = mkdtempSync(join(tmpdir(), "puma-bench-journal-"));
  const journal = openJournal(dir);
  const now = START + days * DAY + 60_000;
  const late = Math.floor(days / 2);
  takeAssays(journal, days, (id, day) => id === "AY-903" && day === late);
  const engine = createEngine({ metrics, calendar, history: historian, journal, now: () => now });
  engine.close(now, START);
  const first = await measured(days, "", () => engine.settle());
  const all = engine.counts.computed;
  const again = await measured(days, "", () => oneLate(engine, journal, START + late * DAY, now));
  const more = engine.counts.computed - all;
  journal.close();
  rmSync(dir, { recursive: true });
  return [
    { ...first, what: `figures (${all} computed)`, computed: all },
    { ...again, what: `one late assay (${more} computed)`, computed: more },
  ];
}

async function oneLate(engine: Engine, journal: Journal, from: number, now: number): Promise<void> {
  const known = new Map(points.map((point) => [point.id, point]));
  journal.transaction(() => {
    journal.assays.append([assayOf("AY-903", "g/t", 0.55, from)]);
    const change = { point: "AY-903", from, to: from + SHIFT, by: "laboratory", reason: null };
    engine.change(assayChange(change, known, calendar, now));
  });
  await engine.settle();
}

/** In a process of its own, so that its memory is its own. */
function inProcess(task: string, dir: string, days: number): readonly Cost[] {
  const { stdout, status } = spawnSync(process.execPath, [import.meta.filename, task, dir, String(days)], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  if (status !== 0) throw new Error(`${task} of ${days} days failed`);
  return JSON.parse(stdout.toString()) as Cost[];
}

async function perform(name: string, dir: string, days: number): Promise<void> {
  const historian = await openHistory(dir);
  const costs =
    name === "figures"
      ? await recompute(historian, days)
      : [await measured(days, "columns read and added up", () => addUp(historian, days))];
  await historian.close();
  process.stdout.write(JSON.stringify(costs));
}

/** Whether the last is no dearer than the first, day by day, and its late assay touched no more figures. */
function isHeld(all: readonly (readonly Cost[])[]): boolean {
  const [, first, firstLate] = all[0] ?? [];
  const [, last, lastLate] = all.at(-1) ?? [];
  if (!first || !last || !firstLate || !lastLate) return false;
  const growth = last.cpuS / last.days / (first.cpuS / first.days);
  console.log(
    `\nCPU a day grows by a factor of ${growth.toFixed(2)} (at most ${GROWTH_MAX}); figures touched by a late assay: ${firstLate.computed}, ${lastLate.computed}`,
  );
  return growth <= GROWTH_MAX && lastLate.computed <= firstLate.computed + LONGER_PERIODS;
}

async function main(): Promise<void> {
  const days = options.quick ? 3 : Number(options.days);
  const dir = mkdtempSync(join(tmpdir(), "puma-bench-figures-"));
  try {
    const start = performance.now();
    const readings = await makeHistory(dir, days);
    const seconds = ((performance.now() - start) / 1000).toFixed(0);
    console.log(
      `${days} days of ${plant.tags.length} tags: ${(readings / 1e6).toFixed(1)} million readings, made in ${seconds} s; ${metrics.length} figures of ${used.length} tags`,
    );
    console.log("days   wall s    CPU s  peak MB");
    const all: (readonly Cost[])[] = [];
    for (let step = 1; step <= STEPS; step++) {
      const part = Math.max(1, Math.round((days * step) / STEPS));
      const costs = [...inProcess("columns", dir, part), ...inProcess("figures", dir, part)];
      all.push(costs);
      for (const cost of costs)
        console.log(
          `${String(cost.days).padStart(4)} ${cost.wallS.toFixed(2).padStart(8)} ${cost.cpuS.toFixed(2).padStart(8)} ${cost.peakMb.toFixed(0).padStart(8)}  ${cost.what}`,
        );
    }
    process.exitCode = isHeld(all) ? 0 : 1;
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
}

const [name, folder = "", length = "0"] = positionals;
await (name === undefined ? main() : perform(name, folder, Number(length)));
