import { SLOW_STEP_H, SOLIDS_DENSITY, STEP_H } from "./constants.ts";
import type { Plc } from "./plc.ts";
import { SMBS_KG_PER_L } from "./reagents.ts";
import { SO2_PER_SMBS } from "./detox.ts";
import { SIGNAL } from "./signal-list.ts";
import { at, clamp } from "./vector.ts";

/** The fine ore bin is filled when it is below the first level and up to the second, %. */
const CRUSH_BELOW_PERCENT = 45;
const CRUSH_TO_PERCENT = 85;
const CRUSHERS_IDLE_S = 300;
const FEEDER_INTEGRAL_S = 60;
/** m3/h of water per t/m3 of density, and its integral time. */
const DENSITY_GAIN = 8;
const DENSITY_INTEGRAL_H = 0.3;
const SUMP_WATER_MAX = 6;
/** L/h of solution per mg/L, and its integral time. */
const NACN_GAIN = 0.15;
const NACN_INTEGRAL_H = 4;
const NACN_MAX_LPERH = 60;
const LIME_MAX_KGPERH = 15;
const SMBS_MAX_LPERH = 80;
const NACN_PER_CN = 1.8837;

/** Every second: crushing on demand, weigh-feeder, sump water. */
export function controlFast(plc: Plc, readings: Float64Array): void {
  controlCrushing(plc, at(readings, SIGNAL["LT-109"]));
  controlFeeder(plc, at(readings, SIGNAL["WIT-201"]));
  if (plc.setpoints.isDensityAutomatic) controlDensity(plc, at(readings, SIGNAL["DT-207"]));
}

function controlCrushing(plc: Plc, level: number): void {
  if (level < CRUSH_BELOW_PERCENT) plc.isCrushingWanted = true;
  if (level > CRUSH_TO_PERCENT) plc.isCrushingWanted = false;
  plc.crushingIdleS = plc.isCrushingWanted ? 0 : plc.crushingIdleS + 1;
}

/** The crushers run on for a while after the feeder has stopped. */
export function isCrusherOn(plc: Plc): boolean {
  return plc.motors.crushing.isRunning && plc.crushingIdleS < CRUSHERS_IDLE_S;
}

export function isCrushing(plc: Plc): boolean {
  return plc.motors.romFeeder.isRunning && plc.isCrushingWanted;
}

/** The integrator corrects the drive until it reads the setpoint: a scale that reads high starves the mill. */
function controlFeeder(plc: Plc, rate: number): void {
  const wanted = plc.setpoints.feedTPerH;
  if (!plc.motors.feeder.isRunning || wanted <= 0) return;
  const error = clamp((wanted - rate) / wanted, -0.1, 0.1);
  plc.feederTrim = clamp(plc.feederTrim + error / FEEDER_INTEGRAL_S, 0.5, 1.25);
}

function controlDensity(plc: Plc, density: number): void {
  const error = density - plc.setpoints.sumpDensity;
  plc.densityIntegral = clamp(
    plc.densityIntegral + (DENSITY_GAIN * error * STEP_H) / DENSITY_INTEGRAL_H,
    0,
    SUMP_WATER_MAX,
  );
  plc.setpoints.sumpWaterM3PerH = clamp(plc.densityIntegral + DENSITY_GAIN * error, 0, SUMP_WATER_MAX);
}

/** Every slow step: reagents. */
export function controlSlow(plc: Plc, readings: Float64Array): void {
  controlNaCn(plc, at(readings, SIGNAL["AT-401C"]));
  const { motors, setpoints } = plc;
  const dry = at(readings, SIGNAL["WIT-201"]) * (1 - at(readings, SIGNAL["MT-201"]) / 100);
  const lime = motors.lime.isRunning ? clamp(setpoints.limeKgPerT * dry, 0, LIME_MAX_KGPERH) : 0;
  plc.limeKgPerH += (lime - plc.limeKgPerH) * (motors.lime.isRunning ? 0.2 : 1);
  controlSmbs(plc, readings);
  plc.copperLPerH = plc.hasPower ? 1.5 : 0;
}

function controlNaCn(plc: Plc, concentration: number): void {
  const { motors, setpoints } = plc;
  if (!motors.naCn.isRunning) {
    plc.naCnLPerH = 0;
    return;
  }
  if (!setpoints.isNaCnAutomatic) {
    plc.naCnLPerH = setpoints.naCnLPerH;
    return;
  }
  const error = setpoints.naCnMgPerL - concentration;
  const wanted = plc.naCnIntegral + NACN_GAIN * error;
  const isSaturated = (wanted > NACN_MAX_LPERH && error > 0) || (wanted < 0 && error < 0);
  if (!isSaturated) plc.naCnIntegral += (NACN_GAIN * error * SLOW_STEP_H) / NACN_INTEGRAL_H;
  plc.naCnLPerH = clamp(wanted, 0, NACN_MAX_LPERH);
}

/** Metabisulphite after the load of cyanide that leaves the last tank. */
function controlSmbs(plc: Plc, readings: Float64Array): void {
  const density = clamp(at(readings, SIGNAL["DT-208"]), 1, SOLIDS_DENSITY);
  const waterShare = (SOLIDS_DENSITY - density) / (SOLIDS_DENSITY - 1);
  const waterM3PerH = at(readings, SIGNAL["FT-208"]) * waterShare;
  const cyanideKgPerH = (waterM3PerH * at(readings, SIGNAL["AT-407C"])) / NACN_PER_CN / 1000;
  const wanted = (plc.setpoints.so2Ratio * cyanideKgPerH) / SO2_PER_SMBS / SMBS_KG_PER_L;
  plc.smbsLPerH = plc.motors.smbs.isRunning
    ? plc.smbsLPerH + 0.02 * (clamp(wanted, 0, SMBS_MAX_LPERH) - plc.smbsLPerH)
    : 0;
}
