import type { EpochMs } from "./time.ts";
import { createZone } from "./zone.ts";
import type { Zone } from "./zone.ts";

export const PERIOD_KINDS = ["hour", "shift", "day", "week", "month"] as const;
export type PeriodKind = (typeof PERIOD_KINDS)[number];

/** A stretch of plant time, half open: from ≤ t < to. */
export interface Period {
  readonly kind: PeriodKind;
  /** How people name it: `2026-11-22T07:00` in plant time (a second `b` where the clocks are set back), `2026-11-22/day`, `2026-11-22`, `2026-W47`, `2026-11`. */
  readonly key: string;
  readonly from: EpochMs;
  readonly to: EpochMs;
}

/** What the plant file says about time. Times of day are local, such as 07:00. */
export interface CalendarRules {
  readonly timeZone: string;
  readonly productionDay: string;
  readonly shifts: Readonly<Record<string, string>>;
}

/** The plant's periods. A shift belongs to the production day in which it starts; weeks start on Monday and count as ISO
 *  8601 counts them; a month is the production days that start in it. */
export interface Calendar {
  periodAt(kind: PeriodKind, time: EpochMs): Period;
  next(period: Period): Period;
  previous(period: Period): Period;
  /** The period that a person names; null when there is no such period. */
  find(kind: PeriodKind, key: string): Period | null;
  /** Periods that have any part within from ≤ t < to, in order. */
  within(kind: PeriodKind, from: EpochMs, to: EpochMs): Period[];
}

const DAY_MS = 86_400_000;
const HOUR_MS = 3_600_000;
const MINUTE_MS = 60_000;
/** By how much clocks are set back. */
const REPEATS_MS = [0, HOUR_MS / 2, HOUR_MS];
const DATE = /^(\d{4})-(\d{2})-(\d{2})$/;

/** A date as days since 1970-01-01: adding one is the next calendar day, whatever its length. */
type DayNumber = number;

export function createCalendar({ timeZone, productionDay, shifts }: CalendarRules): Calendar {
  const zone = createZone(timeZone);
  const days = createDays(zone, minutesOf(productionDay));
  const shiftsOf = createShifts(days, shifts, minutesOf(productionDay));
  const makers: Readonly<Record<PeriodKind, (time: EpochMs) => Period>> = {
    hour: (time) => hourAt(zone, days.period(days.at(time)), time),
    shift: (time) => {
      const day = days.at(time);
      const shift = shiftsOf(day).findLast(({ from }) => time >= from);
      return shift ?? { ...days.period(day), kind: "shift" };
    },
    day: (time) => days.period(days.at(time)),
    week: (time) => {
      const monday = mondayOf(days.at(time));
      const key = weekName(monday);
      return { kind: "week", key, from: days.start(monday), to: days.start(monday + 7) };
    },
    month: (time) => {
      const key = dateOf(days.at(time)).slice(0, 7);
      const first = dayNumber(`${key}-01`) ?? 0;
      return { kind: "month", key, from: days.start(first), to: days.start(first + daysInMonth(key)) };
    },
  };
  const periodAt = (kind: PeriodKind, time: EpochMs): Period => makers[kind](time);
  const next = (period: Period): Period => periodAt(period.kind, period.to);

  /** A wall time may come twice; a date has several shifts. */
  function candidatesFor(kind: PeriodKind, local: number): readonly Period[] {
    if (kind === "hour") return REPEATS_MS.map((later) => periodAt("hour", zone.toUtc(local) + later));
    const day = Math.floor(local / DAY_MS);
    return kind === "shift" ? shiftsOf(day) : [periodAt(kind, days.start(day))];
  }

  return {
    periodAt,
    next,
    previous: (period) => periodAt(period.kind, period.from - 1),
    find(kind, key) {
      const local = startNamed(kind, key);
      if (local === null) return null;
      return candidatesFor(kind, local).find((period) => period.key === key) ?? null;
    },
    within(kind, from, to) {
      const periods: Period[] = [];
      for (let one = periodAt(kind, from); one.from < to; one = next(one)) periods.push(one);
      return periods;
    },
  };
}

interface Days {
  /** Start of the production day, or of what comes `minutes` of wall time after it. */
  start(day: DayNumber, minutes?: number): EpochMs;
  at(time: EpochMs): DayNumber;
  period(day: DayNumber): Period;
}

function createDays(zone: Zone, firstMinute: number): Days {
  const start = (day: DayNumber, minutes = 0): EpochMs =>
    zone.toUtc(day * DAY_MS + (firstMinute + minutes) * MINUTE_MS);
  return {
    start,
    at(time) {
      const guess = Math.floor((zone.toLocal(time) - firstMinute * MINUTE_MS) / DAY_MS);
      if (time < start(guess)) return guess - 1;
      return time >= start(guess + 1) ? guess + 1 : guess;
    },
    period: (day) => ({ kind: "day", key: dateOf(day), from: start(day), to: start(day + 1) }),
  };
}

/** The shifts of a production day, in order. Where none starts with the day, the first one reaches from there all the same. */
function createShifts(
  days: Days,
  shifts: CalendarRules["shifts"],
  firstMinute: number,
): (day: DayNumber) => Period[] {
  const starts = Object.entries(shifts)
    .map(([name, start]) => ({ name, minutes: (minutesOf(start) - firstMinute + 1440) % 1440 }))
    .sort((a, b) => a.minutes - b.minutes);
  return (day) =>
    starts.map(({ name, minutes }, index) => {
      const after = starts[index + 1];
      return {
        kind: "shift",
        key: `${dateOf(day)}/${name}`,
        from: days.start(day, index === 0 ? 0 : minutes),
        to: after === undefined ? days.start(day + 1) : days.start(day, after.minutes),
      };
    });
}

/** Hours are counted from the start of the production day, so that a change of the clocks makes the day shorter or longer
 *  and no hour; a day that is not of whole hours ends with a part of one. */
function hourAt(zone: Zone, day: Period, time: EpochMs): Period {
  const from = day.from + Math.floor((time - day.from) / HOUR_MS) * HOUR_MS;
  const local = zone.toLocal(from);
  const name = new Date(local).toISOString().slice(0, 16);
  const key = zone.toUtc(local) === from ? name : `${name}b`;
  return { kind: "hour", key, from, to: Math.min(from + HOUR_MS, day.to) };
}

function minutesOf(timeOfDay: string): number {
  const [hours = "0", minutes = "0"] = timeOfDay.split(":");
  return 60 * Number(hours) + Number(minutes);
}

function dateOf(day: DayNumber): string {
  return new Date(day * DAY_MS).toISOString().slice(0, 10);
}

function dayNumber(date: string): DayNumber | null {
  const match = DATE.exec(date);
  if (match === null) return null;
  const day = Date.UTC(Number(match[1]), Number(match[2]) - 1, Number(match[3])) / DAY_MS;
  return dateOf(day) === date ? day : null;
}

function daysInMonth(month: string): number {
  const [year = "0", ordinal = "1"] = month.split("-");
  return new Date(Date.UTC(Number(year), Number(ordinal), 0)).getUTCDate();
}

/** 1970-01-05 was a Monday. */
function mondayOf(day: DayNumber): DayNumber {
  return day - ((((day - 4) % 7) + 7) % 7);
}

/** The week belongs to the year that has its Thursday (ISO 8601). */
function weekName(monday: DayNumber): string {
  const year = dateOf(monday + 3).slice(0, 4);
  const first = mondayOf(dayNumber(`${year}-01-04`) ?? 0);
  return `${year}-W${String((monday - first) / 7 + 1).padStart(2, "0")}`;
}

/** Local start of what a key may mean, ms; null for a key of no such form. */
function startNamed(kind: PeriodKind, key: string): number | null {
  const day = NAMED[kind](key);
  if (day === null) return null;
  if (kind !== "hour") return day * DAY_MS;
  const clock = /^T(\d{2}:\d{2})b?$/.exec(key.slice(10))?.[1];
  return clock === undefined ? null : day * DAY_MS + minutesOf(clock) * 60_000;
}

const NAMED: Readonly<Record<PeriodKind, (key: string) => DayNumber | null>> = {
  hour: (key) => dayNumber(key.slice(0, 10)),
  shift: (key) => dayNumber(key.split("/", 1)[0] ?? ""),
  day: dayNumber,
  month: (key) => dayNumber(`${key}-01`),
  week: (key) => {
    const match = /^(\d{4})-W(\d{2})$/.exec(key);
    if (match === null) return null;
    return mondayOf(dayNumber(`${match[1] ?? ""}-01-04`) ?? 0) + 7 * (Number(match[2]) - 1);
  },
};
