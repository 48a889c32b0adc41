import type { Log } from "../domain/ports.ts";
import type { Clock } from "../domain/time.ts";

/** Less is what a time service corrects every day, ms. */
const STEP_MS_MIN = 1_000;

/** Looks, each time it is called, whether the machine's clock has been set since the last time: the monotonic clock goes on as
 *  before. Times of readings follow the new clock; periods, ages and delays do not. */
export function createClockWatch(clock: Clock, log: Log): () => void {
  const offset = (): number => clock.now() - clock.monotonic();
  let last = offset();
  return () => {
    const stepMs = Math.round(offset() - last);
    last = offset();
    if (Math.abs(stepMs) >= STEP_MS_MIN)
      log.warn({ event: "clock_step", stepMs }, "the machine's clock was set");
  };
}
