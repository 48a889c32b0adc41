import { monitorEventLoopDelay } from "node:perf_hooks";
import type { LoopStalls } from "../domain/health.ts";
import type { Log } from "../domain/ports.ts";
import type { Cancel, Clock } from "../domain/time.ts";

const MINUTE_MS = 60_000;
const RESOLUTION_MS = 20;

/** How often it is looked whether the loop has stood still, and for how long it must have, ms. */
const LOOK_MS = 500;
const STALL_MS = 1_000;

/** How late the event loop is with what is due: the first sign of a gateway with too much to do. */
export interface LoopDelay {
  /** 99th percentile over the last whole minute, before its end over what there is, ms. */
  p99Ms(): number;
  stalls(): LoopStalls;
  stop(): void;
}

/** By the machine's own time. */
export function watchLoopDelay(clock: Clock, log: Log): LoopDelay {
  let stalls: LoopStalls = { count: 0, longestMs: 0, lastAt: null };
  let lookedAt = clock.monotonic();
  let cancelLook: Cancel = clock.schedule(LOOK_MS, look);
  const histogram = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
  let lastMinuteMs: number | null = null;
  let cancel: Cancel = clock.schedule(MINUTE_MS, turnMinute);
  histogram.enable();

  // The histogram measures the timer's whole interval, of which the resolution was asked for.
  const presentMs = (): number => Math.max(0, histogram.percentile(99) / 1e6 - RESOLUTION_MS);

  function look(): void {
    const stoodMs = Math.round(clock.monotonic() - lookedAt - LOOK_MS);
    lookedAt = clock.monotonic();
    cancelLook = clock.schedule(LOOK_MS, look);
    if (stoodMs < STALL_MS) return;
    const { count, longestMs } = stalls;
    stalls = { count: count + 1, longestMs: Math.max(longestMs, stoodMs), lastAt: clock.now() };
    log.warn({ stoodMs }, "the event loop stood still: nothing was polled, shown or sent");
  }

  function turnMinute(): void {
    lastMinuteMs = presentMs();
    histogram.reset();
    cancel = clock.schedule(MINUTE_MS, turnMinute);
  }

  return {
    p99Ms: () => lastMinuteMs ?? presentMs(),
    stalls: () => stalls,
    stop() {
      cancel();
      cancelLook();
      histogram.disable();
    },
  };
}
