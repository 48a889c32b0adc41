import type { Cancel, Clock, EpochMs } from "../src/domain/time.ts";

interface Timer {
  readonly due: number;
  readonly action: () => void;
}

/** A clock that stands still until it is told to advance. */
export interface VirtualClock extends Clock {
  /** Moves on by `ms`, running every timer that falls due at its own time, in order. Between timers the event loop
   *  turns, so that promises and sockets of the same process keep up. */
  advance(ms: number): Promise<void>;
}

export function virtualClock(start: EpochMs): VirtualClock {
  const timers = new Set<Timer>();
  let elapsed = 0;

  function nextUntil(end: number): Timer | null {
    let next: Timer | null = null;
    for (const timer of timers) if (timer.due <= end && (next === null || timer.due < next.due)) next = timer;
    return next;
  }

  return {
    now: () => start + elapsed,
    monotonic: () => elapsed,
    schedule(ms, action): Cancel {
      const timer = { due: elapsed + Math.max(0, ms), action };
      timers.add(timer);
      return () => timers.delete(timer);
    },
    async advance(ms) {
      const end = elapsed + ms;
      await turnOfTheEventLoop(); // what was started just before may yet set its first timer
      for (let timer = nextUntil(end); timer !== null; timer = nextUntil(end)) {
        timers.delete(timer);
        elapsed = timer.due;
        timer.action();
        await turnOfTheEventLoop();
      }
      elapsed = end;
      await turnOfTheEventLoop();
    },
  };
}

function turnOfTheEventLoop(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve);
  });
}
