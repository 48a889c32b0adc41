import type { ReadingBatch } from "../../domain/batch.ts";
import type { HistoryColumns } from "../../domain/history.ts";
import { readExactValues, writeExactValues } from "./exact.ts";
import { NO_EXACT } from "./columns.ts";

/** Readings of one batch in one piece of memory: handed to the worker without a copy, and written to the log of open
 *  readings as it is.
 *
 *      0  u32  bytes of the whole frame          8  u32  rows
 *      4  u32  CRC-32 of all that follows       12  u32  bytes of exact values
 *     16  f64 source time × rows, f64 value × rows, u32 tag × rows, u32 status × rows, exact values */
export const FRAME_HEAD_BYTES = 16;
export const ROW_BYTES = 24;

export interface Frame extends HistoryColumns {
  readonly tag: Uint32Array;
}

/** The source time in whole ms; where the device gave none, the time at which we read it. */
function timeOf(batch: ReadingBatch, row: number): number {
  const source = Math.round(batch.sourceTime[row] as number);
  return source >= 0 ? source : Math.round(batch.receivedTime[row] as number);
}

/** `ids[i]` is the historian's number of tag i. The batch is copied; the CRC is left to the writer. */
export function packFrame(batch: ReadingBatch, ids: Uint32Array): ArrayBuffer {
  const rows = batch.length;
  const exact = batch.exact.size === 0 ? new Uint8Array(0) : writeExactValues(batch.exact);
  const buffer = new ArrayBuffer(FRAME_HEAD_BYTES + ROW_BYTES * rows + exact.length);
  new Uint32Array(buffer, 0, 4).set([buffer.byteLength, 0, rows, exact.length]);
  const { time, value, tag, status } = unpackColumns(buffer, 0, rows);
  value.set(batch.value.subarray(0, rows));
  status.set(batch.status.subarray(0, rows));
  fillTimes(batch, time);
  fillTags(batch, ids, tag);
  new Uint8Array(buffer, FRAME_HEAD_BYTES + ROW_BYTES * rows).set(exact);
  return buffer;
}

// Loops that end their functions: V8 throws away what it has compiled for one while it ran when something follows it.

function fillTimes(batch: ReadingBatch, into: Float64Array): void {
  for (let row = 0; row < into.length; row++) into[row] = timeOf(batch, row);
}

function fillTags({ tag }: ReadingBatch, ids: Uint32Array, into: Uint32Array): void {
  for (let row = 0; row < into.length; row++) into[row] = ids[tag[row] as number] as number;
}

/** The frame that starts at `start`, a multiple of 8 if it is not to be copied. The columns share the buffer's memory. */
export function unpackFrame(buffer: ArrayBuffer): Frame {
  const head = new Uint32Array(buffer, 0, 4);
  const rows = head[2] as number;
  const exactBytes = head[3] as number;
  const columns = unpackColumns(buffer, 0, rows);
  if (exactBytes === 0) return { length: rows, ...columns, exact: NO_EXACT };
  const bytes = new Uint8Array(buffer, FRAME_HEAD_BYTES + ROW_BYTES * rows, exactBytes);
  return { length: rows, ...columns, exact: readExactValues(bytes) };
}

function unpackColumns(buffer: ArrayBuffer, start: number, rows: number) {
  const at = start + FRAME_HEAD_BYTES;
  return {
    time: new Float64Array(buffer, at, rows),
    value: new Float64Array(buffer, at + 8 * rows, rows),
    tag: new Uint32Array(buffer, at + 16 * rows, rows),
    status: new Uint32Array(buffer, at + 20 * rows, rows),
  };
}
