import { createRequire } from "node:module";

/** Reads Sparkplug B payloads with the decoder that Eclipse Tahu generates from the official schema, field by field:
 *  what is not on the wire is undefined here. None of our own encoding is involved. */
export interface WireMetric {
  readonly name?: string;
  readonly alias?: number;
  readonly timestamp?: number;
  readonly datatype?: number;
  readonly isHistorical?: boolean;
  readonly isNull?: boolean;
  readonly properties?: {
    readonly keys: readonly string[];
    readonly values: readonly { readonly type?: number; readonly field: string; readonly value: unknown }[];
  };
  /** Which member of `value` is set, and to what; 64-bit integers are unsigned. */
  readonly field?: string;
  readonly value?: number | bigint | boolean | string;
}

export interface WirePayload {
  readonly timestamp?: number;
  readonly seq?: number;
  readonly metrics: readonly WireMetric[];
}

type Fields = Readonly<Record<string, unknown>>;

const load = createRequire(import.meta.url);
const { org } = load("sparkplug-payload/lib/sparkplugPayloadProto.js") as {
  org: {
    eclipse: {
      tahu: {
        protobuf: {
          Payload: { decode(bytes: Uint8Array): object; encode(payload: object): { finish(): Uint8Array } };
        };
      };
    };
  };
};

/** A payload as Tahu's own encoder writes it; fields by their names in the schema, such as `intValue`. */
export function encodePayload(payload: {
  readonly timestamp?: number;
  readonly metrics: readonly object[];
}): Buffer {
  return Buffer.from(org.eclipse.tahu.protobuf.Payload.encode(payload).finish());
}

const VALUE_FIELDS = ["intValue", "longValue", "floatValue", "doubleValue", "booleanValue", "stringValue"];

/** Throws on what is no Sparkplug payload. */
export function decodePayload(bytes: Uint8Array): WirePayload {
  const { timestamp, seq, metrics = [] } = own(org.eclipse.tahu.protobuf.Payload.decode(bytes));
  return {
    ...(timestamp === undefined ? {} : { timestamp: Number(timestamp) }),
    ...(seq === undefined ? {} : { seq: Number(seq) }),
    metrics: (metrics as object[]).map(readMetric),
  };
}

function readMetric(metric: object): WireMetric {
  const { name, alias, timestamp, datatype, isHistorical, isNull, properties, ...rest } = own(metric);
  return {
    ...(name === undefined ? {} : { name: name as string }),
    ...(alias === undefined ? {} : { alias: Number(alias) }),
    ...(timestamp === undefined ? {} : { timestamp: Number(timestamp) }),
    ...(datatype === undefined ? {} : { datatype: datatype as number }),
    ...(isHistorical === undefined ? {} : { isHistorical: isHistorical as boolean }),
    ...(isNull === undefined ? {} : { isNull: isNull as boolean }),
    ...(properties === undefined ? {} : { properties: readProperties(properties as object) }),
    ...readValue(rest),
  };
}

function readProperties(set: object): NonNullable<WireMetric["properties"]> {
  const { keys = [], values = [] } = own(set);
  return {
    keys: keys as string[],
    values: (values as object[]).map((value) => {
      const { type, ...rest } = own(value);
      const { field = "", value: content } = readValue(rest);
      const read = { field, value: content };
      return type === undefined ? read : Object.assign(read, { type: type as number });
    }),
  };
}

function readValue(fields: Fields): { field?: string; value?: number | bigint | boolean | string } {
  const field = VALUE_FIELDS.find((one) => fields[one] !== undefined);
  if (field === undefined) return {};
  const value = fields[field];
  return {
    field,
    value: field === "longValue" ? BigInt(String(value)) : (value as number | boolean | string),
  };
}

/** protobufjs puts defaults on the prototype: own keys are what was on the wire. */
function own(message: object): Fields {
  return Object.fromEntries(Object.entries(message));
}

/** The value of a property of a metric; undefined where it has none of that name. */
export function property(metric: WireMetric, key: string): unknown {
  const { keys = [], values = [] } = metric.properties ?? {};
  return values[keys.indexOf(key)]?.value;
}
