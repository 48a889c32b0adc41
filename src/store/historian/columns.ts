import type { HistoryColumns } from "../../domain/history.ts";
import { countBefore } from "../../domain/search.ts";

/** Readings of one tag as they came in: times may repeat and go back. */
export type RawColumns = HistoryColumns;

export const NO_EXACT: ReadonlyMap<number, bigint | string> = new Map();

export const NO_ROWS: HistoryColumns = {
  length: 0,
  time: new Float64Array(0),
  value: new Float64Array(0),
  status: new Uint32Array(0),
  exact: NO_EXACT,
};

/** Rows `from` to `to`, sharing the columns' memory. */
export function sliceColumns(columns: HistoryColumns, from: number, to: number): HistoryColumns {
  if (from === 0 && to === columns.length) return columns;
  let exact = NO_EXACT;
  if (columns.exact.size > 0)
    exact = new Map(
      Array.from(columns.exact)
        .filter(([row]) => row >= from && row < to)
        .map(([row, value]) => [row - from, value] as const),
    );
  return {
    length: to - from,
    time: columns.time.subarray(from, to),
    value: columns.value.subarray(from, to),
    status: columns.status.subarray(from, to),
    exact,
  };
}

/** The rows at these places, in this order. */
export function pickRows(columns: HistoryColumns, rows: Int32Array): HistoryColumns {
  const { time, value, status, exact } = columns;
  const picked = new Map<number, bigint | string>();
  if (exact.size > 0)
    for (let place = 0; place < rows.length; place++) {
      const one = exact.get(rows[place] as number);
      if (one !== undefined) picked.set(place, one);
    }
  return {
    length: rows.length,
    time: Float64Array.from(rows, (row) => time[row] as number),
    value: Float64Array.from(rows, (row) => value[row] as number),
    status: Uint32Array.from(rows, (row) => status[row] as number),
    exact: picked,
  };
}

export function joinColumns(parts: readonly HistoryColumns[]): HistoryColumns {
  const [only] = parts;
  if (parts.length === 1 && only !== undefined) return only;
  const length = parts.reduce((sum, part) => sum + part.length, 0);
  const joined = {
    length,
    time: new Float64Array(length),
    value: new Float64Array(length),
    status: new Uint32Array(length),
    exact: new Map<number, bigint | string>(),
  };
  let at = 0;
  for (const part of parts) {
    joined.time.set(part.time, at);
    joined.value.set(part.value, at);
    joined.status.set(part.status, at);
    for (const [row, value] of part.exact) joined.exact.set(at + row, value);
    at += part.length;
  }
  return joined;
}

/** In the order of time; of several rows with one time the last that came stays. */
export function ordered(columns: RawColumns): HistoryColumns {
  const { time, length } = columns;
  if (isRising(time)) return columns;
  const rows = Int32Array.from({ length }, (_, row) => row);
  rows.sort((a, b) => (time[a] as number) - (time[b] as number) || a - b);
  let kept = 0;
  for (let place = 0; place < length; place++) {
    const row = rows[place] as number;
    const isReplaced = place + 1 < length && time[rows[place + 1] as number] === time[row];
    if (!isReplaced) rows[kept++] = row;
  }
  return pickRows(columns, rows.subarray(0, kept));
}

function isRising(time: Float64Array): boolean {
  for (let row = 1; row < time.length; row++)
    if (!((time[row - 1] as number) < (time[row] as number))) return false;
  return true;
}

/** Both in order; where they share a time, the newer ones replace the older. */
export function mergeColumns(older: HistoryColumns, newer: HistoryColumns): HistoryColumns {
  if (newer.length === 0) return older;
  if (older.length === 0) return newer;
  return ordered(joinColumns([older, newer]));
}

/** First row whose time is `time` or later; the length when there is none. */
export function rowAt(columns: HistoryColumns, time: number): number {
  return countBefore(columns.time.subarray(0, columns.length), (one) => one < time);
}

/** The rows with from ≤ time < to. */
export function within(columns: HistoryColumns, from: number, to: number): HistoryColumns {
  return sliceColumns(columns, rowAt(columns, from), rowAt(columns, to));
}
