import { STEP_H } from "./constants.ts";
import { add, at, clamp } from "./vector.ts";

/** Tanks of clear water: rows of one number, m3. */
const PROCESS_M3 = 60;
const FRESH_M3 = 40;
const PROCESS_SET_PERCENT = 70;
const FRESH_SET_PERCENT = 80;
/** m3/h for each % of level. */
const MAKE_UP_GAIN = 1;
const BASE_GAIN_PER_H = 0.1;
const MAKE_UP_MAX = 8;

export interface Water {
  readonly process: Float64Array;
  readonly fresh: Float64Array;
  /** m3/h that the controllers let pass: from fresh to process, and from the river to fresh. */
  makeUpM3PerH: number;
  intakeM3PerH: number;
  /** What the make-up settles at, m3/h. */
  makeUpBase: number;
  intakeBase: number;
  isIntakeOpen: boolean;
  isPressurised: boolean;
}

export function createWater(): Water {
  return {
    process: Float64Array.of((PROCESS_M3 * PROCESS_SET_PERCENT) / 100),
    fresh: Float64Array.of((FRESH_M3 * FRESH_SET_PERCENT) / 100),
    makeUpM3PerH: 1.85,
    intakeM3PerH: 1.91,
    makeUpBase: 1.85,
    intakeBase: 1.91,
    isIntakeOpen: true,
    isPressurised: true,
  };
}

export function processLevel({ process }: Water): number {
  return (100 * at(process, 0)) / PROCESS_M3;
}

export function freshLevel({ fresh }: Water): number {
  return (100 * at(fresh, 0)) / FRESH_M3;
}

/** One second of make-up. The bases follow slowly, so that the levels come back to their setpoints. Gives the intake, m3. */
export function stepMakeUp(water: Water): number {
  const processError = PROCESS_SET_PERCENT - processLevel(water);
  const freshError = FRESH_SET_PERCENT - freshLevel(water);
  water.makeUpBase = clamp(water.makeUpBase + BASE_GAIN_PER_H * processError * STEP_H, 0, MAKE_UP_MAX);
  water.intakeBase = clamp(water.intakeBase + BASE_GAIN_PER_H * freshError * STEP_H, 0, MAKE_UP_MAX);
  water.makeUpM3PerH = clamp(water.makeUpBase + MAKE_UP_GAIN * processError, 0, MAKE_UP_MAX);
  water.intakeM3PerH = water.isIntakeOpen
    ? clamp(water.intakeBase + MAKE_UP_GAIN * freshError, 0, MAKE_UP_MAX)
    : 0;
  const makeUp = Math.min(at(water.fresh, 0), water.makeUpM3PerH * STEP_H);
  water.makeUpM3PerH = makeUp / STEP_H;
  add(water.fresh, 0, -makeUp);
  add(water.process, 0, makeUp);
  const intake = water.intakeM3PerH * STEP_H;
  add(water.fresh, 0, intake);
  return intake;
}

/** Takes up to this flow for one second out of the process water; gives what came, m3. */
export function drawProcess(water: Water, m3PerH: number): number {
  if (!water.isPressurised) return 0;
  const amount = Math.min(at(water.process, 0), m3PerH * STEP_H);
  add(water.process, 0, -amount);
  return amount;
}
