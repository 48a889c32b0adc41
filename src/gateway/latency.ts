/** How many of the last polls the percentiles look at. */
const WINDOW = 256;

/** Durations of the last polls, ms, in a ring that never grows. */
export interface Latency {
  note(ms: number): void;
  /** `share` 0…1; null before the first. */
  percentile(share: number): number | null;
}

export function createLatency(): Latency {
  const ring = new Float64Array(WINDOW);
  let count = 0;
  return {
    note(ms) {
      ring[count++ % WINDOW] = ms;
    },
    percentile(share) {
      const filled = Math.min(count, WINDOW);
      if (filled === 0) return null;
      const sorted = ring.slice(0, filled).sort();
      return sorted[Math.min(filled - 1, Math.floor(share * filled))] ?? null;
    },
  };
}
