import { inOrder } from "./float-order.ts";

/** Float32 numbers that are the counts of a converter times its step: number = float32(base + count × step), but for a few
 *  whose last bits are told by `corrections`. */
export interface Lattice {
  readonly base: number;
  readonly step: number;
  readonly counts: Float64Array;
  /** How many float32 numbers further up the real one is. */
  readonly corrections: Float64Array;
}

/** Fewer numbers do not show a step. */
const ROWS_MIN = 32;

/** Of this many numbers one may need a correction, or it is no lattice. */
const ROWS_PER_CORRECTION = 8;

/** A step must be so many times the precision of a float32, or its counts are no shorter than the bits. */
const STEP_PRECISIONS_MIN = 16;
const FLOAT32_PRECISION = 2 ** -24;

/** One distance in so many may be no whole number of steps. */
const GAPS_PER_STRANGER = 20;

/** How far a level may lie off its place, in steps. */
const OFF_STEPS_MAX = 0.1;

/** Two steps that are so close to a whole number of steps apart tell them safely apart. */
const COUNTS_MAX = 2 ** 24;

/** Converters have steps, and a device that sends its measurements as float32 only hides them: a number that costs four bytes
 *  is often a count of ten or twelve bits. Finds the step from the numbers alone; null when there is none. */
export function latticeOf(values: Float64Array): Lattice | null {
  if (values.length < ROWS_MIN) return null;
  const levels = distinct(values);
  const step = roughStep(levels);
  if (step === null) return null;
  const line = fitted(levels, step);
  if (line === null) return null;
  const anchored = throughZero(levels, line);
  const lines = [anchored, { ...anchored, step: Math.fround(anchored.step) }, line];
  let best: Placed | null = null;
  for (const one of lines) {
    const candidate = placed(values, one);
    if (best === null || candidate.corrected < best.corrected) best = candidate;
    if (best.corrected === 0) break;
  }
  return best === null || best.corrected * ROWS_PER_CORRECTION > values.length ? null : best;
}

/** Sorted, each once. */
function distinct(values: Float64Array): Float64Array {
  const sorted = values.slice().sort();
  let count = 0;
  for (const value of sorted) if (count === 0 || value !== sorted[count - 1]) sorted[count++] = value;
  return sorted.subarray(0, count);
}

/** A small distance of two levels, where it stands out of the rounding. Not the smallest: a value at a limit may lie between two
 *  steps. */
function roughStep(levels: Float64Array): number | null {
  if (levels.length < 3) return null;
  const gaps = levels.subarray(1).map((level, i) => level - (levels[i] as number));
  const step = gaps.sort()[Math.floor(gaps.length / GAPS_PER_STRANGER)] as number;
  const largest = Math.max(Math.abs(levels[0] as number), Math.abs(levels[levels.length - 1] as number));
  return step < STEP_PRECISIONS_MIN * FLOAT32_PRECISION * largest ? null : step;
}

interface Line {
  readonly base: number;
  readonly step: number;
}

/** Straight line through the levels over their counts. Counts are found from level to level, so that the error of a rough step
 *  does not add up; levels that lie off the line have no say in where it goes. */
function fitted(levels: Float64Array, roughly: number): Line | null {
  const counts = new Float64Array(levels.length);
  for (let i = 1; i < levels.length; i++) {
    const gap = (levels[i] as number) - (levels[i - 1] as number);
    counts[i] = (counts[i - 1] as number) + Math.round(gap / roughly);
  }
  const highest = counts[counts.length - 1] as number;
  if (highest < 2 || highest > COUNTS_MAX) return null;
  const first = leastSquares(levels, counts);
  const isOn = (_: number, i: number): boolean => {
    const off = (levels[i] as number) - first.base - (counts[i] as number) * first.step;
    return Math.abs(off) < OFF_STEPS_MAX * first.step;
  };
  const on = counts.filter(isOn);
  return on.length < 3 ? null : leastSquares(levels.filter(isOn), on);
}

function leastSquares(levels: Float64Array, counts: Float64Array): Line {
  const middleCount = mean(counts);
  const middle = mean(levels);
  let across = 0;
  let along = 0;
  for (let i = 0; i < levels.length; i++) {
    const count = (counts[i] as number) - middleCount;
    across += count * ((levels[i] as number) - middle);
    along += count * count;
  }
  const step = across / along;
  return { base: middle - middleCount * step, step };
}

function mean(numbers: Float64Array): number {
  let sum = 0;
  for (const number of numbers) sum += number;
  return sum / numbers.length;
}

/** Most scales begin at nought: then the distance from there tells the step more exactly than the spread of the levels. Where the
 *  step itself is a float32, numbers may lie halfway between two of them, and only the very step tells which one was taken. */
function throughZero(levels: Float64Array, { step: roughly }: Line): Line {
  let across = 0;
  let along = 0;
  for (const level of levels) {
    const count = Math.round(level / roughly);
    if (Math.abs(level - count * roughly) > OFF_STEPS_MAX * roughly) continue;
    across += count * level;
    along += count * count;
  }
  return { base: 0, step: along > 0 ? across / along : roughly };
}

interface Placed extends Lattice {
  /** How many numbers need a correction. */
  readonly corrected: number;
}

function placed(values: Float64Array, { base, step }: Line): Placed {
  const counts = new Float64Array(values.length);
  const corrections = new Float64Array(values.length);
  let corrected = 0;
  for (let row = 0; row < values.length; row++) {
    const value = values[row] as number;
    const count = Math.round((value - base) / step) + 0; // + 0: there is no −0 among the integers
    counts[row] = count;
    const near = Math.fround(base + count * step);
    if (Object.is(near, value)) continue;
    corrections[row] = inOrder(value) - inOrder(near);
    corrected++;
  }
  return { base, step, counts, corrections, corrected };
}
