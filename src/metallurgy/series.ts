import type { Refusal } from "../domain/figure.ts";
import type { EpochMs } from "../domain/time.ts";
import type { Columns, HeldVisitor, Window } from "./held.ts";
import { visitHeld } from "./held.ts";

/** M-36, M-13. Time that a reading spent from `low` to `high`, both included, and the time it was measured at all. */
export class BandTally implements HeldVisitor {
  readonly low: number;
  readonly high: number;
  insideMs = 0;
  coveredMs = 0;

  constructor(low: number, high: number) {
    this.low = low;
    this.high = high;
  }

  held(value: number, _from: EpochMs, lengthMs: number): void {
    this.coveredMs += lengthMs;
    if (value >= this.low && value <= this.high) this.insideMs += lengthMs;
  }
}

/** M-36. Share of the measured time in a band; TOO_FEW when nothing was measured. */
export function shareInBand(
  columns: Columns,
  window: Window,
  holdMs: number,
  { low, high }: { readonly low: number; readonly high: number },
): number | Refusal {
  const band = new BandTally(low, high);
  visitHeld(columns, window, holdMs, band);
  return band.coveredMs === 0 ? "TOO_FEW" : band.insideMs / band.coveredMs;
}

/** Stretches in which a value was held, as columns, in time order. */
class Stretches implements HeldVisitor {
  readonly from: EpochMs[] = [];
  readonly length: number[] = [];
  readonly value: number[] = [];

  held(value: number, from: EpochMs, lengthMs: number): void {
    this.from.push(from);
    this.length.push(lengthMs);
    this.value.push(value);
  }
}

/** M-54, M-56. The highest mean over any stretch of `spanMs` inside the window. A stretch that was measured for less than
 *  `coverageMin` of its length does not count; TOO_FEW when none was measured enough.
 *  The mean is piecewise linear in the end of the stretch, so its highest lies where a stretch begins or ends on a change. */
export function highestMean(
  columns: Columns,
  window: Window,
  holdMs: number,
  { spanMs, coverageMin = 0.75 }: { readonly spanMs: number; readonly coverageMin?: number },
): number | Refusal {
  const stretches = new Stretches();
  visitHeld(columns, window, holdMs, stretches);
  const area = areaOf(stretches);
  const ends = stretches.from.flatMap((from, i) => {
    const to = from + (stretches.length[i] ?? 0);
    return [from, to, from + spanMs, to + spanMs];
  });
  let highest = -Infinity;
  for (const end of ends) {
    if (end - spanMs < window.from || end > window.to) continue;
    const [amount, covered] = area(end - spanMs, end);
    if (covered >= coverageMin * spanMs && covered > 0) highest = Math.max(highest, amount / covered);
  }
  return highest === -Infinity ? "TOO_FEW" : highest;
}

/** Σ value × ms and Σ ms of what was held between two times, by prefix sums. */
function areaOf({ from, length, value }: Stretches): (a: EpochMs, b: EpochMs) => readonly [number, number] {
  const amounts = [0];
  const times = [0];
  for (const [i, ms] of length.entries()) {
    amounts.push((amounts[i] ?? 0) + ms * (value[i] ?? 0));
    times.push((times[i] ?? 0) + ms);
  }
  const upTo = (time: EpochMs): readonly [number, number] => {
    const i = lastAtOrBefore(from, time);
    if (i < 0) return [0, 0];
    const inside = Math.min(time - (from[i] ?? 0), length[i] ?? 0);
    return [(amounts[i] ?? 0) + inside * (value[i] ?? 0), (times[i] ?? 0) + inside];
  };
  return (a, b) => {
    const [amountA, timeA] = upTo(a);
    const [amountB, timeB] = upTo(b);
    return [amountB - amountA, timeB - timeA];
  };
}

function lastAtOrBefore(times: readonly number[], time: number): number {
  let low = 0;
  let high = times.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((times[middle] ?? Infinity) <= time) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}

/** M-54. Mean of the last `spanMs` before the end of the window, a time that was not measured counting as nothing known:
 *  TOO_FEW below three quarters of it. */
export function latestMean(
  columns: Columns,
  window: Window,
  holdMs: number,
  spanMs: number,
): number | Refusal {
  const last = { from: window.to - spanMs, to: window.to };
  return highestMean(columns, last, holdMs, { spanMs });
}

/** M-54. Whether a detector was out of order at any time in a window: counts as an alarm, not as zero. */
export class GapTally implements HeldVisitor {
  coveredMs = 0;
  held(_value: number, _from: EpochMs, lengthMs: number): void {
    this.coveredMs += lengthMs;
  }
}

export function hasFault(columns: Columns, window: Window, holdMs: number): boolean {
  const gap = new GapTally();
  visitHeld(columns, window, holdMs, gap);
  return gap.coveredMs < window.to - window.from;
}

/** M-21, M-58. Slope of a straight line by least squares through the readings of a window, per hour.
 *  TOO_FEW below three readings, or when they are all of one time. */
export function slopePerHour({ time, value, length }: Columns, { from, to }: Window): number | Refusal {
  let count = 0;
  let meanT = 0;
  let meanV = 0;
  let squares = 0;
  let products = 0;
  for (let row = 0; row < length; row++) {
    const t = ((time[row] as number) - from) / 3_600_000;
    const v = value[row] as number;
    if (t < 0 || (time[row] as number) >= to || Number.isNaN(v)) continue;
    count++;
    const fromMean = t - meanT;
    meanT += fromMean / count;
    meanV += (v - meanV) / count;
    squares += fromMean * (t - meanT);
    products += fromMean * (v - meanV);
  }
  return count < 3 || squares <= 0 ? "TOO_FEW" : products / squares;
}

const TURNS_MIN = 3;

/** M-06. Mean load of an empty belt, kg/m, over at least three of its turns. TOO_FEW when it moved less than that.
 *  A drift of more than 0.5 % of span calls for a calibration. */
export function beltZero(load: Columns, window: Window, holdMs: number, turnMs: number): number | Refusal {
  const whole = latestMean(load, window, holdMs, window.to - window.from);
  return window.to - window.from < TURNS_MIN * turnMs ? "TOO_FEW" : whole;
}
