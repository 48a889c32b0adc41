import type { AlarmEvent, AlarmMeasure, AlarmPerformance, AlarmView } from "../domain/alarm.ts";
import type { EpochMs } from "../domain/time.ts";
import { alarmLoad } from "./floods.ts";
import { isActive } from "./states.ts";

const TEN_MINUTES_MS = 600_000;
const DAY_MS = 86_400_000;
/** As often as this within a minute is chattering. */
const CHATTERS = 3;
const MINUTE_MS = 60_000;
/** Gone again after less than this, before anybody can have done anything about it, ms. */
const FLEETING_MS = 15_000;
const TOP = 10;

export interface PerformanceOptions {
  readonly from: EpochMs;
  readonly to: EpochMs;
  /** Transitions of that time, oldest first. */
  readonly events: readonly AlarmEvent[];
  /** Of the present, where `to` is the present. */
  readonly standings: readonly AlarmView[];
}

/** How the alarms loaded one operator, against what is acceptable and what is the most. Diagnostic alarms count where the
 *  operator hears them, and not in the mix of priorities. Sources: ANSI/ISA-18.2-2016, clause 16; EEMUA 191, 3rd ed. */
export function alarmPerformance({ from, to, events, standings }: PerformanceOptions): AlarmPerformance {
  const calls = events.filter(isCall);
  const bins = countBins(calls, from, to);
  const load = alarmLoad(bins);
  const top = topOf(calls);
  const chattering = namesOf(calls, chatters);
  const fleeting = fleetingOf(events);
  const stale = standings
    .filter(
      (one) => one.outline.priority !== 4 && isActive(one.state) && to - (one.activeSince ?? to) > DAY_MS,
    )
    .map(({ alarm }) => alarm);
  const topShare = calls.length === 0 ? null : 100 * top.reduce((sum, { share }) => sum + share, 0);
  return {
    from,
    to,
    measures: [
      atMost("alarms per 10 minutes", load?.mean ?? null, "1", 1, 2),
      atMost("most in 10 minutes", load?.peak ?? null, "1", 10, 100),
      atMost("10 minutes with more than 10", percent(load?.shareAboveLimit), "%", 1, 1),
      atMost("time in flood", percent(load?.shareInFlood), "%", 1, 1),
      ...mixOf(calls),
      atMost("standing for more than 24 h", stale.length, "1", 5, 10),
      atMost("chattering", chattering.length, "1", 0, 0),
      atMost("fleeting", fleeting.length, "1", 0, 0),
      atMost("share of the ten most frequent", topShare, "%", 1, 5),
    ],
    perTenMinutes: bins,
    floods: (load?.floods ?? []).map(({ first, last, alarms }) => ({
      from: from + first * TEN_MINUTES_MS,
      to: Math.min(to, from + (last + 1) * TEN_MINUTES_MS),
      alarms,
    })),
    top,
    chattering,
    fleeting,
    stale,
  };
}

/** The operator is called. */
function isCall({ from, to }: AlarmEvent): boolean {
  return to === "UNACK" && from !== "UNACK";
}

function countBins(calls: readonly AlarmEvent[], from: EpochMs, to: EpochMs): number[] {
  const bins = Array.from({ length: Math.ceil((to - from) / TEN_MINUTES_MS) }, () => 0);
  for (const { at } of calls) {
    const bin = Math.floor((at - from) / TEN_MINUTES_MS);
    bins[bin] = (bins[bin] ?? 0) + 1;
  }
  return bins;
}

function percent(share: number | undefined): number | null {
  return share === undefined ? null : 100 * share;
}

function atMost(
  name: string,
  value: number | null,
  unit: string,
  target: number,
  limit: number,
): AlarmMeasure {
  return { name, value, unit, target, limit, rating: value === null ? null : rate(value, target, limit) };
}

function rate(value: number, target: number, limit: number): AlarmMeasure["rating"] {
  if (value <= target) return "acceptable";
  return value <= limit ? "manageable" : "unacceptable";
}

/** About 80, 15 and 5 % of the alarms; the graver ones should be no more than that. */
const MIX = [
  [1, 5],
  [2, 15],
] as const;

function mixOf(calls: readonly AlarmEvent[]): AlarmMeasure[] {
  const judged = calls.filter(({ priority }) => priority !== 4);
  return MIX.map(([priority, target]) => {
    const count = judged.filter((call) => call.priority === priority).length;
    const value = judged.length === 0 ? null : (100 * count) / judged.length;
    return atMost(`priority ${priority}`, value, "%", target, 2 * target);
  });
}

function topOf(calls: readonly AlarmEvent[]): AlarmPerformance["top"] {
  const counts = Map.groupBy(calls, ({ alarm }) => alarm);
  return Array.from(counts, ([alarm, { length }]) => ({
    alarm,
    alarms: length,
    share: length / calls.length,
  }))
    .toSorted((a, b) => b.alarms - a.alarms || (a.alarm < b.alarm ? -1 : 1))
    .slice(0, TOP);
}

function namesOf(calls: readonly AlarmEvent[], does: (own: readonly AlarmEvent[]) => boolean): string[] {
  return [...Map.groupBy(calls, ({ alarm }) => alarm)]
    .filter(([, own]) => does(own))
    .map(([alarm]) => alarm)
    .toSorted();
}

function chatters(own: readonly AlarmEvent[]): boolean {
  return own.some(({ at }, index) => {
    const before = own[index - CHATTERS + 1];
    return before !== undefined && at - before.at <= MINUTE_MS;
  });
}

/** Alarms that went by themselves before anybody had the time to act. */
function fleetingOf(events: readonly AlarmEvent[]): string[] {
  const called = new Map<string, EpochMs>();
  const fleeting = new Set<string>();
  for (const event of events) {
    const { alarm, at, cause } = event;
    if (isCall(event)) called.set(alarm, at);
    else if (cause === "return" && at - (called.get(alarm) ?? -Infinity) < FLEETING_MS) fleeting.add(alarm);
    else if (cause === "acknowledge") called.delete(alarm);
  }
  return [...fleeting].toSorted();
}
