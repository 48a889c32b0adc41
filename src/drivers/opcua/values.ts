import type { ReadingBatch } from "../../domain/batch.ts";
import type { StatusCode } from "../../domain/status.ts";
import type { DataType } from "../../domain/tag.ts";
import type { EpochMs } from "../../domain/time.ts";

/** Numbers of the built-in types that carry a process value. Source: OPC 10000-6, table 1. */
export const BuiltIn = {
  Null: 0,
  Boolean: 1,
  Int64: 8,
  UInt64: 9,
  String: 12,
  DateTime: 13,
  Guid: 14,
  LocalizedText: 21,
} as const;

/** The server's value is of a kind that the tag's type cannot hold: an array, a structure, text for a number. */
export const BAD_TYPE_MISMATCH: StatusCode = 0x80740000;
/** The server calls the value good and sends none. */
export const BAD_NO_DATA: StatusCode = 0x809b0000;

// OPC 10000-4, 7.39.1: info type DataValue, then the overflow bit of a queue that lost readings.
const DATA_VALUE_OVERFLOW = 0x0480;

const TEXT_LENGTH_MAX = 256; // characters of a text value that are kept
const FIRST_MOMENT_MS = -11_644_473_600_000; // 1601-01-01, which OPC UA writes where there is no time

/** What this module needs of a decoded Variant. */
export interface VariantLike {
  readonly dataType: number;
  /** 0 is a scalar. */
  readonly arrayType: number;
  readonly value: unknown;
}

/** Did the server's queue for this item drop readings before this one? */
export function hasOverflowed(status: StatusCode): boolean {
  return (status & DATA_VALUE_OVERFLOW) === DATA_VALUE_OVERFLOW;
}

/** Source time, else the server's, else ours; null and 1601-01-01 both mean that there is none. */
export function timeOf(source: Date | null, server: Date | null, ours: EpochMs): EpochMs {
  return timeGiven(source) ?? timeGiven(server) ?? ours;
}

function timeGiven(time: Date | null): EpochMs | null {
  const ms = time?.getTime() ?? NaN;
  return ms > FIRST_MOMENT_MS ? ms : null; // also false for NaN
}

/** Writes a good or uncertain value into row `row` and returns the status that the row deserves:
 *  `status` itself, or a bad one when the tag's type cannot hold the value. A number that is NaN stays NaN. */
export function storeValue(
  batch: ReadingBatch,
  row: number,
  type: DataType,
  variant: VariantLike | null,
  status: StatusCode,
): StatusCode {
  if (variant === null || variant.value === null || variant.value === undefined) return BAD_NO_DATA;
  if (variant.arrayType !== 0) return BAD_TYPE_MISMATCH;
  if (type === "string") return storeText(batch, row, variant, status);
  if (type === "int64" || type === "uint64") return storeBigInteger(batch, row, variant, status);
  const number = numberOf(variant);
  if (number === null) return BAD_TYPE_MISMATCH;
  batch.value[row] = type === "bool" ? Number(number !== 0) : number;
  return status;
}

function storeText(batch: ReadingBatch, row: number, variant: VariantLike, status: StatusCode): StatusCode {
  const text = textOf(variant);
  if (text === null) return BAD_TYPE_MISMATCH;
  batch.exact.set(row, plainText(text));
  return status;
}

function storeBigInteger(
  batch: ReadingBatch,
  row: number,
  variant: VariantLike,
  status: StatusCode,
): StatusCode {
  const exact = bigIntegerOf(variant);
  if (exact === null) return BAD_TYPE_MISMATCH;
  batch.value[row] = Number(exact);
  batch.exact.set(row, exact);
  return status;
}

/** Null for what is no number. Truth is 1, a time is its UTC milliseconds, a 64-bit integer its nearest number. */
export function numberOf({ dataType, value }: VariantLike): number | null {
  if (typeof value === "number") return value;
  if (typeof value === "boolean") return value ? 1 : 0;
  if (value instanceof Date) return value.getTime();
  if (dataType === BuiltIn.Int64 || dataType === BuiltIn.UInt64) return Number(pairOf(dataType, value));
  return null;
}

/** Null for what is no whole number. */
function bigIntegerOf(variant: VariantLike): bigint | null {
  if (variant.dataType === BuiltIn.Int64 || variant.dataType === BuiltIn.UInt64)
    return pairOf(variant.dataType, variant.value);
  const number = numberOf(variant);
  return number !== null && Number.isInteger(number) ? BigInt(number) : null;
}

/** The library hands 64-bit integers over as two unsigned 32-bit halves, the upper one first. */
function pairOf(dataType: number, value: unknown): bigint {
  const [upper, lower] = value as readonly [number, number];
  const bits = (BigInt(upper >>> 0) << 32n) | BigInt(lower >>> 0);
  return dataType === BuiltIn.Int64 ? BigInt.asIntN(64, bits) : bits;
}

function textOf({ dataType, value }: VariantLike): string | null {
  if (typeof value === "string") return value;
  if (typeof value === "number" || typeof value === "boolean") return String(value);
  if (value instanceof Date) return value.toISOString();
  if (dataType === BuiltIn.Int64 || dataType === BuiltIn.UInt64) return String(pairOf(dataType, value));
  if (dataType === BuiltIn.LocalizedText) return (value as { readonly text: string | null }).text ?? "";
  return null;
}

/** A foreign text made harmless: one normal form, no control or direction characters, bounded. */
export function plainText(text: string): string {
  return text
    .slice(0, 4 * TEXT_LENGTH_MAX)
    .normalize("NFC")
    .replaceAll(/[\p{Cc}\p{Bidi_Control}]/gu, "")
    .slice(0, TEXT_LENGTH_MAX);
}
