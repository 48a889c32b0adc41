import type { EpochMs } from "../domain/time.ts";

/** Zones change their offset at full quarters of an hour only. */
const QUARTER_MS = 900_000;

/** How far the clocks of a plant are ahead of UTC at a time, ms. Asking the calendar is slow, so it is asked once for each
 *  quarter of an hour that readings come from. */
export function offsetsOf(timeZone: string): (time: EpochMs) => number {
  const calendar = new Intl.DateTimeFormat("en-US", {
    timeZone,
    calendar: "iso8601",
    hourCycle: "h23",
    year: "numeric",
    month: "numeric",
    day: "numeric",
    hour: "numeric",
    minute: "numeric",
    second: "numeric",
  });
  let quarter = NaN;
  let offsetMs = 0;
  return (time) => {
    const own = Math.floor(time / QUARTER_MS);
    if (own !== quarter) {
      quarter = own;
      offsetMs = wallTime(calendar, own * QUARTER_MS) - own * QUARTER_MS;
    }
    return offsetMs;
  };
}

/** What the clock on the wall shows, as if it were UTC. */
function wallTime(calendar: Intl.DateTimeFormat, time: EpochMs): number {
  const parts = new Map(calendar.formatToParts(time).map(({ type, value }) => [type, Number(value)]));
  const part = (name: Intl.DateTimeFormatPartTypes): number => parts.get(name) ?? 0;
  return Date.UTC(part("year"), part("month") - 1, part("day"), part("hour"), part("minute"), part("second"));
}
