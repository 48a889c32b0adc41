import { STEP_H } from "./constants.ts";
import type { Flowsheet } from "./flowsheet.ts";
import { SIGNAL } from "./signal-list.ts";
import { writeCrushingSignals } from "./signals-crushing.ts";
import { writeGravitySignals, writeGrindingSignals } from "./signals-grinding.ts";
import { writeGoldRoomSignals, writeLeachSignals } from "./signals-leach.ts";
import { writeTailingsSignals, writeUtilitySignals } from "./signals-utilities.ts";
import { add, at } from "./vector.ts";

/** Rates that are counted, and the totals they go to. */
export const TOTALS: readonly (readonly [rate: number, total: number])[] = [
  [SIGNAL["WIT-105"], SIGNAL["WQT-105"]],
  [SIGNAL["WIT-201"], SIGNAL["WQT-201"]],
  [SIGNAL["JT-203"], SIGNAL["JQ-203"]],
  [SIGNAL["JT-204"], SIGNAL["JQ-204"]],
  [SIGNAL["JT-810"], SIGNAL["JQ-810"]],
  [SIGNAL["FT-803"], SIGNAL["FQ-803"]],
];

/** Writes what is true at this second into the signals, in the units of the tags. Totals go on from what stands there. */
export function writeSignals(sheet: Flowsheet, out: Float64Array): void {
  writeCrushingSignals(sheet, out);
  writeGrindingSignals(sheet, out);
  writeGravitySignals(sheet, out);
  writeLeachSignals(sheet, out);
  writeGoldRoomSignals(sheet, out);
  writeTailingsSignals(sheet, out);
  writeUtilitySignals(sheet, out);
}

/** Counts one second of every totalised rate in `values`. */
export function countTotals(values: Float64Array): void {
  for (let i = 0; i < TOTALS.length; i++) {
    const pair = TOTALS[i] as readonly [number, number];
    add(values, pair[1], at(values, pair[0]) * STEP_H);
  }
}
