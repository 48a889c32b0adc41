import { STEP_H } from "./constants.ts";
import { O_F80, O_SOLIDS, ORE_WIDTH, wetMass } from "./ore.ts";
import { add, at, take, withdraw } from "./vector.ts";

/** Ore in the chamber at which a crusher reaches its capacity, and at which it is full, t. */
export const CHOKED_T = 0.15;
const FULL_T = 0.3;
const CRUSHING_WORK_INDEX = 14;
const CONE_USUAL_CSS_MM = 10;
/** Product of the cone: 0.9 mm of P80 per mm of closed side setting; of the jaw: 42 mm. */
const CONE_P80_PER_CSS = 0.9;
const JAW_P80_MM = 42;

export interface Crusher {
  readonly chamber: Float64Array;
  readonly product: Float64Array;
  readonly capacityTPerH: number;
  readonly idleKw: number;
  cssMm: number;
  isRunning: boolean;
  isBlocked: boolean;
  outTPerH: number;
  powerKw: number;
}

export const JAW_CSS_MM = 40;

export function createJaw(): Crusher {
  return createCrusher(16, 6, JAW_CSS_MM);
}

export function createCone(): Crusher {
  return createCrusher(14, 9, CONE_USUAL_CSS_MM);
}

function createCrusher(capacityTPerH: number, idleKw: number, cssMm: number): Crusher {
  return {
    chamber: new Float64Array(ORE_WIDTH),
    product: new Float64Array(ORE_WIDTH),
    capacityTPerH,
    idleKw,
    cssMm,
    isRunning: true,
    isBlocked: false,
    outTPerH: 0,
    powerKw: 0,
  };
}

/** What the chamber lets out in this step. `usualCssMm` is the setting that its capacity is stated for. */
export function assessCrusher(crusher: Crusher, usualCssMm: number): void {
  const mass = wetMass(crusher.chamber);
  const isOpen = crusher.isRunning && !crusher.isBlocked && mass > 0;
  const capacity = crusher.capacityTPerH * (crusher.cssMm / usualCssMm);
  crusher.outTPerH = isOpen ? Math.min(mass / STEP_H, capacity * Math.min(1, mass / CHOKED_T)) : 0;
  take(crusher.chamber, isOpen ? (crusher.outTPerH * STEP_H) / mass : 0, crusher.product);
}

/** Draw of a crusher, kW: idling, and Bond's work on what goes through. Sizes in mm. */
export function crusherKw(crusher: Crusher, f80Mm: number, p80Mm: number): number {
  if (!crusher.isRunning) return 0;
  const work = 10 * CRUSHING_WORK_INDEX * (1 / Math.sqrt(1000 * p80Mm) - 1 / Math.sqrt(1000 * f80Mm));
  return crusher.idleKw + crusher.outTPerH * Math.max(0, work);
}

export function jawKw(jaw: Crusher): number {
  const solids = at(jaw.chamber, O_SOLIDS);
  return crusherKw(jaw, solids > 0 ? at(jaw.chamber, O_F80) / solids : JAW_P80_MM, JAW_P80_MM);
}

export function coneKw(cone: Crusher): number {
  return crusherKw(cone, JAW_P80_MM, coneP80Mm(cone.cssMm));
}

export function coneP80Mm(cssMm: number): number {
  return CONE_P80_PER_CSS * cssMm;
}

/** %. */
export function chamberLevel({ chamber }: Crusher): number {
  return Math.min(100, (100 * wetMass(chamber)) / FULL_T);
}

/** How much more the chamber takes, t. */
export function chamberRoom({ chamber }: Crusher): number {
  return Math.max(0, FULL_T - wetMass(chamber));
}

/** A belt that holds what lies on it: one slot per second of travel at its usual speed. */
export interface Belt {
  readonly content: Float64Array;
  readonly slots: Float64Array;
  readonly arriving: Float64Array;
  /** Slot at the discharge end. */
  head: number;
  phase: number;
  speedMPerS: number;
  readonly usualMPerS: number;
  isRunning: boolean;
}

const BELT_M = 20;
const BELT_M_PER_S = 0.8;
const BELT_SLOTS = BELT_M / BELT_M_PER_S;

export function createBelt(): Belt {
  return {
    content: new Float64Array(ORE_WIDTH),
    slots: new Float64Array(BELT_SLOTS * ORE_WIDTH),
    arriving: new Float64Array(ORE_WIDTH),
    head: 0,
    phase: 0,
    speedMPerS: BELT_M_PER_S,
    usualMPerS: BELT_M_PER_S,
    isRunning: true,
  };
}

/** Puts ore on the tail end. */
export function load(belt: Belt, ore: Float64Array): void {
  const tail = ((belt.head + BELT_SLOTS - 1) % BELT_SLOTS) * ORE_WIDTH;
  for (let i = 0; i < ORE_WIDTH; i++) {
    add(belt.slots, tail + i, at(ore, i));
    add(belt.content, i, at(ore, i));
  }
}

/** Moves the belt on for one step; what falls off the end is in `arriving` and no longer on the belt. */
export function unload(belt: Belt): void {
  belt.arriving.fill(0);
  if (belt.isRunning) belt.phase += belt.speedMPerS / belt.usualMPerS;
  while (belt.phase >= 1) {
    belt.phase -= 1;
    const slot = belt.head * ORE_WIDTH;
    for (let i = 0; i < ORE_WIDTH; i++) {
      add(belt.arriving, i, at(belt.slots, slot + i));
      belt.slots[slot + i] = 0;
    }
    belt.head = (belt.head + 1) % BELT_SLOTS;
  }
  withdraw(belt.content, belt.arriving);
}

/** kg per metre of belt. */
export function beltLoad(belt: Belt): number {
  return (1000 * wetMass(belt.content)) / BELT_M;
}

/** t/h that the scale works out of load and speed. */
export function beltRate(belt: Belt): number {
  return belt.isRunning ? 3.6 * beltLoad(belt) * belt.speedMPerS : 0;
}
