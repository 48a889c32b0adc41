import type { InfluxOutputConfig, MqttOutputConfig } from "../../src/config/plant.ts";
import { createBatch } from "../../src/domain/batch.ts";
import type { ReadingBatch } from "../../src/domain/batch.ts";
import type { Log } from "../../src/domain/ports.ts";
import { Status } from "../../src/domain/status.ts";
import type { StatusCode } from "../../src/domain/status.ts";
import { systemClock } from "../../src/domain/system-clock.ts";
import type { Tag } from "../../src/domain/tag.ts";
import type { Clock } from "../../src/domain/time.ts";
import type { OutputContext } from "../../src/outputs/context.ts";
import { tagOf } from "./tags.ts";

export const quietLog: Log = {
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
};

export const never = new AbortController().signal;

/** One tag of every kind that outputs treat differently. */
export const KINDS: readonly Tag[] = [
  tagOf(0, { id: "FT-207" }),
  tagOf(1, { id: "XS-203", type: "bool", unit: null }),
  tagOf(2, { id: "JQ-203", type: "uint64", unit: "kW.h", area: "utilities", device: "E1" }),
  tagOf(3, { id: "XS-304", type: "string", unit: null, area: "leach", device: "L" }),
  tagOf(4, {
    id: "LT-801",
    type: "int16",
    unit: "%",
    scaling: { scale: 100 / 27_648, offset: 0, loopRaw: null },
  }),
  tagOf(5, { id: "AT-401", type: "float64", unit: "mg{NaCN}/L", area: "leach", device: "L" }),
];

export interface Row {
  readonly tag: number;
  readonly value: number | bigint | string | null;
  readonly status?: StatusCode;
  readonly time?: number;
}

export const TIME = 1_763_868_000_123;

/** Rows as a driver and the conditioning leave them: null is a bad reading. */
export function batchOfRows(rows: readonly Row[]): ReadingBatch {
  const batch = createBatch(rows.length);
  for (const { tag, value, status, time = TIME } of rows) {
    const row = batch.length++;
    batch.tag[row] = tag;
    batch.value[row] = typeof value === "string" || value === null ? NaN : Number(value);
    batch.status[row] = status ?? (value === null ? Status.BadNoCommunication : Status.Good);
    batch.sourceTime[row] = time;
    batch.receivedTime[row] = time + 7;
    if (typeof value === "string" || typeof value === "bigint") batch.exact.set(row, value);
  }
  return batch;
}

/** `count` tags and one reading of each, all different. */
export function manyTags(count: number): readonly Tag[] {
  return Array.from({ length: count }, (_, index) => tagOf(index, { id: `T-${index}` }));
}

export function manyReadings(count: number, time = TIME): ReadingBatch {
  return batchOfRows(
    Array.from({ length: count }, (_, tag) => ({ tag, value: Math.fround(tag * 0.37 + 0.1), time })),
  );
}

/** Outputs that keep something on disk get a folder of their test's. */
function plantOf(tags: readonly Tag[], dir = "/nowhere"): OutputContext["plant"] {
  return { id: "puma", group: "rocmec", tags, data: { dir } };
}

export function mqttContext(
  changes: Partial<MqttOutputConfig>,
  tags: readonly Tag[],
  clock: Clock = systemClock,
): OutputContext<MqttOutputConfig> {
  const config: MqttOutputConfig = {
    type: "mqtt",
    id: "mqtt",
    trimLagMs: 60_000,
    historyReadingsPerS: 20_000,
    url: "mqtt://127.0.0.1:1",
    otherUrls: [],
    format: "json",
    primaryHost: null,
    tls: null,
    qos: 1,
    retain: true,
    protocolVersion: 4,
    clientId: "puma",
    user: null,
    password: null,
    keepaliveS: 15,
    commands: null,
    ...changes,
  };
  return { config, plant: plantOf(tags), clock, log: quietLog };
}

/** An edge node whose folder is `dir`. */
export function sparkplugContext(
  changes: Partial<MqttOutputConfig>,
  tags: readonly Tag[],
  dir: string,
  clock: Clock = systemClock,
): OutputContext<MqttOutputConfig> {
  const context = mqttContext({ format: "sparkplug", ...changes }, tags, clock);
  return { ...context, plant: plantOf(tags, dir) };
}

export function influxContext(
  changes: Partial<InfluxOutputConfig>,
  tags: readonly Tag[],
  clock: Clock = systemClock,
): OutputContext<InfluxOutputConfig> {
  const config: InfluxOutputConfig = {
    type: "influx",
    id: "influx",
    trimLagMs: 60_000,
    historyReadingsPerS: 20_000,
    url: "http://127.0.0.1:1",
    version: 1,
    database: "puma",
    organization: null,
    bucket: null,
    token: null,
    caFile: null,
    user: null,
    password: null,
    gzip: false,
    batchReadingsMax: 5000,
    ...changes,
  };
  return { config, plant: plantOf(tags), clock, log: quietLog };
}
