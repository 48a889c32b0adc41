import { formula, ratio } from "./formula.ts";

const PULP = { tank: "m3", level: "1", slurry: "t/m3", solids: "t/m3", liquor: "t/m3" } as const;

interface Pulp {
  readonly tank: number;
  readonly level: number;
  readonly slurry: number;
  readonly solids: number;
  readonly liquor: number;
}

/** Share of the pulp that is solids by volume; no value for a pulp lighter than its liquor or heavier than its solids. */
function solidsByVolume({ slurry, solids, liquor }: Pulp) {
  if (slurry < liquor || slurry > solids) return "OUT_OF_DOMAIN" as const;
  return ratio(slurry - liquor, solids - liquor, 0.1);
}

/** M-43. Gold in the solids of a tank, g, from its size, its level and the density of its pulp. */
export const goldInTankSolids = formula({
  unit: "g",
  inputs: { ...PULP, grade: "g/t" },
  of: ({ grade, ...pulp }) => {
    const share = solidsByVolume(pulp);
    return typeof share === "string" ? share : pulp.tank * pulp.level * share * pulp.solids * grade;
  },
});

/** M-43. Gold in the solution of a tank, g (1 mg/L is 1 g/m3). */
export const goldInTankSolution = formula({
  unit: "g",
  inputs: { ...PULP, solution: "g/m3" },
  of: ({ solution, ...pulp }) => {
    const share = solidsByVolume(pulp);
    return typeof share === "string" ? share : pulp.tank * pulp.level * (1 - share) * solution;
  },
});

/** M-37. Carbon in a tank, t, from what a litre of its pulp holds. */
export const carbonInTank = formula({
  unit: "t",
  inputs: { tank: "m3", level: "1", concentration: "t/m3" },
  of: ({ tank, level, concentration }) => tank * level * concentration,
});

/** M-37, M-43. Gold on the carbon of a tank, g. */
export const goldOnTankCarbon = formula({
  unit: "g",
  inputs: { tank: "m3", level: "1", concentration: "t/m3", loading: "g/t" },
  of: ({ tank, level, concentration, loading }) => tank * level * concentration * loading,
});
