import { keepsFloat32 } from "../../domain/number.ts";
import { isBad, severity } from "../../domain/status.ts";
import type { StatusCode } from "../../domain/status.ts";
import type { DataType, Tag } from "../../domain/tag.ts";
import { SparkplugQuality, SparkplugType } from "./fields.ts";

/** What a birth says of a metric, and data messages refer to by its alias. */
export interface MetricDefinition {
  readonly name: string;
  /** Unique in the edge node; null for what hosts must address by name. */
  readonly alias: number | null;
  readonly type: SparkplugType;
  /** UCUM. */
  readonly unit: string | null;
  readonly range: { readonly low: number; readonly high: number } | null;
  /** What people call it. */
  readonly title: string | null;
}

/** A value as Sparkplug writes it; null is `is_null`. */
export type MetricValue = number | bigint | boolean | string | null;

/** Aliases below are for metrics of the node itself. */
export const TAG_ALIAS_FROM = 16;

const INTEGERS: Partial<Record<DataType, SparkplugType>> = {
  int16: SparkplugType.Int16,
  uint16: SparkplugType.UInt16,
  int32: SparkplugType.Int32,
  uint32: SparkplugType.UInt32,
  int64: SparkplugType.Int64,
  uint64: SparkplugType.UInt64,
};

/** The type of a tag's engineering value: an integer that is scaled is one no longer. */
export function sparkplugTypeOf(tag: Tag): SparkplugType {
  if (tag.type === "bool") return SparkplugType.Boolean;
  if (tag.type === "string") return SparkplugType.String;
  if (keepsFloat32(tag)) return SparkplugType.Float;
  const isScaled = tag.scaling.scale !== 1 || tag.scaling.offset !== 0;
  return (isScaled ? undefined : INTEGERS[tag.type]) ?? SparkplugType.Double;
}

export function metricOf(tag: Tag): MetricDefinition {
  return {
    name: tag.id,
    alias: TAG_ALIAS_FROM + tag.index,
    type: sparkplugTypeOf(tag),
    unit: tag.unit,
    range: tag.range,
    title: tag.title,
  };
}

/** A good value may be used, a stale one is the last known or doubtful, and a bad one is not told at all. */
export function sparkplugQuality(status: StatusCode): number {
  if (isBad(status)) return SparkplugQuality.bad;
  return severity(status) === 0 ? SparkplugQuality.good : SparkplugQuality.stale;
}

type Judge = (number: number, exact: bigint | string | undefined) => MetricValue;

const decimal: Judge = (number) => (Number.isFinite(number) ? number : null);

const integer =
  (lowest: number, highest: number): Judge =>
  (number) =>
    Number.isInteger(number) && number >= lowest && number <= highest ? number : null;

const wideInteger =
  (fit: (value: bigint) => bigint): Judge =>
  (number, exact) => {
    if (typeof exact !== "bigint" && !Number.isInteger(number)) return null;
    const value = typeof exact === "bigint" ? exact : BigInt(number);
    return fit(value) === value ? value : null;
  };

const JUDGES: Readonly<Record<SparkplugType, Judge>> = {
  [SparkplugType.Boolean]: (number) => (Number.isNaN(number) ? null : number !== 0),
  [SparkplugType.String]: (_number, exact) => (typeof exact === "string" ? exact : null),
  [SparkplugType.Float]: decimal,
  [SparkplugType.Double]: decimal,
  [SparkplugType.Int16]: integer(-32_768, 32_767),
  [SparkplugType.UInt16]: integer(0, 65_535),
  [SparkplugType.Int32]: integer(-(2 ** 31), 2 ** 31 - 1),
  [SparkplugType.UInt32]: integer(0, 2 ** 32 - 1),
  [SparkplugType.Int64]: wideInteger((value) => BigInt.asIntN(64, value)),
  [SparkplugType.UInt64]: wideInteger((value) => BigInt.asUintN(64, value)),
  [SparkplugType.DateTime]: wideInteger((value) => BigInt.asUintN(64, value)),
};

/** The value as `type` can carry it: null where it cannot, rather than another number. NaN and infinities are no values. */
export function metricValue(
  type: SparkplugType,
  number: number,
  exact: bigint | string | undefined,
): MetricValue {
  return JUDGES[type](number, exact);
}
