import { at } from "./vector.ts";

/** Size classes: i = 0 … 9 between the upper sizes 12 800/2^i µm; the last is everything below 25 µm. */
export const CLASSES = 10;
const LAST = CLASSES - 1;
const TOP_SIZE_UM = 12_800;
const ROSIN_RAMMLER_SLOPE = 0.95;
/** Cumulative fractions of fragments: a share of fines with a flat slope and one of coarse with a steep slope (Austin's form). */
const FINE_SHARE = 0.3;
const FINE_SLOPE = 0.55;
const COARSE_SLOPE = 3;

/** Upper size of each class, µm. */
export const UPPER_UM = Float64Array.from({ length: CLASSES }, (_, i) => TOP_SIZE_UM / 2 ** i);
/** Representative size of each class, µm: geometric mean of its bounds. */
export const MEAN_UM = Float64Array.from({ length: CLASSES }, (_, i) => TOP_SIZE_UM / 2 ** (i + 0.5));

/** Share of the fragments of class j that falls into class i, at [j·10 + i]; a column sums to 1. */
export const BREAKAGE = breakage();

function breakage(): Float64Array {
  const table = new Float64Array(CLASSES * CLASSES);
  for (let parent = 0; parent < LAST; parent++) {
    for (let child = parent + 1; child < LAST; child++)
      table[parent * CLASSES + child] = finerThan(child, parent) - finerThan(child + 1, parent);
    table[parent * CLASSES + LAST] = finerThan(LAST, parent);
  }
  return table;
}

/** Share of the fragments of class `parent` finer than the upper size of class `child`. */
function finerThan(child: number, parent: number): number {
  const ratio = at(UPPER_UM, child) / at(UPPER_UM, parent + 1);
  return FINE_SHARE * ratio ** FINE_SLOPE + (1 - FINE_SHARE) * ratio ** COARSE_SLOPE;
}

/** Class fractions of a crushed ore with this 80 % passing size, µm; Rosin–Rammler. What would be coarser than the top class is in it. */
export function crushedFractions(f80Um: number): Float64Array {
  const passing = (sizeUm: number) => 1 - Math.exp(-Math.log(5) * (sizeUm / f80Um) ** ROSIN_RAMMLER_SLOPE);
  return Float64Array.from({ length: CLASSES }, (_, i) => {
    const upper = i === 0 ? 1 : passing(at(UPPER_UM, i));
    return upper - (i === LAST ? 0 : passing(at(UPPER_UM, i + 1)));
  });
}

/** Size that 80 % of the mass in `masses` (ten classes from `first` on) passes, µm: linear in passing over the logarithm of size
 *  between the bracketing class bounds. NaN when there is no mass or 80 % lies below the finest bound. */
export function passing80Um(masses: Float64Array, first: number): number {
  let total = 0;
  for (let i = 0; i < CLASSES; i++) total += at(masses, first + i);
  if (!(total > 0)) return NaN;
  let retained = 0;
  for (let i = 0; i < LAST; i++) {
    const share = at(masses, first + i) / total;
    if (retained + share >= 0.2) return at(UPPER_UM, i) * 2 ** (-(0.2 - retained) / share);
    retained += share;
  }
  return NaN;
}

/** Share of the mass finer than a class bound, 0…1. */
export function passingShare(masses: Float64Array, first: number, bound: number): number {
  let total = 0;
  let finer = 0;
  for (let i = 0; i < CLASSES; i++) {
    const mass = at(masses, first + i);
    total += mass;
    if (i >= bound) finer += mass;
  }
  return total > 0 ? finer / total : NaN;
}
