import type { Refusal } from "../domain/figure.ts";
import { Status } from "../domain/status.ts";
import type { DerivedInput } from "./derived.ts";
import type { Units } from "./formula.ts";
import type { Columns, Window } from "./held.ts";
import { slopePerHour } from "./moving.ts";
import { beltZero, hasFault, highestMean } from "./series.ts";
import { piezometricTrend } from "./water.ts";

/** What the readings of a period come to as a whole: no mean of a formula and no sum of its pieces. */
export interface Course {
  readonly unit: string;
  readonly inputs: Units;
  /** Readings count from so long before the period on. */
  readonly beforeMs: number;
  /** Whether the result is as wrong as the first input's instrument: in a slope what is wrong at all times cancels. */
  readonly isAsWrong: boolean;
  readonly of: (inputs: Readonly<Record<string, DerivedInput>>, window: Window) => number | Refusal;
}

const MINUTE_MS = 60_000;

/** M-54. Spans of the exposure limits. Source: NIOSH Pocket Guide, hydrogen cyanide (STEL); 29 CFR 1910.1000 (TWA). */
export const STEL_MS = 15 * MINUTE_MS;
export const TWA_MS = 8 * 60 * MINUTE_MS;

/** M-54. The highest mean over a span that ended in the period, ppm: what somebody may have breathed. */
export function highestExposure(spanMs: number): Course {
  return {
    unit: "[ppm]",
    inputs: { of: "[ppm]" },
    beforeMs: spanMs,
    isAsWrong: true,
    of({ of }, { from, to }) {
      const wide = { from: from - spanMs, to };
      const { columns, holdMs } = readingsOf(of, wide);
      return highestMean(columns, wide, holdMs, { spanMs });
    },
  };
}

/** M-54. Whether a detector said nothing at any time of the period (1): counts as an alarm, and never as clean air. */
export const detectorFault: Course = {
  unit: "1",
  inputs: { of: "[ppm]" },
  beforeMs: 0,
  isAsWrong: false,
  of({ of }, window) {
    const { columns, holdMs } = readingsOf(of, window);
    return Number(hasFault(columns, window, holdMs));
  },
};

/** M-58. Rise of the water in a dam's wall, mm a day, over the period. */
export const piezometerTrend: Course = {
  unit: piezometricTrend.unit,
  inputs: { pressure: "kPa" },
  beforeMs: 0,
  isAsWrong: false,
  of({ pressure }, window) {
    const { columns, holdMs } = readingsOf(pressure, window);
    const slope = slopePerHour(columns, window, holdMs);
    return typeof slope === "string" ? slope : piezometricTrend.of({ pressureSlope: slope as never });
  },
};

/** M-06. Mean load of the empty belt, kg/m. */
export const emptyBelt: Course = {
  unit: "kg/m",
  inputs: { load: "kg/m", speed: "m/s", emptyLoad: "kg/m", beltLength: "m" },
  beforeMs: 0,
  isAsWrong: false,
  of({ load = NOTHING, speed = NOTHING, emptyLoad, beltLength }, window) {
    return beltZero(
      { load, speed },
      { emptyLoad: constantOf(emptyLoad), beltLength: constantOf(beltLength) },
      window,
    );
  },
};

const NOTHING: DerivedInput = { constant: NaN };

function constantOf(input: DerivedInput | undefined): number {
  return input !== undefined && "constant" in input ? input.constant : NaN;
}

/** A constant is a reading that holds throughout. */
function readingsOf(
  input: DerivedInput = NOTHING,
  { from }: Window,
): { readonly columns: Columns; readonly holdMs: number } {
  if (!("constant" in input)) return input;
  const columns = {
    length: 1,
    time: Float64Array.of(from),
    value: Float64Array.of(input.constant),
    status: Uint32Array.of(Status.Good),
  };
  return { columns, holdMs: Infinity };
}
