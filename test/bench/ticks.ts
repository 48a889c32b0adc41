/** The reading that every bench tag carries: when the device answered, in quarter milliseconds of the machine's monotonic clock,
 *  modulo 2^24. A float32 holds it exactly, two polls never see the same one, and every process of the machine reads the same clock,
 *  so that a sink can tell a new reading from a repeated one and how long it was under way. It starts again after 70 minutes. */
export const TICKS_PER_MS = 4;
export const TICKS_WRAP = 2 ** 24;

export function currentTick(): number {
  const [seconds, nanoseconds] = process.hrtime();
  return (seconds * 1000 * TICKS_PER_MS + Math.floor((nanoseconds * TICKS_PER_MS) / 1e6)) % TICKS_WRAP;
}

/** Ticks from `from` to `to`, `to` being the later one. */
export function ticksBetween(from: number, to: number): number {
  return (to - from + TICKS_WRAP) % TICKS_WRAP;
}

export function addMs(tick: number, ms: number): number {
  return (tick + Math.round(ms * TICKS_PER_MS)) % TICKS_WRAP;
}

/** The same clock in milliseconds, with fractions and without the wrap. */
export function monotonicMs(): number {
  const [seconds, nanoseconds] = process.hrtime();
  return seconds * 1000 + nanoseconds / 1e6;
}

/** Stretch of time in which readings count. A reading belongs to the window in which its device answered, whenever it arrives:
 *  so devices and sinks count the very same readings. */
export interface Window {
  readonly startTick: number;
  readonly ticks: number;
}

export function isWithin(window: Window, tick: number): boolean {
  return ticksBetween(window.startTick, tick) < window.ticks;
}
