import { createBatch } from "../../src/domain/batch.ts";
import type { ReadingBatch } from "../../src/domain/batch.ts";
import type { History, HistoryColumns } from "../../src/domain/history.ts";
import { isBad, Status } from "../../src/domain/status.ts";

export interface Row {
  readonly time: number;
  readonly value: number;
  readonly status?: number;
  readonly exact?: bigint | string;
}

export function columnsOf(rows: readonly Row[]): HistoryColumns {
  return {
    length: rows.length,
    time: Float64Array.from(rows, ({ time }) => time),
    value: Float64Array.from(rows, ({ value, status = 0 }) => (isBad(status) ? NaN : value)),
    status: Uint32Array.from(rows, ({ status = 0 }) => status),
    exact: new Map(rows.flatMap(({ exact }, row) => (exact === undefined ? [] : [[row, exact] as const]))),
  };
}

/** One value after the other from the time 0 on, `step` minutes apart; NaN is a reading without communication. */
export function everyMinutes(step: number, values: readonly number[]): HistoryColumns {
  return columnsOf(
    values.map((value, i) => ({
      time: i * step * 60_000,
      value,
      status: Number.isNaN(value) ? Status.BadNoCommunication : Status.Good,
    })),
  );
}

export function rowsOf({ length, time, value, status, exact }: HistoryColumns): Row[] {
  return Array.from({ length }, (_, row) => ({
    time: time[row] as number,
    value: value[row] as number,
    status: status[row] as number,
    ...(exact.has(row) ? { exact: exact.get(row) as bigint | string } : {}),
  }));
}

/** Readings of one tag as the gateway hands them over. */
export function batchFrom(tag: number, rows: readonly Row[]): ReadingBatch {
  const batch = createBatch(rows.length);
  batch.length = rows.length;
  for (const [row, { time, value, status = 0, exact }] of rows.entries()) {
    batch.tag[row] = tag;
    batch.value[row] = isBad(status) ? NaN : value;
    batch.status[row] = status;
    batch.sourceTime[row] = time;
    batch.receivedTime[row] = time + 3;
    if (exact !== undefined) batch.exact.set(row, exact);
  }
  return batch;
}

const NONE = new Float64Array(0);

/** A history that can be read and in which nothing has been yet. */
export const EMPTY_HISTORY: History = {
  readRaw: () => Promise.resolve({ ...columnsOf([]), next: null }),
  readBuckets: () =>
    Promise.resolve({
      length: 0,
      count: NONE,
      min: NONE,
      minTime: NONE,
      max: NONE,
      maxTime: NONE,
      mean: NONE,
      status: new Uint32Array(0),
      badTime: NONE,
      badStatus: new Uint32Array(0),
      text: new Map(),
      exactMin: new Map(),
      exactMax: new Map(),
    }),
  latestBefore: () => Promise.resolve(null),
};
