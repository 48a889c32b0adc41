import { formula, ratio } from "./formula.ts";

/** Corrected cut size of the plant's cyclone, µm: the cut it made at a reference flow and solids, moved with the exponents
 *  for flow and for % solids by volume. Source of the exponents: Plitt 1976, CIM Bulletin. */
export const cutSize = formula({
  unit: "um",
  inputs: {
    flow: "m3/h",
    solidsByVolume: "%",
    referenceCut: "um",
    referenceFlow: "m3/h",
    referenceSolidsByVolume: "%",
  },
  of: ({ flow, solidsByVolume, referenceCut, referenceFlow, referenceSolidsByVolume }) => {
    const load = ratio(flow, referenceFlow, 1e-6);
    if (typeof load === "string" || load <= 0) return "LOW_DENOM";
    return referenceCut * load ** -0.45 * Math.exp(0.063 * (solidsByVolume - referenceSolidsByVolume));
  },
});

/** Share of a size that goes to the underflow: what the cut sends there, and what goes along with the water. */
export const partition = formula({
  unit: "1",
  inputs: { size: "um", cut: "um", waterSplit: "1" },
  of: ({ size, cut, waterSplit }) => {
    const relative = ratio(size, cut, 1e-6);
    if (typeof relative === "string") return relative;
    return waterSplit + (1 - waterSplit) * (1 - Math.exp(-Math.LN2 * relative ** 2));
  },
});

/** Cut size of grains of another density, µm: smaller as the root of the ratio of their weights in the liquor. */
export const denseCutSize = formula({
  unit: "um",
  inputs: { cut: "um", solids: "t/m3", grain: "t/m3", liquor: "t/m3" },
  of: ({ cut, solids, grain, liquor }) => {
    const weight = ratio(solids - liquor, grain - liquor, 1e-6);
    return typeof weight === "string" || weight < 0 ? "OUT_OF_DOMAIN" : cut * Math.sqrt(weight);
  },
});
