import { ORE_WIDTH, O_SOLIDS, O_WATER, wetMass } from "./ore.ts";
import { add, at } from "./vector.ts";

/** A bin that gives out ore in the order in which it came: a ring of parcels, each mixed within itself. */
export interface Bin {
  /** Everything in it. */
  readonly content: Float64Array;
  readonly parcels: Float64Array;
  readonly capacityT: number;
  /** Slots of the oldest and the newest parcel. */
  first: number;
  last: number;
}

const SLOTS = 256;
const PARCEL_T = 1;

export function createBin(capacityT: number): Bin {
  return {
    content: new Float64Array(ORE_WIDTH),
    parcels: new Float64Array(SLOTS * ORE_WIDTH),
    capacityT,
    first: 0,
    last: 0,
  };
}

/** Puts `ore` on top of what is in the bin. */
export function fill(bin: Bin, ore: Float64Array): void {
  const slot = bin.last * ORE_WIDTH;
  for (let i = 0; i < ORE_WIDTH; i++) {
    add(bin.parcels, slot + i, at(ore, i));
    add(bin.content, i, at(ore, i));
  }
  const next = (bin.last + 1) % SLOTS;
  if (at(bin.parcels, slot + O_SOLIDS) >= PARCEL_T && next !== bin.first) bin.last = next;
}

/** Draws up to `wetT` from the bottom and writes what came into `drawn`. */
export function draw(bin: Bin, wetT: number, drawn: Float64Array): void {
  drawn.fill(0);
  let wanted = Math.min(wetT, wetMass(bin.content));
  while (wanted > 0) {
    const slot = bin.first * ORE_WIDTH;
    const there = at(bin.parcels, slot + O_SOLIDS) + at(bin.parcels, slot + O_WATER);
    const isWhole = wanted >= there;
    const share = isWhole ? 1 : wanted / there;
    for (let i = 0; i < ORE_WIDTH; i++) {
      const amount = share === 1 ? at(bin.parcels, slot + i) : share * at(bin.parcels, slot + i);
      add(bin.parcels, slot + i, -amount);
      add(bin.content, i, -amount);
      add(drawn, i, amount);
    }
    wanted -= share * there;
    if (!isWhole || bin.first === bin.last) return;
    bin.first = (bin.first + 1) % SLOTS;
  }
}

/** % of capacity, by wet mass. */
export function binLevel(bin: Bin): number {
  return (100 * wetMass(bin.content)) / bin.capacityT;
}
