import { whenAborted } from "../../domain/aborted.ts";
import { sleep } from "../../domain/time.ts";
import type { Cancel, Clock } from "../../domain/time.ts";

/** Wakes the one who waits. */
export interface Bell {
  ring(): void;
  /** Resolves at the next ring, or after `ms`; rejects with the signal's reason when it is aborted first. */
  wait(signal: AbortSignal, ms: number): Promise<void>;
}

export function createBell(clock: Clock): Bell {
  let wake: (() => void) | null = null;
  return {
    ring: () => wake?.(),
    wait(signal, ms) {
      if (signal.aborted) return sleep(clock, 0, signal);
      return new Promise((resolve, reject) => {
        const settle = (done: () => void) => () => {
          wake = null;
          cancel();
          forget();
          done();
        };
        const awake = settle(resolve);
        const cancel: Cancel = ms === Infinity ? () => undefined : clock.schedule(ms, awake);
        wake = awake;
        const forget = whenAborted(
          signal,
          settle(() => reject(signal.reason as Error)),
        );
      });
    },
  };
}
