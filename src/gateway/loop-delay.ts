import { monitorEventLoopDelay } from "node:perf_hooks";
import type { Cancel, Clock } from "../domain/time.ts";

const MINUTE_MS = 60_000;
const RESOLUTION_MS = 20;

/** How late the event loop is with what is due: the first sign of a gateway with too much to do. */
export interface LoopDelay {
  /** 99th percentile over the last whole minute, before its end over what there is, ms. */
  p99Ms(): number;
  stop(): void;
}

export function watchLoopDelay(clock: Clock): LoopDelay {
  const histogram = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
  let lastMinuteMs: number | null = null;
  let cancel: Cancel = clock.schedule(MINUTE_MS, turnMinute);
  histogram.enable();

  // The histogram measures the timer's whole interval, of which the resolution was asked for.
  const presentMs = (): number => Math.max(0, histogram.percentile(99) / 1e6 - RESOLUTION_MS);

  function turnMinute(): void {
    lastMinuteMs = presentMs();
    histogram.reset();
    cancel = clock.schedule(MINUTE_MS, turnMinute);
  }

  return {
    p99Ms: () => lastMinuteMs ?? presentMs(),
    stop() {
      cancel();
      histogram.disable();
    },
  };
}
