/** What a counter did between two readings. */
export type StepKind = "forward" | "rollover" | "reset" | "invalid";

export interface Step {
  readonly kind: StepKind;
  /** Counts to add; 0 for an invalid step, whose gap is filled from the rate and marked as substituted. */
  readonly counts: number;
}

/** The most counts that a machine can have made: 1.2 × its largest rate over the time between readings.
 *  `rateMax` and `scale` in the same unit of mass, per hour and per count. */
export function stepMax(rateMax: number, intervalMs: number, scale: number): number {
  return (1.2 * rateMax * intervalMs) / 3_600_000 / scale;
}

/** M-03. One step of a counter that starts again at `modulus` (2^16, 2^32, or the integrator's own) and may be set to zero.
 *  After any step, invalid ones too, the new reading is the next baseline. Ambiguous, hence invalid, when more than a whole
 *  turn fits into the time between the readings. */
export function totaliserStep(before: number, after: number, modulus: number, countsMax: number): Step {
  const difference = after - before;
  if (countsMax >= modulus || !Number.isFinite(difference)) return INVALID;
  if (difference >= 0) return difference <= countsMax ? { kind: "forward", counts: difference } : INVALID;
  if (difference + modulus <= countsMax) return { kind: "rollover", counts: difference + modulus };
  return after >= 0 && after <= countsMax ? { kind: "reset", counts: after } : INVALID;
}

const INVALID: Step = Object.freeze({ kind: "invalid", counts: 0 });
