import { at } from "./vector.ts";

/** Broken ore as one row of numbers: dry solids t, water t, locked gold g, free gold g, softness (t of solids times reference
 *  work index over own), and top size (t of solids times F80 in mm). */
export const O_SOLIDS = 0;
export const O_WATER = 1;
export const O_LOCKED = 2;
export const O_FREE = 3;
export const O_SOFTNESS = 4;
export const O_F80 = 5;
export const ORE_WIDTH = 6;

export const REFERENCE_WORK_INDEX = 16;

/** One heap of ore with the figures the mine gives it. */
export interface Lot {
  readonly name: string;
  /** Vein or stockpile. */
  readonly source: string;
  /** Mining method. */
  readonly method: string;
  readonly wetMassT: number;
  /** g/t of dry solids. */
  readonly headGrade: number;
  /** % of the wet mass. */
  readonly moisturePercent: number;
  readonly f80Mm: number;
  /** kW.h/t. */
  readonly workIndex: number;
  /** Share of the gold that gravity can recover. */
  readonly freeShare: number;
}

/** What the reference figures are computed with. */
export const REFERENCE_LOT: Lot = {
  name: "reference",
  source: "blended stockpile",
  method: "shrinkage stoping",
  wetMassT: 1000,
  headGrade: 12,
  moisturePercent: 3.5,
  f80Mm: 180,
  workIndex: REFERENCE_WORK_INDEX,
  freeShare: 0.6,
};

/** Veins after the trench results of Puma, diluted by the wall rock that the mining width takes in, and the richer ore that
 *  traditional miners bring; together about 12 g/t. Principal: 14.77 g/t over 24 cm of vein and walls. Ramal: 15.96 g/t over 42 cm
 *  (3.49 over 20, 3.12 over 10, 47.43 over 12). */
export const PUMA_LOTS: readonly Lot[] = [
  {
    name: "principal",
    source: "Principal vein",
    method: "resue stoping",
    wetMassT: 620,
    headGrade: (14.77 * 24) / 37,
    moisturePercent: 3.4,
    f80Mm: 185,
    workIndex: 16.4,
    freeShare: 0.58,
  },
  {
    name: "ramal",
    source: "Ramal vein",
    method: "cut and fill",
    wetMassT: 325,
    headGrade: (15.96 * 42) / 79,
    moisturePercent: 3.9,
    f80Mm: 175,
    workIndex: 15.6,
    freeShare: 0.6,
  },
  {
    name: "traditional",
    source: "traditional mining",
    method: "hand-sorted",
    wetMassT: 100,
    headGrade: 38,
    moisturePercent: 3,
    f80Mm: 150,
    workIndex: 14.8,
    freeShare: 0.66,
  },
];

/** The reference ore in a row, per t of dry solids. */
export function composition(
  lot: Lot,
  gradeFactor: number,
  moistureFactor: number,
  hardnessFactor: number,
): Float64Array {
  const moisture = Math.min(0.15, (lot.moisturePercent * moistureFactor) / 100);
  const gold = lot.headGrade * gradeFactor;
  const row = new Float64Array(ORE_WIDTH);
  row[O_SOLIDS] = 1;
  row[O_WATER] = moisture / (1 - moisture);
  row[O_FREE] = gold * lot.freeShare;
  row[O_LOCKED] = gold * (1 - lot.freeShare);
  row[O_SOFTNESS] = REFERENCE_WORK_INDEX / (lot.workIndex * hardnessFactor);
  row[O_F80] = lot.f80Mm;
  return row;
}

export function wetMass(ore: Float64Array): number {
  return at(ore, O_SOLIDS) + at(ore, O_WATER);
}

export function oreGold(ore: Float64Array): number {
  return at(ore, O_LOCKED) + at(ore, O_FREE);
}
