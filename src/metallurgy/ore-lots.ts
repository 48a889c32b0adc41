/** Ore that was delivered to the stockpile. */
export interface Delivery {
  readonly lot: string;
  /** When it was tipped, ms. */
  readonly at: number;
  readonly dryT: number;
}

/** Ore that left the stockpile for the mill in a time. */
export interface Milled {
  readonly from: number;
  readonly to: number;
  readonly dryT: number;
}

/** A part of a lot in what was milled. */
export interface LotShare {
  /** Null for ore that no delivery accounts for: what lay there before the first one, or what the weights disagree by. */
  readonly lot: string | null;
  readonly dryT: number;
}

export interface LotTrack {
  /** What each milled stretch was made of, in the order given. */
  readonly milled: readonly (readonly LotShare[])[];
  /** What is left of each lot, oldest first. */
  readonly left: readonly LotShare[];
}

interface Heap {
  readonly lot: string | null;
  dryT: number;
}

/** Follows ore from delivery to mill by the rule that what was delivered first is milled first, over whatever lies between:
 *  stockpile, crusher and fine ore bin. Within a stretch ore leaves evenly, and only what was delivered by then can leave;
 *  what no delivery accounts for has no lot. Deliveries and milled stretches may come in any order; stretches must not
 *  overlap. `openingT` lay there before. */
export function trackLots(
  deliveries: readonly Delivery[],
  milled: readonly Milled[],
  openingT: number,
): LotTrack {
  const coming = [...deliveries].sort((one, other) => one.at - other.at || (one.lot < other.lot ? -1 : 1));
  const heaps: Heap[] = openingT > 0 ? [{ lot: null, dryT: openingT }] : [];
  const shares = new Map<Milled, LotShare[]>();
  for (const stretch of [...milled].sort((one, other) => one.from - other.from)) {
    tip(coming, heaps, stretch.from);
    shares.set(stretch, draw(stretch, coming, heaps));
  }
  tip(coming, heaps, Infinity);
  const left = heaps.map(({ lot, dryT }) => ({ lot, dryT })).filter(({ dryT }) => dryT > 0);
  return { milled: milled.map((stretch) => shares.get(stretch) ?? []), left };
}

/** Tips everything that came until a time. */
function tip(coming: Delivery[], heaps: Heap[], until: number): void {
  while (coming[0] !== undefined && coming[0].at <= until) {
    const { lot, dryT } = coming.shift() as Delivery;
    heaps.push({ lot, dryT });
  }
}

/** Takes what a stretch milled, delivery by delivery of those that come while it lasts. */
function draw({ from, to, dryT }: Milled, coming: Delivery[], heaps: Heap[]): LotShare[] {
  const taken: LotShare[] = [];
  let time = from;
  while (time < to) {
    const next = Math.min(to, coming[0]?.at ?? to);
    take(heaps, (dryT * (next - time)) / (to - from), taken);
    time = next;
    if (time < to) tip(coming, heaps, time);
  }
  return merged(taken);
}

function take(heaps: Heap[], amount: number, taken: LotShare[]): void {
  let wanted = amount;
  while (wanted > 0) {
    const [oldest] = heaps;
    if (oldest === undefined) {
      taken.push({ lot: null, dryT: wanted });
      return;
    }
    const part = Math.min(wanted, oldest.dryT);
    taken.push({ lot: oldest.lot, dryT: part });
    oldest.dryT -= part;
    wanted -= part;
    if (oldest.dryT <= 0) heaps.shift();
  }
}

function merged(shares: readonly LotShare[]): LotShare[] {
  const byLot = new Map<string | null, number>();
  for (const { lot, dryT } of shares) byLot.set(lot, (byLot.get(lot) ?? 0) + dryT);
  return Array.from(byLot, ([lot, dryT]) => ({ lot, dryT })).filter(({ dryT }) => dryT > 0);
}

/** What a milled stretch achieved: the recovery of the plant, %, with its standard uncertainty, and its head grade, g/t. */
export interface StretchResult {
  readonly recoveryPercent: number;
  readonly u: number;
  readonly headGPerT: number;
}

export interface LotRecovery {
  readonly lot: string | null;
  readonly dryT: number;
  readonly goldG: number;
  readonly recoveryPercent: number;
  readonly u: number;
}

/** Recovery of each lot: that of the stretches in which it was milled, weighted by the gold that it brought into each. All
 *  ore of a stretch has the stretch's recovery and head grade, because the plant sees only their mixture. The recoveries are
 *  taken to share their errors (one tails sampler, one belt scale), so that u does not shrink with their number. Stretches
 *  without a result count for nothing. */
export function lotRecoveries(
  milled: readonly (readonly LotShare[])[],
  results: readonly (StretchResult | null)[],
): LotRecovery[] {
  const sums = new Map<string | null, { dryT: number; goldG: number; recovered: number; u: number }>();
  for (const [i, shares] of milled.entries()) {
    const result = results[i] ?? null;
    if (result === null) continue;
    for (const { lot, dryT } of shares) {
      const sum = sums.get(lot) ?? { dryT: 0, goldG: 0, recovered: 0, u: 0 };
      const goldG = dryT * result.headGPerT;
      sum.dryT += dryT;
      sum.goldG += goldG;
      sum.recovered += goldG * result.recoveryPercent;
      sum.u += goldG * result.u;
      sums.set(lot, sum);
    }
  }
  return [...sums]
    .filter(([, { goldG }]) => goldG > 0)
    .map(([lot, { dryT, goldG, recovered, u }]) => ({
      lot,
      dryT,
      goldG,
      recoveryPercent: recovered / goldG,
      u: u / goldG,
    }));
}
