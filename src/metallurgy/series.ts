import type { Refusal } from "../domain/figure.ts";
import { countBefore } from "../domain/search.ts";
import type { EpochMs } from "../domain/time.ts";
import { deriveColumns } from "./derived.ts";
import type { DerivedInput } from "./derived.ts";
import type { Columns, HeldVisitor, Window } from "./held.ts";
import { tally, visitHeld } from "./held.ts";

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
  const changes = stretches.from.flatMap((from, i) => [from, from + (stretches.length[i] ?? 0)]);
  const ends = [...changes, ...changes.map((time) => time + spanMs), window.from + spanMs, window.to];
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
  return countBefore(times, (one) => one <= time) - 1;
}

/** M-54. Whether a detector was out of order at any time in a window: counts as an alarm, not as zero. */
export function hasFault(columns: Columns, window: Window, holdMs: number): boolean {
  const { coveredMs } = tally(columns, window, holdMs);
  return coveredMs < window.to - window.from;
}

const TURNS_MIN = 3;

/** M-06. Mean load of an empty belt, kg/m, over all the times in a window in which it moved for at least three turns on end
 *  with no more than `emptyLoad` on it. TOO_FEW when there was none. */
export function beltZero(
  { load, speed }: { readonly load: DerivedInput; readonly speed: DerivedInput },
  { emptyLoad, beltLength }: { readonly emptyLoad: number; readonly beltLength: number },
  window: Window,
): number | Refusal {
  const moving = ({ load: q = NaN, speed: v = NaN }: Readonly<Record<string, number>>) =>
    v > 0 && q <= emptyLoad;
  const loads = deriveColumns(
    { load, speed },
    (x) => (moving(x) ? (x["load"] ?? NaN) : "OUT_OF_DOMAIN"),
    window.from,
  );
  const speeds = deriveColumns(
    { load, speed },
    (x) => (moving(x) ? (x["speed"] ?? NaN) : "OUT_OF_DOMAIN"),
    window.from,
  );
  const empty = new Stretches();
  visitHeld(loads, window, Infinity, empty);
  const turning = new Stretches();
  visitHeld(speeds, window, Infinity, turning);
  let amount = 0;
  let lastedMs = 0;
  for (const run of runsOf(empty, turning))
    if (run.metres >= TURNS_MIN * beltLength) {
      amount += run.amount;
      lastedMs += run.lastedMs;
    }
  return lastedMs === 0 ? "TOO_FEW" : amount / lastedMs;
}

interface Run {
  /** Σ load × ms. */
  amount: number;
  lastedMs: number;
  metres: number;
  end: EpochMs;
}

/** Stretches that follow each other without a gap, as one. */
function runsOf({ from, length, value }: Stretches, speeds: Stretches): readonly Run[] {
  const runs: Run[] = [];
  for (const [i, start] of from.entries()) {
    const ms = length[i] ?? 0;
    let run = runs.at(-1);
    if (run?.end !== start) runs.push((run = { amount: 0, lastedMs: 0, metres: 0, end: start }));
    run.amount += ms * (value[i] ?? 0);
    run.lastedMs += ms;
    run.metres += ((speeds.value[i] ?? 0) * ms) / 1_000;
    run.end = start + ms;
  }
  return runs;
}
