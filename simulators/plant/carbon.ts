import { SLOW_STEP_H } from "./constants.ts";
import { FIRST_CARBON_TANK, TANKS } from "./leach.ts";
import { add, at, take, transfer } from "./vector.ts";

/** A heap of carbon as one row of numbers: t, gold on it g, age t·d. */
export const C_MASS = 0;
export const C_GOLD = 1;
export const C_AGE = 2;
const CARBON_WIDTH = 3;

export const STRIPPED_LOADING = 60;
/** t/h on average, and while the transfer pumps run. */
export const ADVANCE_TPERH = 0.0115;
const PUMPED_TPERH = 0.048;
/** Carbon of one elution, t. */
export const BATCH_T = 0.552;
/** Share of the gold in an eluate that one electrowinning leaves in it, and the speed of plating. */
const BARREN_SHARE = 0.02;
const PLATING_PER_H = 0.5;
const DAYS_PER_CYCLE = 8;
const TINY_T = 1e-6;

export const ELUTION_STEPS = { idle: 0, acidWash: 1, heat: 2, elute: 3, cool: 4, transfer: 5 } as const;
const ELUTION_H = [0, 1, 1, 8, 1, 1] as const;

/** Gold in the eluate tank, and on the cathodes: rows of one number, g. */
export const GOLD = 0;

export interface Carbon {
  readonly loaded: Float64Array;
  readonly column: Float64Array;
  readonly stripped: Float64Array;
  /** Gone to the tailings. */
  readonly lost: Float64Array;
  /** Share of the last tank's carbon that its screen lets through, 1/h. */
  lossPerH: number;
  readonly eluate: Float64Array;
  readonly cathodes: Float64Array;
  readonly scratch: Float64Array;
  /** Gold in the eluate when the present plating began, g. */
  peak: number;
  step: number;
  stepH: number;
  /** Gold that the elution under way is to bring into solution, g. */
  toElute: number;
  isPumping: boolean;
  isAdvancing: boolean;
  isKilnOn: boolean;
  /** Gold in the last pour, g, and its number. */
  lastPourG: number;
  pours: number;
  platedG: number;
  elutedG: number;
}

export function createCarbon(): Carbon {
  const row = () => new Float64Array(CARBON_WIDTH);
  return {
    loaded: row(),
    column: row(),
    stripped: row(),
    lost: row(),
    lossPerH: 0,
    eluate: new Float64Array(1),
    cathodes: new Float64Array(1),
    scratch: row(),
    peak: 0,
    step: ELUTION_STEPS.idle,
    stepH: 0,
    toElute: 0,
    isPumping: false,
    isAdvancing: true,
    isKilnOn: true,
    lastPourG: 0,
    pours: 0,
    platedG: 0,
    elutedG: 0,
  };
}

/** Carbon goes against the pulp: each CIL tank gives to the one before, the first to the loaded hopper, and stripped carbon enters
 *  the last. The pulp that is pumped with it runs back over the screens and is left out. */
export function advanceCarbon(carbon: Carbon, tanks: readonly Float64Array[], isAveraged: boolean): void {
  if (!carbon.isAdvancing || !(isAveraged || carbon.isPumping)) return;
  const mass = (isAveraged ? ADVANCE_TPERH : PUMPED_TPERH) * SLOW_STEP_H;
  let receiver = carbon.loaded;
  for (let i = FIRST_CARBON_TANK; i < TANKS; i++) {
    const tank = tanks[i] as Float64Array;
    give(tank, receiver, mass, carbon.scratch);
    receiver = tank;
  }
  if (isAveraged) stripAtOnce(carbon);
  give(carbon.stripped, receiver, mass, carbon.scratch);
}

function give(from: Float64Array, to: Float64Array, mass: number, scratch: Float64Array): void {
  const there = at(from, C_MASS);
  if (there <= TINY_T) return;
  take(from, Math.min(1, mass / there), scratch);
  transfer(from, to, scratch);
}

/** Time-average of elution and electrowinning. */
function stripAtOnce(carbon: Carbon): void {
  const { loaded, stripped, cathodes, scratch } = carbon;
  const gold = Math.max(0, at(loaded, C_GOLD) - STRIPPED_LOADING * at(loaded, C_MASS));
  add(loaded, C_GOLD, -gold);
  add(cathodes, GOLD, gold);
  carbon.elutedG += gold;
  carbon.platedG += gold;
  take(loaded, 1, scratch);
  transfer(loaded, stripped, scratch);
}

/** What a hole in a screen lets through: carbon goes on with the pulp, so much of it per hour. */
export function slip(from: Float64Array, to: Float64Array, sharePerH: number, scratch: Float64Array): void {
  take(from, sharePerH * SLOW_STEP_H, scratch);
  transfer(from, to, scratch);
}

/** One slow step of elution: acid wash, heating, eight hours of eluting, cooling, and the way through the kiln. */
export function stepElution(carbon: Carbon): void {
  const { step } = carbon;
  if (step === ELUTION_STEPS.idle) {
    if (at(carbon.loaded, C_MASS) >= BATCH_T - TINY_T) startElution(carbon);
    return;
  }
  const hours = ELUTION_H[step] ?? 0;
  if (step === ELUTION_STEPS.elute) elute(carbon, hours);
  if (step === ELUTION_STEPS.transfer) unloadColumn(carbon, hours);
  carbon.stepH += SLOW_STEP_H;
  if (carbon.stepH < hours - SLOW_STEP_H / 2) return;
  carbon.stepH = 0;
  carbon.step = step === ELUTION_STEPS.transfer ? ELUTION_STEPS.idle : step + 1;
}

function startElution(carbon: Carbon): void {
  give(carbon.loaded, carbon.column, BATCH_T, carbon.scratch);
  carbon.toElute = Math.max(0, at(carbon.column, C_GOLD) - STRIPPED_LOADING * at(carbon.column, C_MASS));
  carbon.step = ELUTION_STEPS.acidWash;
  carbon.stepH = 0;
}

function elute(carbon: Carbon, hours: number): void {
  const gold = Math.min(at(carbon.column, C_GOLD), (carbon.toElute * SLOW_STEP_H) / hours);
  add(carbon.column, C_GOLD, -gold);
  add(carbon.eluate, GOLD, gold);
  carbon.elutedG += gold;
}

/** Carbon that was not regenerated keeps the age of its turns through the plant. */
function unloadColumn(carbon: Carbon, hours: number): void {
  if (carbon.stepH === 0)
    carbon.column[C_AGE] = carbon.isKilnOn
      ? 0
      : at(carbon.column, C_AGE) + DAYS_PER_CYCLE * at(carbon.column, C_MASS);
  const share = Math.min(1, SLOW_STEP_H / Math.max(SLOW_STEP_H, hours - carbon.stepH));
  take(carbon.column, share, carbon.scratch);
  transfer(carbon.column, carbon.stripped, carbon.scratch);
}

/** Plating: 98 % of what the eluate brought; the rest stays for the next pass. */
export function electrowin(carbon: Carbon): void {
  const gold = at(carbon.eluate, GOLD);
  carbon.peak = Math.max(carbon.peak, gold);
  const plated = Math.max(0, PLATING_PER_H * (gold - BARREN_SHARE * carbon.peak) * SLOW_STEP_H);
  if (gold < 1.05 * BARREN_SHARE * carbon.peak) carbon.peak = gold;
  add(carbon.eluate, GOLD, -plated);
  add(carbon.cathodes, GOLD, plated);
  carbon.platedG += plated;
}

export function isPlating({ eluate, peak }: Carbon): boolean {
  return at(eluate, GOLD) > 1 && at(eluate, GOLD) > 1.1 * BARREN_SHARE * peak;
}

/** Takes the cathodes and pours them; gives the gold, g. */
export function smelt(carbon: Carbon): number {
  const gold = at(carbon.cathodes, GOLD);
  carbon.cathodes[GOLD] = 0;
  carbon.lastPourG = gold;
  carbon.pours += 1;
  return gold;
}
