import { systemClock } from "../../src/domain/system-clock.ts";
import type { Clock } from "../../src/domain/time.ts";

export interface ShiftedClock extends Clock {
  /** How much later it is than on the machine. */
  aheadMs: number;
}

/** The machine's clock, which a test puts forward. */
export function shiftedClock(): ShiftedClock {
  const clock: ShiftedClock = {
    aheadMs: 0,
    now: () => systemClock.now() + clock.aheadMs,
    monotonic: () => systemClock.monotonic() + clock.aheadMs,
    schedule: (ms, action) => systemClock.schedule(ms, action),
  };
  return clock;
}
