import { bytesOf } from "../bytes.ts";
import type { ByteSink, ByteSource } from "../bytes.ts";

/** Whole numbers below 2^32 in as few bytes as the largest needs, which stand in front. */
export function writeColumn(sink: ByteSink, numbers: Uint32Array, count: number): void {
  const width = bytesOf(anyOf(numbers, count));
  sink.u8(width);
  sink.planes(numbers, count, width);
}

/** The bits that any of the numbers has. */
export function anyOf(numbers: Uint32Array, count: number): number {
  let all = 0;
  for (let row = 0; row < count; row++) all |= numbers[row] as number;
  return all;
}

export function readColumn(source: ByteSource, count: number): Uint32Array {
  return source.planes(new Uint32Array(count), source.u8());
}

export function writeText(sink: ByteSink, text: string): void {
  const bytes = Buffer.from(text);
  sink.u32(bytes.length);
  sink.append(bytes);
}

export function readText(source: ByteSource): string {
  return Buffer.from(source.take(source.u32())).toString();
}

/** Signed numbers as unsigned ones that are small when they are near zero. */
export function zigzag(value: number): number {
  return ((value << 1) ^ (value >> 31)) >>> 0;
}

export function unzigzag(value: number): number {
  return (value >>> 1) ^ -(value & 1);
}
