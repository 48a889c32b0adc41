/** A reference material: its certified value and the standard deviation that the laboratory shows on it. */
export interface ReferenceMaterial {
  readonly value: number;
  readonly sd: number;
}

/** One beyond this is a blunder. */
const ACTION_SD = 3;
/** Two in a row beyond this are a drift. */
const WARNING_SD = 2;

export interface StandardVerdict {
  /** (found − certified) / sd; 0 where the material has no sd and was met. */
  readonly z: number;
  /** Null when the batch may be believed. */
  readonly failure: string | null;
}

/** Judges a standard by the control limits of a Shewhart chart: it fails beyond 3 sd, and beyond 2 sd when the one before
 *  it of the same material and method was beyond 2 sd too. `before` is the z of that one; null when there was none.
 *  Source: ISO 7870-2; multi-rule 1-3s/2-2s of Westgard et al., Clin. Chem. 27 (1981) 493. */
export function judgeStandard(
  found: number,
  { value, sd }: ReferenceMaterial,
  before: number | null,
): StandardVerdict {
  const z = found === value ? 0 : (found - value) / sd;
  const size = Math.abs(z);
  if (size > ACTION_SD) return { z, failure: `${z.toFixed(1)} sd from the certified ${value}` };
  const isSecond = size > WARNING_SD && before !== null && Math.abs(before) > WARNING_SD;
  if (isSecond) return { z, failure: `the second beyond 2 sd in a row (${z.toFixed(1)} sd)` };
  return { z, failure: null };
}

/** Judges a blank: anything above the limit was carried over from another sample. Null when it may be believed. A blank
 *  below the detection limit is clean whatever that limit is. */
export function judgeBlank(found: number, isBelowDetection: boolean, blankMax: number): string | null {
  if (isBelowDetection || found <= blankMax) return null;
  return `a blank with ${found}, more than ${blankMax}`;
}
