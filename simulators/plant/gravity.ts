import { SLOW_STEP_H, STEP_H } from "./constants.ts";
import { FREE, goldOf, LOCKED, pulp, SOFTNESS, SOLIDS, solidsOf } from "./pulp.ts";
import { CLASSES } from "./sizes.ts";
import { add, at, take, transfer } from "./vector.ts";

/** Recovery of free gold that passes the running bowl, by size class. */
const BOWL_RECOVERY = Float64Array.of(0.5, 0.5, 0.5, 0.6, 0.65, 0.7, 0.7, 0.6, 0.45, 0.25);
const BOWL_T = 0.01;
/** The bowl packs in ten minutes; from then on what comes in pushes as much out. */
const FILL_TPERH = 0.06;
const FLUSH_S = 120;
const RINSE_S = 60;
/** Share of each form of gold that stays in the residue of the intensive leach, and its speed. */
const RESIDUE_SHARE = 0.03;
const LEACH_PER_H = 0.5;

export const CONCENTRATOR_STATES = { idle: 0, run: 1, flush: 2, rinse: 3 } as const;
export const REACTOR_STEPS = { idle: 0, fill: 1, leach: 2, drain: 3, wash: 4 } as const;
const REACTOR_H = [0, 0.5, 16, 0.5, 3] as const;

export interface Gravity {
  readonly bowl: Float64Array;
  readonly hopper: Float64Array;
  readonly reactor: Float64Array;
  /** Gold in the reactor's solution, g. */
  readonly pregnant: Float64Array;
  readonly captured: Float64Array;
  readonly scratch: Float64Array;
  /** Locked and free gold that the reactor was filled with, g. */
  readonly filled: Float64Array;
  state: number;
  /** Since the cycle began, s. */
  cycleS: number;
  cycleSetMin: number;
  cycles: number;
  /** Length of the last full cycle, min. */
  lastCycleMin: number;
  /** Share of the cyclone underflow that the gate sends here. */
  gate: number;
  isOn: boolean;
  /** Recovery falls by this share until the end of a cycle. */
  fade: number;
  step: number;
  stepH: number;
  /** Gold in the residue of the last batch, g/t. */
  residueGrade: number;
  feedM3PerH: number;
}

export function createGravity(): Gravity {
  return {
    bowl: pulp(),
    hopper: pulp(),
    reactor: pulp(),
    pregnant: new Float64Array(1),
    captured: pulp(),
    scratch: pulp(),
    filled: new Float64Array(2 * CLASSES),
    state: CONCENTRATOR_STATES.run,
    cycleS: 0,
    cycleSetMin: 60,
    cycles: 0,
    lastCycleMin: 60,
    gate: 0.3,
    isOn: true,
    fade: 0,
    step: REACTOR_STEPS.idle,
    stepH: 0,
    residueGrade: 57,
    feedM3PerH: 0,
  };
}

/** What the bowl catches in this step out of the cyclone underflow; all else goes back to the sump. */
export function assessCapture(gravity: Gravity, underflow: Float64Array, isAveraged: boolean): void {
  const { captured, gate, bowl } = gravity;
  captured.fill(0);
  if (!gravity.isOn || gravity.state !== CONCENTRATOR_STATES.run || gate <= 0) return;
  const solids = gate * solidsOf(underflow);
  const room = isAveraged ? (BOWL_T * STEP_H * 60) / gravity.cycleSetMin : fillStep(bowl);
  const share = solids > 0 ? Math.min(0.5, room / solids) : 0;
  const faded = 1 - (gravity.fade * gravity.cycleS) / (60 * gravity.cycleSetMin);
  for (let i = 0; i < CLASSES; i++) {
    captured[SOLIDS + i] = share * gate * at(underflow, SOLIDS + i);
    captured[LOCKED + i] = share * gate * at(underflow, LOCKED + i);
    captured[FREE + i] = faded * at(BOWL_RECOVERY, i) * gate * at(underflow, FREE + i);
  }
  captured[SOFTNESS] = share * gate * at(underflow, SOFTNESS);
}

function fillStep(bowl: Float64Array): number {
  return Math.max(0, Math.min(FILL_TPERH * STEP_H, BOWL_T - solidsOf(bowl)));
}

/** Time-average of concentrator and reactor: the residue returns at once, the rest of the gold is in solution. Gives the gold, g. */
export function leachAtOnce(
  gravity: Gravity,
  sump: Float64Array,
  solution: Float64Array,
  goldAt: number,
): number {
  const { captured } = gravity;
  let gold = 0;
  for (let i = LOCKED; i < FREE + CLASSES; i++) {
    const leached = (1 - RESIDUE_SHARE) * at(captured, i);
    add(sump, i, -leached);
    gold += leached;
  }
  add(solution, goldAt, gold);
  return gold;
}

/** One second of the concentrator's cycle. A flush takes the bowl to the hopper. */
export function cycle(gravity: Gravity): void {
  const { state } = gravity;
  if (!gravity.isOn) {
    gravity.state = CONCENTRATOR_STATES.idle;
    return;
  }
  gravity.cycleS += 1;
  const flushAtS = Math.max(60, 60 * gravity.cycleSetMin - FLUSH_S - RINSE_S);
  if (state === CONCENTRATOR_STATES.idle) begin(gravity);
  else if (state === CONCENTRATOR_STATES.run && gravity.cycleS >= flushAtS)
    gravity.state = CONCENTRATOR_STATES.flush;
  else if (state === CONCENTRATOR_STATES.flush) flush(gravity, flushAtS + FLUSH_S);
  else if (state === CONCENTRATOR_STATES.rinse && gravity.cycleS >= flushAtS + FLUSH_S + RINSE_S)
    finish(gravity);
}

function begin(gravity: Gravity): void {
  gravity.state = CONCENTRATOR_STATES.run;
  gravity.cycleS = 0;
}

function flush(gravity: Gravity, endS: number): void {
  const leftS = Math.max(1, endS - gravity.cycleS);
  take(gravity.bowl, 1 / leftS, gravity.scratch);
  transfer(gravity.bowl, gravity.hopper, gravity.scratch);
  if (gravity.cycleS >= endS) gravity.state = CONCENTRATOR_STATES.rinse;
}

function finish(gravity: Gravity): void {
  gravity.lastCycleMin = gravity.cycleS / 60;
  gravity.cycles += 1;
  begin(gravity);
}

/** One slow step of the intensive leach reactor: filled from the hopper, leached, drained into `eluate`, washed out to the sump. */
export function stepReactor(
  gravity: Gravity,
  sump: Float64Array,
  eluate: Float64Array,
  goldAt: number,
): void {
  const { step } = gravity;
  if (step === REACTOR_STEPS.idle) return;
  const hours = REACTOR_H[step] ?? 0;
  const share = Math.min(1, SLOW_STEP_H / Math.max(SLOW_STEP_H, hours - gravity.stepH));
  if (step === REACTOR_STEPS.fill) pour(gravity, gravity.hopper, gravity.reactor, share);
  if (step === REACTOR_STEPS.leach) leach(gravity);
  if (step === REACTOR_STEPS.drain) drain(gravity, eluate, goldAt, share);
  if (step === REACTOR_STEPS.wash) pour(gravity, gravity.reactor, sump, share);
  gravity.stepH += SLOW_STEP_H;
  if (gravity.stepH >= hours - SLOW_STEP_H / 2) advanceReactor(gravity);
}

function advanceReactor(gravity: Gravity): void {
  const { step, reactor } = gravity;
  if (step === REACTOR_STEPS.fill) gravity.filled.set(reactor.subarray(LOCKED, LOCKED + 2 * CLASSES));
  if (step === REACTOR_STEPS.leach) gravity.residueGrade = goldOf(reactor) / solidsOf(reactor);
  gravity.stepH = 0;
  gravity.step = step === REACTOR_STEPS.wash ? REACTOR_STEPS.idle : step + 1;
}

/** Begins the daily batch when the reactor is free and there is concentrate. */
export function startReactor(gravity: Gravity): void {
  if (gravity.step !== REACTOR_STEPS.idle || goldOf(gravity.hopper) <= 0) return;
  gravity.step = REACTOR_STEPS.fill;
  gravity.stepH = 0;
}

function pour({ scratch }: Gravity, from: Float64Array, to: Float64Array, share: number): void {
  take(from, share, scratch);
  transfer(from, to, scratch);
}

function leach({ reactor, filled, pregnant }: Gravity): void {
  for (let i = 0; i < 2 * CLASSES; i++) {
    const left = at(reactor, LOCKED + i) - RESIDUE_SHARE * at(filled, i);
    const gold = Math.max(0, LEACH_PER_H * left * SLOW_STEP_H);
    add(reactor, LOCKED + i, -gold);
    add(pregnant, 0, gold);
  }
}

function drain({ pregnant }: Gravity, eluate: Float64Array, goldAt: number, share: number): void {
  const gold = share * at(pregnant, 0);
  add(pregnant, 0, -gold);
  add(eluate, goldAt, gold);
}

/** kg of concentrate. */
export function hopperKg({ hopper }: Gravity): number {
  return 1000 * solidsOf(hopper);
}
