import type { HistoryBuckets, HistoryColumns } from "../../domain/history.ts";
import type { EpochMs } from "../../domain/time.ts";
import { BucketBuilder } from "./buckets.ts";
import { ByteSink, ByteSource } from "../bytes.ts";
import { readIntegers, writeIntegers } from "./integers.ts";
import { squeeze, unsqueeze } from "./squeeze.ts";
import { readValues, writeValues } from "./values.ts";
import type { Linear } from "./values.ts";

/** Chunks never cross the boundary of an hour. */
export const CHUNK_MS = 3_600_000;

/** One line of the roll-up. */
export const ROLLUP_MS = 300_000;

/** A chunk with fewer rows is as quickly read itself. */
const ROWS_MIN = 240;

const FORMAT = 1;
const HAS_BAD = 1;
const NOT_LINEAR: Linear = { scale: 1, offset: 0 };

const scratch = new ByteSink();
const NOTHING = new Map<never, never>();

export function hourOf(time: EpochMs): EpochMs {
  return Math.floor(time / CHUNK_MS) * CHUNK_MS;
}

/** Smallest, largest, mean and worst status of every five minutes of a chunk, so that years can be drawn without reading every
 *  reading. Null where there is nothing to gain or something to lose: a few readings, texts, integers beyond 2^53.
 *  The mean is kept as a float32. */
export function encodeRollup(chunk: HistoryColumns, linear: Linear): Uint8Array | null {
  if (chunk.length < ROWS_MIN) return null;
  const start = hourOf(chunk.time[0] as number);
  const builder = new BucketBuilder(start, start + CHUNK_MS, CHUNK_MS / ROLLUP_MS);
  builder.add(chunk);
  const minutes = builder.result();
  const isLossy = minutes.text.size + minutes.exactMin.size + minutes.exactMax.size > 0;
  if (isLossy || chunk.length < 4 * minutes.length) return null;
  scratch.clear();
  writeMinutes(scratch, minutes, start, linear);
  return squeeze(scratch.written(), FORMAT, false);
}

/** Throws RangeError or a zlib error on bytes that are no roll-up. */
export function decodeRollup(bytes: Uint8Array): HistoryBuckets {
  return readMinutes(new ByteSource(unsqueeze(bytes, FORMAT)));
}

function writeMinutes(sink: ByteSink, minutes: HistoryBuckets, start: EpochMs, linear: Linear): void {
  sink.f64(start);
  sink.varint(minutes.length);
  for (let row = 0; row < minutes.length; row++) {
    sink.varint(minutes.count[row] as number);
    sink.u8(Number.isNaN(minutes.badTime[row]) ? 0 : HAS_BAD);
  }
  const told = minutes.count.map((count) => (count > 0 ? 1 : 0));
  const isTold = (_: number, row: number): boolean => told[row] === 1;
  const after = (time: number): number => time - start;
  writeSome(sink, minutes.minTime.filter(isTold).map(after));
  writeSome(sink, minutes.maxTime.filter(isTold).map(after));
  writeValues(sink, minutes.min.filter(isTold), linear);
  writeValues(sink, minutes.max.filter(isTold), linear);
  writeValues(sink, minutes.mean.filter(isTold).map(Math.fround), NOT_LINEAR);
  writeSome(sink, Float64Array.from(minutes.status.filter(isTold)));
  const isBad = (_: number, row: number): boolean => !Number.isNaN(minutes.badTime[row]);
  writeSome(sink, minutes.badTime.filter(isBad).map(after));
  writeSome(sink, Float64Array.from(minutes.badStatus.filter(isBad)));
}

function readMinutes(source: ByteSource): HistoryBuckets {
  const start = source.f64();
  const length = source.varint();
  const count = new Float64Array(length);
  const isBad = new Uint8Array(length);
  for (let row = 0; row < length; row++) {
    count[row] = source.varint();
    isBad[row] = source.u8();
  }
  const told = count.reduce((sum, one) => sum + (one > 0 ? 1 : 0), 0);
  const bad = isBad.reduce((sum, one) => sum + (one === HAS_BAD ? 1 : 0), 0);
  const spread = (some: Float64Array, isThere: (row: number) => boolean): Float64Array => {
    const column = new Float64Array(length).fill(NaN);
    let next = 0;
    for (let row = 0; row < length; row++) if (isThere(row)) column[row] = some[next++] as number;
    return column;
  };
  const isTold = (row: number): boolean => (count[row] as number) > 0;
  const hasBad = (row: number): boolean => isBad[row] === HAS_BAD;
  const since = (time: number): number => time + start;
  return {
    length,
    count,
    minTime: spread(readSome(source, told).map(since), isTold),
    maxTime: spread(readSome(source, told).map(since), isTold),
    min: spread(readValues(source, told), isTold),
    max: spread(readValues(source, told), isTold),
    mean: spread(readValues(source, told), isTold),
    status: Uint32Array.from(spread(readSome(source, told), isTold)),
    badTime: spread(readSome(source, bad).map(since), hasBad),
    badStatus: Uint32Array.from(spread(readSome(source, bad), hasBad)),
    text: NOTHING,
    exactMin: NOTHING,
    exactMax: NOTHING,
  };
}

function writeSome(sink: ByteSink, numbers: Float64Array): void {
  if (numbers.length > 0) writeIntegers(sink, numbers);
}

function readSome(source: ByteSource, count: number): Float64Array {
  return count === 0 ? new Float64Array(0) : readIntegers(source, new Float64Array(count));
}
