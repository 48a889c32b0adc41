import { resolve } from "node:path";
import { parseDuration } from "./durations.ts";
import type { InfluxEntry, MqttEntry } from "./output-schema.ts";
import { BrokerSchema } from "./listener-schema.ts";
import type { ListenerTlsEntry } from "./listener-schema.ts";
import { OutputsSchema } from "./output-schema.ts";
import { examine } from "./examine.ts";
import type { PlantDraft } from "./plant-draft.ts";
import type {
  BrokerConfig,
  InfluxOutputConfig,
  ListenerTls,
  MqttOutputConfig,
  OutputConfig,
} from "./plant.ts";

/** The embedded broker runs when the file asks for it, when no MQTT output names another, and when one names none. */
export function resolveBroker(draft: PlantDraft, folder: string): BrokerConfig | null {
  if (draft.broker !== undefined) return withTls(draft.broker, folder);
  const urls = mqttEntries(draft).map(([, entry]) => urlsOf(entry));
  const isNeeded = urls.length === 0 || urls.some(({ length }) => length === 0);
  return isNeeded ? (examine(BrokerSchema, {}, [], () => {}) as BrokerConfig) : null;
}

/** The files of a listener's certificate, absolute. */
export function withTls<T extends { readonly tls?: ListenerTlsEntry }>(
  { tls, ...rest }: T,
  folder: string,
): Omit<T, "tls"> & { readonly tls?: ListenerTls } {
  if (tls === undefined) return rest;
  if (tls === "generated") return { ...rest, tls: { kind: "generated" } };
  const [certificateFile, keyFile] = [resolve(folder, tls.cert), resolve(folder, tls.key)];
  return { ...rest, tls: { kind: "given", certificateFile, keyFile } };
}

/** Outputs in the order of the file; a plant without any MQTT output publishes to its own broker. */
export function resolveOutputs(
  draft: PlantDraft,
  broker: BrokerConfig | null,
  folder: string,
): OutputConfig[] {
  const prefix = `${draft.plant.group ?? ""}-${draft.plant.id ?? ""}`;
  const written = Object.entries(draft.outputs).map(([id, entry]) =>
    entry.type === "mqtt" ? resolveMqtt(id, entry, prefix, broker, folder) : resolveInflux(id, entry, folder),
  );
  if (mqttEntries(draft).length > 0) return written;
  return [...written, resolveMqtt("mqtt", impliedMqtt(), prefix, broker, folder)];
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
  folder: string,
): MqttOutputConfig {
  const [url = broker === null ? "" : brokerUrl(broker), ...otherUrls] = urlsOf(entry);
  return {
    id,
    type: "mqtt",
    url,
    otherUrls,
    format: entry.format,
    primaryHost: entry.primaryHost ?? null,
    tls: entry.tls === undefined ? null : tlsFiles(entry.tls, folder),
    qos: entry.qos,
    retain: entry.retain,
    protocolVersion: entry.protocolVersion,
    clientId: entry.clientId ?? `${prefix}-${id}`,
    user: entry.user ?? null,
    password: entry.password ?? null,
    keepaliveS: entry.keepalive,
    commands: entry.commands ?? null,
    trimLagMs: parseDuration(entry.trimLag),
    historyReadingsPerS: entry.historyRate,
  };
}

/** As written: none where the embedded broker is meant. */
export function urlsOf({ url, urls }: Pick<MqttEntry, "url" | "urls">): readonly string[] {
  return urls ?? (url === undefined ? [] : [url]);
}

function tlsFiles({ ca, cert, key }: NonNullable<MqttEntry["tls"]>, folder: string): MqttOutputConfig["tls"] {
  const file = (path: string | undefined): string | null =>
    path === undefined ? null : resolve(folder, path);
  return { caFile: file(ca), certificateFile: file(cert), keyFile: file(key) };
}

/** Our own broker is reached on this machine, whatever it listens to. */
function brokerUrl({ host, port }: BrokerConfig): string {
  const isEverywhere = host === "0.0.0.0" || host === "::";
  return `mqtt://${isEverywhere ? "127.0.0.1" : host.includes(":") ? `[${host}]` : host}:${port}`;
}

function resolveInflux(id: string, entry: InfluxEntry, folder: string): InfluxOutputConfig {
  return {
    id,
    type: "influx",
    url: entry.url,
    version: entry.version,
    database: entry.database ?? null,
    organization: entry.organization ?? null,
    bucket: entry.bucket ?? null,
    token: entry.token ?? null,
    caFile: entry.tls === undefined ? null : resolve(folder, entry.tls.ca),
    user: entry.user ?? null,
    password: entry.password ?? null,
    gzip: entry.gzip,
    batchReadingsMax: entry.batch,
    trimLagMs: parseDuration(entry.trimLag),
    historyReadingsPerS: entry.historyRate,
  };
}
