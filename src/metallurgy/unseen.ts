import type { Known } from "../domain/figure.ts";
import { quantity } from "../domain/quantity.ts";
import { Status, worse } from "../domain/status.ts";

const MS_PER_HOUR = 3_600_000;

/** Coverage from which on pages show 100 %: what is missing beyond it is too little to be marked. */
export const SHOWN_AS_WHOLE = 0.995;

/** Standard uncertainty of what flowed while nothing was seen, in the unit of the rate × h. In the gap the rate was, on the
 *  mean, anywhere between the limits within which it stayed while it was seen, all as likely: a rectangular distribution has
 *  (a₊ − a₋)/√12 (GUM, JCGM 100:2008, 4.3.7). Gaps of one period count as one; 0 where no rate was seen. */
export function unseenOfRateU(
  { min, max }: { readonly min: number | null; readonly max: number | null },
  unseenMs: number,
): number {
  return min === null || max === null
    ? 0
    : ((max - min) / Math.sqrt(12)) * (Math.max(0, unseenMs) / MS_PER_HOUR);
}

/** The same of an amount m of whose rate nothing is known: between none and twice as much, m/√3 (GUM 4.3.7). */
export function unseenOfAmountU(unseen: number): number {
  return Math.abs(unseen) / Math.sqrt(3);
}

/** What was seen of an amount. */
export interface SeenShare {
  /** 0…1. */
  readonly coverage: number;
  /** Standard uncertainty of what was not seen, in the unit of the amount. */
  readonly unseenU: number;
  /** Names that error, so that figures that were filled with the same have it in common. */
  readonly source: string;
}

/** An amount over a whole period, had the time that was not seen been like the rest: a substitute, marked as one. What is
 *  wrong with the instrument grows with it, and what is not known of the missing share is a source of its own. */
export function filledUp(seen: Known, { coverage, unseenU, source }: SeenShare): Known {
  const parts: Record<string, number> = {};
  for (const [name, part] of Object.entries(seen.parts)) parts[name] = part / coverage;
  if (unseenU > 0) parts[source] = unseenU;
  return {
    value: quantity(seen.value / coverage, ""),
    u: Math.hypot(seen.u / coverage, unseenU),
    status: coverage < SHOWN_AS_WHOLE ? worse(seen.status, Status.UncertainSubstitute) : seen.status,
    parts,
  };
}
