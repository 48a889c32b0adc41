import { formula, ratio } from "./formula.ts";

/** pKa of hydrogen cyanide at 25 °C. */
const PKA_HCN = 9.21;
const PKW = 14;
const MOLAR_NACN = 49.007;
const MOL_PER_M3_PER_MOL_PER_L = 1000;
const PH_STEPS = 60;

function molecularShare(pH: number): number {
  return 1 / (1 + 10 ** (pH - PKA_HCN));
}

/** M-53. Share of the free cyanide that is molecular HCN and can leave as gas, %. No value outside pH 0 to 14. */
export const hydrogenCyanideShare = formula({
  unit: "%",
  inputs: { pH: "[pH]" },
  of: ({ pH }) => (pH < 0 || pH > 14 ? "OUT_OF_DOMAIN" : 100 * molecularShare(pH)),
});

/** Free cyanide, mol/m3, of a solution that holds so much sodium cyanide. */
export const cyanideMolarity = formula({
  unit: "mol/m3",
  inputs: { naCN: "mg{NaCN}/L" },
  of: ({ naCN }) => naCN / MOLAR_NACN,
});

/** pH of a solution of cyanide, from the balance of charges [OH] − [H] + [CN] = alkalinity, both in mol/m3, by bisection
 *  between 0 and 14. No value when the balance lies outside. */
export const equilibriumPH = formula({
  unit: "[pH]",
  inputs: { cyanide: "mol/m3", alkalinity: "mol/m3" },
  of: ({ cyanide, alkalinity }) => {
    let low = 0;
    let high = 14;
    if (charge(low, cyanide) > alkalinity || charge(high, cyanide) < alkalinity) return "NO_BRACKET";
    for (let step = 0; step < PH_STEPS; step++) {
      const middle = (low + high) / 2;
      if (charge(middle, cyanide) < alkalinity) low = middle;
      else high = middle;
    }
    return (low + high) / 2;
  },
});

function charge(pH: number, cyanide: number): number {
  const hydroxide = MOL_PER_M3_PER_MOL_PER_L * 10 ** (pH - PKW);
  const hydrogen = MOL_PER_M3_PER_MOL_PER_L * 10 ** -pH;
  return hydroxide - hydrogen + cyanide * (1 - molecularShare(pH));
}

/** HCN in the air over a tank, ppm: molecular cyanide in equilibrium with the air above it, diluted by the wind.
 *  `henry` is what dissolves under one atmosphere of the gas. */
export const hydrogenCyanideInAir = formula({
  unit: "[ppm]",
  inputs: { cyanide: "mol/m3", pH: "[pH]", henry: "mol/L", airDilution: "1" },
  of: ({ cyanide, pH, henry, airDilution }) => {
    const dissolved = (cyanide / MOL_PER_M3_PER_MOL_PER_L) * molecularShare(pH);
    return ratio(1e6 * dissolved, henry * airDilution, 1e-9);
  },
});

/** What decides whether cyanide may be dosed. Times in ms. */
export interface PermitInput {
  readonly timeMs: number;
  /** pH of the two probes; null when the probe's reading is bad. */
  readonly probeA: number | null;
  readonly probeB: number | null;
  /** An operator asks to arm again. */
  readonly rearm: boolean;
}

export interface Permit {
  readonly isPermitted: boolean;
  /** Since when both probes have been fit; null while they are not. */
  readonly fitSinceMs: number | null;
}

const PH_MIN = 10;
const PH_REARM = 10.3;
const PROBES_APART_MAX = 0.3;
const FIT_FOR_MS = 10_000;

/** M-55. The rule that the plant's controller applies, followed here only to check it: cyanide may be dosed while both
 *  probes are valid, agree within 0.3 and show at least 10.0 for 10 s. Once lost, the permit comes back only when an
 *  operator asks for it with both at 10.3 or more. The gateway never acts on it. */
export function followPermit(permit: Permit, { timeMs, probeA, probeB, rearm }: PermitInput): Permit {
  const isFit =
    probeA !== null &&
    probeB !== null &&
    Math.abs(probeA - probeB) <= PROBES_APART_MAX &&
    Math.min(probeA, probeB) >= PH_MIN;
  if (!isFit) return { isPermitted: false, fitSinceMs: null };
  const fitSinceMs = permit.fitSinceMs ?? timeMs;
  const mayRearm = rearm && Math.min(probeA, probeB) >= PH_REARM && timeMs - fitSinceMs >= FIT_FOR_MS;
  return { isPermitted: permit.isPermitted || mayRearm, fitSinceMs };
}

/** M-55. Whether cyanide flows although it is not permitted (1): an event of the first priority. */
export const unpermittedDosing = formula({
  unit: "1",
  inputs: { flow: "L/h", flowDeadBand: "L/h", permit: "1" },
  of: ({ flow, flowDeadBand, permit }) => Number(flow > flowDeadBand && permit < 0.5),
});
