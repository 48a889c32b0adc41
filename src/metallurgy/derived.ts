import type { Refusal } from "../domain/figure.ts";
import { isBad, Status, worse } from "../domain/status.ts";
import type { StatusCode } from "../domain/status.ts";
import type { EpochMs } from "../domain/time.ts";
import type { Columns } from "./held.ts";

/** One input of a formula over readings: a tag's readings with its hold, or a number that holds throughout. */
export type DerivedInput =
  | { readonly columns: Columns; readonly holdMs: number }
  | { readonly constant: number };

interface Cursor {
  readonly columns: Columns;
  readonly holdMs: number;
  /** The row that holds now; −1 before the first. */
  row: number;
}

/** A formula over the readings of several tags, as readings of its own: a row at every time at which an input changes or
 *  ceases to hold. A row is bad where an input is missing or the formula refuses; so its hold is without limit, and a tally
 *  of it sees only what was measured of every input. A formula of constants alone has its one row at `from`. */
export function deriveColumns(
  inputs: Readonly<Record<string, DerivedInput>>,
  of: (x: Readonly<Record<string, number>>) => number | Refusal,
  from: EpochMs,
): Columns {
  const x: Record<string, number> = {};
  const cursors: Cursor[] = [];
  const names: string[] = [];
  let rowsMax = 1;
  for (const [name, input] of Object.entries(inputs)) {
    if ("constant" in input) x[name] = input.constant;
    else {
      cursors.push({ ...input, row: -1 });
      names.push(name);
      rowsMax += 2 * input.columns.length;
    }
  }
  return fill(
    cursors.length === 0 ? from : nextTime(cursors, -Infinity),
    rowsMax,
    cursors,
    (at) => readInputs(cursors, names, x, at),
    () => of(x),
  );
}

function fill(
  start: EpochMs,
  rowsMax: number,
  cursors: readonly Cursor[],
  read: (at: number) => StatusCode,
  compute: () => number | Refusal,
): Columns {
  const time = new Float64Array(rowsMax);
  const value = new Float64Array(rowsMax);
  const status = new Uint32Array(rowsMax);
  let length = 0;
  for (let at = start; at < Infinity; at = nextTime(cursors, at)) {
    advance(cursors, at);
    const worst = read(at);
    const result = isBad(worst) ? NaN : compute();
    const isKnown = typeof result === "number" && Number.isFinite(result);
    time[length] = at;
    value[length] = isKnown ? result : NaN;
    status[length] = isKnown || isBad(worst) ? worst : Status.BadOutOfRange;
    length++;
  }
  return { length, time, value, status };
}

/** The next time at which a reading comes or ceases to hold. */
function nextTime(cursors: readonly Cursor[], after: number): number {
  let next = Infinity;
  for (const { columns, holdMs, row } of cursors) {
    if (row + 1 < columns.length) next = Math.min(next, columns.time[row + 1] as number);
    if (row < 0) continue;
    const ends = (columns.time[row] as number) + holdMs;
    if (ends > after) next = Math.min(next, ends);
  }
  return next;
}

function advance(cursors: readonly Cursor[], at: number): void {
  for (const cursor of cursors) {
    const { time, length } = cursor.columns;
    while (cursor.row + 1 < length && (time[cursor.row + 1] as number) <= at) cursor.row++;
  }
}

/** Sets the inputs to what holds at a time; the worst of their statuses. */
function readInputs(
  cursors: readonly Cursor[],
  names: readonly string[],
  x: Record<string, number>,
  at: number,
): StatusCode {
  let worst: StatusCode = Status.Good;
  for (let i = 0; i < cursors.length; i++) {
    const { columns, holdMs, row } = cursors[i] as Cursor;
    const isHeld = row >= 0 && at < (columns.time[row] as number) + holdMs;
    const value = isHeld ? (columns.value[row] as number) : NaN;
    x[names[i] as string] = value;
    const status = isHeld ? (columns.status[row] as number) : Status.BadStale;
    worst = worse(worst, Number.isNaN(value) && !isBad(status) ? Status.BadSensorFailure : status);
  }
  return worst;
}
