import { feederLoad } from "./crushing.ts";
import { STEP_H } from "./constants.ts";
import type { Flowsheet } from "./flowsheet.ts";
import { CONCENTRATOR_STATES, hopperKg, REACTOR_STEPS } from "./gravity.ts";
import { SUMP_M3 } from "./grinding.ts";
import { bearingKPa, grossKw } from "./mill.ts";
import type { Mill } from "./mill.ts";
import { O_WATER, wetMass } from "./ore.ts";
import type { Motor } from "./plc.ts";
import { densityOf, volumeOf } from "./pulp.ts";
import { SIGNAL } from "./signal-list.ts";
import { either, relax } from "./signal-shapes.ts";
import { PUMP_MAX_M3PERH } from "./units.ts";
import { at, clamp } from "./vector.ts";

const MILL_PER_MIN = 24.18;
const USUAL_PUMP_M3PERH = 16.394;

export function writeGrindingSignals(sheet: Flowsheet, out: Float64Array): void {
  const { units, plc, timeS } = sheet;
  const { feed, mill1, mill2 } = units;
  const { feeder, pump } = plc.motors;
  writeBits(out, SIGNAL["XS-201"], SIGNAL["XA-201"], feeder);
  writeBits(out, SIGNAL["XS-203"], SIGNAL["XA-203"], plc.motors.mill1);
  writeBits(out, SIGNAL["XS-204"], SIGNAL["XA-204"], plc.motors.mill2);
  writeBits(out, SIGNAL["XS-206"], SIGNAL["XA-206"], pump);
  out[SIGNAL["KQ-299"]] = timeS % 65_536;
  out[SIGNAL["WIT-201"]] = feed.wetTPerH;
  out[SIGNAL["WT-201"]] = feederLoad(units);
  out[SIGNAL["ST-201"]] = feed.beltMPerS;
  const wet = wetMass(feed.drawn);
  if (wet > 0) out[SIGNAL["MT-201"]] = (100 * at(feed.drawn, O_WATER)) / wet;
  out[SIGNAL["FT-202"]] = feed.waterM3PerH;
  out[SIGNAL["JT-203"]] = grossKw(mill1);
  out[SIGNAL["JT-204"]] = grossKw(mill2);
  out[SIGNAL["IT-203"]] = (62 / 36.9) * grossKw(mill1);
  out[SIGNAL["IT-204"]] = (62 / 36.9) * grossKw(mill2);
  out[SIGNAL["ST-203"]] = either(mill1.isRunning, MILL_PER_MIN, 0);
  out[SIGNAL["ST-204"]] = either(mill2.isRunning, MILL_PER_MIN, 0);
  out[SIGNAL["PT-203"]] = bearingKPa(mill1);
  out[SIGNAL["PT-204"]] = bearingKPa(mill2);
  out[SIGNAL["PT-203C"]] = either(plc.hasPower, plc.lube1KPa, 0);
  out[SIGNAL["PT-204C"]] = either(plc.hasPower, plc.lube2KPa, 0);
  relax(out, SIGNAL["TT-203A"], either(mill1.isRunning, 46, 20));
  relax(out, SIGNAL["TT-203B"], either(mill1.isRunning, 46.5, 20));
  relax(out, SIGNAL["TT-204A"], either(mill2.isRunning, 46, 20));
  relax(out, SIGNAL["TT-204B"], either(mill2.isRunning, 46.5, 20));
  out[SIGNAL["AT-203"]] = sound(mill1, 0.643);
  out[SIGNAL["AT-204"]] = sound(mill2, 0.719);
  writeSump(sheet, out);
}

function writeBits(out: Float64Array, running: number, tripped: number, motor: Motor): void {
  out[running] = either(motor.isRunning, 1, 0);
  out[tripped] = either(motor.isTripped, 1, 0);
}

/** A mill that fills up grows dull. */
function sound(mill: Mill, usualM3: number): number {
  return mill.isRunning ? clamp(62 - 30 * (mill.volumeM3 - usualM3), 5, 95) : 2;
}

function writeSump({ units }: Flowsheet, out: Float64Array): void {
  const { sump, cyclone } = units;
  const density = densityOf(sump.pulp);
  out[SIGNAL["LT-205"]] = (100 * sump.volumeM3) / SUMP_M3;
  out[SIGNAL["FT-205"]] = sump.waterM3PerH;
  const effort = PUMP_MAX_M3PERH / sump.pumpMaxM3PerH;
  out[SIGNAL["ST-206"]] = (68 * effort * sump.pumpM3PerH) / USUAL_PUMP_M3PERH;
  out[SIGNAL["IT-206"]] = (17 * sump.pumpM3PerH * density) / USUAL_PUMP_M3PERH / 1.554;
  out[SIGNAL["FT-207"]] = cyclone.feedM3PerH;
  out[SIGNAL["DT-207"]] = density;
  out[SIGNAL["PT-207"]] = cyclone.pressureKPa;
  out[SIGNAL["FT-208"]] = volumeOf(cyclone.overflow) / STEP_H;
  out[SIGNAL["DT-208"]] = densityOf(cyclone.overflow);
  out[SIGNAL["DT-209"]] = densityOf(cyclone.underflow);
  out[SIGNAL["AT-208"]] = sump.overflowP80Um;
}

export function writeGravitySignals({ units, plc }: Flowsheet, out: Float64Array): void {
  const { gravity, sump } = units;
  const isTurning = gravity.isOn && gravity.state === CONCENTRATOR_STATES.run;
  out[SIGNAL["FV-301"]] = 100 * gravity.gate;
  out[SIGNAL["FT-301"]] = gravity.feedM3PerH;
  out[SIGNAL["FT-302"]] = sump.fluidisationM3PerH;
  out[SIGNAL["PT-302"]] = 140 * (sump.fluidisationM3PerH / 2.5) ** 2;
  out[SIGNAL["ST-302"]] = bowlSpeed(gravity.isOn, isTurning);
  out[SIGNAL["IT-302"]] = bowlAmps(gravity.isOn, isTurning);
  out[SIGNAL["VT-302"]] = either(gravity.isOn, 2.5, 0);
  out[SIGNAL["KI-302"]] = Math.max(gravity.lastCycleMin, gravity.cycleS / 60);
  out[SIGNAL["KQ-302"]] = gravity.cycles % 65_536;
  out[SIGNAL["XS-302"]] = gravity.state;
  out[SIGNAL["WT-303"]] = hopperKg(gravity);
  const isLeaching = gravity.step === REACTOR_STEPS.leach;
  out[SIGNAL["LT-304"]] = REACTOR_LEVEL[gravity.step] ?? 0;
  relax(out, SIGNAL["TT-304"], either(isLeaching && plc.hasPower, 35, 18));
  out[SIGNAL["AT-304"]] = either(isLeaching, 20, 0.5);
  out[SIGNAL["XS-304"]] = gravity.step;
}

const REACTOR_LEVEL = [5, 40, 70, 35, 50] as const;

function bowlSpeed(isOn: boolean, isTurning: boolean): number {
  if (!isOn) return 0;
  return isTurning ? 800 : 120;
}

function bowlAmps(isOn: boolean, isTurning: boolean): number {
  if (!isOn) return 0;
  return isTurning ? 11 : 4;
}
