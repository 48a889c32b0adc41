import type { Calendar, PeriodKind } from "../../domain/calendar.ts";
import type { History } from "../../domain/history.ts";
import type { MetricRecord } from "../../domain/metric.ts";
import type { EpochMs } from "../../domain/time.ts";
import type { Journal } from "../../store/journal/journal.ts";
import type { Dirty } from "../../store/journal/work.ts";
import type { BoundMetric } from "./binding.ts";
import { dirtyBy } from "./changes.ts";
import type { Change, Graph } from "./changes.ts";
import { createClosing } from "./closing.ts";
import { createNeeds } from "./needs.ts";
import type { Surroundings } from "./surroundings.ts";
import { createTallySource } from "./tallies.ts";
import type { TallySource } from "./tallies.ts";
import { computePeriod, isHeld } from "./work-bench.ts";
import type { EngineCounts, WorkBench } from "./work-bench.ts";

export interface EngineOptions {
  /** Each behind those that it is made of. */
  readonly metrics: readonly BoundMetric[];
  readonly calendar: Calendar;
  readonly history: History;
  readonly journal: Journal;
  readonly now: () => EpochMs;
}

/** Figures of closed periods: what has to be computed, and the computing of it. Holds no timer: the caller says when. */
export interface Engine {
  readonly graph: Graph;
  readonly surroundings: Surroundings;
  readonly counts: Readonly<EngineCounts>;
  /** Puts periods that are over on the list; `first` is where the very first period is looked for. */
  close(now: EpochMs, first: EpochMs): void;
  /** Readings of the past have come: what was tallied from there on is forgotten, and its periods are closed anew. */
  reopen(from: EpochMs): void;
  /** Puts everything on the list that is made of what changed, and says how many figures that are. `areReadings`: what
   *  was tallied from them is forgotten. */
  change(change: Change, areReadings?: boolean): number;
  /** Works off the list; resolves when nothing is left that can be done. Stops between two periods when aborted. */
  settle(signal?: AbortSignal): Promise<void>;
  /** Figures that differ from what was signed, and wait for somebody to say why. */
  held(): readonly Dirty[];
}

export function createEngine(options: EngineOptions): Engine {
  const { metrics, calendar, journal } = options;
  const needs = createNeeds(metrics);
  const closing = createClosing(journal.marks, calendar, needs);
  const computedTo = (kind: PeriodKind): EpochMs => closing.computedTo(kind);
  const tallies = createTallySource({ ...options, closedBefore: () => computedTo("shift") });
  const latest: Graph["latest"] = (metric, kind, from) => journal.versions.latest(metric, kind, from);
  const graph: Graph = { metrics, needs, calendar, computedTo, latest };
  const bench: WorkBench = {
    ...options,
    graph,
    byId: new Map(metrics.map((metric) => [metric.id, metric])),
    order: new Map(metrics.map(({ id }, index) => [id, index])),
    counts: { computed: 0, added: 0 },
    held: new Map(),
    surroundings: surroundingsOf(options, tallies, (metric, kind, from) =>
      recordIn(bench, metric, kind, from),
    ),
    underWay: null,
  };

  return {
    graph,
    surroundings: bench.surroundings,
    counts: bench.counts,
    close: (time, first) => journal.transaction(() => journal.work.mark(closing.close(time, first))),
    reopen: (from) =>
      journal.transaction(() => {
        tallies.forget();
        journal.tallies.forget(from, Infinity);
        closing.reopen(from);
      }),
    change: (change, areReadings = false) =>
      journal.transaction(() => {
        if (areReadings) {
          tallies.forget();
          journal.tallies.forget(change.from, change.to);
        }
        const dirty = dirtyBy(change, graph);
        journal.work.mark(dirty);
        return dirty.length;
      }),
    async settle(signal) {
      while (await workOnce(bench, signal));
      tallies.forget();
    },
    held: () => [...bench.held.values()],
  };
}

/** Goes through the list once; false when there was nothing that could be done. */
async function workOnce(bench: WorkBench, signal: AbortSignal | undefined): Promise<boolean> {
  let hasWorked = false;
  for (const { period, from } of bench.journal.work.periods()) {
    const work = bench.journal.work.ofPeriod(period, from).filter((marked) => !isHeld(bench, marked));
    if (signal?.aborted === true) return false;
    if (work.length === 0) continue;
    await computePeriod(bench, period, from, work);
    hasWorked = true;
  }
  return hasWorked;
}

function surroundingsOf(
  { calendar, journal, metrics }: EngineOptions,
  tallies: TallySource,
  recordFor: (metric: string, kind: PeriodKind, from: EpochMs) => MetricRecord | null,
): Surroundings {
  const byId = new Map(metrics.map((metric) => [metric.id, metric]));
  return {
    calendar,
    tallies,
    assays: journal.assays,
    entries: journal.entries,
    metric(id) {
      const metric = byId.get(id);
      if (metric === undefined) throw new RangeError(`There is no metric ${id}.`);
      return metric;
    },
    record: (metric, { kind, from }) => (kind === "open" ? null : recordFor(metric, kind, from)),
  };
}

function recordIn(
  { underWay, journal }: WorkBench,
  metric: string,
  kind: PeriodKind,
  from: EpochMs,
): MetricRecord | null {
  const isInHand = underWay !== null && underWay.kind === kind && underWay.from === from;
  const fresh = isInHand ? underWay.records.get(metric) : undefined;
  return fresh === undefined ? journal.versions.latest(metric, kind, from) : fresh;
}
