import { formula, ratio } from "./formula.ts";
import type { Refusal } from "../domain/figure.ts";

/** Densities of a pulp: `slurry` as the gauge reads it, `solids` of the dry rock, `liquor` of the water with its salts. */
const DENSITIES = { slurry: "t/m3", solids: "t/m3", liquor: "t/m3" } as const;
const FLOW = { flow: "m3/h", ...DENSITIES } as const;

interface Densities {
  readonly slurry: number;
  readonly solids: number;
  readonly liquor: number;
}

/** A pulp lies between its water and its rock. */
function isPulp({ slurry, solids, liquor }: Densities): boolean {
  return liquor > 0 && solids > liquor && slurry >= liquor && slurry <= solids;
}

function volumeShare(x: Densities): number | Refusal {
  return isPulp(x) ? (x.slurry - x.liquor) / (x.solids - x.liquor) : "OUT_OF_DOMAIN";
}

/** M-07. Mass of solids per mass of pulp, x = ρs(ρm−ρl)/[ρm(ρs−ρl)]. No value unless ρl ≤ ρm ≤ ρs. */
export const solidsFraction = formula({
  unit: "1",
  inputs: DENSITIES,
  of: (x) =>
    isPulp(x) ? (x.solids * (x.slurry - x.liquor)) / (x.slurry * (x.solids - x.liquor)) : "OUT_OF_DOMAIN",
  partials: ({ slurry, solids, liquor }) => ({
    slurry: (solids * liquor) / ((solids - liquor) * slurry ** 2),
    solids: (-liquor * (slurry - liquor)) / (slurry * (solids - liquor) ** 2),
    liquor: (-solids * (solids - slurry)) / (slurry * (solids - liquor) ** 2),
  }),
});

/** M-08. Volume of solids per volume of pulp, (ρm−ρl)/(ρs−ρl). */
export const volumeFraction = formula({ unit: "1", inputs: DENSITIES, of: volumeShare });

/** M-08. Water per solids by mass, δ = (1−x)/x. LOW_DENOM below 0.1 % of solids. */
export const dilution = formula({
  unit: "1",
  inputs: DENSITIES,
  of: (x) => {
    const fraction = solidsFraction.of(x);
    return typeof fraction === "string" ? fraction : ratio(1 - fraction, fraction, 0.001);
  },
});

/** M-08. Density of a pulp, t/m3, of a given mass fraction of solids: 1/[x/ρs + (1−x)/ρl]. */
export const slurryDensity = formula({
  unit: "t/m3",
  inputs: { fraction: "1", solids: "t/m3", liquor: "t/m3" },
  of: ({ fraction, solids, liquor }) =>
    fraction < 0 || fraction > 1 || solids <= 0 || liquor <= 0
      ? "OUT_OF_DOMAIN"
      : 1 / (fraction / solids + (1 - fraction) / liquor),
});

/** M-09. Dry solids in a pulp flow, t/h: Q·ρs(ρm−ρl)/(ρs−ρl). Air bubbles make the gauge, and so the solids, read low. */
export const solidsFlow = formula({
  unit: "t/h",
  inputs: FLOW,
  of: (x) => {
    const share = volumeShare(x);
    return typeof share === "string" || x.flow < 0 ? "OUT_OF_DOMAIN" : x.flow * x.solids * share;
  },
  partials: ({ flow, slurry, solids, liquor }) => ({
    flow: (solids * (slurry - liquor)) / (solids - liquor),
    slurry: (flow * solids) / (solids - liquor),
    solids: (-flow * liquor * (slurry - liquor)) / (solids - liquor) ** 2,
    liquor: (-flow * solids * (solids - slurry)) / (solids - liquor) ** 2,
  }),
});

/** M-09. Water in a pulp flow, t/h: what is not solids. */
export const waterFlow = formula({
  unit: "t/h",
  inputs: FLOW,
  of: (x) => {
    const share = volumeShare(x);
    return typeof share === "string" || x.flow < 0 ? "OUT_OF_DOMAIN" : x.flow * (x.slurry - x.solids * share);
  },
});

/** Volume of pulp, m3/h, that carries a flow of dry solids at a mass fraction. LOW_DENOM for a pulp without solids. */
export const pulpFlow = formula({
  unit: "m3/h",
  inputs: { drySolids: "t/h", fraction: "1", solids: "t/m3", liquor: "t/m3" },
  of: ({ drySolids, fraction, solids, liquor }) => {
    const water = ratio(drySolids * (1 - fraction), fraction, 1e-6);
    return typeof water === "string" ? water : drySolids / solids + water / liquor;
  },
});
