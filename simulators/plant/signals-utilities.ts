import { detoxLevel, rowDensity, rowFlow, wadMgPerL } from "./detox.ts";
import type { Flowsheet } from "./flowsheet.ts";
import { T_SOLIDS, T_WATER, TANKS } from "./leach.ts";
import { grossKw } from "./mill.ts";
import { stockLevel } from "./reagents.ts";
import { SIGNAL } from "./signal-list.ts";
import { either } from "./signal-shapes.ts";
import { at, clamp } from "./vector.ts";
import { freshLevel, processLevel } from "./water.ts";

const DAY_S = 86_400;
const BED_T = 16.8;
const DAM_AREA_M2 = 20_000;
const FREEBOARD_M = 2.1;
const GENSET_START_S = 30;
const USUAL_WAD = 4.73;

export function writeTailingsSignals({ units, plc }: Flowsheet, out: Float64Array): void {
  const { tailings, reagents } = units;
  out[SIGNAL["WIT-603"]] = plc.limeKgPerH;
  out[SIGNAL["LT-603"]] = stockLevel(reagents.lime);
  out[SIGNAL["LT-604"]] = stockLevel(reagents.smbs);
  out[SIGNAL["FT-604"]] = reagents.smbsLPerH;
  out[SIGNAL["LT-606"]] = stockLevel(reagents.copper);
  out[SIGNAL["FT-606"]] = reagents.copperLPerH;
  const wad = wadMgPerL(tailings.detox);
  out[SIGNAL["LT-701"]] = detoxLevel(tailings);
  out[SIGNAL["AT-701"]] = tailings.pH;
  out[SIGNAL["AT-702"]] = clamp(120 - 60 * Math.log10(Math.max(0.1, wad) / USUAL_WAD), -400, 400);
  out[SIGNAL["AT-703"]] = wad;
  out[SIGNAL["AT-704"]] = either(plc.motors.blower.isRunning, 6, 2);
  out[SIGNAL["FT-705"]] = rowFlow(tailings.discharge);
  out[SIGNAL["DT-705"]] = rowDensity(tailings.discharge);
  const bed = at(tailings.thickener, T_SOLIDS) / BED_T;
  out[SIGNAL["IT-706"]] = 25 * bed;
  out[SIGNAL["LT-706"]] = 1.2 * bed;
  out[SIGNAL["DT-707"]] = rowDensity(tailings.underflow);
  out[SIGNAL["FT-708"]] = tailings.overflowM3PerH;
  const rise = (at(tailings.dam, T_SOLIDS) / 2.65 + at(tailings.dam, T_WATER)) / DAM_AREA_M2;
  out[SIGNAL["LT-709"]] = FREEBOARD_M - rise;
  out[SIGNAL["PZ-710A"]] = 45 + 4 * rise;
  out[SIGNAL["PZ-710B"]] = 45 + 3 * rise;
  out[SIGNAL["FT-711"]] = tailings.decantM3PerH;
}

export function writeUtilitySignals({ units, plc, timeS, startOfDayS }: Flowsheet, out: Float64Array): void {
  const { water } = units;
  const isFed = plc.hasPower;
  out[SIGNAL["LT-801"]] = processLevel(water);
  out[SIGNAL["LT-802"]] = freshLevel(water);
  out[SIGNAL["FT-803"]] = either(isFed, water.intakeM3PerH, 0);
  out[SIGNAL["PT-804"]] = either(isFed, 350, 0);
  out[SIGNAL["PT-805"]] = either(isFed, 700, 420);
  out[SIGNAL["FT-806"]] = either(plc.motors.blower.isRunning, 60 * plc.airflowShare, 0);
  out[SIGNAL["JT-810"]] = siteKw(units, plc);
  out[SIGNAL["PFT-810"]] = 0.88;
  out[SIGNAL["FT-810"]] = 60;
  out[SIGNAL["XS-811"]] = either(plc.outageS > GENSET_START_S, 1, 0);
  out[SIGNAL["XS-812"]] = either(isFed, 0, 1);
  const hour = ((timeS + startOfDayS) % DAY_S) / 3600;
  out[SIGNAL["TT-820"]] = 18 - 6 * Math.cos(((hour - 3) / 24) * 2 * Math.PI);
  out[SIGNAL["KQ-199"]] = timeS % 65_536;
  out[SIGNAL["KQ-899"]] = timeS % 65_536;
}

const LIGHTS_KW = 12;
const AUXILIARIES_KW = 41;

/** Crushers, mills, pumps, agitators, blower, everything small. */
function siteKw({ jaw, cone, mill1, mill2, sump }: Flowsheet["units"], plc: Flowsheet["plc"]): number {
  if (!plc.hasPower) return LIGHTS_KW;
  const machines = jaw.powerKw + cone.powerKw + grossKw(mill1) + grossKw(mill2) + 0.46 * sump.pumpM3PerH;
  return machines + 5.5 * TANKS + (plc.motors.blower.isRunning ? 11 : 0) + LIGHTS_KW + AUXILIARIES_KW;
}
