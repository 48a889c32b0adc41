import { SOLIDS_DENSITY } from "./constants.ts";
import { CLASSES } from "./sizes.ts";
import { at, sum } from "./vector.ts";

/** Ground ore in water, as one row of numbers: dry solids by size class (t), locked gold and free gold by size class (g), water (t),
 *  alkalinity of the water (mol; negative is acid) and softness (t of solids times reference work index over own work index). */
export const SOLIDS = 0;
export const LOCKED = CLASSES;
export const FREE = 2 * CLASSES;
export const WATER = 3 * CLASSES;
export const ALKALI = WATER + 1;
export const SOFTNESS = WATER + 2;
const WIDTH = WATER + 3;

export function pulp(): Float64Array {
  return new Float64Array(WIDTH);
}

/** t. */
export function solidsOf(place: Float64Array): number {
  return sum(place, SOLIDS, CLASSES);
}

/** g, locked and free. */
export function goldOf(place: Float64Array): number {
  return sum(place, LOCKED, 2 * CLASSES);
}

/** m3. */
export function volumeOf(place: Float64Array): number {
  return solidsOf(place) / SOLIDS_DENSITY + at(place, WATER);
}

/** t/m3; that of water when there is nothing. */
export function densityOf(place: Float64Array): number {
  const solids = solidsOf(place);
  const water = at(place, WATER);
  const volume = solids / SOLIDS_DENSITY + water;
  return volume > 0 ? (solids + water) / volume : 1;
}
