import type { DataType, Tag } from "../domain/tag.ts";
import { linearOf } from "./scaling.ts";

/** A value as the device will hold it: what goes into its registers or node, and what that means in the tag's unit. */
export interface HeldValue {
  readonly raw: number | bigint;
  readonly value: number | boolean;
}

const INTEGERS: Readonly<Partial<Record<DataType, readonly [low: number, high: number]>>> = {
  int16: [-(2 ** 15), 2 ** 15 - 1],
  uint16: [0, 2 ** 16 - 1],
  int32: [-(2 ** 31), 2 ** 31 - 1],
  uint32: [0, 2 ** 32 - 1],
  int64: [Number.MIN_SAFE_INTEGER, Number.MAX_SAFE_INTEGER],
  uint64: [0, Number.MAX_SAFE_INTEGER],
};

/** The inverse of scaling: the raw value whose engineering value is nearest to `value`, in the steps of the tag's type.
 *  Null where the type cannot hold it: text, a number for a bool, not a number, beyond the type's own limits. */
export function heldValue(tag: Tag, value: number | boolean): HeldValue | null {
  if (tag.type === "bool") return typeof value === "boolean" ? { raw: value ? 1 : 0, value } : null;
  if (typeof value !== "number" || !Number.isFinite(value) || tag.type === "string") return null;
  const { scale, offset } = linearOf(tag);
  const raw = steppedRaw(tag.type, (value - offset) / scale);
  if (raw === null) return null;
  return { raw: isLong(tag.type) ? BigInt(raw) : raw, value: shown(tag, raw * scale + offset, value) };
}

function steppedRaw(type: DataType, exact: number): number | null {
  const limits = INTEGERS[type];
  if (limits !== undefined) {
    const counts = Math.round(exact) + 0; // no negative zero
    return counts >= limits[0] && counts <= limits[1] ? counts : null;
  }
  const raw = type === "float32" ? Math.fround(exact) : exact;
  return Number.isFinite(raw) ? raw : null;
}

function isLong(type: DataType): boolean {
  return type === "int64" || type === "uint64";
}

/** A single-precision float that means the wished value is shown as that. */
function shown(tag: Tag, held: number, wished: number): number {
  const means = tag.type === "float32" && Math.fround(held) === Math.fround(wished);
  return means ? wished : held;
}
