import { MOLAR_NACN } from "./constants.ts";

/** Of HCN at 25 °C. */
const PKA = 9.21;
const ACID_CONSTANT = 10 ** -PKA;
/** Product of water in (mol/m3) of hydroxide times mol/L of hydrogen. */
const WATER_PRODUCT = 1e-11;
const ITERATIONS_MAX = 60;
const PRECISION = 1e-10;
/** mol/L per atm. */
const HENRY = 9;
const DECK_DILUTION = 25;
const LOG10_E = Math.LOG10E;

/** Share of the total cyanide that is HCN. */
export function hcnShare(pH: number): number {
  return 1 / (1 + 10 ** (pH - PKA));
}

/** mg/L of NaCN for mol/m3 of total cyanide. */
export function naCnMgPerL(cyanide: number): number {
  return cyanide * MOLAR_NACN;
}

/** What a detector on the deck shows for mol/m3 of HCN in the pulp, ppm. */
export function deckPpm(hcn: number): number {
  return ((hcn / 1000 / HENRY) * 1e6) / DECK_DILUTION;
}

/** pH of a solution with `cyanide` and `alkalinity` in mol/m3, from the charge balance
 *  [OH] − [H] + cyanide/(1 + 10^(9.21 − pH)) = alkalinity. Newton on ln[H] inside a shrinking bracket, begun at `guess`. */
export function solvePh(cyanide: number, alkalinity: number, guess: number): number {
  let low = -14.5 * Math.LN10;
  let high = 0.5 * Math.LN10;
  let x = -guess * Math.LN10;
  for (let i = 0; i < ITERATIONS_MAX; i++) {
    const h = Math.exp(x);
    const hydroxide = WATER_PRODUCT / h;
    const ratio = h / ACID_CONSTANT;
    const ion = cyanide / (1 + ratio);
    const excess = hydroxide - 1000 * h + ion - alkalinity;
    if (excess > 0) low = x;
    else high = x;
    const slope = -hydroxide - 1000 * h - (ion * ratio) / (1 + ratio);
    const next = x - excess / slope;
    const step = next > low && next < high ? next - x : (low + high) / 2 - x;
    x += step;
    if (Math.abs(step) < PRECISION) break;
  }
  return -x * LOG10_E;
}
