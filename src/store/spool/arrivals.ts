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

  /** Index of the first that is not `isBefore`. */
  function search(isBefore: (arrival: Arrival) => boolean): number {
    let low = 0;
    let high = arrivals.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (isBefore(arrivals[middle] as Arrival)) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  return {
    note({ from, at }) {
      arrivals.push({ from, at });
      const half = arrivals.length >>> 1;
      if ((arrivals[half]?.at ?? at) < at - keptMs) arrivals.splice(0, half);
    },
    since: (monotonicMs) => arrivals[search(({ at }) => at < monotonicMs)]?.from ?? Infinity,
    at: (number) => arrivals[search(({ from }) => from <= number) - 1]?.at ?? 0,
  };
}
