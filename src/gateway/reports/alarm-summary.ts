import { alarmPerformance } from "../../alarms/performance.ts";
import { isActive, isAside } from "../../alarms/states.ts";
import type { AlarmEvent, AlarmOutline, AlarmPriority, AlarmView } from "../../domain/alarm.ts";
import type { AlarmSummary, ReportAlarm, ReportCall } from "../../domain/report.ts";
import type { EpochMs } from "../../domain/time.ts";
import type { Journal } from "../../store/journal/journal.ts";

/** Calls that a report lists one by one. */
const CALLS_MAX = 40;

/** What the journal of alarms says of from ≤ t < to; needs no gateway that runs. */
export function alarmSummary(
  outlines: readonly AlarmOutline[],
  { alarms }: Pick<Journal, "alarms">,
  from: EpochMs,
  to: EpochMs,
): AlarmSummary {
  const byId = new Map(outlines.map((outline) => [outline.id, outline]));
  const events = alarms.between(from, to);
  const last = outlines.flatMap(({ id }) => alarms.lastBefore(id, to) ?? []);
  const standings = last.flatMap((event) => viewOf(event, byId) ?? []);
  const { measures, floods, top } = alarmPerformance({ from, to, events, standings });
  const calls = callsOf(events, byId);
  const gravest = calls.filter(({ priority }) => priority <= 2);
  return {
    calls: countByPriority(calls),
    measures,
    floods,
    top: top.map(({ alarm, alarms: count }) => ({ alarm, title: titleOf(alarm, byId), alarms: count })),
    gravest: gravest.slice(0, CALLS_MAX),
    gravestLeftOut: Math.max(0, gravest.length - CALLS_MAX),
    standing: standings
      .filter(({ state }) => isActive(state))
      .map(reportAlarm)
      .toSorted((a, b) => a.priority - b.priority || a.since - b.since),
    putAside: putAsideIn(outlines, alarms, events, from),
    suppressedByDesign: last.filter(({ to: state, standing }) => state === "SUPPR" && standing.by === null)
      .length,
  };
}

type Outlines = ReadonlyMap<string, AlarmOutline>;

function titleOf(alarm: string, outlines: Outlines): string {
  return outlines.get(alarm)?.title ?? alarm;
}

function viewOf({ alarm, standing, value, status, limit }: AlarmEvent, outlines: Outlines): AlarmView | null {
  const outline = outlines.get(alarm);
  return outline === undefined ? null : { ...standing, outline, value, status, limit, setting: null };
}

function reportAlarm({
  alarm,
  outline,
  state,
  since,
  activeSince,
  value,
  limit,
  by,
  reason,
}: AlarmView): ReportAlarm {
  const { title, area, priority, unit } = outline;
  const start = isActive(state) ? (activeSince ?? since) : since;
  return { alarm, title, area, priority, state, since: start, value, limit, unit, by, reason, until: null };
}

function countByPriority(calls: readonly ReportCall[]): Record<AlarmPriority, number> {
  const counts: Record<AlarmPriority, number> = { 1: 0, 2: 0, 3: 0, 4: 0 };
  for (const { priority } of calls) counts[priority]++;
  return counts;
}

/** Each time that the operator was called, with what became of it. */
function callsOf(events: readonly AlarmEvent[], outlines: Outlines): ReportCall[] {
  const calls: ReportCall[] = [];
  const open = new Map<string, number>();
  for (const event of events) {
    const { alarm, at, from, to, priority } = event;
    const place = open.get(alarm);
    const call = place === undefined ? undefined : calls[place];
    if (to === "UNACK" && from !== "UNACK") {
      open.set(alarm, calls.length);
      const title = titleOf(alarm, outlines);
      calls.push({ alarm, title, priority, at, acknowledged: null, gone: null, firstOut: null });
    } else if (place !== undefined && call !== undefined) calls[place] = afterEvent(call, event);
  }
  return calls;
}

function afterEvent(call: ReportCall, { at, cause, standing }: AlarmEvent): ReportCall {
  const acknowledged = cause === "acknowledge" ? { at, by: standing.by } : null;
  const gone = cause === "return" ? at : null;
  return {
    ...call,
    acknowledged: call.acknowledged ?? acknowledged,
    gone: call.gone ?? gone,
    firstOut: standing.firstOut ?? call.firstOut,
  };
}

/** Stretches in which a person had put an alarm aside, those included that began before. */
function putAsideIn(
  outlines: readonly AlarmOutline[],
  alarms: Journal["alarms"],
  events: readonly AlarmEvent[],
  from: EpochMs,
): ReportAlarm[] {
  const ofAlarm = Map.groupBy(events, ({ alarm }) => alarm);
  const byId = new Map(outlines.map((outline) => [outline.id, outline]));
  return outlines.flatMap(({ id }) => {
    const before = alarms.lastBefore(id, from);
    const own = [...(before === null ? [] : [before]), ...(ofAlarm.get(id) ?? [])];
    return own.flatMap((event, i) => {
      const view = isAside(event.to) && event.standing.by !== null ? viewOf(event, byId) : null;
      const next = own.slice(i + 1).find(({ to }) => to !== event.to);
      return view === null || isRepeated(own, i) ? [] : [{ ...reportAlarm(view), until: next?.at ?? null }];
    });
  });
}

/** The event changed nothing about where the alarm stands. */
function isRepeated(own: readonly AlarmEvent[], i: number): boolean {
  return own[i - 1]?.to === own[i]?.to;
}
