import type { EpochMs } from "../../src/domain/time.ts";
import { ORIGIN } from "./noise.ts";
import type { Noise } from "./noise.ts";

/** One instrument's course of values over time, in the tag's unit. */
export type Signal = (time: EpochMs) => number;

const MS_PER_HOUR = 3_600_000;

/** Middle value plus noise of standard deviation `sigma`, held within the limits. */
export function noisy(
  middle: number,
  sigma: number,
  noise: Noise,
  limits: { low: number; high: number },
): Signal {
  return (time) => Math.min(limits.high, Math.max(limits.low, middle + sigma * noise(time)));
}

/** Straight line from `from` to `to` in `periodMs`, then again. */
export function ramp(from: number, to: number, periodMs: number): Signal {
  return (time) => from + (to - from) * (phase(time, periodMs) / periodMs);
}

/** Integral of a rate per hour since the origin. */
export function total(ratePerHour: number): Signal {
  return (time) => (Math.max(0, time - ORIGIN) / MS_PER_HOUR) * ratePerHour;
}

/** How many periods have passed since the origin, starting again at `modulus`. */
export function count(periodMs: number, modulus: number): Signal {
  return (time) => Math.floor(Math.max(0, time - ORIGIN) / periodMs) % modulus;
}

/** States that follow each other, each for its own time. */
export function cycle(steps: readonly { readonly state: number; readonly ms: number }[]): Signal {
  const periodMs = steps.reduce((sum, step) => sum + step.ms, 0);
  return (time) => {
    let left = phase(time, periodMs);
    for (const step of steps) {
      if (left < step.ms) return step.state;
      left -= step.ms;
    }
    return steps[0]?.state ?? 0;
  };
}

export function constant(value: number): Signal {
  return () => value;
}

function phase(time: EpochMs, periodMs: number): number {
  return (((time - ORIGIN) % periodMs) + periodMs) % periodMs;
}
