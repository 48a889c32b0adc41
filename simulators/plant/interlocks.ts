import { at } from "./vector.ts";
import { AGITATION_S } from "./plc.ts";
import type { Motor, Plc } from "./plc.ts";
import { SIGNAL } from "./signal-list.ts";

const CHOKE_PERCENT = 95;
const CHOKE_DELAY_S = 10;
const LUBE_MIN_KPA = 80;
const LUBE_DELAY_S = 5;
const WATER_MIN_PERCENT = 5;
const WATER_DELAY_S = 30;
/** How long it takes until somebody has looked at a trip and started again, s. */
const RESTART_S = 600;
/** Mills follow the agitators when the power is back, s. */
const GRINDING_S = 300;
const PERMIT_LOW = 10;
const PERMIT_REARM = 10.3;
const PERMIT_DELAY_S = 10;
const PROBES_APART_MAX = 0.3;

/** What the PLCs do by themselves every second, on what their instruments tell them. */
export function interlock(plc: Plc, readings: Float64Array): void {
  const { motors } = plc;
  plc.poweredS = plc.hasPower ? plc.poweredS + 1 : 0;
  plc.outageS = plc.hasPower ? 0 : plc.outageS + 1;
  superviseCrushing(plc, readings);
  const isDry = at(readings, SIGNAL["LT-801"]) < WATER_MIN_PERCENT;
  superviseMill(plc, motors.mill1, plc.lube1KPa, isDry);
  superviseMill(plc, motors.mill2, plc.lube2KPa, isDry);
  supervise(plc, motors.pump, false, 0, GRINDING_S);
  supervise(plc, motors.feeder, false, 0, GRINDING_S + AGITATION_S);
  supervise(plc, motors.naCn, false, 0, AGITATION_S);
  supervise(plc, motors.lime, false, 0, AGITATION_S);
  supervise(plc, motors.smbs, false, 0, AGITATION_S);
  supervise(plc, motors.blower, false, 0, AGITATION_S);
  motors.mill1.isRunning &&= motors.pump.isRunning;
  motors.feeder.isRunning &&= motors.mill1.isRunning;
  judgePermit(plc, at(readings, SIGNAL["AT-401A"]), at(readings, SIGNAL["AT-401D"]));
  motors.naCn.isRunning &&= plc.hasPermit;
}

function superviseCrushing(plc: Plc, readings: Float64Array): void {
  const isChoked =
    at(readings, SIGNAL["LT-104"]) > CHOKE_PERCENT || at(readings, SIGNAL["LT-108"]) > CHOKE_PERCENT;
  const { crushing, romFeeder } = plc.motors;
  supervise(plc, crushing, plc.isEmergencyStop || plc.isMetalOnBelt, 0, GRINDING_S);
  supervise(plc, romFeeder, isChoked, CHOKE_DELAY_S, GRINDING_S);
  romFeeder.isRunning &&= crushing.isRunning;
}

function superviseMill(plc: Plc, mill: Motor, lubeKPa: number, isDry: boolean): void {
  supervise(plc, mill, isDry || lubeKPa < LUBE_MIN_KPA, isDry ? WATER_DELAY_S : LUBE_DELAY_S, GRINDING_S);
}

function supervise(plc: Plc, motor: Motor, isCause: boolean, delayS: number, startS: number): void {
  motor.causeS = isCause ? motor.causeS + 1 : 0;
  motor.clearS = isCause || motor.isBroken ? 0 : motor.clearS + 1;
  if (motor.causeS > delayS || (motor.isBroken && plc.hasPower)) motor.isTripped = true;
  if (motor.clearS > RESTART_S) motor.isTripped = false;
  motor.isRunning = plc.hasPower && plc.poweredS >= startS && !motor.isTripped;
}

/** Dosing of NaCN is permitted while both probes are valid, agree and show at least 10.0. Lost after ten seconds, it comes back
 *  only by hand and from 10.3 on. */
function judgePermit(plc: Plc, one: number, other: number): void {
  const isValid = isPh(one) && isPh(other) && Math.abs(one - other) <= PROBES_APART_MAX;
  const low = Math.min(one, other);
  plc.permitLostS = isValid && low >= PERMIT_LOW ? 0 : plc.permitLostS + 1;
  if (plc.permitLostS > PERMIT_DELAY_S) plc.hasPermit = false;
  if (plc.isRearmAsked && isValid && low >= PERMIT_REARM) plc.hasPermit = true;
  plc.isRearmAsked = false;
}

function isPh(reading: number): boolean {
  return reading >= 0 && reading <= 14;
}
