import type { HistoryColumns } from "../../domain/history.ts";
import { ByteSink, ByteSource } from "../bytes.ts";
import { NO_EXACT } from "./columns.ts";
import { readExactValues, writeExactValues } from "./exact.ts";
import { squeeze, unsqueeze } from "./squeeze.ts";
import { readTimes, writeTimes } from "./times.ts";
import { readValues, writeValues } from "./values.ts";
import type { Linear } from "./values.ts";

/** First byte of every chunk: which form it has. */
const FORMAT = 1;

const NO_EXACT_VALUES = 0;
const ALL_BIGINTS = 1;
const LISTED = 2;

const scratch = new ByteSink();

/** Readings of one tag, in order, as few bytes. Nothing is lost but the payload of NaN. */
export function encodeChunk(columns: HistoryColumns, linear: Linear): Uint8Array {
  scratch.clear();
  scratch.varint(columns.length);
  writeTimes(scratch, columns.time);
  writeStatuses(scratch, columns.status);
  const numbers = writeGaps(scratch, columns.value);
  writeValues(scratch, numbers, linear);
  writeExact(scratch, columns);
  return squeeze(scratch.written(), FORMAT, columns.exact.size > 0);
}

/** Throws RangeError or a zlib error on bytes that are no chunk. */
export function decodeChunk(chunk: Uint8Array): HistoryColumns {
  const source = new ByteSource(unsqueeze(chunk, FORMAT));
  const length = source.varint();
  const time = readTimes(source, length);
  const status = readStatuses(source, length);
  const value = readGappedValues(source, length);
  return { length, time, value, status, exact: readExact(source, value) };
}

/** Runs of equal statuses. */
function writeStatuses(sink: ByteSink, status: Uint32Array): void {
  let start = 0;
  for (let row = 1; row <= status.length; row++) {
    if (row < status.length && status[row] === status[start]) continue;
    sink.varint(row - start);
    sink.varint(status[start] as number);
    start = row;
  }
}

function readStatuses(source: ByteSource, length: number): Uint32Array {
  const status = new Uint32Array(length);
  for (let row = 0; row < length;) {
    const end = row + source.varint();
    status.fill(source.varint(), row, end);
    row = end;
  }
  return status;
}

/** Tells which rows have no number, and gives the numbers of the others. */
function writeGaps(sink: ByteSink, value: Float64Array): Float64Array {
  const numbers = value.includes(NaN) ? value.filter((number) => !Number.isNaN(number)) : value;
  sink.varint(numbers.length);
  if (numbers.length === value.length || numbers.length === 0) return numbers;
  const bits = sink.reserve(Math.ceil(value.length / 8)).fill(0);
  for (let row = 0; row < value.length; row++)
    if (!Number.isNaN(value[row])) bits[row >>> 3] = (bits[row >>> 3] as number) | (1 << (row & 7));
  return numbers;
}

function readGappedValues(source: ByteSource, length: number): Float64Array {
  const count = source.varint();
  if (count === length) return readValues(source, count);
  const value = new Float64Array(length).fill(NaN);
  if (count === 0) return value;
  const bits = source.take(Math.ceil(length / 8));
  const numbers = readValues(source, count);
  let next = 0;
  for (let row = 0; row < length; row++)
    if (((bits[row >>> 3] as number) >>> (row & 7)) % 2 === 1) value[row] = numbers[next++] as number;
  return value;
}

function writeExact(sink: ByteSink, columns: HistoryColumns): void {
  if (columns.exact.size === 0) return sink.u8(NO_EXACT_VALUES);
  if (areNumbersExact(columns)) return sink.u8(ALL_BIGINTS);
  const text = writeExactValues(columns.exact);
  sink.u8(LISTED);
  sink.varint(text.length);
  sink.append(text);
}

/** Whether every number comes with the same integer, so that the number says it all. */
function areNumbersExact({ length, value, exact }: HistoryColumns): boolean {
  for (let row = 0; row < length; row++) {
    const number = value[row] as number;
    const isTold = Number.isNaN(number) ? !exact.has(row) : isExactly(number, exact.get(row));
    if (!isTold) return false;
  }
  return true;
}

function isExactly(number: number, exact: bigint | string | undefined): boolean {
  return Number.isSafeInteger(number) && !Object.is(number, -0) && exact === BigInt(number);
}

function readExact(source: ByteSource, value: Float64Array): ReadonlyMap<number, bigint | string> {
  const kind = source.u8();
  if (kind === NO_EXACT_VALUES) return NO_EXACT;
  if (kind === LISTED) return readExactValues(source.take(source.varint()));
  const exact = new Map<number, bigint>();
  for (let row = 0; row < value.length; row++)
    if (!Number.isNaN(value[row])) exact.set(row, BigInt(value[row] as number));
  return exact;
}
