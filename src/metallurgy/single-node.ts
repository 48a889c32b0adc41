import type { Refusal } from "../domain/figure.ts";

/** One component assayed in feed, concentrate and tails of a separator. */
export interface ComponentAssays {
  readonly feed: number;
  readonly concentrate: number;
  readonly tails: number;
  /** Variances of the three assays; equal ones when left out. */
  readonly variance?: { readonly feed: number; readonly concentrate: number; readonly tails: number };
}

export interface SingleNodeBalance {
  /** Share of the feed's mass in the concentrate that all components agree on best. */
  readonly split: number;
  /** The split that each component alone gives; null where concentrate and tails are alike. */
  readonly splits: readonly (number | null)[];
  readonly adjusted: readonly ComponentAssays[];
}

const EQUAL = { feed: 1, concentrate: 1, tails: 1 } as const;
const STEPS_MAX = 100;

/** Balance of one separator from many assays. With equal variances the split is Σ(f−t)(c−t)/Σ(c−t)²; with given ones each
 *  component counts by the variance of its misclosure at the split, found by repetition. LOW_DENOM when concentrate and
 *  tails do not differ in anything. Source: Wiegel 1972; Wills, Mineral Processing Technology, ch. 3. */
export function singleNodeBalance(components: readonly ComponentAssays[]): SingleNodeBalance | Refusal {
  const isWeighted = components.some(({ variance }) => variance !== undefined);
  const equal = bestSplit(components, () => 1);
  const share = typeof equal === "string" || !isWeighted ? equal : weightedSplit(components, equal);
  if (typeof share === "string") return share;
  return {
    split: share,
    splits: components.map(({ feed, concentrate, tails }) =>
      concentrate === tails ? null : (feed - tails) / (concentrate - tails),
    ),
    adjusted: components.map((component) => adjust(component, share)),
  };
}

/** Every component by the variance of its misclosure, which itself depends on the split. */
function weightedSplit(components: readonly ComponentAssays[], start: number): number | Refusal {
  let split = start;
  for (let step = 0; step < STEPS_MAX; step++) {
    const at = split;
    const next = bestSplit(components, ({ variance = EQUAL }) => 1 / spreadOf(variance, at));
    if (typeof next === "string") return next;
    split = next;
    if (Math.abs(split - at) < 1e-12) return split;
  }
  return "NOT_CONVERGED";
}

function bestSplit(
  components: readonly ComponentAssays[],
  weigh: (x: ComponentAssays) => number,
): number | Refusal {
  let products = 0;
  let squares = 0;
  for (const component of components) {
    const weight = weigh(component);
    const difference = component.concentrate - component.tails;
    products += weight * (component.feed - component.tails) * difference;
    squares += weight * difference ** 2;
  }
  return squares === 0 ? "LOW_DENOM" : products / squares;
}

/** Variance of f − C·c − (1−C)·t. */
function spreadOf(variance: { feed: number; concentrate: number; tails: number }, split: number): number {
  return variance.feed + split ** 2 * variance.concentrate + (1 - split) ** 2 * variance.tails;
}

function adjust(
  { feed, concentrate, tails, variance = EQUAL }: ComponentAssays,
  split: number,
): ComponentAssays {
  const residual = feed - split * concentrate - (1 - split) * tails;
  const step = residual / spreadOf(variance, split);
  return {
    feed: feed - variance.feed * step,
    concentrate: concentrate + variance.concentrate * split * step,
    tails: tails + variance.tails * (1 - split) * step,
  };
}
