import { STEP_H } from "./constants.ts";
import { drawFeed } from "./crushing.ts";
import { split } from "./cyclone.ts";
import { assessCapture, CONCENTRATOR_STATES, cycle, leachAtOnce } from "./gravity.ts";
import { GOLD } from "./carbon.ts";
import { residualGrade, T_ALKALI, T_GOLD_SOLID, T_LOCKED, T_SOLIDS, T_WATER } from "./leach.ts";
import { book, STREAM } from "./ledger.ts";
import type { Ledger } from "./ledger.ts";
import { assessMill, feedMill, grind } from "./mill.ts";
import type { FeedOre } from "./mill.ts";
import { O_FREE, O_LOCKED, O_SOFTNESS, O_SOLIDS, O_WATER } from "./ore.ts";
import type { Plc } from "./plc.ts";
import { ALKALI, goldOf, SOLIDS, solidsOf, volumeOf, WATER } from "./pulp.ts";
import { LIME_MOL_PER_KG, ORE_ACID_MOL_PER_T } from "./reagents.ts";
import { passing80Um } from "./sizes.ts";
import type { Units } from "./units.ts";
import { add, at, take, transfer, withdraw } from "./vector.ts";
import { drawProcess } from "./water.ts";

/** Class fractions of free gold in the mill feed. */
const FREE_GOLD = Float64Array.of(0, 0, 0, 0.02, 0.08, 0.2, 0.25, 0.22, 0.14, 0.09);
/** The level controller gives the pump so much for each m3 above the suction, up to full speed, m3/h. */
const PUMP_GAIN = 60;
const SUCTION_M3 = 0.5;
/** Full to the brim, m3: 52 % is the usual stand. */
export const SUMP_M3 = 1.487;
const FLOOR_PUMP_PER_H = 2;

/** Mills, sump, cyclone and concentrator, one second: first every flow from the state as it stands, then every movement. */
export function stepGrinding(units: Units, plc: Plc, ledger: Ledger, isAveraged: boolean): void {
  assess(units, plc, isAveraged);
  grind(units.mill1);
  grind(units.mill2);
  moveFeed(units, plc, ledger);
  moveSlurry(units, ledger);
  moveGravity(units, ledger, isAveraged);
}

function assess(units: Units, plc: Plc, isAveraged: boolean): void {
  const { mill1, mill2, sump, cyclone, gravity } = units;
  mill1.isRunning = plc.motors.mill1.isRunning;
  mill2.isRunning = plc.motors.mill2.isRunning;
  assessMill(mill1);
  assessMill(mill2);
  const volume = volumeOf(sump.pulp);
  sump.volumeM3 = volume;
  const demand = Math.min(sump.pumpMaxM3PerH, PUMP_GAIN * Math.max(0, volume - SUCTION_M3));
  sump.pumpM3PerH = plc.motors.pump.isRunning ? demand : 0;
  take(sump.pulp, volume > 0 ? Math.min(1, (sump.pumpM3PerH / volume) * STEP_H) : 0, sump.pumped);
  split(cyclone, sump.pumped);
  const p80 = passing80Um(cyclone.overflow, SOLIDS);
  if (p80 > 0) sump.overflowP80Um = p80;
  gravity.isOn = plc.hasPower && plc.motors.pump.isRunning;
  gravity.cycleSetMin = plc.setpoints.cycleMin;
  assessCapture(gravity, cyclone.underflow, isAveraged);
  const over = Math.max(0, volume - SUMP_M3);
  take(sump.pulp, volume > 0 ? over / volume : 0, sump.spilled);
  take(sump.floor, FLOOR_PUMP_PER_H * STEP_H, sump.returned);
}

const ore: FeedOre = { solids: 0, water: 0, locked: 0, free: 0, softness: 0, alkali: 0 };

function moveFeed(units: Units, plc: Plc, ledger: Ledger): void {
  const { feed, mill1, sump, water } = units;
  drawFeed(units, plc, ledger);
  ore.solids = at(feed.drawn, O_SOLIDS);
  ore.water = at(feed.drawn, O_WATER);
  ore.locked = at(feed.drawn, O_LOCKED);
  ore.free = at(feed.drawn, O_FREE);
  ore.softness = at(feed.drawn, O_SOFTNESS);
  ore.alkali = plc.limeKgPerH * LIME_MOL_PER_KG * STEP_H - ORE_ACID_MOL_PER_T * ore.solids;
  feedMill(mill1.pulp, ore, feed.fractions, FREE_GOLD);
  const { setpoints, motors } = plc;
  const millWater = drawProcess(water, motors.mill1.isRunning ? setpoints.millWaterM3PerH : 0);
  const sumpWater = drawProcess(water, motors.pump.isRunning ? setpoints.sumpWaterM3PerH : 0);
  const fluidisation = drawProcess(water, units.gravity.isOn ? setpoints.fluidisationM3PerH : 0);
  add(mill1.pulp, WATER, millWater);
  add(sump.pulp, WATER, sumpWater);
  add(sump.pulp, WATER, fluidisation);
  feed.waterM3PerH = millWater / STEP_H;
  sump.waterM3PerH = sumpWater / STEP_H;
  sump.fluidisationM3PerH = fluidisation / STEP_H;
}

function moveSlurry(units: Units, ledger: Ledger): void {
  const { mill1, mill2, sump, cyclone, gravity } = units;
  transfer(mill1.pulp, sump.pulp, mill1.discharge);
  transfer(mill2.pulp, sump.pulp, mill2.discharge);
  take(cyclone.underflow, 1 - gravity.gate, sump.toMill2);
  transfer(sump.pulp, mill2.pulp, sump.toMill2);
  withdraw(sump.pulp, cyclone.overflow);
  intoTank(units);
  transfer(sump.pulp, sump.floor, sump.spilled);
  transfer(sump.floor, sump.pulp, sump.returned);
  bookPulp(ledger, STREAM["cyclone-feed"], sump.pumped, 1);
  bookPulp(ledger, STREAM["cyclone-underflow"], cyclone.underflow, 1);
  bookPulp(ledger, STREAM["cyclone-overflow"], cyclone.overflow, 1);
  bookPulp(ledger, STREAM["sump-spill"], sump.spilled, 1);
  bookPulp(ledger, STREAM["spill-return"], sump.returned, 1);
}

function bookPulp(ledger: Ledger, stream: number, flow: Float64Array, share: number): void {
  book(ledger, stream, share * solidsOf(flow), share * at(flow, WATER), share * goldOf(flow), STEP_H);
}

/** The overflow in the first tank's terms. What leaching will leave in it depends on its size. */
function intoTank({ leach, cyclone, sump }: Units): void {
  const tank = leach.tanks[0] as Float64Array;
  const solids = solidsOf(cyclone.overflow);
  const gold = goldOf(cyclone.overflow);
  add(tank, T_SOLIDS, solids);
  add(tank, T_WATER, at(cyclone.overflow, WATER));
  add(tank, T_GOLD_SOLID, gold);
  add(tank, T_LOCKED, Math.min(gold, residualGrade(sump.overflowP80Um) * solids));
  add(tank, T_ALKALI, at(cyclone.overflow, ALKALI));
}

/** What the concentrator does not catch is back in the sump within the second, so only the catch is moved. */
function moveGravity(units: Units, ledger: Ledger, isAveraged: boolean): void {
  const { gravity, cyclone, sump, carbon } = units;
  gravity.feedM3PerH = (gravity.gate * volumeOf(cyclone.underflow)) / STEP_H;
  bookPulp(ledger, STREAM["gravity-feed"], cyclone.underflow, gravity.gate);
  bookPulp(ledger, STREAM["gravity-concentrate"], gravity.captured, 1);
  if (isAveraged) {
    const gold = leachAtOnce(gravity, sump.pulp, carbon.cathodes, GOLD);
    book(ledger, STREAM["gravity-leached"], 0, 0, gold, STEP_H);
    carbon.platedG += gold;
    if (gravity.isOn) gravity.state = CONCENTRATOR_STATES.run;
    return;
  }
  transfer(sump.pulp, gravity.bowl, gravity.captured);
  cycle(gravity);
}
