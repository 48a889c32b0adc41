import { MOLAR_CN, SLOW_STEP_H, SOLIDS_DENSITY } from "./constants.ts";
import { PULP_WIDTH, T_CYANIDE, T_GOLD_SOLID, T_GOLD_SOLUTION, T_SOLIDS, T_WATER } from "./leach.ts";
import { add, at, move, take, transfer } from "./vector.ts";

/** Detox holds 10 m3, 85 % of its tank. */
const LIVE_M3 = 10;
const TANK_M3 = LIVE_M3 / 0.85;
const OVERFLOW_PER_H = 60;
const LIP_M3 = LIVE_M3 - 8.47 / OVERFLOW_PER_H;
const DESTRUCTION_PER_H = 25;
/** g of SO2 that one g of WAD cyanide takes at best. */
const SO2_PER_CN = 3.5;
export const SO2_PER_SMBS = 0.674;
/** kg of SO2 in a litre of metabisulphite solution of 200 g/L. */
export const SMBS_SOLUTION_SO2 = 0.2 * SO2_PER_SMBS;
export const USUAL_PH = 8.8;
const ACID_PH = 6.5;
const PH_TAU_H = 1;

const THICKENER_M3 = 30;
const BED_H = 4;
const THICKENER_OVERFLOW_PER_H = 20;
const UNDERFLOW_DILUTION = 45 / 55;
/** Share of the underflow's water that comes back from the dam, and the time it stands there. */
const POND_SHARE = 0.4;
const POND_H = 24;

export interface Tailings {
  readonly detox: Float64Array;
  readonly discharge: Float64Array;
  readonly thickener: Float64Array;
  readonly underflow: Float64Array;
  readonly dam: Float64Array;
  /** Clear water on the dam, m3. */
  readonly pond: Float64Array;
  /** kg/h of SO2. */
  so2KgPerH: number;
  /** Cyanide destroyed in this slow step. */
  destroyedMol: number;
  pH: number;
  isLimed: boolean;
  overflowM3PerH: number;
  decantM3PerH: number;
}

export function createTailings(): Tailings {
  const row = () => new Float64Array(PULP_WIDTH);
  return {
    detox: row(),
    discharge: row(),
    thickener: row(),
    underflow: row(),
    dam: row(),
    pond: new Float64Array(1),
    so2KgPerH: 0,
    destroyedMol: 0,
    pH: USUAL_PH,
    isLimed: true,
    overflowM3PerH: 0,
    decantM3PerH: 0,
  };
}

/** Looks at the row of tanks as it stands and works out what leaves each in this slow step. */
export function assessTailings(tailings: Tailings): void {
  const { detox, discharge, thickener, underflow, pond } = tailings;
  const volume = pulpVolume(detox);
  const flow = OVERFLOW_PER_H * Math.max(0, volume - LIP_M3);
  take(detox, volume > 0 ? Math.min(1, (flow / volume) * SLOW_STEP_H) : 0, discharge);
  tailings.destroyedMol = destroyedMol(detox, tailings.so2KgPerH);
  assessUnderflow(thickener, underflow);
  tailings.overflowM3PerH = clearWater(thickener) / SLOW_STEP_H;
  tailings.decantM3PerH = at(pond, 0) / POND_H;
}

/** Moves what `assessTailings` found, from detox to the dam; clear water goes to `process`. */
export function moveTailings(tailings: Tailings, process: Float64Array): void {
  const { detox, discharge, thickener, underflow, dam, pond } = tailings;
  transfer(detox, thickener, discharge);
  add(detox, T_CYANIDE, -tailings.destroyedMol);
  transfer(thickener, dam, underflow);
  move(thickener, T_WATER, process, 0, tailings.overflowM3PerH * SLOW_STEP_H);
  move(dam, T_WATER, pond, 0, POND_SHARE * at(underflow, T_WATER));
  move(pond, 0, process, 0, tailings.decantM3PerH * SLOW_STEP_H);
  tailings.pH += ((tailings.isLimed ? USUAL_PH : ACID_PH) - tailings.pH) * (SLOW_STEP_H / PH_TAU_H);
}

/** Cyanide that the INCO reaction destroys in this step, mol: first order, and no more than the SO2 allows. */
function destroyedMol(detox: Float64Array, so2KgPerH: number): number {
  const water = at(detox, T_WATER);
  if (water <= 0) return 0;
  const cyanideKg = (at(detox, T_CYANIDE) * MOLAR_CN) / 1000;
  const kgPerH = Math.min(DESTRUCTION_PER_H * cyanideKg, so2KgPerH / SO2_PER_CN);
  return Math.min(at(detox, T_CYANIDE), (kgPerH * SLOW_STEP_H * 1000) / MOLAR_CN);
}

/** The bed goes out at 55 % solids; what is dissolved stays with it. */
function assessUnderflow(thickener: Float64Array, underflow: Float64Array): void {
  const share = SLOW_STEP_H / BED_H;
  take(thickener, share, underflow);
  underflow[T_WATER] = Math.min(0.5 * at(thickener, T_WATER), UNDERFLOW_DILUTION * at(underflow, T_SOLIDS));
}

function clearWater(thickener: Float64Array): number {
  const over = Math.max(0, pulpVolume(thickener) - THICKENER_M3);
  return Math.min(0.5 * at(thickener, T_WATER), THICKENER_OVERFLOW_PER_H * over * SLOW_STEP_H);
}

function pulpVolume(row: Float64Array): number {
  return at(row, T_SOLIDS) / SOLIDS_DENSITY + at(row, T_WATER);
}

/** mg/L of CN. */
export function wadMgPerL(row: Float64Array): number {
  const water = at(row, T_WATER);
  return water > 0 ? (at(row, T_CYANIDE) * MOLAR_CN) / water : 0;
}

export function detoxLevel({ detox }: Tailings): number {
  return (100 * pulpVolume(detox)) / TANK_M3;
}

/** t/m3; water where there is nothing. */
export function rowDensity(row: Float64Array): number {
  const volume = pulpVolume(row);
  return volume > 0 ? (at(row, T_SOLIDS) + at(row, T_WATER)) / volume : 1;
}

/** m3/h of what left in the last slow step. */
export function rowFlow(row: Float64Array): number {
  return pulpVolume(row) / SLOW_STEP_H;
}

/** g of gold in solids and solution. */
export function rowGold(row: Float64Array): number {
  return at(row, T_GOLD_SOLID) + at(row, T_GOLD_SOLUTION);
}
