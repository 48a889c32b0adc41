import type { Clock } from "../../domain/time.ts";
import type { Arrivals } from "./arrivals.ts";
import type { Range, Ranges } from "./ranges.ts";
import type { Window } from "./window.ts";

/** Readings that came within the last ten seconds are the present; what is older is history, and waits behind it. */
export const LIVE_MS = 10_000;

/** With so many separate stretches still to be delivered, a sink that cannot keep up gets them oldest first. */
const STRETCHES_MAX = 256;

interface PresentParts {
  readonly options: {
    /** Readings of one write at the most. */
    readonly readingsMax: number;
    readonly lingerMs: number;
  };
  readonly clock: Clock;
  readonly window: Window;
  readonly arrivals: Arrivals;
}

/** What of the readings still to be delivered is the present. */
export interface Present {
  /** Its first number; Infinity when nothing has come lately. */
  from(): number;
  /** Everything goes out in the order in which it came. */
  isInOrder(): boolean;
  /** Until some of it is to be written, ms; Infinity when there is nothing new. */
  leftMs(): number;
  /** What is to be written of it now, or null. */
  due(): Range | null;
  /** The first of what is to be written now is in memory. */
  isAtHand(): boolean;
}

export function createPresent(
  { options, clock, window, arrivals }: PresentParts,
  pending: Pick<Ranges, "parts" | "after">,
): Present {
  const from = (): number => arrivals.since(clock.monotonic() - LIVE_MS);
  const isInOrder = (): boolean => pending.parts() >= STRETCHES_MAX;

  function live(): Range | null {
    if (pending.parts() === 0) return null;
    const start = from();
    const range = start === Infinity ? null : pending.after(start);
    if (range === null || (isInOrder() && (pending.after(-1)?.[0] ?? start) < start)) return null;
    return [Math.max(start, range[0]), range[1]];
  }

  function leftMs(range = live()): number {
    if (range === null) return Infinity;
    const { lingerMs, readingsMax } = options;
    if (lingerMs === 0 || range[1] - range[0] >= readingsMax) return 0;
    return Math.max(0, arrivals.at(range[0]) + lingerMs - clock.monotonic());
  }

  function due(): Range | null {
    const range = live();
    return leftMs(range) === 0 ? range : null;
  }

  return {
    from,
    isInOrder,
    leftMs: () => leftMs(),
    due,
    isAtHand() {
      const range = due();
      return range !== null && window.find(range[0]) !== null;
    },
  };
}
