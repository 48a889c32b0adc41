import type { Clock } from "../domain/time.ts";

/** Whoever stops us waits five seconds; then we go without having said good-bye. */
const STOP_MS = 5_000;

/** Resolves at the first SIGTERM or SIGINT. */
export function stopSignal(): Promise<void> {
  return new Promise((resolve) => {
    process.once("SIGTERM", () => resolve());
    process.once("SIGINT", () => resolve());
  });
}

/** Waits for `stop`, but not longer than five seconds. True when it was done in time. */
export function stopInTime(stop: Promise<void>, clock: Clock): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const cancel = clock.schedule(STOP_MS, () => resolve(false));
    stop.then(
      () => {
        cancel();
        resolve(true);
      },
      (error: unknown) => {
        cancel();
        reject(error);
      },
    );
  });
}
