import { countBefore } from "../../domain/search.ts";

/** What came together, and when. */
interface Arrival {
  /** Number of its first reading. */
  readonly from: number;
  /** Monotonic ms. */
  readonly at: number;
}

/** When the newest readings came, whether they are still in memory or on disk alone. */
export interface Arrivals {
  note(arrival: Arrival): void;
  /** First number of what came at `monotonicMs` or later; Infinity when nothing did. */
  since(monotonicMs: number): number;
  /** When the reading of this number came, monotonic ms; 0 where that is long ago. */
  at(number: number): number;
}

/** What came more than `keptMs` ago is forgotten, sooner or later. */
export function createArrivals(keptMs: number): Arrivals {
  const arrivals: Arrival[] = [];

  return {
    note({ from, at }) {
      arrivals.push({ from, at });
      const half = arrivals.length >>> 1;
      if ((arrivals[half]?.at ?? at) < at - keptMs) arrivals.splice(0, half);
    },
    since: (monotonicMs) => arrivals[countBefore(arrivals, ({ at }) => at < monotonicMs)]?.from ?? Infinity,
    at: (number) => arrivals[countBefore(arrivals, ({ from }) => from <= number) - 1]?.at ?? 0,
  };
}
