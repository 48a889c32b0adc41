import type { Figure } from "../domain/figure.ts";
import { formula, ratio, sumOf } from "./formula.ts";

const FLOW_MIN = 0.5;
const GRADE_MIN = 0.01;

/** Volume flow of a pulp, m3/h, from its solids and water. */
export const pulpVolumeFlow = formula({
  unit: "m3/h",
  inputs: { drySolids: "t/h", water: "t/h", solids: "t/m3", liquor: "t/m3" },
  of: ({ drySolids, water, solids, liquor }) =>
    solids <= 0 || liquor <= 0 ? "OUT_OF_DOMAIN" : drySolids / solids + water / liquor,
});

/** M-31. Residence in one tank, h: live volume × level over flow. LOW_DENOM below 0.5 m3/h. */
export const residence = formula({
  unit: "h",
  inputs: { volume: "m3", level: "1", flow: "m3/h" },
  of: ({ volume, level, flow }) => ratio(volume * level, flow, FLOW_MIN),
});

/** M-31. Residence over the tanks on line, h. */
export function totalResidence(
  tanks: readonly { readonly volume: Figure<"m3">; readonly level: Figure<"1"> }[],
  flow: Figure<"m3/h">,
): Figure<"h"> {
  return sumOf(
    "h",
    tanks.map((tank) => residence({ ...tank, flow })),
  );
}

/** M-32. Extraction seen on solids, %: 1 − s_out/s_in. LOW_DENOM below 0.01 g/t in; no value when more leaves than enters. */
export const extraction = formula({
  unit: "%",
  inputs: { before: "g/t", after: "g/t" },
  of: ({ before, after }) => {
    const left = ratio(after, before, GRADE_MIN);
    if (typeof left === "string") return left;
    return left > 1 || left < 0 ? "OUT_OF_DOMAIN" : 100 * (1 - left);
  },
});

/** M-32. Extraction of every stage, %, from the grade of the feed and of each tank's solids. A stage may be negative:
 *  two assays of nearly the same grade differ by their errors. */
export function stageExtractions(
  feed: Figure<"g/t">,
  tanks: readonly Figure<"g/t">[],
): readonly Figure<"%">[] {
  return tanks.map((after, stage) => stageExtraction({ before: tanks[stage - 1] ?? feed, after }));
}

const stageExtraction = formula({
  unit: "%",
  inputs: { before: "g/t", after: "g/t" },
  of: ({ before, after }) => {
    const left = ratio(after, before, GRADE_MIN);
    return typeof left === "string" ? left : 100 * (1 - left);
  },
});

/** M-33. Extraction seen on products, %, which needs no head assay: gold won on carbon, plus what the circuit gained in
 *  solution and on carbon, plus what left in solution, over the same plus gold left in the solids. */
export const extractionOnProducts = formula({
  unit: "%",
  inputs: {
    carbonGold: "g",
    solutionChange: "g",
    carbonChange: "g",
    solutionLoss: "g",
    tailsSolidsGold: "g",
  },
  of: ({ carbonGold, solutionChange, carbonChange, solutionLoss, tailsSolidsGold }) => {
    const dissolved = carbonGold + solutionChange + carbonChange + solutionLoss;
    return ratio(100 * dissolved, dissolved + tailsSolidsGold, 0.1);
  },
});

/** M-40b. Gold lost in solution per hour, g/h: water × assay (1 mg/L is 1 g/m3). */
export const solubleLossRate = formula({
  unit: "g/h",
  inputs: { water: "t/h", solution: "g/m3", liquor: "t/m3" },
  of: ({ water, solution, liquor }) => ratio(water * solution, liquor, 0.5),
});

/** M-40b. Gold lost in solution over gold in the feed, %. */
export const solubleLoss = formula({
  unit: "%",
  inputs: { lost: "g", goldInFeed: "g" },
  of: ({ lost, goldInFeed }) => ratio(100 * lost, goldInFeed, 0.1),
});

/** Grades, g/t, along equal stirred tanks that leach by the second order towards a floor: in each, with a the grade
 *  above the floor, k·τ·a² + a = a of the tank before. */
export function leachProfile(
  feed: number,
  floor: number,
  rate: number,
  residenceH: number,
  tanks: number,
): number[] {
  const profile: number[] = [];
  let above = Math.max(0, feed - floor);
  for (let tank = 0; tank < tanks; tank++) {
    const speed = rate * residenceH;
    above = speed === 0 ? above : (Math.sqrt(1 + 4 * speed * above) - 1) / (2 * speed);
    profile.push(floor + above);
  }
  return profile;
}
