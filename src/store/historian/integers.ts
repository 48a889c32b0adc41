import { bytesOf } from "../bytes.ts";
import type { ByteSink, ByteSource } from "../bytes.ts";

/** Differences are taken by 32-bit arithmetic. */
const SPREAD_MAX = 2 ** 32 - 1;

const DELTA = 0x80;

/** Writes whole numbers (|m| < 2^53) as byte planes of their distances either from the smallest number or from the number
 *  before, whichever takes fewer bits. They must fit. */
export function writeIntegers(sink: ByteSink, numbers: Float64Array): void {
  const { min, max, offsetBits, deltaBits, deltaMax } = survey(numbers);
  const isDelta = deltaBits < offsetBits && deltaMax <= SPREAD_MAX;
  const base = isDelta ? (numbers[0] as number) : min;
  const parts = isDelta ? deltasOf(numbers) : offsetsOf(numbers, min);
  const width = bytesOf(isDelta ? deltaMax : max - min);
  sink.u8(width | (isDelta ? DELTA : 0));
  sink.varint(Math.abs(base));
  sink.u8(base < 0 ? 1 : 0);
  sink.planes(parts, parts.length, width);
}

/** Whether the numbers are close enough to each other: less than 32 bits apart. */
export function fitIntegers(numbers: Float64Array): boolean {
  const { min, max } = extremesOf(numbers);
  return max - min <= SPREAD_MAX;
}

function extremesOf(numbers: Float64Array): { readonly min: number; readonly max: number } {
  let min = Infinity;
  let max = -Infinity;
  for (const number of numbers) {
    if (number < min) min = number;
    if (number > max) max = number;
  }
  return { min, max };
}

/** Fills `numbers` with as many numbers as there is room for. */
export function readIntegers(source: ByteSource, numbers: Float64Array): Float64Array {
  const head = source.u8();
  const magnitude = source.varint();
  const base = source.u8() === 1 ? -magnitude : magnitude;
  const count = numbers.length;
  const parts = readParts(source, count, head & 0x7f);
  if ((head & DELTA) === 0) {
    for (let row = 0; row < count; row++) numbers[row] = base + (parts[row] as number);
    return numbers;
  }
  let number = base;
  for (let row = 0; row < count; row++) {
    const part = parts[row] as number;
    number += part % 2 === 0 ? part / 2 : -(part + 1) / 2;
    numbers[row] = number;
  }
  return numbers;
}

interface Survey {
  readonly min: number;
  readonly max: number;
  /** Sum of the bits that the distances need. */
  readonly offsetBits: number;
  readonly deltaBits: number;
  /** Largest distance from the number before, folded. */
  readonly deltaMax: number;
}

function survey(numbers: Float64Array): Survey {
  const { min, max } = extremesOf(numbers);
  let offsetBits = 0;
  let deltaBits = 0;
  let deltaMax = 0;
  let before = numbers[0] as number;
  for (const number of numbers) {
    const folded = fold(number - before);
    before = number;
    if (folded > deltaMax) deltaMax = folded;
    deltaBits += 32 - Math.clz32(folded);
    offsetBits += 32 - Math.clz32(number - min);
  }
  return { min, max, offsetBits, deltaBits, deltaMax };
}

/** 0, −1, 1, −2, 2 … as 0, 1, 2, 3, 4 … */
function fold(difference: number): number {
  return difference < 0 ? -2 * difference - 1 : 2 * difference;
}

function deltasOf(numbers: Float64Array): Uint32Array {
  const parts = new Uint32Array(numbers.length);
  let before = numbers[0] as number;
  for (let row = 0; row < numbers.length; row++) {
    const number = numbers[row] as number;
    parts[row] = fold(number - before);
    before = number;
  }
  return parts;
}

function offsetsOf(numbers: Float64Array, min: number): Uint32Array {
  const parts = new Uint32Array(numbers.length);
  for (let row = 0; row < numbers.length; row++) parts[row] = (numbers[row] as number) - min;
  return parts;
}

/** Kept between calls: reading makes no garbage beyond what it gives back. */
let scratch = new Uint32Array(4096);

/** Valid until the next call. */
function readParts(source: ByteSource, count: number, width: number): Uint32Array {
  if (scratch.length < count) scratch = new Uint32Array(2 * count);
  return source.planes(scratch.subarray(0, count), width);
}
