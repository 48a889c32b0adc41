import type { ByteSink, ByteSource } from "../bytes.ts";
import { atPlace, inOrder } from "./float-order.ts";
import { fitIntegers, readIntegers, writeIntegers } from "./integers.ts";
import { latticeOf } from "./lattice.ts";

/** What a tag's numbers are made of: raw counts × scale + offset. Only a hint: numbers that are not so are kept as well,
 *  and exactly, but take more room. */
export interface Linear {
  readonly scale: number;
  readonly offset: number;
}

const CONSTANT = 0;
const LINEAR = 1;
const DECIMAL = 2;
const DECIMAL32 = 3;
const FLOAT32 = 4;
const FLOAT64 = 5;
const LATTICE = 6;

const DECIMALS_MAX = 6;
const SAMPLES = 16;

/** Writes numbers, NaN excluded, so that each comes back bit for bit. */
export function writeValues(sink: ByteSink, values: Float64Array, linear: Linear): void {
  if (values.length === 0) return;
  if (isConstant(values)) {
    sink.u8(CONSTANT);
    sink.f64(values[0] as number);
    return;
  }
  if (writeLinear(sink, values, linear)) return;
  const areFloat32 = values.every((value) => Object.is(Math.fround(value), value));
  if ((areFloat32 && writeLattice(sink, values)) || writeDecimal(sink, values)) return;
  if (areFloat32) writeFloat32(sink, values);
  else writeFloat64(sink, values);
}

export function readValues(source: ByteSource, count: number): Float64Array {
  if (count === 0) return new Float64Array(0);
  const kind = source.u8();
  switch (kind) {
    case CONSTANT:
      return new Float64Array(count).fill(source.f64());
    case LINEAR: {
      const scale = source.f64();
      const offset = source.f64();
      return inPlace(readIntegers(source, new Float64Array(count)), (raw) => raw * scale + offset);
    }
    case DECIMAL: {
      const power = 10 ** source.u8();
      return inPlace(readIntegers(source, new Float64Array(count)), (whole) => whole / power);
    }
    case DECIMAL32: {
      const power = 10 ** source.u8();
      return inPlace(readIntegers(source, new Float64Array(count)), (whole) => Math.fround(whole / power));
    }
    case FLOAT32:
      return inPlace(readIntegers(source, new Float64Array(count)), atPlace);
    case LATTICE:
      return readLattice(source, count);
    case FLOAT64:
      return readFloat64Planes(source, count);
    default:
      throw new RangeError(`values of kind ${kind} are not known`);
  }
}

function inPlace(numbers: Float64Array, change: (number: number) => number): Float64Array {
  for (let row = 0; row < numbers.length; row++) numbers[row] = change(numbers[row] as number);
  return numbers;
}

function isConstant(values: Float64Array): boolean {
  const first = values[0] as number;
  for (const value of values) if (!Object.is(value, first)) return false;
  return true;
}

/** The whole numbers that `inverse` gives and `forward` turns back into exactly these values; null when there are none. */
function integersOf(
  values: Float64Array,
  inverse: (value: number) => number,
  forward: (whole: number) => number,
): Float64Array | null {
  const wholes = new Float64Array(values.length);
  for (let row = 0; row < values.length; row++) {
    const value = values[row] as number;
    const whole = Math.round(inverse(value)) + 0; // + 0: there is no −0 among the integers
    if (!Number.isSafeInteger(whole) || !Object.is(forward(whole), value)) return null;
    wholes[row] = whole;
  }
  return wholes;
}

function writeLinear(sink: ByteSink, values: Float64Array, { scale, offset }: Linear): boolean {
  const counts = integersOf(
    values,
    (value) => (value - offset) / scale,
    (raw) => raw * scale + offset,
  );
  if (counts === null || !fitIntegers(counts)) return false;
  sink.u8(LINEAR);
  sink.f64(scale);
  sink.f64(offset);
  writeIntegers(sink, counts);
  return true;
}

/** Many devices send numbers that a person would write with a few decimals. */
function writeDecimal(sink: ByteSink, values: Float64Array): boolean {
  for (const [kind, round] of [
    [DECIMAL, (value: number) => value],
    [DECIMAL32, Math.fround],
  ] as const) {
    for (let decimals = 0; decimals <= DECIMALS_MAX; decimals++) {
      const power = 10 ** decimals;
      const inverse = (value: number): number => value * power;
      const forward = (whole: number): number => round(whole / power);
      if (integersOf(values.subarray(0, SAMPLES), inverse, forward) === null) continue;
      const wholes = integersOf(values, inverse, forward);
      if (wholes === null || !fitIntegers(wholes)) continue;
      sink.u8(kind);
      sink.u8(decimals);
      writeIntegers(sink, wholes);
      return true;
    }
  }
  return false;
}

/** Neighbouring float32 numbers are neighbouring whole numbers when they are counted in their order. */
function writeFloat32(sink: ByteSink, values: Float64Array): void {
  sink.u8(FLOAT32);
  writeIntegers(sink, values.map(inOrder));
}

function writeLattice(sink: ByteSink, values: Float64Array): boolean {
  const lattice = latticeOf(values);
  if (lattice === null || !fitIntegers(lattice.counts) || !fitIntegers(lattice.corrections)) return false;
  sink.u8(LATTICE);
  sink.f64(lattice.base);
  sink.f64(lattice.step);
  writeIntegers(sink, lattice.counts);
  writeIntegers(sink, lattice.corrections);
  return true;
}

function readLattice(source: ByteSource, count: number): Float64Array {
  const base = source.f64();
  const step = source.f64();
  const numbers = readIntegers(source, new Float64Array(count));
  const corrections = readIntegers(source, new Float64Array(count));
  for (let row = 0; row < count; row++) {
    const near = Math.fround(base + (numbers[row] as number) * step);
    const correction = corrections[row] as number;
    numbers[row] = correction === 0 ? near : atPlace(inOrder(near) + correction);
  }
  return numbers;
}

function writeFloat64(sink: ByteSink, values: Float64Array): void {
  sink.u8(FLOAT64);
  const count = values.length;
  const bytes = new Uint8Array(values.slice().buffer);
  const planes = sink.reserve(8 * count);
  for (let plane = 0; plane < 8; plane++)
    for (let row = 0; row < count; row++) planes[plane * count + row] = bytes[8 * row + plane] as number;
}

function readFloat64Planes(source: ByteSource, count: number): Float64Array {
  const planes = source.take(8 * count);
  const bytes = new Uint8Array(8 * count);
  for (let plane = 0; plane < 8; plane++)
    for (let row = 0; row < count; row++) bytes[8 * row + plane] = planes[plane * count + row] as number;
  return new Float64Array(bytes.buffer);
}
