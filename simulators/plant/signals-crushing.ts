import { binLevel } from "./bin.ts";
import { isCrushing } from "./controllers.ts";
import { beltRate, chamberLevel, coneKw, jawKw } from "./crusher.ts";
import type { Flowsheet } from "./flowsheet.ts";
import { wetMass } from "./ore.ts";
import { SIGNAL } from "./signal-list.ts";
import { either, relax } from "./signal-shapes.ts";
import { ROM_BIN_T } from "./units.ts";

const SLIP_BELOW = 0.9;
const LUBE_LOW_LPERMIN = 15;

export function writeCrushingSignals({ units, plc }: Flowsheet, out: Float64Array): void {
  const { rom, jaw, cone, belt, fineOre } = units;
  out[SIGNAL["LT-101"]] = (100 * wetMass(rom)) / ROM_BIN_T;
  out[SIGNAL["ST-102"]] = either(isCrushing(plc), (35 * plc.setpoints.crushingTPerH) / 9.6, 0);
  jaw.powerKw = jawKw(jaw);
  cone.powerKw = coneKw(cone);
  out[SIGNAL["JT-103"]] = jaw.powerKw;
  out[SIGNAL["JT-107"]] = cone.powerKw;
  out[SIGNAL["IT-103"]] = (20 / 9.4) * jaw.powerKw;
  out[SIGNAL["IT-107"]] = (34 / 16.6) * cone.powerKw;
  out[SIGNAL["IT-106"]] = either(jaw.isRunning, 7, 0);
  out[SIGNAL["VT-103"]] = either(jaw.isRunning, 3.2 + (0.8 * jaw.outTPerH) / 9.6, 0);
  relax(out, SIGNAL["TT-103"], either(jaw.isRunning, 55, 20));
  out[SIGNAL["LT-104"]] = chamberLevel(jaw);
  out[SIGNAL["LT-108"]] = chamberLevel(cone);
  const speed = either(belt.isRunning, belt.speedMPerS, 0);
  out[SIGNAL["WIT-105"]] = beltRate(belt);
  out[SIGNAL["ST-105"]] = speed;
  out[SIGNAL["SSL-105"]] = either(belt.isRunning && speed < SLIP_BELOW * belt.usualMPerS, 1, 0);
  out[SIGNAL["ZT-107"]] = cone.cssMm;
  out[SIGNAL["PT-107"]] = either(cone.isRunning, 3600 + (600 * cone.outTPerH) / 9.6, 900);
  relax(out, SIGNAL["TT-107"], either(cone.isRunning, 48, 20));
  const lube = either(cone.isRunning, 30, 0);
  out[SIGNAL["FT-107"]] = lube;
  out[SIGNAL["FSL-107"]] = either(cone.isRunning && lube < LUBE_LOW_LPERMIN, 1, 0);
  out[SIGNAL["LT-109"]] = binLevel(fineOre);
  out[SIGNAL["XS-103"]] = either(jaw.isRunning, 1, 0);
  out[SIGNAL["XS-105"]] = either(belt.isRunning, 1, 0);
  out[SIGNAL["XS-106"]] = either(jaw.isRunning, 1, 0);
  out[SIGNAL["XS-107"]] = either(cone.isRunning, 1, 0);
  out[SIGNAL["ME-110"]] = either(plc.isMetalOnBelt, 1, 0);
  out[SIGNAL["HS-199"]] = either(plc.isEmergencyStop, 1, 0);
}
