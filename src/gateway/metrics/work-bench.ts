import type { PeriodKind } from "../../domain/calendar.ts";
import type { MetricRecord, MetricState } from "../../domain/metric.ts";
import type { EpochMs } from "../../domain/time.ts";
import type { Journal } from "../../store/journal/journal.ts";
import type { Dirty, Marked } from "../../store/journal/work.ts";
import type { BoundMetric } from "./binding.ts";
import { dirtyAfter } from "./changes.ts";
import type { Graph } from "./changes.ts";
import { computeFigure } from "./compute.ts";
import { recordOf } from "./record.ts";
import type { Outcome, Surroundings } from "./surroundings.ts";
import type { Span } from "./tallies.ts";

export interface EngineCounts {
  /** Figures that were computed since the start, whether or not they had changed. */
  computed: number;
  /** Versions that were added. */
  added: number;
}

/** Everything that the computing of a period needs. */
export interface WorkBench {
  readonly byId: ReadonlyMap<string, BoundMetric>;
  /** Place of each metric, behind those that it is made of. */
  readonly order: ReadonlyMap<string, number>;
  readonly graph: Graph;
  readonly journal: Journal;
  readonly now: () => EpochMs;
  readonly counts: EngineCounts;
  /** Figures that differ from what was signed, by what was to be done. */
  readonly held: Map<string, Marked>;
  readonly surroundings: Surroundings;
  /** What has been computed of the period in hand and is not yet written. */
  underWay: {
    readonly kind: PeriodKind;
    readonly from: EpochMs;
    readonly records: Map<string, MetricRecord | null>;
  } | null;
}

interface Result {
  readonly marked: Marked;
  readonly metric: BoundMetric | null;
  readonly verdict: "same" | "held" | "new";
  /** What stands from now on. */
  readonly record: MetricRecord | null;
}

const keyOf = ({ period, from, metric }: Dirty): string => `${period} ${from} ${metric}`;

/** Computed already, differs from what was signed, and nobody has said why. */
export function isHeld({ held }: WorkBench, marked: Marked): boolean {
  return held.get(keyOf(marked))?.marks === marked.marks && marked.reason === null;
}

/** One period, metric by metric, because each is made of those before it; then all of it is written in one go, so that a
 *  period that was interrupted is simply done again. */
export async function computePeriod(
  bench: WorkBench,
  kind: PeriodKind,
  from: EpochMs,
  work: readonly Marked[],
): Promise<void> {
  const { byId, order, journal, counts, surroundings } = bench;
  const { needs, calendar, computedTo } = bench.graph;
  const period = calendar.periodAt(kind, from);
  const span: Span = { ...period, to: Math.min(period.to, computedTo(kind)) };
  const placeOf = ({ metric }: Marked): number => order.get(metric) ?? 0;
  const results: Result[] = [];
  const records = new Map<string, MetricRecord | null>();
  bench.underWay = { kind, from, records };
  for (const marked of work.toSorted((a, b) => placeOf(a) - placeOf(b))) {
    const metric = byId.get(marked.metric) ?? null;
    if (metric === null || span.to <= span.from || !needs.needs(marked.metric, kind)) {
      results.push({ marked, metric, verdict: "same", record: null });
      continue;
    }
    const result = judge(bench, metric, span, marked, await computeFigure(metric, span, surroundings));
    records.set(metric.id, result.record);
    results.push(result);
  }
  counts.computed += records.size;
  bench.underWay = null;
  journal.transaction(() => {
    surroundings.tallies.keep();
    for (const result of results) commit(bench, result);
  });
}

function judge(
  { journal, graph, now }: WorkBench,
  metric: BoundMetric,
  span: Span,
  marked: Marked,
  outcome: Outcome,
): Result {
  const { period, cause, by, reason } = marked;
  const before = journal.versions.latest(metric.id, period, span.from);
  const isOpen = span.to < graph.calendar.periodAt(period, span.from).to;
  const state = nextState(before, isOpen || outcome.isPreliminary);
  const why = reason === null ? cause : `${cause}: ${reason}`;
  const record = recordOf(metric, span, outcome, { period, state, cause: why, by, at: now() });
  if (before === null) return { marked, metric, verdict: "new", record: { ...record, version: 1 } };
  const isSigned = state === "RESTATED";
  if (before.inputHash === record.inputHash && (isSigned || before.state === state))
    return { marked, metric, verdict: "same", record: before };
  if (isSigned && reason === null) return { marked, metric, verdict: "held", record: before };
  return { marked, metric, verdict: "new", record: { ...record, version: before.version + 1 } };
}

/** What was signed can only be restated. */
function nextState(before: MetricRecord | null, isPreliminary: boolean): MetricState {
  if (before !== null && (before.state === "FINAL" || before.state === "RESTATED")) return "RESTATED";
  return isPreliminary ? "PRELIMINARY" : "PROVISIONAL";
}

function commit(
  { held, journal, counts, graph }: WorkBench,
  { marked, metric, verdict, record }: Result,
): void {
  if (verdict === "held") return void held.set(keyOf(marked), marked);
  journal.work.done([marked]);
  held.delete(keyOf(marked));
  if (verdict === "same" || record === null || metric === null) return;
  publish(journal, metric, record);
  counts.added++;
  // Of the first version nothing is made yet: periods are computed in the order of time.
  if (record.period === "shift" && record.version > 1)
    journal.work.mark(dirtyAfter(metric, record, marked, graph));
}

/** Adds a version and puts it on its way to the outputs. Within a transaction. */
export function publish(
  { versions, outbox }: Pick<Journal, "versions" | "outbox">,
  metric: BoundMetric,
  record: Omit<MetricRecord, "version">,
): void {
  const added = versions.append(record);
  if (added === null || !metric.periods.includes(added.period)) return;
  outbox.post({ metric: metric.id, period: added.period, from: added.from, version: added.version });
}
