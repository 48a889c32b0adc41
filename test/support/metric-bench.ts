import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { MetallurgyEntry } from "../../src/config/metric-schema.ts";
import { resolveMetallurgy } from "../../src/config/resolve-metallurgy.ts";
import type { Assay } from "../../src/domain/assay.ts";
import { createCalendar } from "../../src/domain/calendar.ts";
import type { History } from "../../src/domain/history.ts";
import type { MetricRecord } from "../../src/domain/metric.ts";
import type { Tag } from "../../src/domain/tag.ts";
import { compileMetrics } from "../../src/gateway/metrics/compile.ts";
import { createEngine } from "../../src/gateway/metrics/engine.ts";
import type { Engine } from "../../src/gateway/metrics/engine.ts";
import { assayChange } from "../../src/gateway/metrics/outside-changes.ts";
import { openJournal } from "../../src/store/journal/journal.ts";
import type { Journal } from "../../src/store/journal/journal.ts";
import type { Row } from "./history.ts";
import { columnsOf } from "./history.ts";

export const RULES = {
  timeZone: "America/Lima",
  productionDay: "07:00",
  shifts: { day: "07:00", night: "19:00" },
};

/** 07:00 in Lima. */
export const MORNING = Date.UTC(2026, 10, 22, 12);
export const HOUR = 3_600_000;

/** A history that is told its readings, in any order. */
export interface MemoryHistory extends History {
  add(tag: number, rows: readonly Row[]): void;
  reads: number;
}

export function memoryHistory(): MemoryHistory {
  const rowsOf = new Map<number, Row[]>();
  const rows = (tag: number): readonly Row[] => rowsOf.get(tag) ?? [];
  const history: MemoryHistory = {
    reads: 0,
    add(tag, more) {
      const all = [...rows(tag), ...more].sort((a, b) => a.time - b.time);
      rowsOf.set(tag, all);
    },
    async readRaw(tag, from, to, rowsMax) {
      history.reads++;
      const found = rows(tag).filter(({ time }) => time >= from && time < to);
      const page = columnsOf(found.slice(0, rowsMax));
      return { ...page, next: found.length > rowsMax ? (found[rowsMax]?.time ?? null) : null };
    },
    readBuckets: () => Promise.reject(new Error("There are no buckets.")),
    async latestBefore(tag, time) {
      const found = rows(tag).findLast((row) => row.time < time);
      return found === undefined
        ? null
        : { time: found.time, value: found.value, status: found.status ?? 0, exact: undefined };
    },
  };
  return history;
}

export interface MetricBench extends Disposable {
  readonly history: MemoryHistory;
  readonly dir: string;
  engine: Engine;
  journal: Journal;
  now: number;
  /** As the laboratory's desk takes it. */
  readonly assay: (point: string, cutFrom: number, cutTo: number, value: number, reason?: string) => void;
  /** Closes the periods that are over and works off the list. */
  readonly settle: (now: number) => Promise<void>;
  readonly latest: (metric: string, period: MetricRecord["period"], from: number) => MetricRecord;
  readonly versions: (
    metric: string,
    period: MetricRecord["period"],
    from: number,
  ) => readonly MetricRecord[];
  /** As after a restart: everything from disk. */
  readonly reopen: () => void;
}

/** An engine over its own journal on disk. */
export function metricBench(
  tags: readonly Tag[],
  entry: MetallurgyEntry,
  history = memoryHistory(),
  dir = mkdtempSync(join(tmpdir(), "puma-metrics-")),
): MetricBench {
  const metallurgy = resolveMetallurgy(entry);
  const { metrics, faults } = compileMetrics({ tags, metallurgy });
  if (faults.length > 0) throw new Error(JSON.stringify(faults));
  const calendar = createCalendar(RULES);
  const points = new Map(metallurgy.assays.map((point) => [point.id, point]));
  const open = (): Pick<MetricBench, "engine" | "journal"> => {
    const journal = openJournal(dir);
    return { journal, engine: createEngine({ metrics, calendar, history, journal, now: () => bench.now }) };
  };
  let samples = 0;
  const bench: MetricBench = {
    history,
    dir,
    now: MORNING,
    ...open(),
    assay(point, cutFrom, cutTo, value, reason) {
      const { journal, engine, now } = bench;
      const before = journal.assays.cutWithin(point, cutFrom, cutTo).find((one) => one.cutFrom === cutFrom);
      const assay: Assay = {
        ...ASSAY,
        point,
        sample: before?.sample ?? `${point}-${++samples}-${cutFrom}`,
        version: (before?.version ?? 0) + 1,
        revision: (before?.version ?? 0) + 1,
        cutFrom,
        cutTo,
        unit: points.get(point)?.unit ?? "1",
        value,
        asReported: `${value}`,
        reportedAt: now,
        receivedAt: now,
        reason: reason ?? null,
      };
      journal.transaction(() => {
        journal.assays.append([assay]);
        const change = { point, from: cutFrom, to: cutTo, by: "laboratory", reason: reason ?? null };
        engine.change(assayChange(change, points, calendar, now));
      });
    },
    async settle(now) {
      bench.now = now;
      bench.engine.close(now, MORNING);
      await bench.engine.settle();
    },
    latest(metric, period, from) {
      const record = bench.journal.versions.latest(metric, period, from);
      if (record === null)
        throw new Error(`no ${metric} of the ${period} at ${new Date(from).toISOString()}`);
      return record;
    },
    versions: (metric, period, from) => bench.journal.versions.between(metric, period, from, from + 1, true),
    reopen() {
      bench.journal.close();
      Object.assign(bench, open());
    },
    [Symbol.dispose]() {
      bench.journal.close();
      rmSync(dir, { recursive: true, force: true });
    },
  };
  return bench;
}

const ASSAY = {
  kind: "sample",
  u: null,
  method: null,
  batch: null,
  material: null,
  state: "accepted",
  by: "laboratory",
} as const;

/** A reading every `stepMs`. */
export function course(from: number, to: number, stepMs: number, value: (time: number) => number): Row[] {
  const rows: Row[] = [];
  for (let time = from; time < to; time += stepMs) rows.push({ time, value: value(time) });
  return rows;
}
