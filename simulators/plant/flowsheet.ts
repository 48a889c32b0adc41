import { advanceCarbon, electrowin, GOLD, slip, smelt, stepElution } from "./carbon.ts";
import { SLOW_STEP_H, SLOW_STEP_S, STEP_H } from "./constants.ts";
import { controlFast, controlSlow } from "./controllers.ts";
import { stepCrushing } from "./crushing.ts";
import { assessTailings, moveTailings, rowGold, SMBS_SOLUTION_SO2 } from "./detox.ts";
import { startReactor, stepReactor } from "./gravity.ts";
import { stepGrinding } from "./grinding.ts";
import { interlock } from "./interlocks.ts";
import {
  adsorbedNow,
  dissolvedNow,
  stepLeach,
  T_ALKALI,
  T_CYANIDE,
  T_GOLD_SOLUTION,
  T_SOLIDS,
  T_WATER,
} from "./leach.ts";
import { book, STREAM } from "./ledger.ts";
import type { Ledger } from "./ledger.ts";
import { stepMine } from "./mine.ts";
import type { Mine } from "./mine.ts";
import type { Plc } from "./plc.ts";
import { naCnMol, refill, use } from "./reagents.ts";
import type { Stock } from "./reagents.ts";
import type { Units } from "./units.ts";
import { add, at } from "./vector.ts";
import { stepMakeUp } from "./water.ts";
import type { Water } from "./water.ts";

/** The whole plant between two steps. */
export interface Flowsheet {
  readonly units: Units;
  readonly plc: Plc;
  readonly ledger: Ledger;
  readonly mine: Mine;
  /** What the PLCs read: the instruments, or the truth where there are none. */
  readonly readings: Float64Array;
  /** Batches are replaced by their time-average: no flushes, no elutions, no pumping of carbon by the day. */
  readonly isAveraged: boolean;
  /** Time of day at the start, s after midnight. */
  readonly startOfDayS: number;
  timeS: number;
}

const DAY_S = 86_400;
const REACTOR_START_S = 8 * 3600;
const CARBON_FROM_S = 8 * 3600;
const CARBON_TO_S = CARBON_FROM_S + 5.75 * 3600;
const SMELT_EVERY_DAYS = 7;
const SMELT_AT_S = 10 * 3600;
const BLOWER_PER_H = 12;
/** Air that diffuses in by itself and what is left of the pressure. */
const CALM_PER_H = 2;

/** How long before this time of day the leach reactor was last filled, h. */
export function hoursSinceReactor(secondOfDay: number): number {
  return ((secondOfDay - REACTOR_START_S + DAY_S) % DAY_S) / 3600;
}

/** One second of the plant. */
export function stepFlowsheet(sheet: Flowsheet): void {
  const { units, plc, ledger, readings, mine, isAveraged } = sheet;
  interlock(plc, readings);
  controlFast(plc, readings);
  stepMine(mine, units, ledger, sheet.timeS);
  stepCrushing(units, plc, ledger);
  stepGrinding(units, plc, ledger, isAveraged);
  units.water.isPressurised = plc.hasPower;
  book(ledger, STREAM["fresh-water"], 0, plc.hasPower ? stepMakeUp(units.water) : 0, 0, STEP_H);
  sheet.timeS += 1;
  if (sheet.timeS % SLOW_STEP_S === 0) stepSlowly(sheet);
}

function stepSlowly(sheet: Flowsheet): void {
  const { units, plc, ledger, readings, isAveraged } = sheet;
  controlSlow(plc, readings);
  units.tailings.so2KgPerH = units.reagents.smbsLPerH * SMBS_SOLUTION_SO2;
  units.tailings.isLimed = plc.motors.lime.isRunning;
  assessTailings(units.tailings);
  dose(units, plc, isAveraged);
  leachAndAdsorb(sheet);
  stepBatches(sheet);
  moveTailings(units.tailings, units.water.process);
  const { discharge, overflowM3PerH, decantM3PerH } = units.tailings;
  book(
    ledger,
    STREAM.tails,
    at(discharge, T_SOLIDS),
    at(discharge, T_WATER),
    rowGold(discharge),
    SLOW_STEP_H,
  );
  book(
    ledger,
    STREAM["tails-solution"],
    0,
    at(discharge, T_WATER),
    at(discharge, T_GOLD_SOLUTION),
    SLOW_STEP_H,
  );
  book(ledger, STREAM["thickener-overflow"], 0, overflowM3PerH * SLOW_STEP_H, 0, SLOW_STEP_H);
  book(ledger, STREAM.decant, 0, decantM3PerH * SLOW_STEP_H, 0, SLOW_STEP_H);
}

/** Reagents into the pulp, and water into the reagents. */
function dose({ reagents, leach, tailings, water }: Units, plc: Plc, isAveraged: boolean): void {
  const tank = leach.tanks[0] as Float64Array;
  const naCn = use(reagents.naCnDay, plc.naCnLPerH / 1000);
  add(tank, T_WATER, naCn);
  add(tank, T_CYANIDE, naCnMol(naCn));
  add(tank, T_ALKALI, naCnMol(naCn));
  const smbs = use(reagents.smbs, plc.smbsLPerH / 1000);
  const copper = use(reagents.copper, plc.copperLPerH / 1000);
  add(tailings.detox, T_WATER, smbs);
  add(tailings.detox, T_WATER, copper);
  use(reagents.lime, plc.limeKgPerH / 1000);
  reagents.naCnLPerH = (1000 * naCn) / SLOW_STEP_H;
  reagents.smbsLPerH = (1000 * smbs) / SLOW_STEP_H;
  reagents.copperLPerH = (1000 * copper) / SLOW_STEP_H;
  const mixed = Math.min(
    at(reagents.naCnMixing.content, 0),
    refill(reagents.naCnDay, plc.naCnLPerH / 1000, isAveraged),
  );
  add(reagents.naCnMixing.content, 0, -mixed);
  add(reagents.naCnDay.content, 0, mixed);
  replenish(water, reagents.naCnMixing, mixed, isAveraged);
  replenish(water, reagents.smbs, smbs, isAveraged);
  replenish(water, reagents.copper, copper, isAveraged);
  add(reagents.lime.content, 0, refill(reagents.lime, plc.limeKgPerH / 1000, isAveraged));
}

/** Solution is made of fresh water; what is dissolved in it adds no volume. */
function replenish(water: Water, stock: Stock, used: number, isAveraged: boolean): void {
  const made = Math.min(at(water.fresh, 0), refill(stock, used / SLOW_STEP_H, isAveraged));
  add(water.fresh, 0, -made);
  add(stock.content, 0, made);
}

function leachAndAdsorb({ units, plc, ledger }: Flowsheet): void {
  const { leach, tailings, screenHole, carbon } = units;
  leach.aerationPerH = plc.motors.blower.isRunning ? BLOWER_PER_H * plc.airflowShare : CALM_PER_H;
  stepLeach(leach, tailings.detox);
  const { carbons } = leach;
  const holed = carbons[screenHole.tank];
  const next = carbons[screenHole.tank + 1];
  const last = carbons.at(-1);
  if (screenHole.sharePerH > 0 && holed !== undefined && next !== undefined)
    slip(holed, next, screenHole.sharePerH, carbon.scratch);
  if (carbon.lossPerH > 0 && last !== undefined) slip(last, carbon.lost, carbon.lossPerH, carbon.scratch);
  book(ledger, STREAM.leached, 0, 0, dissolvedNow(leach), SLOW_STEP_H);
  book(ledger, STREAM.adsorbed, 0, 0, adsorbedNow(leach), SLOW_STEP_H);
}

/** Carbon, elution, reactor, electrowinning and the weekly pour. */
function stepBatches({ units, plc, ledger, isAveraged, timeS, startOfDayS }: Flowsheet): void {
  const { carbon, leach, gravity, sump } = units;
  const clockS = timeS + startOfDayS;
  const ofDayS = clockS % DAY_S;
  carbon.isPumping = plc.hasPower && ofDayS >= CARBON_FROM_S && ofDayS < CARBON_TO_S;
  carbon.elutedG = 0;
  const platedBefore = carbon.platedG;
  advanceCarbon(carbon, leach.carbons, isAveraged);
  if (!isAveraged && plc.hasPower) {
    if (ofDayS === REACTOR_START_S) startReactor(gravity);
    const before = at(carbon.eluate, GOLD);
    stepReactor(gravity, sump.pulp, carbon.eluate, GOLD);
    book(ledger, STREAM["gravity-leached"], 0, 0, at(carbon.eluate, GOLD) - before, SLOW_STEP_H);
    stepElution(carbon);
    electrowin(carbon);
  }
  book(ledger, STREAM.eluted, 0, 0, carbon.elutedG, SLOW_STEP_H);
  book(ledger, STREAM.plated, 0, 0, carbon.platedG - platedBefore, SLOW_STEP_H);
  const day = Math.floor(clockS / DAY_S);
  if (ofDayS === SMELT_AT_S && day > 0 && day % SMELT_EVERY_DAYS === 0)
    book(ledger, STREAM.poured, 0, 0, smelt(carbon), SLOW_STEP_H);
}
