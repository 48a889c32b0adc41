import { add, at } from "./vector.ts";

/** Every kind of movement that is booked. */
export const STREAMS = [
  "ore-delivered",
  "crushed-ore",
  "mill-feed",
  "cyclone-feed",
  "cyclone-underflow",
  "cyclone-overflow",
  "gravity-feed",
  "gravity-concentrate",
  "sump-spill",
  "spill-return",
  "gravity-leached",
  "leached",
  "adsorbed",
  "eluted",
  "plated",
  "poured",
  "tails",
  "tails-solution",
  "thickener-overflow",
  "decant",
  "fresh-water",
] as const;
export type Stream = (typeof STREAMS)[number];

/** Place of a stream in the books. */
export const STREAM = Object.fromEntries(STREAMS.map((stream, i) => [stream, i])) as Readonly<
  Record<Stream, number>
>;

/** Columns: dry solids t, water t, gold g. */
export const COLUMNS = 3;

export interface Ledger {
  /** Booked since the start. */
  readonly totals: Float64Array;
  /** Per hour, of the last step in which the stream was booked. */
  readonly rates: Float64Array;
}

export function createLedger(): Ledger {
  return {
    totals: new Float64Array(STREAMS.length * COLUMNS),
    rates: new Float64Array(STREAMS.length * COLUMNS),
  };
}

/** Books what moved in a step of `stepH` hours. */
export function book(
  { totals, rates }: Ledger,
  stream: number,
  solids: number,
  water: number,
  gold: number,
  stepH: number,
): void {
  const row = stream * COLUMNS;
  add(totals, row, solids);
  add(totals, row + 1, water);
  add(totals, row + 2, gold);
  rates[row] = solids / stepH;
  rates[row + 1] = water / stepH;
  rates[row + 2] = gold / stepH;
}

/** A movement and what it has carried. */
export interface Movement {
  readonly solidsT: number;
  readonly waterT: number;
  readonly goldG: number;
}

export function movement(values: Float64Array, stream: Stream): Movement {
  const row = STREAM[stream] * COLUMNS;
  return { solidsT: at(values, row), waterT: at(values, row + 1), goldG: at(values, row + 2) };
}
