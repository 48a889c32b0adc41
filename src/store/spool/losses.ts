import type { Gap } from "../../domain/ports.ts";

/** Readings of one output that were lost, and what it has to be told of that. */
export interface Losses {
  note(loss: Gap): void;
  /** By reason, in readings. */
  dropped(): Readonly<Record<string, number>>;
  /** The loss to tell of next; losses for one reason that follow each other are told as one. */
  next(): Gap | null;
  told(): void;
  untold(): readonly Gap[];
}

export function createLosses(before: Readonly<Record<string, number>>, untold: readonly Gap[]): Losses {
  const dropped: Record<string, number> = { "spool-full": 0, unprotected: 0, damaged: 0, ...before };
  const gaps = [...untold];
  let telling: Gap | null = null;

  return {
    note(loss) {
      const { reason, count, from, to } = loss;
      dropped[reason] = (dropped[reason] ?? 0) + count;
      const index = gaps.findIndex((gap) => gap.reason === reason && gap !== telling);
      const known = gaps[index];
      if (known === undefined) gaps.push(loss);
      else
        gaps[index] = {
          reason,
          count: known.count + count,
          from: Math.min(known.from, from),
          to: Math.max(known.to, to),
        };
    },
    dropped: () => ({ ...dropped }),
    next() {
      telling ??= gaps[0] ?? null;
      return telling;
    },
    told() {
      if (telling !== null) gaps.splice(gaps.indexOf(telling), 1);
      telling = null;
    },
    untold: () => gaps,
  };
}
