import { Type } from "typebox";
import type { Static } from "typebox";
import { say } from "../domain/said.ts";
import type { EpochMs } from "../domain/time.ts";
import { Refusal } from "./failure.ts";

const DAY_MS = 86_400_000;

/** What is meant when nothing is said. */
const USUAL_RANGE_MS = 8 * 3_600_000;

const ISO_WITH_ZONE = /^\d{4}-\d\d-\d\d(?:T\d\d:\d\d(?::\d\d(?:\.\d{1,9})?)?(?:Z|[+-]\d\d:\d\d))?$/;
const EPOCH_MS = /^\d{1,15}$/;

export const TimeText = Type.String({
  maxLength: 40,
  description: "ISO 8601 with Z or an offset (in an address + is written %2B), a UTC date, or ms since 1970.",
});

export const RangeQuery = {
  from: Type.Optional(TimeText),
  to: Type.Optional(TimeText),
};
const RangeObject = Type.Object(RangeQuery);

/** from ≤ t < to */
export interface TimeRange {
  readonly from: EpochMs;
  readonly to: EpochMs;
}

/** The stretch of time that a request means. Without `to` it ends now, without `from` it is eight hours long. Throws a
 *  Refusal. */
export function readRange(
  query: Static<typeof RangeObject>,
  now: EpochMs,
  historyDays: number,
  usualMs = USUAL_RANGE_MS,
): TimeRange {
  const to = query.to === undefined ? now : readTime("to", query.to);
  const from = query.from === undefined ? to - usualMs : readTime("from", query.from);
  if (from >= to) throw new Refusal(400, say("from-before-to"));
  if (to - from > (historyDays + 1) * DAY_MS)
    throw new Refusal(400, say("history-days", { days: historyDays }));
  return { from, to };
}

/** The time that a parameter of a request names. Throws a Refusal. */
export function readTime(name: string, text: string): EpochMs {
  const time = EPOCH_MS.test(text) ? Number(text) : ISO_WITH_ZONE.test(text) ? Date.parse(text) : NaN;
  if (Number.isNaN(time)) throw new Refusal(400, say("time-unread", { name, text }));
  return time;
}
