/** When an alarm is there. Limits, deadbands and values are in one unit.
 *  `share` is of the reference value: 0.8 for 80 % of it. */
export type Condition =
  | { readonly type: "HH" | "H" | "L" | "LL"; readonly limit: Limit; readonly deadband: number }
  /** Outside of a band. */
  | { readonly type: "outside"; readonly low: number; readonly high: number; readonly deadband: number }
  /** Further from a reference than the limit. */
  | { readonly type: "deviation"; readonly limit: Limit; readonly deadband: number }
  | { readonly type: "on" | "off" }
  /** The reading is bad. */
  | { readonly type: "bad" }
  /** The value does not change, as that of a heartbeat must, or there is none. */
  | { readonly type: "still" };

export type Limit =
  | { readonly by: "amount"; readonly amount: number }
  | { readonly by: "share"; readonly share: number };

/** `unknown` where the quality does not let anybody tell. */
export type Verdict = "active" | "normal" | "unknown";

/** What a condition is judged on. */
export interface Evidence {
  readonly value: number;
  readonly isBad: boolean;
  /** NaN where there is none. */
  readonly reference: number;
  readonly isReferenceBad: boolean;
  /** Whether the alarm is there already: then the deadband must be passed to leave it. */
  readonly wasActive: boolean;
  readonly hasChanged: boolean;
}

/** Judges a condition. A value at the limit is not beyond it.
 *  Source: EEMUA 191, deadbands; ANSI/ISA-18.2, alarm deadband. */
export function judge(condition: Condition, evidence: Evidence): Verdict {
  if (condition.type === "bad") return asVerdict(evidence.isBad);
  if (condition.type === "still") return asVerdict(evidence.isBad || !evidence.hasChanged);
  if (cannotTell(condition, evidence)) return "unknown";
  if ("limit" in condition) return asVerdict(isBeyond(condition, evidence));
  if (condition.type === "outside") return asVerdict(isOutside(condition, evidence));
  return asVerdict((evidence.value !== 0) === (condition.type === "on"));
}

function asVerdict(isThere: boolean): Verdict {
  return isThere ? "active" : "normal";
}

function cannotTell(condition: Condition, { value, isBad, reference, isReferenceBad }: Evidence): boolean {
  if (isBad || Number.isNaN(value)) return true;
  return usesReference(condition) && (isReferenceBad || Number.isNaN(reference));
}

/** The limit that counts now; null for conditions without one. For a band, the end that is nearer to the value. */
export function limitOf(condition: Condition, reference: number, value: number): number | null {
  if (condition.type === "outside") {
    const { low, high } = condition;
    return Math.abs(value - low) < Math.abs(value - high) ? low : high;
  }
  if (!("limit" in condition)) return null;
  const amount = amountOf(condition.limit, reference);
  return Number.isFinite(amount) ? amount : null;
}

function usesReference(condition: Condition): boolean {
  return condition.type === "deviation" || ("limit" in condition && condition.limit.by === "share");
}

function isOutside(
  { low, high, deadband }: Extract<Condition, { type: "outside" }>,
  { value, wasActive }: Evidence,
): boolean {
  const inset = wasActive ? deadband : 0;
  return value < low + inset || value > high - inset;
}

type Limited = Extract<Condition, { readonly limit: Limit }>;

function isBeyond({ type, limit, deadband }: Limited, { value, reference, wasActive }: Evidence): boolean {
  const amount = amountOf(limit, reference);
  const inset = wasActive ? deadband : 0;
  if (type === "deviation") return Math.abs(value - reference) > amount - inset;
  return type === "H" || type === "HH" ? value > amount - inset : value < amount + inset;
}

function amountOf(limit: Limit, reference: number): number {
  return limit.by === "amount" ? limit.amount : limit.share * Math.abs(reference);
}
