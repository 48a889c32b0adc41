import type { InfluxEntry, MqttEntry } from "./output-schema.ts";
import { BrokerSchema, OutputsSchema } from "./output-schema.ts";
import { examine } from "./examine.ts";
import type { PlantDraft } from "./plant-draft.ts";
import type { BrokerConfig, InfluxOutputConfig, MqttOutputConfig, OutputConfig } from "./plant.ts";

/** The embedded broker runs when the file asks for it, when no MQTT output names another, and when one names none. */
export function resolveBroker(draft: PlantDraft): BrokerConfig | null {
  if (draft.broker !== undefined) return draft.broker;
  const urls = mqttEntries(draft).map(([, { url }]) => url);
  const isNeeded = urls.length === 0 || urls.includes(undefined);
  return isNeeded ? (examine(BrokerSchema, {}, [], () => {}) as BrokerConfig) : null;
}

/** Outputs in the order of the file; a plant without any MQTT output publishes to its own broker. */
export function resolveOutputs(draft: PlantDraft, broker: BrokerConfig | null): OutputConfig[] {
  const prefix = `${draft.plant.group ?? ""}-${draft.plant.id ?? ""}`;
  const written = Object.entries(draft.outputs).map(([id, entry]) =>
    entry.type === "mqtt" ? resolveMqtt(id, entry, prefix, broker) : resolveInflux(id, entry),
  );
  if (mqttEntries(draft).length > 0) return written;
  return [...written, resolveMqtt("mqtt", impliedMqtt(), prefix, broker)];
}

function mqttEntries(draft: PlantDraft): [string, MqttEntry][] {
  return Object.entries(draft.outputs).filter(
    (entry): entry is [string, MqttEntry] => entry[1].type === "mqtt",
  );
}

function impliedMqtt(): MqttEntry {
  const { mqtt } = examine(OutputsSchema, { mqtt: {} }, [], () => {}) as { mqtt: MqttEntry };
  return mqtt;
}

function resolveMqtt(
  id: string,
  entry: MqttEntry,
  prefix: string,
  broker: BrokerConfig | null,
): MqttOutputConfig {
  return {
    id,
    type: "mqtt",
    url: entry.url ?? (broker === null ? "" : brokerUrl(broker)),
    format: entry.format,
    qos: entry.qos,
    retain: entry.retain,
    protocolVersion: entry.protocolVersion,
    clientId: entry.clientId ?? `${prefix}-${id}`,
    user: entry.user ?? null,
    password: entry.password ?? null,
    keepaliveS: entry.keepalive,
    queueReadingsMax: entry.queue,
  };
}

/** Our own broker is reached on this machine, whatever it listens to. */
function brokerUrl({ host, port }: BrokerConfig): string {
  const isEverywhere = host === "0.0.0.0" || host === "::";
  return `mqtt://${isEverywhere ? "127.0.0.1" : host.includes(":") ? `[${host}]` : host}:${port}`;
}

function resolveInflux(id: string, entry: InfluxEntry): InfluxOutputConfig {
  return {
    id,
    type: "influx",
    url: entry.url,
    version: entry.version,
    database: entry.database ?? null,
    organization: entry.organization ?? null,
    bucket: entry.bucket ?? null,
    token: entry.token ?? null,
    user: entry.user ?? null,
    password: entry.password ?? null,
    gzip: entry.gzip,
    batchReadingsMax: entry.batch,
    queueReadingsMax: entry.queue,
  };
}
