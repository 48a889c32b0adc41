import type { EpochMs } from "../../domain/time.ts";
import type { ByteSink, ByteSource } from "../bytes.ts";
import { readIntegers, writeIntegers } from "./integers.ts";

/** Poll periods are multiples of this, ms. */
const GRID_MS = 100;

/** Writes rising times as places on the grid of the poll period and how late each was: of a steady poll all places follow
 *  one another and take no room, and being late now says nothing about the next time. At most 2^31 ms from first to last. */
export function writeTimes(sink: ByteSink, time: Float64Array): void {
  const first = time[0] as number;
  sink.f64(first);
  if (time.length === 1) return;
  const periodMs = usualStep(time);
  const steps = new Float64Array(time.length - 1);
  const late = new Float64Array(time.length - 1);
  let before = 0;
  for (let row = 1; row < time.length; row++) {
    const elapsed = (time[row] as number) - first;
    const place = Math.round(elapsed / periodMs);
    steps[row - 1] = place - before;
    late[row - 1] = elapsed - place * periodMs;
    before = place;
  }
  sink.varint(periodMs);
  writeIntegers(sink, steps);
  writeIntegers(sink, late);
}

/** Kept between calls: reading makes no garbage beyond what it gives back. */
let scratch = new Float64Array(4096);

export function readTimes(source: ByteSource, length: number): Float64Array {
  const time = new Float64Array(length);
  const first: EpochMs = source.f64();
  time[0] = first;
  if (length === 1) return time;
  const periodMs = source.varint();
  if (scratch.length < length) scratch = new Float64Array(2 * length);
  const steps = readIntegers(source, scratch.subarray(0, length - 1));
  for (let row = 1; row < length; row++) time[row] = steps[row - 1] as number;
  const late = readIntegers(source, steps);
  let place = 0;
  for (let row = 1; row < length; row++) {
    place += time[row] as number;
    time[row] = first + place * periodMs + (late[row - 1] as number);
  }
  return time;
}

/** The middle one of the steps, on the grid; a stranger among them does not matter. */
function usualStep(time: Float64Array): number {
  const steps = new Float64Array(time.length - 1);
  for (let row = 0; row < steps.length; row++) steps[row] = (time[row + 1] as number) - (time[row] as number);
  const middle = steps.sort()[steps.length >>> 1] as number;
  return Math.max(GRID_MS, Math.round(middle / GRID_MS) * GRID_MS);
}
