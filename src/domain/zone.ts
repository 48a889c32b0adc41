import type { EpochMs } from "./time.ts";

const DAY_MS = 86_400_000;

/** Local and UTC time. Local times are ms as if the wall clock were UTC. */
export interface Zone {
  toLocal(time: EpochMs): number;
  /** Of a wall time that a change of the clocks skips, the moment of the change; of one that comes twice, the first. */
  toUtc(local: number): EpochMs;
}

/** Zones change their offset on quarter hours only, so that one look-up serves fifteen minutes. */
const OFFSET_STEP_MS = 900_000;
const OFFSETS_KEPT_MAX = 20_000;

export function createZone(timeZone: string): Zone {
  const format = new Intl.DateTimeFormat("en-US", {
    timeZone,
    hourCycle: "h23",
    year: "numeric",
    month: "numeric",
    day: "numeric",
    hour: "numeric",
    minute: "numeric",
  });
  const known = new Map<number, number>();

  function offset(time: EpochMs): number {
    const step = Math.floor(time / OFFSET_STEP_MS);
    let found = known.get(step);
    if (found === undefined) {
      const at = step * OFFSET_STEP_MS;
      const part = Object.fromEntries(
        format.formatToParts(at).map(({ type, value }) => [type, Number(value)]),
      );
      const { year = 0, month = 1, day = 1, hour = 0, minute = 0 } = part;
      found = Date.UTC(year, month - 1, day, hour, minute) - at;
      if (known.size >= OFFSETS_KEPT_MAX) known.clear();
      known.set(step, found);
    }
    return found;
  }

  return {
    toLocal: (time) => time + offset(time),
    toUtc(local) {
      const before = local - offset(local - DAY_MS);
      if (before + offset(before) === local) return before;
      const after = local - offset(local + DAY_MS);
      if (after + offset(after) === local) return after;
      // Skipped: the change lies between the two readings of the wall clock.
      let low = Math.min(before, after);
      let high = Math.max(before, after);
      while (high - low > 1) {
        const middle = Math.floor((low + high) / 2);
        if (middle + offset(middle) >= local) high = middle;
        else low = middle;
      }
      return high;
    },
  };
}
