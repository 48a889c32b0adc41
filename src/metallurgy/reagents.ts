import { formula, ratio } from "./formula.ts";

const DRY_TONNES_MIN = 0.2;
const KG_PER_G = 1e-3;

/** Mass of SO2 per mass of sodium metabisulphite: 2 × 64.066 / 190.107. */
const SO2_PER_SMBS = 0.674;

/** M-34. Reagent in a dosed solution, kg/h: flow × strength. */
export const dosingRate = formula({
  unit: "kg/h",
  inputs: { flow: "L/h", strength: "g{NaCN}/L" },
  of: ({ flow, strength }) => KG_PER_G * flow * strength,
});

/** M-34. Sodium cyanide added, kg/t of dry ore, of a period. LOW_DENOM below 0.2 t. */
export const cyanideAdded = formula({
  unit: "kg/t",
  inputs: { solution: "L", strength: "g{NaCN}/L", dry: "t" },
  of: ({ solution, strength, dry }) => ratio(KG_PER_G * solution * strength, dry, DRY_TONNES_MIN),
});

/** M-34. Sodium cyanide that leaves with the tails' water, kg. */
export const cyanideInTails = formula({
  unit: "kg",
  inputs: { water: "m3", residual: "mg{NaCN}/L" },
  of: ({ water, residual }) => KG_PER_G * water * residual,
});

/** M-34. Sodium cyanide consumed, kg/t: added less what leaves with the tails' water. */
export const cyanideConsumed = formula({
  unit: "kg/t",
  inputs: { solution: "L", strength: "g{NaCN}/L", dry: "t", water: "m3", residual: "mg{NaCN}/L" },
  of: ({ solution, strength, dry, water, residual }) =>
    ratio(KG_PER_G * (solution * strength - water * residual), dry, DRY_TONNES_MIN),
});

/** M-34. Reagent solution used, L, by the fall of its day tank: what stands in when the flowmeter is bad. */
export const dayTankUse = formula({
  unit: "L",
  inputs: { levelStart: "1", levelEnd: "1", tankVolume: "L", refilled: "L" },
  of: ({ levelStart, levelEnd, tankVolume, refilled }) => {
    const used = (levelStart - levelEnd) * tankVolume + refilled;
    return used < 0 ? "OUT_OF_DOMAIN" : used;
  },
});

/** M-35. Reagent added, kg/t of dry ore, as the pure substance. */
export const reagentAdded = formula({
  unit: "kg/t",
  inputs: { product: "kg", purity: "1", dry: "t" },
  of: ({ product, purity, dry }) => ratio(product * purity, dry, DRY_TONNES_MIN),
});

/** M-52. Days that a stock lasts at the mean use of the last seven days. LOW_DENOM when nothing is used. */
export const reagentDaysLeft = formula({
  unit: "d",
  inputs: { stock: "kg", meanUse: "kg/d" },
  of: ({ stock, meanUse }) => (stock < 0 ? "OUT_OF_DOMAIN" : ratio(stock, meanUse, 1e-3)),
});

/** M-57. Sulphur dioxide per weak-acid-dissociable cyanide, g/g; theory 2.46, practice 3 to 5.
 *  LOW_DENOM when hardly any cyanide comes in. */
export const sulphurDioxideRatio = formula({
  unit: "1",
  inputs: { smbs: "kg/h", wadCyanide: "kg/h" },
  of: ({ smbs, wadCyanide }) => ratio(SO2_PER_SMBS * smbs, wadCyanide, 0.01),
});

/** M-57. Weak-acid-dissociable cyanide that a flow carries, kg/h. */
export const wadLoad = formula({
  unit: "kg/h",
  inputs: { water: "m3/h", wad: "mg{CN}/L" },
  of: ({ water, wad }) => KG_PER_G * water * wad,
});
