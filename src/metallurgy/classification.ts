import type { Figure, Refusal } from "../domain/figure.ts";
import { unknown } from "../domain/figure.ts";
import { Status, worse } from "../domain/status.ts";
import { evaluate, formula, ratio } from "./formula.ts";
import { dilution } from "./slurry.ts";

const DILUTION_DIFFERENCE_MIN = 0.05;

/** M-22. Circulating load U/O, %, from the water per solids of the cyclone's feed, overflow and underflow:
 *  (δo−δf)/(δf−δu). LOW_DENOM when feed and underflow are equally wet. */
export const circulatingLoadFromDilutions = formula({
  unit: "%",
  inputs: { feed: "1", overflow: "1", underflow: "1" },
  of: ({ feed, overflow, underflow }) =>
    ratio(100 * (overflow - feed), feed - underflow, DILUTION_DIFFERENCE_MIN),
  partials: ({ feed, overflow, underflow }) => ({
    overflow: 100 / (feed - underflow),
    feed: (-100 * (overflow - underflow)) / (feed - underflow) ** 2,
    underflow: (100 * (overflow - feed)) / (feed - underflow) ** 2,
  }),
});

/** M-22. The same from the three density gauges, so that the density of the rock counts once for all. */
export const circulatingLoadFromDensities = formula({
  unit: "%",
  inputs: { feed: "t/m3", overflow: "t/m3", underflow: "t/m3", solids: "t/m3", liquor: "t/m3" },
  of: ({ feed, overflow, underflow, solids, liquor }) => {
    const feedDilution = dilution.of({ slurry: feed, solids, liquor });
    const overflowDilution = dilution.of({ slurry: overflow, solids, liquor });
    const underflowDilution = dilution.of({ slurry: underflow, solids, liquor });
    if (typeof feedDilution === "string") return feedDilution;
    if (typeof overflowDilution === "string") return overflowDilution;
    if (typeof underflowDilution === "string") return underflowDilution;
    return ratio(
      100 * (overflowDilution - feedDilution),
      feedDilution - underflowDilution,
      DILUTION_DIFFERENCE_MIN,
    );
  },
});

/** M-22. The same from one screen: cumulative % of the feed, overflow and underflow that is coarser (or finer) than it. */
export const circulatingLoadFromSizes = formula({
  unit: "%",
  inputs: { feed: "%", overflow: "%", underflow: "%" },
  of: ({ feed, overflow, underflow }) => ratio(100 * (overflow - feed), feed - underflow, 1),
});

/** M-23. The same from flows, %: solids pumped to the cyclone over solids in its overflow, less one. */
export const circulatingLoadFromFlows = formula({
  unit: "%",
  inputs: { cycloneFeed: "t/h", overflow: "t/h" },
  of: ({ cycloneFeed, overflow }) => {
    const times = ratio(cycloneFeed, overflow, 0.05);
    return typeof times === "string" ? times : 100 * (times - 1);
  },
});

/** M-23. Of two estimates of one thing the one with the smaller uncertainty; the other where one has no value. */
export function surer<U extends string>(a: Figure<U>, b: Figure<U>): Figure<U> {
  if (a.value === null) return b;
  return b.value === null || a.u <= b.u ? a : b;
}

/** One screen of a sieve analysis. */
export interface Screen {
  readonly size: Figure<"um">;
  /** Cumulative mass passing. */
  readonly passing: Figure<"%">;
}

/** M-24. Size, µm, that a share of the mass passes: straight line between the bracketing screens in log size against
 *  passing. NO_BRACKET when the share lies outside the screens, OUT_OF_DOMAIN when passing does not fall with size. */
export function passingSize(screens: readonly Screen[], percent: number): Figure<"um"> {
  const known = screens.flatMap(({ size, passing }) =>
    size.value === null || passing.value === null ? [] : [{ size, passing }],
  );
  const sorted = known.toSorted((a, b) => b.size.value - a.size.value);
  if (sorted.some(({ passing }, i) => passing.value > (sorted[i - 1]?.passing.value ?? Infinity)))
    return unknown("OUT_OF_DOMAIN");
  const below = sorted.findIndex(({ passing }) => passing.value <= percent);
  const lower = sorted[below];
  const upper = sorted[below - 1] ?? (lower?.passing.value === percent ? lower : undefined);
  if (lower === undefined || upper === undefined) return unknown("NO_BRACKET");
  if (lower === upper || lower.passing.value === percent) return lower.size;
  const status = [lower.size, lower.passing, upper.size, upper.passing].reduce(
    (worst: number, figure) => worse(worst, figure.status),
    Status.Good,
  );
  return evaluate(
    ([lowSize = NaN, low = NaN, highSize = NaN, high = NaN]) =>
      interpolate({ lowSize, low, highSize, high, percent }),
    "um",
    [lower.size, lower.passing, upper.size, upper.passing],
    status,
  );
}

interface Bracket {
  readonly lowSize: number;
  readonly low: number;
  readonly highSize: number;
  readonly high: number;
  readonly percent: number;
}

function interpolate({ lowSize, low, highSize, high, percent }: Bracket): number | Refusal {
  const share = ratio(percent - low, high - low, 1e-9);
  return typeof share === "string" ? share : lowSize * (highSize / lowSize) ** share;
}

/** M-24. Ratio of P80 to cut size before any laboratory analysis has corrected it. */
export const SIZE_FACTOR_START = 0.716;
const SIZE_FACTOR_WEIGHT = 0.3;

/** M-24. The ratio of P80 to cut size after one more laboratory P80: exponentially weighted. LOW_DENOM without a cut. */
export const sizeFactor = formula({
  unit: "1",
  inputs: { before: "1", product80: "um", cut: "um" },
  of: ({ before, product80, cut }) => {
    const seen = ratio(product80, cut, 1);
    return typeof seen === "string" ? seen : before + SIZE_FACTOR_WEIGHT * (seen - before);
  },
});

/** M-24. On-line estimate of the overflow's P80, µm, from the cut size. */
export const estimatedP80 = formula({
  unit: "um",
  inputs: { sizeFactor: "1", cut: "um" },
  of: (x) => x.sizeFactor * x.cut,
});

/** M-25. Whether the underflow leaves as a rope (1) or as a spray (0): too dense, too full of solids, or twice as much
 *  coarse ore in the overflow as usual. The verdict is to stand for 30 s before it counts. */
export const roping = formula({
  unit: "1",
  inputs: { underflow: "t/m3", underflowSolidsByVolume: "1", overflowCoarse: "%", usualOverflowCoarse: "%" },
  of: ({ underflow, underflowSolidsByVolume, overflowCoarse, usualOverflowCoarse }) =>
    underflow > 1.95 ||
    underflowSolidsByVolume > 0.6 ||
    (usualOverflowCoarse > 0 && overflowCoarse >= 2 * usualOverflowCoarse)
      ? 1
      : 0,
});

/** M-25. Whether a cyclone plugs (1): its pressure rises while its flow falls, both by more than 10 % of what they were. */
export const plugging = formula({
  unit: "1",
  inputs: { pressure: "kPa", usualPressure: "kPa", flow: "m3/h", usualFlow: "m3/h" },
  of: ({ pressure, usualPressure, flow, usualFlow }) =>
    usualPressure > 0 && usualFlow > 0 && pressure > 1.1 * usualPressure && flow < 0.9 * usualFlow ? 1 : 0,
});
