import type { Clock } from "../../domain/time.ts";
import type { Range } from "./ranges.ts";

/** Acknowledgements within so many ms are remembered as one. */
const STEP_MS = 1000;

/** Numbers whose acknowledgement is doubtful; `wasResent`: not for the first time. */
export interface Doubt {
  readonly range: Range;
  readonly wasResent: boolean;
}

/** What was acknowledged a short while ago. A sink's acknowledgement is a promise that it may break when its power goes:
 *  brokers and databases keep the last seconds in memory. */
export interface Lagging {
  note(from: number, to: number, wasResent: boolean): void;
  /** From now on nothing is forgotten until all is taken, however long that takes. */
  hold(): void;
  /** Hands over everything, to be sent again. */
  takeAll(): readonly Doubt[];
  list(): readonly Range[];
  overlaps(from: number, to: number): boolean;
}

interface Acknowledged {
  readonly since: number;
  until: number;
  readonly from: number;
  to: number;
  readonly wasResent: boolean;
}

export function createLagging(clock: Clock, lagMs: number): Lagging {
  let acknowledged: Acknowledged[] = [];
  let heldSince = Infinity;

  function present(): typeof acknowledged {
    const since = Math.min(heldSince, clock.monotonic()) - lagMs;
    const first = acknowledged.findIndex(({ until }) => until >= since);
    if (first !== 0) acknowledged = first === -1 ? [] : acknowledged.slice(first);
    return acknowledged;
  }

  return {
    note(from, to, wasResent) {
      if (lagMs === 0) return;
      const last = acknowledged.at(-1);
      const now = clock.monotonic();
      if (last?.to === from && last.wasResent === wasResent && now - last.since < STEP_MS) {
        last.to = to;
        last.until = now;
      } else {
        present();
        acknowledged.push({ since: now, until: now, from, to, wasResent });
      }
    },
    hold() {
      heldSince = clock.monotonic();
    },
    takeAll() {
      const all = present().map(({ from, to, wasResent }) => ({ range: [from, to] as const, wasResent }));
      acknowledged = [];
      heldSince = Infinity;
      return all;
    },
    list: () => present().map(({ from, to }) => [from, to] as const),
    overlaps: (from, to) => present().some((one) => one.from < to && one.to > from),
  };
}
