import type { Clock } from "../../domain/time.ts";

/** How many readings of the past may go out now: the flow is bounded, so that filling in an outage never drowns the
 *  sink or the present. A second's worth may go at once. */
export interface Allowance {
  /** 0 when some may go. */
  waitMs(): number;
  take(readings: number): void;
}

export function createAllowance(clock: Clock, readingsPerS: number): Allowance {
  let left = readingsPerS;
  let at = clock.monotonic();

  return {
    waitMs() {
      const now = clock.monotonic();
      left = Math.min(readingsPerS, left + ((now - at) / 1000) * readingsPerS);
      at = now;
      return left > 0 ? 0 : Math.ceil((-left / readingsPerS) * 1000) + 1;
    },
    take(readings) {
      left -= readings;
    },
  };
}
