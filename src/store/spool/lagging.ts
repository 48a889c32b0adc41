import type { Clock } from "../../domain/time.ts";
import type { Range } from "./ranges.ts";

/** Acknowledgements within so many ms are remembered as one. */
const STEP_MS = 1000;

/** What was acknowledged a short while ago. A sink's acknowledgement is a promise that it may break when its power goes:
 *  brokers and databases keep the last seconds in memory. */
export interface Lagging {
  note(from: number, to: number): void;
  /** Hands over everything, to be sent again. */
  takeAll(): readonly Range[];
  list(): readonly Range[];
  overlaps(from: number, to: number): boolean;
}

export function createLagging(clock: Clock, lagMs: number): Lagging {
  let acknowledged: { readonly since: number; until: number; readonly from: number; to: number }[] = [];

  function present(): typeof acknowledged {
    const since = clock.monotonic() - lagMs;
    const first = acknowledged.findIndex(({ until }) => until >= since);
    if (first !== 0) acknowledged = first === -1 ? [] : acknowledged.slice(first);
    return acknowledged;
  }

  const list = (): readonly Range[] => present().map(({ from, to }) => [from, to] as const);

  return {
    note(from, to) {
      if (lagMs === 0) return;
      const last = acknowledged.at(-1);
      const now = clock.monotonic();
      if (last?.to === from && now - last.since < STEP_MS) {
        last.to = to;
        last.until = now;
      } else {
        present();
        acknowledged.push({ since: now, until: now, from, to });
      }
    },
    takeAll() {
      const all = list();
      acknowledged = [];
      return all;
    },
    list,
    overlaps: (from, to) => present().some((one) => one.from < to && one.to > from),
  };
}
