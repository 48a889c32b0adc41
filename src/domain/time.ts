import { whenAborted } from "./aborted.ts";

/** UTC milliseconds since 1970-01-01. */
export type EpochMs = number;

/** Where time comes from. A port, so that eight hours of timers run in a test in well under a second. */
export interface Clock {
  /** Wall clock; may step. For stamps, never for intervals. */
  now(): EpochMs;
  /** Milliseconds that never step back. For intervals, periods and ages. */
  monotonic(): number;
  /** Calls `action` once after `ms`; the result cancels it. */
  schedule(ms: number, action: () => void): Cancel;
}

export type Cancel = () => void;

/** Resolves after `ms`; rejects with the signal's reason when it is aborted first. */
export function sleep(clock: Clock, ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted === true) {
      reject(signal.reason as Error);
      return;
    }
    const cancel = clock.schedule(ms, () => {
      forget?.();
      resolve();
    });
    const forget =
      signal &&
      whenAborted(signal, () => {
        cancel();
        reject(signal.reason as Error);
      });
  });
}

/** What `work` gives or refuses, but no later than `ms`, when it rejects with what `late` makes, nor than the signal, when it rejects
 *  with its reason. What comes of `work` afterwards concerns nobody. */
export function within<T>(
  clock: Clock,
  ms: number,
  work: Promise<T>,
  late: () => Error,
  signal?: AbortSignal,
): Promise<T> {
  return new Promise((resolve, reject) => {
    const settled = (): void => {
      cancel();
      forget?.();
    };
    const fail = (error: unknown): void => {
      settled();
      reject(error);
    };
    const cancel = clock.schedule(ms, () => fail(late()));
    const forget = signal && whenAborted(signal, () => fail(signal.reason));
    work.then((result) => {
      settled();
      resolve(result);
    }, fail);
    if (signal?.aborted === true) fail(signal.reason);
  });
}
