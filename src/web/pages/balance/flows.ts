import type { Substance } from "../../../domain/substance.ts";
import type { BalanceAnswer, StreamAnswer } from "./answers.ts";

/** How a number is known. */
export type Known = "measured" | "assayed" | "calculated" | "missing";

/** What a stream carries of a substance, as mass: t of solids, m3 of water, g of gold. */
export interface Flow {
  readonly stream: string;
  readonly title: string;
  /** Where it comes from and goes to. A stock that shrinks gives to its node. */
  readonly from: string | null;
  readonly to: string | null;
  /** Reconciled, of what flows that way; null where it cannot be known. */
  readonly mass: number | null;
  /** It flows against the direction that the plant file gives it. */
  readonly isReversed: boolean;
  /** Expanded uncertainty of the raw mass; null where there is none. */
  readonly expanded: number | null;
  readonly known: Known;
}

export function knownOf({ raw, reconciled, by }: StreamAnswer): Known {
  if (raw !== null) return by?.kind === "assay" ? "assayed" : "measured";
  return reconciled === null || by !== null ? missingOr(reconciled) : "calculated";
}

/** What should have been measured and was not is calculated from the others where they suffice. */
function missingOr(reconciled: number | null): Known {
  return reconciled === null ? "missing" : "calculated";
}

export function flowsOf({ streams }: BalanceAnswer, of: Substance): Flow[] {
  const solids = new Map(streams.filter((one) => one.of === "solids").map((one) => [one.stream, one]));
  return streams
    .filter((one) => one.of === of)
    .map((one) => {
      const { stream, title } = one;
      const carrier = one.unit === "g/t" ? (solids.get(stream) ?? null) : null;
      const isCarried = one.unit === "g/t";
      const mass = isCarried ? product(one.reconciled, carrier?.reconciled ?? null) : one.reconciled;
      const isReversed = mass !== null && mass < 0;
      const [from, to] = isReversed ? [one.to, one.from] : [one.from, one.to];
      return {
        stream,
        title,
        from,
        to,
        mass: mass === null ? null : Math.abs(mass),
        isReversed,
        expanded: expandedOf(one, carrier, isCarried),
        known: knownOf(one),
      };
    });
}

function product(a: number | null, b: number | null): number | null {
  return a === null || b === null ? null : a * b;
}

function expandedOf(own: StreamAnswer, carrier: StreamAnswer | null, isCarried: boolean): number | null {
  if (own.raw === null || own.rawSd === null) return null;
  if (!isCarried) return 2 * own.rawSd;
  if (carrier === null || carrier.raw === null || carrier.rawSd === null) return null;
  return 2 * Math.hypot(carrier.raw * own.rawSd, own.raw * carrier.rawSd);
}
