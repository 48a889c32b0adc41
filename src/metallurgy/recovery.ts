import type { Figure } from "../domain/figure.ts";
import type { Quantity } from "../domain/quantity.ts";
import { times } from "../domain/quantity.ts";
import { formula, ratio, sumOf } from "./formula.ts";

/** M-41. Gold in a mass of dry ore, g. */
export const goldInSolids = formula({
  unit: "g",
  inputs: { dry: "t", grade: "g/t" },
  of: ({ dry, grade }) =>
    dry < 0 || grade < 0 ? "OUT_OF_DOMAIN" : (times(dry, grade) satisfies Quantity<"g">),
  partials: ({ dry, grade }) => ({ dry: grade, grade: dry }),
});

/** M-41. Gold in a flow of dry ore, g/h. */
export const goldFlow = formula({
  unit: "g/h",
  inputs: { dry: "t/h", grade: "g/t" },
  of: ({ dry, grade }) =>
    dry < 0 || grade < 0 ? "OUT_OF_DOMAIN" : (times(dry, grade) satisfies Quantity<"g/h">),
  partials: ({ dry, grade }) => ({ dry: grade, grade: dry }),
});

/** M-41. Gold in the feed of several periods, each with its own grade, g. */
export function goldInFeed(
  periods: readonly { readonly dry: Figure<"t">; readonly grade: Figure<"g/t"> }[],
): Figure<"g"> {
  return sumOf("g", periods.map(goldInSolids));
}

const ASSAYS = { feed: "g/t", concentrate: "g/t", tails: "g/t" } as const;

interface Assays {
  readonly feed: number;
  readonly concentrate: number;
  readonly tails: number;
}

/** A separator enriches the concentrate and impoverishes the tails. */
function isSeparation({ feed, concentrate, tails }: Assays): boolean {
  return tails >= 0 && concentrate > feed && feed > tails;
}

/** M-42. Share of the mass that goes to the concentrate, by the two-product formula: (f−t)/(c−t). No value unless c > f > t. */
export const twoProductYield = formula({
  unit: "1",
  inputs: ASSAYS,
  of: (x) => (isSeparation(x) ? (x.feed - x.tails) / (x.concentrate - x.tails) : "OUT_OF_DOMAIN"),
});

/** M-42. Share of the gold that goes to the concentrate: c(f−t)/[f(c−t)]. No value unless c > f > t. */
export const twoProductRecovery = formula({
  unit: "1",
  inputs: ASSAYS,
  of: (x) =>
    isSeparation(x)
      ? (x.concentrate * (x.feed - x.tails)) / (x.feed * (x.concentrate - x.tails))
      : "OUT_OF_DOMAIN",
  partials: ({ feed: f, concentrate: c, tails: t }) => ({
    feed: (c * t) / (f ** 2 * (c - t)),
    concentrate: (-t * (f - t)) / (f * (c - t) ** 2),
    tails: (-c * (c - f)) / (f * (c - t) ** 2),
  }),
});

/** M-42. Ratio of concentration: mass of feed per mass of concentrate. */
export const concentrationRatio = formula({
  unit: "1",
  inputs: ASSAYS,
  of: (x) => (isSeparation(x) ? ratio(x.concentrate - x.tails, x.feed - x.tails) : "OUT_OF_DOMAIN"),
});
