import type { Clock } from "./time.ts";

/** The machine's own clock: the one place that asks it. */
export const systemClock: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  schedule(ms, action) {
    const timer = setTimeout(action, ms);
    return () => clearTimeout(timer);
  },
};

/** A clock that runs `speed` times as fast as the machine's from `start` on. Two processes that use the same
 *  start and speed agree, because the time is computed from the machine's clock and not counted. */
export function acceleratedClock(speed: number, start: number): Clock {
  return {
    now: () => start + (Date.now() - start) * speed,
    monotonic: () => performance.now() * speed,
    schedule: (ms, action) => systemClock.schedule(ms / speed, action),
  };
}
