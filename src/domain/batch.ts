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

/** All columns lie in one piece of memory: five pieces would cost more to get and to give back than to fill. */
export function createBatch(capacity: number): ReadingBatch {
  const memory = new ArrayBuffer(32 * capacity);
  return {
    length: 0,
    tag: new Int32Array(memory, 24 * capacity, capacity),
    value: new Float64Array(memory, 0, capacity),
    status: new Uint32Array(memory, 28 * capacity, capacity),
    sourceTime: new Float64Array(memory, 8 * capacity, capacity),
    receivedTime: new Float64Array(memory, 16 * capacity, capacity),
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
export function copyBatch(batch: ReadingBatch): ReadingBatch {
  const copy = createBatch(batch.length);
  copy.isHistory = batch.isHistory;
  appendBatch(batch, copy);
  return copy;
}

/** Appends all rows of `from` to `to`. The caller sees to the capacity. */
export function appendBatch(from: ReadingBatch, to: ReadingBatch): void {
  const { length } = from;
  const at = to.length;
  const isTight = capacityOf(from) === length;
  to.tag.set(isTight ? from.tag : from.tag.subarray(0, length), at);
  to.value.set(isTight ? from.value : from.value.subarray(0, length), at);
  to.status.set(isTight ? from.status : from.status.subarray(0, length), at);
  to.sourceTime.set(isTight ? from.sourceTime : from.sourceTime.subarray(0, length), at);
  to.receivedTime.set(isTight ? from.receivedTime : from.receivedTime.subarray(0, length), at);
  if (from.exact.size > 0) for (const [row, exact] of from.exact) to.exact.set(at + row, exact);
  to.length += length;
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
