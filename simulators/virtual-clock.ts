import type { Cancel, Clock, EpochMs } from "../src/domain/time.ts";

interface Timer {
  readonly due: number;
  readonly action: () => void;
}

/** A clock that stands still until it is told to advance. */
export interface VirtualClock extends Clock {
  /** Moves on by `ms`, running every timer that falls due at its own time, in order. Between timers the event loop turns
   *  until nobody sets or cancels a timer any more, so that promises and loopback sockets of the same process keep up:
   *  a request has its answer before its time-out may come. */
  advance(ms: number): Promise<void>;
}

/** So many turns of the event loop without a timer set or cancelled, and all is quiet: a question over a loopback socket and its
 *  answer take three. */
const QUIET_TURNS = 4;
/** What is not quiet by then never will be. */
const TURNS_MAX = 1000;

export function virtualClock(start: EpochMs): VirtualClock {
  const timers = new Set<Timer>();
  let elapsed = 0;
  /** Timers set or cancelled so far. */
  let changes = 0;

  function nextUntil(end: number): Timer | null {
    let next: Timer | null = null;
    for (const timer of timers) if (timer.due <= end && (next === null || timer.due < next.due)) next = timer;
    return next;
  }

  async function quiet(): Promise<void> {
    let quietTurns = 0;
    for (let turn = 0; quietTurns < QUIET_TURNS && turn < TURNS_MAX; turn++) {
      const before = changes;
      await turnOfTheEventLoop();
      quietTurns = changes === before ? quietTurns + 1 : 0;
    }
  }

  return {
    now: () => start + elapsed,
    monotonic: () => elapsed,
    schedule(ms, action): Cancel {
      const timer = { due: elapsed + Math.max(0, ms), action };
      timers.add(timer);
      changes += 1;
      return () => {
        timers.delete(timer);
        changes += 1;
      };
    },
    async advance(ms) {
      const end = elapsed + ms;
      await quiet(); // what was started just before may yet set its first timer
      for (let timer = nextUntil(end); timer !== null; timer = nextUntil(end)) {
        timers.delete(timer);
        elapsed = timer.due;
        timer.action();
        await quiet();
      }
      elapsed = end;
      await quiet();
    },
  };
}

function turnOfTheEventLoop(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve);
  });
}
