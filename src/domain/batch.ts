import { keepsFloat32, shortestFloat32 } from "./number.ts";
import { isBad } from "./status.ts";
import type { StatusCode } from "./status.ts";
import type { Tag } from "./tag.ts";
import type { EpochMs } from "./time.ts";

/** Readings as columns: what travels between driver, conditioning, queues and outputs, so that a reading costs no object.
 *  Row i is one reading; rows at and beyond `length` are free space. */
export interface ReadingBatch {
  length: number;
  /** `Tag.index`. */
  readonly tag: Int32Array;
  /** The number; 1 or 0 for a boolean; the nearest number for a 64-bit integer; NaN for text and for a bad reading. */
  readonly value: Float64Array;
  readonly status: Uint32Array;
  /** UTC ms since 1970: when the plant says it was so. */
  readonly sourceTime: Float64Array;
  /** UTC ms since 1970: when we read it. */
  readonly receivedTime: Float64Array;
  /** 64-bit integers and texts by row: the exact value, where a number cannot hold it. Empty in most batches. */
  readonly exact: Map<number, bigint | string>;
  /** Sent late, after newer readings: an outage being filled in, or what the sink may have lost being sent again. */
  isHistory: boolean;
}

export function createBatch(capacity: number): ReadingBatch {
  return {
    length: 0,
    tag: new Int32Array(capacity),
    value: new Float64Array(capacity),
    status: new Uint32Array(capacity),
    sourceTime: new Float64Array(capacity),
    receivedTime: new Float64Array(capacity),
    exact: new Map(),
    isHistory: false,
  };
}

export function capacityOf(batch: ReadingBatch): number {
  return batch.tag.length;
}

export function clearBatch(batch: ReadingBatch): void {
  batch.length = 0;
  if (batch.exact.size > 0) batch.exact.clear();
}

/** Appends row `row` of `from` to `to`. The caller sees to the capacity. */
export function copyRow(from: ReadingBatch, row: number, to: ReadingBatch): void {
  const end = to.length++;
  to.tag[end] = from.tag[row] ?? 0;
  to.value[end] = from.value[row] ?? NaN;
  to.status[end] = from.status[row] ?? 0;
  to.sourceTime[end] = from.sourceTime[row] ?? 0;
  to.receivedTime[end] = from.receivedTime[row] ?? 0;
  if (from.exact.size === 0) return;
  const exact = from.exact.get(row);
  if (exact !== undefined) to.exact.set(end, exact);
}

/** A copy with no free space, which the original's later changes do not touch. */
export function copyBatch({
  length,
  tag,
  value,
  status,
  sourceTime,
  receivedTime,
  exact,
  isHistory,
}: ReadingBatch): ReadingBatch {
  return {
    length,
    tag: tag.slice(0, length),
    value: value.slice(0, length),
    status: status.slice(0, length),
    sourceTime: sourceTime.slice(0, length),
    receivedTime: receivedTime.slice(0, length),
    exact: new Map(exact),
    isHistory,
  };
}

/** Rows `from` to `to` as a batch of their own that shares the columns' memory; `exact` is renumbered. */
export function sliceBatch(batch: ReadingBatch, from: number, to: number): ReadingBatch {
  const exact = new Map<number, bigint | string>();
  for (const [row, value] of batch.exact) if (row >= from && row < to) exact.set(row - from, value);
  return {
    length: to - from,
    tag: batch.tag.subarray(from, to),
    value: batch.value.subarray(from, to),
    status: batch.status.subarray(from, to),
    sourceTime: batch.sourceTime.subarray(from, to),
    receivedTime: batch.receivedTime.subarray(from, to),
    exact,
    isHistory: batch.isHistory,
  };
}

/** What a person or a formula sees of a reading. Null exactly when the status is bad. */
export type ReadingValue = number | bigint | boolean | string | null;

/** One reading, for the edges that are not hot: HTTP, the command line, tests. */
export interface Reading {
  readonly tag: Tag;
  readonly value: ReadingValue;
  readonly status: StatusCode;
  readonly sourceTime: EpochMs;
  readonly receivedTime: EpochMs;
}

/** The value of a row as people know it: boolean for `bool`, bigint for 64-bit integers, text for strings,
 *  and for a float32 the shortest number that means it. */
export function valueOf(
  tag: Tag,
  number: number,
  exact: bigint | string | undefined,
  status: StatusCode,
): ReadingValue {
  if (isBad(status)) return null;
  if (exact !== undefined) return exact;
  if (tag.type === "bool") return number !== 0;
  return keepsFloat32(tag) ? shortestFloat32(number) : number;
}

export function readingAt(batch: ReadingBatch, row: number, tags: readonly Tag[]): Reading {
  const tag = tags[batch.tag[row] ?? -1];
  const status = batch.status[row];
  const number = batch.value[row];
  if (tag === undefined || status === undefined || number === undefined)
    throw new RangeError(`row ${row} is not in the batch`);
  return {
    tag,
    value: valueOf(tag, number, batch.exact.get(row), status),
    status,
    sourceTime: batch.sourceTime[row] ?? NaN,
    receivedTime: batch.receivedTime[row] ?? NaN,
  };
}
