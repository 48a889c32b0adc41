import type { Refusal } from "../domain/figure.ts";
import { formula, ratio } from "./formula.ts";

const DRY_TONNES_MIN = 0.2;

/** M-14, M-15, M-51. Energy per dry tonne, kWh/t, of a period. LOW_DENOM below 0.2 t. */
export const specificEnergy = formula({
  unit: "kW.h/t",
  inputs: { energy: "kW.h", dry: "t" },
  of: ({ energy, dry }) => ratio(energy, dry, DRY_TONNES_MIN),
});

const SIZES = { feed80: "um", product80: "um" } as const;

interface Sizes {
  /** 80 % passing sizes, µm. */
  readonly feed80: number;
  readonly product80: number;
}

/** 10(1/√P80 − 1/√F80): the factor between a work index and the energy. No value unless F80 > P80 > 0. */
function bondFactor({ feed80, product80 }: Sizes): number | Refusal {
  return product80 <= 0 || feed80 <= product80
    ? "OUT_OF_DOMAIN"
    : 10 * (1 / Math.sqrt(product80) - 1 / Math.sqrt(feed80));
}

/** M-16. Energy that Bond's third theory expects, kWh per metric tonne. Source: Bond 1961, Crushing and Grinding Calculations. */
export const bondEnergy = formula({
  unit: "kW.h/t",
  inputs: { workIndex: "kW.h/t", ...SIZES },
  of: ({ workIndex, ...sizes }) => {
    const factor = bondFactor(sizes);
    return typeof factor === "string" ? factor : workIndex * factor;
  },
});

/** M-16. Operating work index, kWh/t: the work index that the energy really used would mean. */
export const operatingWorkIndex = formula({
  unit: "kW.h/t",
  inputs: { specificEnergy: "kW.h/t", ...SIZES },
  of: ({ specificEnergy: energy, ...sizes }) => {
    const factor = bondFactor(sizes);
    return typeof factor === "string" ? factor : ratio(energy, factor, 1e-6);
  },
});

/** M-16. Grinding efficiency, %: laboratory work index over the operating one. */
export const grindingEfficiency = formula({
  unit: "%",
  inputs: { workIndex: "kW.h/t", specificEnergy: "kW.h/t", ...SIZES },
  of: ({ workIndex, specificEnergy: energy, ...sizes }) => {
    const factor = bondFactor(sizes);
    return typeof factor === "string" ? factor : ratio(100 * workIndex * factor, energy, 0.01);
  },
});

/** Power, kW, that Bond's theory expects for a dry rate. */
export const bondPower = formula({
  unit: "kW",
  inputs: { workIndex: "kW.h/t", ...SIZES, dryRate: "t/h" },
  of: ({ workIndex, dryRate: rate, ...sizes }) => {
    const factor = bondFactor(sizes);
    return typeof factor === "string" ? factor : workIndex * factor * rate;
  },
});

/** M-17. Ball-mill work index of Bond's locked-cycle test, kWh per metric tonne:
 *  49.1/[P1^0.23 · G^0.82 · (10/√P − 10/√F)], closing screen P1 µm, net product G grams a turn. */
export const bondTest = formula({
  unit: "kW.h/t",
  inputs: { closingScreen: "um", gramsPerTurn: "g", ...SIZES },
  of: ({ closingScreen, gramsPerTurn, ...sizes }) => {
    const factor = bondFactor(sizes);
    if (typeof factor === "string" || closingScreen <= 0 || gramsPerTurn <= 0) return "OUT_OF_DOMAIN";
    return 49.1 / (closingScreen ** 0.23 * gramsPerTurn ** 0.82 * factor);
  },
});

/** M-14. Reduction ratio F80/P80 of a crusher. */
export const reductionRatio = formula({
  unit: "1",
  inputs: SIZES,
  of: ({ feed80, product80 }) => ratio(feed80, product80, 1),
});

/** M-14. Three-phase power, kW, where there is no power meter: √3·V·I·pf/1000. */
export const threePhasePower = formula({
  unit: "kW",
  inputs: { voltage: "V", current: "A", powerFactor: "1" },
  of: ({ voltage, current, powerFactor }) => (Math.sqrt(3) * voltage * current * powerFactor) / 1000,
});
