/** What stands for a result below the detection limit. */
export interface Substitution {
  readonly value: number;
  readonly u: number;
}

/** Half the limit, with the standard deviation of a value that may lie anywhere between nothing and the limit: L/√12.
 *  Source: JCGM 100 (GUM) 4.3.7, rectangular distribution. */
export function belowDetection(limit: number): Substitution {
  return { value: limit / 2, u: limit / Math.sqrt(12) };
}
