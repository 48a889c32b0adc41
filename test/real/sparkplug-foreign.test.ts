import { execFileSync } from "node:child_process";
import { join } from "node:path";
import * as tahu from "sparkplug-payload";
import { beforeAll, expect, test } from "vitest";
import { readingAt } from "../../src/domain/batch.ts";
import { qualityOf, Status } from "../../src/domain/status.ts";
import { EdgeNode } from "../../src/outputs/sparkplug/edge-node.ts";
import type { Message } from "../../src/outputs/sparkplug/edge-node.ts";
import { encodeNodeDeath } from "../../src/outputs/sparkplug/payload.ts";
import { createTopics } from "../../src/outputs/sparkplug/topics.ts";
import { TAGS } from "../integration/sparkplug/recorded-session.ts";
import { batchOfRows, TIME } from "../support/outputs.ts";
import type { Row } from "../support/outputs.ts";
import { programPath, temporaryFolder } from "../support/program.ts";

const PYTHON = "/usr/bin/python3"; // Debian's own, which sees Debian's packages
const NOW = TIME + 1000;
const STATUSES = [Status.Good, Status.UncertainStale, Status.Good, Status.UncertainRangeHigh];
const QUALITIES = { good: 192, uncertain: 500, bad: 0 };

/** Every kind of tag, good, doubtful and bad, five hundred readings. */
const rows: readonly Row[] = Array.from({ length: 500 }, (_, index): Row => {
  const tag = TAGS[index % TAGS.length]!;
  const time = TIME + index;
  if (index % 7 === 0) return { tag: tag.index, value: null, status: Status.BadSensorFailure, time };
  const values = {
    bool: index % 2,
    uint64: 2n ** 63n + BigInt(index),
    int64: -BigInt(index) * 10n ** 15n,
    string: `año "${index}" ✓`,
    float32: Math.fround(index / 7),
    uint32: 4_000_000_000 + index,
    int32: -index,
    int16: index / 3, // scaled
    float64: index / 3,
    uint16: index,
  };
  return { tag: tag.index, value: values[tag.type], status: STATUSES[index % 4]!, time };
});
const batch = batchOfRows(rows);
batch.isHistory = false;

let births: Message[];
let data: Message[];

beforeAll(() => {
  try {
    execFileSync(PYTHON, ["-c", "import google.protobuf"], { stdio: "ignore" });
  } catch (cause) {
    throw new Error("missing: apt-get install python3-protobuf", { cause });
  }
  const node = new EdgeNode({ tags: TAGS, topics: createTopics("g", "n") });
  births = node.births(7, NOW);
  data = node.data(batch, 0, batch.length, NOW);
});

interface Read {
  readonly name: string | null;
  readonly alias: number | null;
  readonly timestamp: number;
  readonly datatype: number | null;
  readonly isNull: boolean;
  readonly value: unknown;
  readonly properties: Readonly<Record<string, readonly unknown[]>>;
  readonly unknown: number;
}

interface ReadPayload {
  readonly seq: number | null;
  readonly metrics: readonly Read[];
  readonly unknown: number;
  readonly sameBytes: boolean;
}

test("Google's protobuf reads every message to the last byte, and the readings come out as they went in", () => {
  using folder = temporaryFolder();
  const protoc = programPath("protoc", "protobuf-compiler");
  execFileSync(protoc, [
    `--proto_path=${import.meta.dirname}`,
    `--python_out=${folder.path}`,
    "sparkplug_b.proto",
  ]);
  const lines = [...births, ...data].map(({ payload }) => Buffer.from(payload).toString("hex"));
  lines.push(Buffer.from(encodeNodeDeath(7, NOW)).toString("hex"));
  const script = join(import.meta.dirname, "sparkplug-read.py");
  const text = execFileSync(PYTHON, [script, folder.path], { input: lines.join("\n"), encoding: "utf8" });
  const read = text
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as ReadPayload);
  expect(read).toHaveLength(lines.length);
  expect(read.every(({ unknown, sameBytes }) => unknown === 0 && sameBytes)).toBe(true);
  expect(read.map(({ seq }) => seq)).toEqual(
    [...lines.keys()].map((seq) => (seq === lines.length - 1 ? null : seq)),
  );
  const all = read.slice(0, -1).flatMap(({ metrics }) => metrics);
  expect(all.every(({ unknown }) => unknown === 0)).toBe(true);
  const names = new Map(all.flatMap(({ name, alias }) => (name === null ? [] : [[alias, name] as const])));
  const readings = read.slice(births.length, -1).flatMap(({ metrics }) => metrics);
  const asWritten = new Map(
    readings.map((metric) => [`${names.get(metric.alias)} ${metric.timestamp}`, metric] as const),
  );
  expect(asWritten.size).toBe(rows.length);
  for (let row = 0; row < rows.length; row++) {
    const { tag, value, status, sourceTime } = readingAt(batch, row, TAGS);
    const metric = asWritten.get(`${tag.id} ${sourceTime}`)!;
    expect(metric.isNull).toBe(value === null);
    expect(metric.value, tag.id).toEqual(expectedInPython(value, tag.type));
    if (status !== Status.Good) {
      expect(metric.properties["Quality"]).toEqual([3, "int_value", QUALITIES[qualityOf(status)]]);
      expect(metric.properties["StatusCode"]).toEqual([4, "long_value", String(status)]);
    }
  }
});

/** What stands in the field: 64-bit integers as text, signed ones as the unsigned with the same bits, float32 as it is. */
function expectedInPython(value: unknown, type: string): unknown {
  if (typeof value === "bigint") return String(BigInt.asUintN(64, value));
  if (typeof value !== "number") return value;
  if (type === "int32") return value >>> 0;
  return type === "float32" ? Math.fround(value) : value;
}

interface TahuPayload {
  readonly seq?: { toNumber(): number };
  readonly metrics: readonly {
    readonly name?: string;
    readonly alias?: { toNumber(): number };
    readonly type: string;
    readonly value: unknown;
    readonly properties?: Readonly<Record<string, { value: unknown }>>;
  }[];
}

test("sparkplug-payload of Eclipse Tahu reads births with names, types, values and properties", () => {
  const codec = tahu.get("spBv1.0") as { decodePayload(bytes: Uint8Array): TahuPayload };
  const [node, ...devices] = births.map(({ payload }) => codec.decodePayload(payload));
  expect(node!.metrics.map(({ name, type, value }) => [name, type, String(value)])).toEqual([
    ["bdSeq", "Int64", "7"],
    ["Node Control/Rebirth", "Boolean", "false"],
    ["Node Info/Devices Online", "Int32", "3"],
    ["Node Info/Readings Lost", "Int64", "0"],
    ["Node Info/Last Gap/From", "DateTime", "null"],
    ["Node Info/Last Gap/To", "DateTime", "null"],
    ["Node Info/Last Gap/Reason", "String", "null"],
  ]);
  const types = new Map(devices.flatMap(({ metrics }) => metrics).map(({ name, type }) => [name, type]));
  expect(Object.fromEntries(types)).toEqual({
    "FT-207": "Float",
    "XS-203": "Boolean",
    "JQ-203": "UInt64",
    "XS-304": "String",
    "LT-801": "Double",
    "AT-401": "Double",
    "TT-501": "Int32",
    "WQT-201": "UInt32",
    "ZT-101": "Int64",
  });
  const flow = devices[0]!.metrics.find(({ name }) => name === "FT-207");
  const properties = Object.entries(flow?.properties ?? {}).map(([key, { value }]) => [key, String(value)]);
  expect(Object.fromEntries(properties)).toEqual({
    Quality: "0",
    StatusCode: String(Status.BadWaitingForInitialData),
    engUnit: "m3/h",
    engLow: "0",
    engHigh: "100",
    documentation: "Flow 0",
  });
});
