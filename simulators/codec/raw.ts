import type { DataType, Tag } from "../../src/domain/tag.ts";

/** What stands in the registers or in the node, before scaling. */
export type RawValue = number | bigint | boolean | string;

/** What a person reads: the raw value scaled to the tag's unit. */
export type EngineeringValue = number | bigint | boolean | string;

const INTEGER_LIMITS = {
  int16: [-0x8000, 0x7fff],
  uint16: [0, 0xffff],
  int32: [-0x8000_0000, 0x7fff_ffff],
  uint32: [0, 0xffff_ffff],
} as const;

const LONG_LIMITS = {
  int64: [-(2n ** 63n), 2n ** 63n - 1n],
  uint64: [0n, 2n ** 64n - 1n],
} as const;

type IntegerType = keyof typeof INTEGER_LIMITS;
type LongType = keyof typeof LONG_LIMITS;

type ToRaw = (tag: Tag, value: EngineeringValue) => RawValue;

const TO_RAW: Readonly<Record<DataType, ToRaw>> = {
  bool: (_tag, value) => Boolean(value),
  string: (tag, value) => textRaw(tag, String(value)),
  int16: integerRaw("int16"),
  uint16: integerRaw("uint16"),
  int32: integerRaw("int32"),
  uint32: integerRaw("uint32"),
  int64: longRaw("int64"),
  uint64: longRaw("uint64"),
  float32: (tag, value) => Math.fround(rolledOver(tag, unscaled(tag, Number(value)))),
  float64: (tag, value) => rolledOver(tag, unscaled(tag, Number(value))),
};

/** The raw value an instrument puts on the wire for an engineering value: inverse scaling, rounded half up to the
 *  register's format and held within it; a totalizer starts again at its rollover. */
export function rawOf(tag: Tag, value: EngineeringValue): RawValue {
  return TO_RAW[tag.type](tag, value);
}

/** The engineering value that a correct reader computes from a raw value: raw × scale + offset in double precision.
 *  A 64-bit integer without scaling stays exact. */
export function engineeringOf(tag: Tag, raw: RawValue): EngineeringValue {
  const { scale, offset } = tag.scaling;
  if (typeof raw === "boolean" || typeof raw === "string") return raw;
  if (typeof raw === "bigint" && scale === 1 && offset === 0) return raw;
  return Number(raw) * scale + offset;
}

/** The engineering value that is left of `value` after one trip through the tag's register format: exactly what a
 *  correct reader must get back. Numbers differ from `value` by at most half a count times the scale. */
export function quantised(tag: Tag, value: EngineeringValue): EngineeringValue {
  return engineeringOf(tag, rawOf(tag, value));
}

/** Smallest change of an integer register in the tag's unit; 0 for floating-point, bits and text. */
export function resolution(tag: Tag): number {
  return isInteger(tag.type) ? Math.abs(tag.scaling.scale) : 0;
}

function isInteger(type: DataType): boolean {
  return type in INTEGER_LIMITS || type in LONG_LIMITS;
}

function unscaled(tag: Tag, value: number): number {
  return (value - tag.scaling.offset) / tag.scaling.scale;
}

function integerRaw(type: IntegerType): ToRaw {
  const [low, high] = INTEGER_LIMITS[type];
  return (tag, value) => {
    const counts = Math.round(unscaled(tag, Number(value)));
    return Math.min(high, Math.max(low, rolledOver(tag, Number.isNaN(counts) ? 0 : counts)));
  };
}

/** What fits into the registers, cut between characters. */
function textRaw(tag: Tag, text: string): string {
  if (tag.source.protocol !== "modbus") return text;
  const room = new Uint8Array(2 * tag.source.width);
  const { read } = new TextEncoder().encodeInto(text, room);
  return text.slice(0, read);
}

function longRaw(type: LongType): ToRaw {
  const [low, high] = LONG_LIMITS[type];
  return (tag, value) => {
    const counts = longCounts(tag, value);
    const rolled = tag.rolloverCounts === null ? counts : counts % BigInt(Math.trunc(tag.rolloverCounts));
    if (rolled < low) return low;
    return rolled > high ? high : rolled;
  };
}

function longCounts(tag: Tag, value: EngineeringValue): bigint {
  const { scale, offset } = tag.scaling;
  if (typeof value === "bigint" && scale === 1 && offset === 0) return value;
  const counts = Math.round(unscaled(tag, Number(value)));
  return Number.isFinite(counts) ? BigInt(counts) : 0n;
}

function rolledOver(tag: Tag, counts: number): number {
  return tag.rolloverCounts === null ? counts : counts % tag.rolloverCounts;
}
