import { BinaryWriter, WireType } from "@bufbuild/protobuf/wire";
import type { StatusCode } from "../../domain/status.ts";
import type { EpochMs } from "../../domain/time.ts";
import { MetricField, PayloadField, PropertySetField, PropertyValueField, SparkplugType } from "./fields.ts";
import { sparkplugQuality } from "./metric.ts";
import type { MetricDefinition, MetricValue } from "./metric.ts";

/** A metric at its birth. */
export interface BornMetric {
  readonly definition: MetricDefinition;
  readonly value: MetricValue;
  readonly status: StatusCode;
  /** UTC ms, not negative. */
  readonly time: EpochMs;
}

/** NBIRTH or DBIRTH: every metric with its name, alias, type, properties and present value. */
export function encodeBirth(metrics: readonly BornMetric[], time: EpochMs, seq: number): Uint8Array {
  const writer = begin(time);
  for (const metric of metrics) {
    const { definition } = metric;
    writer.tag(PayloadField.metrics, WireType.LengthDelimited).fork();
    writer.tag(MetricField.name, WireType.LengthDelimited).string(definition.name);
    if (definition.alias !== null) writer.tag(MetricField.alias, WireType.Varint).uint64(definition.alias);
    writer.tag(MetricField.timestamp, WireType.Varint).uint64(metric.time);
    writer.tag(MetricField.datatype, WireType.Varint).uint32(definition.type);
    if (metric.value === null) writer.tag(MetricField.isNull, WireType.Varint).bool(true);
    birthProperties(writer, metric);
    if (metric.value !== null) VALUE_WRITERS[definition.type](writer, metric.value);
    writer.join();
  }
  return finish(writer, seq);
}

/** NDATA and DDATA, one metric after the other. */
export class DataWriter {
  readonly #writer: BinaryWriter;

  constructor(time: EpochMs) {
    this.#writer = begin(time);
  }

  /** By alias, or by name for a metric that has none. Quality is told where it is news: hosts keep what the birth said. */
  add(
    { name, alias, type }: MetricDefinition,
    value: MetricValue,
    status: StatusCode,
    time: EpochMs,
    isHistorical: boolean,
    tellsQuality: boolean,
  ): void {
    const writer = this.#writer;
    writer.tag(PayloadField.metrics, WireType.LengthDelimited).fork();
    if (alias === null) writer.tag(MetricField.name, WireType.LengthDelimited).string(name);
    else writer.tag(MetricField.alias, WireType.Varint).uint64(alias);
    writer.tag(MetricField.timestamp, WireType.Varint).uint64(time);
    if (isHistorical) writer.tag(MetricField.isHistorical, WireType.Varint).bool(true);
    if (value === null) writer.tag(MetricField.isNull, WireType.Varint).bool(true);
    if (tellsQuality) writer.raw(qualityProperties(status));
    if (value !== null) VALUE_WRITERS[type](writer, value);
    writer.join();
  }

  finish(seq: number): Uint8Array {
    return finish(this.#writer, seq);
  }
}

/** NDEATH, also the Will: nothing but the number of the session that it ends, and no sequence number. */
export function encodeNodeDeath(bdSeq: number, time: EpochMs): Uint8Array {
  const writer = begin(time);
  writer.tag(PayloadField.metrics, WireType.LengthDelimited).fork();
  writer.tag(MetricField.name, WireType.LengthDelimited).string("bdSeq");
  writer.tag(MetricField.timestamp, WireType.Varint).uint64(time);
  writer.tag(MetricField.datatype, WireType.Varint).uint32(SparkplugType.Int64);
  writer.tag(MetricField.long, WireType.Varint).uint64(bdSeq);
  return writer.join().finish();
}

/** DDEATH. */
export function encodeDeviceDeath(time: EpochMs, seq: number): Uint8Array {
  return finish(begin(time), seq);
}

function begin(time: EpochMs): BinaryWriter {
  return new BinaryWriter().tag(PayloadField.timestamp, WireType.Varint).uint64(time);
}

function finish(writer: BinaryWriter, seq: number): Uint8Array {
  return writer.tag(PayloadField.seq, WireType.Varint).uint64(seq).finish();
}

type ValueWriter = (writer: BinaryWriter, value: number | bigint | boolean | string) => void;

/** Signed integers of up to 32 bits travel as the unsigned integer with the same 32 bits, and of 64 bits likewise
 *  (Sparkplug 3.0.0, 6.4.16). */
const narrow: ValueWriter = (writer, value) =>
  writer.tag(MetricField.int, WireType.Varint).uint32(Number(value) >>> 0);
const wide: ValueWriter = (writer, value) =>
  writer.tag(MetricField.long, WireType.Varint).uint64(BigInt.asUintN(64, BigInt(value)));

const VALUE_WRITERS: Readonly<Record<SparkplugType, ValueWriter>> = {
  [SparkplugType.Boolean]: (writer, value) =>
    writer.tag(MetricField.boolean, WireType.Varint).bool(value === true),
  [SparkplugType.String]: (writer, value) =>
    writer.tag(MetricField.string, WireType.LengthDelimited).string(String(value)),
  [SparkplugType.Float]: (writer, value) =>
    writer.tag(MetricField.float, WireType.Bit32).float(Number(value)),
  [SparkplugType.Double]: (writer, value) =>
    writer.tag(MetricField.double, WireType.Bit64).double(Number(value)),
  [SparkplugType.Int16]: narrow,
  [SparkplugType.UInt16]: narrow,
  [SparkplugType.Int32]: narrow,
  [SparkplugType.UInt32]: narrow,
  [SparkplugType.Int64]: wide,
  [SparkplugType.UInt64]: wide,
  [SparkplugType.DateTime]: wide,
};

function birthProperties(writer: BinaryWriter, { definition, status }: BornMetric): void {
  const { unit, range, title } = definition;
  const properties: [string, (writer: BinaryWriter) => void][] = [
    ["Quality", qualityProperty(sparkplugQuality(status))],
    ["StatusCode", statusProperty(status)],
  ];
  if (unit !== null) properties.push(["engUnit", textProperty(unit)]);
  if (range !== null)
    properties.push(["engLow", doubleProperty(range.low)], ["engHigh", doubleProperty(range.high)]);
  if (title !== null) properties.push(["documentation", textProperty(title)]);
  writeProperties(writer, properties);
}

const knownQualities = new Map<StatusCode, Uint8Array>();
const KNOWN_QUALITIES_MAX = 1000;

/** The field with quality and OPC UA status. There are a few dozen of them, so that each is encoded once. */
function qualityProperties(status: StatusCode): Uint8Array {
  const known = knownQualities.get(status);
  if (known !== undefined) return known;
  const writer = new BinaryWriter();
  writeProperties(writer, [
    ["Quality", qualityProperty(sparkplugQuality(status))],
    ["StatusCode", statusProperty(status)],
  ]);
  const bytes = writer.finish();
  if (knownQualities.size < KNOWN_QUALITIES_MAX) knownQualities.set(status, bytes);
  return bytes;
}

function writeProperties(
  writer: BinaryWriter,
  properties: readonly [string, (writer: BinaryWriter) => void][],
): void {
  writer.tag(MetricField.properties, WireType.LengthDelimited).fork();
  for (const [key] of properties) writer.tag(PropertySetField.keys, WireType.LengthDelimited).string(key);
  for (const [, write] of properties) {
    writer.tag(PropertySetField.values, WireType.LengthDelimited).fork();
    write(writer);
    writer.join();
  }
  writer.join();
}

function qualityProperty(quality: number): (writer: BinaryWriter) => void {
  return (writer) => {
    writer.tag(PropertyValueField.type, WireType.Varint).uint32(SparkplugType.Int32);
    writer.tag(PropertyValueField.int, WireType.Varint).uint32(quality);
  };
}

/** Of 64 bits, because hosts disagree on where an unsigned integer of 32 bits stands. */
function statusProperty(status: StatusCode): (writer: BinaryWriter) => void {
  return (writer) => {
    writer.tag(PropertyValueField.type, WireType.Varint).uint32(SparkplugType.Int64);
    writer.tag(PropertyValueField.long, WireType.Varint).uint64(status);
  };
}

function doubleProperty(value: number): (writer: BinaryWriter) => void {
  return (writer) => {
    writer.tag(PropertyValueField.type, WireType.Varint).uint32(SparkplugType.Double);
    writer.tag(PropertyValueField.double, WireType.Bit64).double(value);
  };
}

function textProperty(value: string): (writer: BinaryWriter) => void {
  return (writer) => {
    writer.tag(PropertyValueField.type, WireType.Varint).uint32(SparkplugType.String);
    writer.tag(PropertyValueField.string, WireType.LengthDelimited).string(value);
  };
}
