import type { ByteSink, ByteSource } from "./bytes.ts";
import { fitIntegers, readIntegers, writeIntegers } from "./integers.ts";

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
  if (writeLinear(sink, values, linear) || writeDecimal(sink, values) || writeFloat32(sink, values)) return;
  sink.u8(FLOAT64);
  writeFloat64Planes(sink, values);
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
      return fromFloat32Bits(readIntegers(source, new Float64Array(count)));
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

/** The bits of a float32 of one sign rise with its value, so that they can be taken for whole numbers. */
function writeFloat32(sink: ByteSink, values: Float64Array): boolean {
  for (const value of values) if (!Object.is(Math.fround(value), value)) return false;
  const bits = new Int32Array(Float32Array.from(values).buffer);
  const ordered = Float64Array.from(bits, (bit) => (bit < 0 ? -(bit & 0x7fff_ffff) - 1 : bit));
  sink.u8(FLOAT32);
  writeIntegers(sink, ordered);
  return true;
}

const bits32 = new Int32Array(1);
const float32 = new Float32Array(bits32.buffer);

function fromFloat32Bits(ordered: Float64Array): Float64Array {
  return inPlace(ordered, (bit) => {
    bits32[0] = bit < 0 ? (-bit - 1) | 0x8000_0000 : bit;
    return float32[0] as number;
  });
}

function writeFloat64Planes(sink: ByteSink, values: Float64Array): void {
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
