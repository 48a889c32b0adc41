import type { Calendar, Period, PeriodKind } from "../../domain/calendar.ts";
import { PERIOD_KINDS } from "../../domain/calendar.ts";
import type { MetricRecord } from "../../domain/metric.ts";
import type { EpochMs } from "../../domain/time.ts";
import type { Window } from "../../metallurgy/held.ts";
import type { Dirty } from "../../store/journal/work.ts";
import type { BoundMetric, Source } from "./binding.ts";
import { sourcesOfMetric } from "./binding.ts";
import type { Needs } from "./needs.ts";
import { isState } from "./needs.ts";

/** As long as a mean of samples may stand in for a missing one. */
const SURROGATE_MS = 7 * 86_400_000;

/** Something that figures are made of is no longer what it was. */
export interface Change extends Window {
  /** Whether a source is what changed. */
  readonly touches: (source: Source) => boolean;
  readonly cause: string;
  readonly by: string | null;
  readonly reason: string | null;
  /** Metrics that are themselves to be computed again. */
  readonly metrics?: ReadonlySet<string>;
  /** A sampling point whose samples may stand in for others. */
  readonly point?: string;
}

export interface Graph {
  readonly metrics: readonly BoundMetric[];
  readonly needs: Needs;
  readonly calendar: Calendar;
  /** Periods of a kind are computed up to here. */
  readonly computedTo: (kind: PeriodKind) => EpochMs;
  readonly latest: (metric: string, kind: PeriodKind, from: EpochMs) => MetricRecord | null;
}

/** Every figure that is made of what changed, directly or through others, in the periods that the change is in, and in the
 *  next ones where they begin with what the last ones ended with. */
export function dirtyBy(change: Change, graph: Graph): readonly Dirty[] {
  const direct = graph.metrics.filter((metric) => sourcesOfMetric(metric).some(change.touches));
  const found = new Map<string, Dirty>();
  const ids = new Set([...direct.map(({ id }) => id), ...(change.metrics ?? [])]);
  spread(ids, change, change, graph, found);
  const after = { from: change.to, to: change.to };
  if (change.point !== undefined) spreadSurrogates(change.point, after, change, graph, found);
  return [...found.values()];
}

/** Figures of later periods that are made of what a metric now is in a shift, beyond those of `dirtyBy`: what stands in for
 *  missing samples of its stream is weighed by its tonnes, and what goes on from shift to shift goes on from here. */
export function dirtyAfter(
  metric: BoundMetric,
  shift: Window,
  why: Pick<Change, "cause" | "by" | "reason">,
  graph: Graph,
): readonly Dirty[] {
  const found = new Map<string, Dirty>();
  const change = { ...shift, ...why, touches: () => false };
  const points = new Set<string>();
  for (const source of graph.metrics.flatMap(sourcesOfMetric))
    if (source.from === "assay" && source.point.solids === metric.id) points.add(source.id);
  for (const point of points) spreadSurrogates(point, { from: shift.to, to: shift.to }, change, graph, found);
  spreadOn(new Set([metric.id]), shift.to, change, graph, found);
  return [...found.values()];
}

function spread(
  ids: ReadonlySet<string>,
  window: Window,
  change: Change,
  graph: Graph,
  found: Map<string, Dirty>,
): void {
  const affected = within(graph.metrics, ids);
  for (const kind of PERIOD_KINDS)
    for (const period of graph.calendar.within(kind, window.from, window.to)) {
      add(affected, period, change, graph, found);
      const next = followersOf(affected, false, graph);
      if (next.size > 0) add(within(graph.metrics, next), graph.calendar.next(period), change, graph, found);
    }
  for (const shift of graph.calendar.within("shift", window.from, window.to))
    spreadOn(affected, shift.to, change, graph, found);
}

/** What begins at a moment with the states that the given metrics had then. */
function spreadOn(
  affected: ReadonlySet<string>,
  from: EpochMs,
  change: Change,
  graph: Graph,
  found: Map<string, Dirty>,
): void {
  const followers = followersOf(affected, true, graph);
  if (followers.size === 0) return;
  const later = within(graph.metrics, followers);
  for (const kind of PERIOD_KINDS) {
    const period = graph.calendar.periodAt(kind, from);
    if (period.from === from) add(later, period, change, graph, found);
  }
  // Every hour of a shift begins with what the last shift left behind.
  const { to } = graph.calendar.periodAt("shift", from);
  for (const hour of graph.calendar.within("hour", from, to)) add(later, hour, change, graph, found);
}

/** What is made of the given metrics in the same period, they included. */
function within(metrics: readonly BoundMetric[], ids: ReadonlySet<string>): ReadonlySet<string> {
  const affected = new Set<string>();
  for (const metric of metrics) {
    const isHit = sourcesOfMetric(metric).some(
      (source) => source.from === "metric" && source.use !== "start" && affected.has(source.metric),
    );
    if (isHit || ids.has(metric.id)) affected.add(metric.id);
  }
  return affected;
}

/** What begins with what the given metrics ended with. */
function followersOf(
  affected: ReadonlySet<string>,
  ofStates: boolean,
  { metrics }: Graph,
): ReadonlySet<string> {
  const byId = new Map(metrics.map((metric) => [metric.id, metric]));
  const isFollowed = (source: Source): boolean =>
    source.from === "metric" &&
    source.use === "start" &&
    affected.has(source.metric) &&
    isState(byId.get(source.metric)) === ofStates;
  const followers = metrics.filter((metric) => sourcesOfMetric(metric).some(isFollowed));
  return new Set(followers.map(({ id }) => id));
}

function add(
  ids: ReadonlySet<string>,
  { kind, from, to }: Period,
  { cause, by, reason }: Change,
  { needs, computedTo }: Graph,
  found: Map<string, Dirty>,
): void {
  if (from >= computedTo(kind)) return;
  for (const metric of ids)
    if (needs.needs(metric, kind))
      found.set(`${kind} ${from} ${metric}`, { period: kind, from, to, metric, cause, by, reason });
}

/** Figures of the days after in which the usual value of the point stands in for a sample, or now may. */
function spreadSurrogates(
  point: string,
  { from, to }: Window,
  change: Change,
  graph: Graph,
  found: Map<string, Dirty>,
): void {
  const direct = graph.metrics.filter((metric) =>
    sourcesOfMetric(metric).some((source) => source.from === "assay" && source.id === point),
  );
  for (const kind of PERIOD_KINDS)
    for (const period of graph.calendar.within(kind, from, to + SURROGATE_MS)) {
      if (period.from >= graph.computedTo(kind)) break;
      const standing = direct.filter(({ id }) => lacksSample(graph.latest(id, kind, period.from), point));
      const ids = new Set(standing.map(({ id }) => id));
      if (ids.size === 0) continue;
      // Shifts and days are looked at one by one: a month that lacks a sample says nothing of its other days.
      if (kind === "week" || kind === "month") add(within(graph.metrics, ids), period, change, graph, found);
      else spread(ids, period, change, graph, found);
    }
}

/** Where nothing stood in so far, the record names no sample at all, and is preliminary. */
function lacksSample(record: MetricRecord | null, point: string): boolean {
  if (record === null) return false;
  const isSubstituted = record.inputs.some(({ source, id }) => source === "surrogate" && id === point);
  return isSubstituted || record.state === "PRELIMINARY";
}
