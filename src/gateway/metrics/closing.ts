import type { Calendar, Period, PeriodKind } from "../../domain/calendar.ts";
import type { EpochMs } from "../../domain/time.ts";
import type { Marks } from "../../store/journal/journal.ts";
import type { Dirty } from "../../store/journal/work.ts";
import type { Needs } from "./needs.ts";

/** Readings of the slowest polls are in this long after the end of a period; what comes later is late. */
export const GRACE_MS = 30_000;

const BASES = ["hour", "shift", "day"] as const;

/** Up to when periods are over and on the list of work. Days are told to date at the end of every shift, weeks and months
 *  at the end of every day. */
export interface Closing {
  computedTo(kind: PeriodKind): EpochMs;
  /** Marks what has ended since, from `first` on where nothing was ever closed. In one go with the caller's transaction. */
  close(now: EpochMs, first: EpochMs): readonly Dirty[];
  /** Everything from there on counts as not yet closed. */
  reopen(from: EpochMs): void;
}

export function createClosing(marks: Marks, calendar: Calendar, needs: Needs): Closing {
  const closedTo = (kind: (typeof BASES)[number]): EpochMs => marks.get(`closed:${kind}`) ?? -Infinity;

  function dirtyOf(period: Period): Dirty[] {
    const { kind, from, to } = period;
    const cause = "the period ended";
    return needs
      .ofPeriod(kind)
      .map(({ id }) => ({ period: kind, from, to, metric: id, cause, by: null, reason: null }));
  }

  function withLonger(period: Period): Dirty[] {
    const longer: readonly PeriodKind[] =
      period.kind === "shift" ? ["day"] : period.kind === "day" ? ["week", "month"] : [];
    const own = period.kind === "day" ? [] : dirtyOf(period);
    return [...own, ...longer.flatMap((kind) => dirtyOf(calendar.periodAt(kind, period.from)))];
  }

  return {
    computedTo(kind) {
      if (kind === "hour") return closedTo("hour");
      return kind === "shift" || kind === "day" ? closedTo("shift") : closedTo("day");
    },
    close(now, first) {
      const dirty: Dirty[] = [];
      for (const kind of BASES) {
        const start = marks.get(`closed:${kind}`) ?? calendar.periodAt(kind, first).from;
        let period = calendar.periodAt(kind, start);
        while (period.to + GRACE_MS <= now) {
          dirty.push(...withLonger(period));
          period = calendar.next(period);
        }
        if (period.from !== marks.get(`closed:${kind}`)) marks.set(`closed:${kind}`, period.from);
      }
      return dirty;
    },
    reopen(from) {
      for (const kind of BASES)
        if (closedTo(kind) > from) marks.set(`closed:${kind}`, calendar.periodAt(kind, from).from);
    },
  };
}
