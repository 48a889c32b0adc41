import type { ByteSink, ByteSource } from "./bytes.ts";

/** Differences are taken by 32-bit arithmetic. */
const SPREAD_MAX = 2 ** 32 - 1;

const DELTA = 0x80;

/** Writes whole numbers (|m| < 2^53) as byte planes: all lowest bytes, then all second ones, and so on, because bytes of
 *  one weight resemble each other more than neighbours do. What is split into planes is the distance either from the
 *  smallest number or from the number before, whichever takes fewer bits. They must fit. */
export function writeIntegers(sink: ByteSink, numbers: Float64Array): void {
  const { min, max, offsetBits, deltaBits, deltaMax } = survey(numbers);
  const isDelta = deltaBits < offsetBits && deltaMax <= SPREAD_MAX;
  const base = isDelta ? (numbers[0] as number) : min;
  const parts = isDelta ? deltasOf(numbers) : offsetsOf(numbers, min);
  const width = bytesOf(isDelta ? deltaMax : max - min);
  sink.u8(width | (isDelta ? DELTA : 0));
  sink.varint(Math.abs(base));
  sink.u8(base < 0 ? 1 : 0);
  writePlanes(sink, parts, width);
}

/** Whether the numbers are close enough to each other: less than 32 bits apart. */
export function fitIntegers(numbers: Float64Array): boolean {
  let min = Infinity;
  let max = -Infinity;
  for (const number of numbers) {
    if (number < min) min = number;
    if (number > max) max = number;
  }
  return max - min <= SPREAD_MAX;
}

/** Fills `numbers` with as many numbers as there is room for. */
export function readIntegers(source: ByteSource, numbers: Float64Array): Float64Array {
  const head = source.u8();
  const magnitude = source.varint();
  const base = source.u8() === 1 ? -magnitude : magnitude;
  const count = numbers.length;
  const parts = readPlanes(source, count, head & 0x7f);
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
  let min = Infinity;
  let max = -Infinity;
  for (const number of numbers) {
    if (number < min) min = number;
    if (number > max) max = number;
  }
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

function bytesOf(largest: number): number {
  return Math.ceil((32 - Math.clz32(largest)) / 8);
}

function writePlanes(sink: ByteSink, parts: Uint32Array, width: number): void {
  const count = parts.length;
  const bytes = sink.reserve(width * count);
  for (let plane = 0; plane < width; plane++) {
    const shift = 8 * plane;
    const start = plane * count;
    for (let row = 0; row < count; row++) bytes[start + row] = (parts[row] as number) >>> shift;
  }
}

/** Kept between calls: reading makes no garbage beyond what it gives back. */
let scratch = new Uint32Array(4096);

/** Valid until the next call. */
function readPlanes(source: ByteSource, count: number, width: number): Uint32Array {
  if (scratch.length < count) scratch = new Uint32Array(2 * count);
  const parts = scratch.subarray(0, count).fill(0);
  for (let plane = 0; plane < width; plane++) {
    const shift = 8 * plane;
    const bytes = source.take(count);
    for (let row = 0; row < count; row++)
      parts[row] = (parts[row] as number) | ((bytes[row] as number) << shift);
  }
  return parts;
}
