import { STEP_H } from "./constants.ts";
import { at } from "./vector.ts";

const THERMAL_TAU_H = 0.5;

/** Temperatures follow their cause with the lag of a lump of iron. */
export function relax(out: Float64Array, place: number, target: number): void {
  out[place] = at(out, place) + (target - at(out, place)) * (STEP_H / THERMAL_TAU_H);
}

/** One of two values: what a machine shows that runs, and what one shows that stands. */
export function either(isOn: boolean, running: number, standing: number): number {
  return isOn ? running : standing;
}
