import { BinaryReader } from "@bufbuild/protobuf/wire";
import type { Tag } from "../../domain/tag.ts";
import type { EpochMs } from "../../domain/time.ts";
import type { TagCommand } from "../../domain/write.ts";
import { MetricField, PayloadField, SparkplugType } from "./fields.ts";
import { sparkplugTypeOf, TAG_ALIAS_FROM } from "./metric.ts";

/** Asks the edge node to say everything again (Sparkplug 3.0.0, 5.13.1). Hosts address it by name. */
export const REBIRTH = "Node Control/Rebirth";

/** Metrics looked at in one command: it has one or a few, unless somebody means harm. */
const COMMAND_METRICS_MAX = 100;

/** What a command says of one metric. */
export interface CommandMetric {
  name: string | null;
  alias: number | null;
  datatype: number | null;
  timestamp: EpochMs | null;
  /** The field of the payload that carries the value, which tells its type; 0 for none. */
  field: number;
  value: number | bigint | boolean | null;
}

/** The metrics of an NCMD or DCMD, each with the payload's time where it has none of its own. Null for what cannot be read. */
export function readCommand(payload: Uint8Array): readonly CommandMetric[] | null {
  try {
    return readMetrics(new BinaryReader(payload));
  } catch {
    return null; // not protobuf, cut short, or a field of another type than its number says
  }
}

export function asksForRebirth(metrics: readonly CommandMetric[]): boolean {
  return metrics.some(({ name, value }) => name === REBIRTH && value === true);
}

function readMetrics(reader: BinaryReader): CommandMetric[] {
  const metrics: CommandMetric[] = [];
  let timestamp: EpochMs | null = null;
  while (reader.pos < reader.len && metrics.length < COMMAND_METRICS_MAX) {
    const [field, wireType] = reader.tag();
    if (field === PayloadField.metrics) metrics.push(readMetric(reader));
    else if (field === PayloadField.timestamp) timestamp = Number(reader.uint64());
    else reader.skip(wireType, field);
  }
  for (const metric of metrics) metric.timestamp ??= timestamp;
  return metrics;
}

const READERS: Readonly<Record<number, (metric: CommandMetric, reader: BinaryReader) => void>> = {
  [MetricField.name]: (metric, reader) => (metric.name = reader.string()),
  [MetricField.alias]: (metric, reader) => (metric.alias = Number(reader.uint64())),
  [MetricField.timestamp]: (metric, reader) => (metric.timestamp = Number(reader.uint64())),
  [MetricField.datatype]: (metric, reader) => (metric.datatype = reader.uint32()),
  [MetricField.int]: (metric, reader) => (metric.value = reader.uint32()),
  [MetricField.long]: (metric, reader) => (metric.value = BigInt(reader.uint64())),
  [MetricField.float]: (metric, reader) => (metric.value = reader.float()),
  [MetricField.double]: (metric, reader) => (metric.value = reader.double()),
  [MetricField.boolean]: (metric, reader) => (metric.value = reader.bool()),
};

function readMetric(reader: BinaryReader): CommandMetric {
  const end = reader.uint32() + reader.pos;
  const metric: CommandMetric = {
    name: null,
    alias: null,
    datatype: null,
    timestamp: null,
    field: 0,
    value: null,
  };
  while (reader.pos < end) {
    const [field, wireType] = reader.tag();
    const read = READERS[field];
    if (read === undefined) reader.skip(wireType, field);
    else read(metric, reader);
    if (field >= MetricField.int) metric.field = field;
  }
  return metric;
}

/** Which tag of a device a command means, and to what value it is to be set: names and aliases that contradict each other or
 *  the births mean nothing, and a value counts only in the type of its metric. */
export function tagCommand(plant: TagNames, device: string | null, metric: CommandMetric): TagCommand {
  const { name, alias, timestamp: sentAt } = metric;
  const named = plant.byName.get(name ?? "") ?? null;
  const aliased = plant.tags[(alias ?? -1) - TAG_ALIAS_FROM] ?? null;
  const tag = aliased ?? named;
  const fault =
    device === null ? "Only metrics of devices are written." : contradiction(metric, named, aliased);
  const told = { device, name: name ?? `alias ${alias}`, sentAt, fault };
  if (tag === null) return { ...told, tag: null, value: null };
  return { ...told, tag: tag.index, value: valueFor(tag, metric) };
}

/** The tags of a plant, by index and by name. */
export interface TagNames {
  readonly tags: readonly Tag[];
  readonly byName: ReadonlyMap<string, Tag>;
}

function contradiction(
  { name, alias }: CommandMetric,
  named: Tag | null,
  aliased: Tag | null,
): string | null {
  if (alias !== null && aliased === null) return "There is no such alias.";
  if (alias !== null && name !== null && named !== aliased) return "Name and alias are not of one metric.";
  return null;
}

/** The fields that carry each type (Sparkplug 3.0.0, 6.4.16); 32 bits without sign are sent either way. */
const FIELDS: Readonly<Record<SparkplugType, readonly number[]>> = {
  [SparkplugType.Int16]: [MetricField.int],
  [SparkplugType.Int32]: [MetricField.int],
  [SparkplugType.UInt16]: [MetricField.int],
  [SparkplugType.UInt32]: [MetricField.int, MetricField.long],
  [SparkplugType.Int64]: [MetricField.long],
  [SparkplugType.UInt64]: [MetricField.long],
  [SparkplugType.DateTime]: [MetricField.long],
  [SparkplugType.Float]: [MetricField.float],
  [SparkplugType.Double]: [MetricField.double],
  [SparkplugType.Boolean]: [MetricField.boolean],
  [SparkplugType.String]: [MetricField.string],
};

function valueFor(tag: Tag, { datatype, field, value }: CommandMetric): number | boolean | null {
  const type = sparkplugTypeOf(tag);
  if (!FIELDS[type].includes(field) || (datatype !== null && datatype !== type)) return null;
  if (value === null || typeof value === "boolean") return value;
  return signed(type, value);
}

/** Integers below zero travel as their two's complement. */
function signed(type: SparkplugType, value: number | bigint): number {
  if (type === SparkplugType.Int64) return Number(BigInt.asIntN(64, BigInt(value)));
  if (type === SparkplugType.Int16 || type === SparkplugType.Int32) return Number(value) | 0;
  return Number(value);
}
