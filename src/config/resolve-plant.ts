import { dirname, resolve } from "node:path";
import type { ConnectionEntry } from "./connection-schema.ts";
import { parseDuration, parseSize } from "./durations.ts";
import type { PlantDraft } from "./plant-draft.ts";
import type { BrokerConfig, Connection, Device, OpcUaConnection, Plant, SerialLine } from "./plant.ts";
import { resolveBroker, resolveOutputs, withTls } from "./resolve-outputs.ts";
import { resolveMetallurgy } from "./resolve-metallurgy.ts";
import { resolveEquipment, resolveOverview } from "./resolve-pages.ts";
import { resolveTags } from "./resolve-tag.ts";
import type { DeviceEntry, PlantEntry } from "./plant-schema.ts";
import { DEFAULT_LIMITS } from "./load-profile.ts";
import type { AlarmEntry } from "./alarm-schema.ts";
import type { AlarmConfig } from "./alarms.ts";
import { alarmNames } from "./check-alarms.ts";
import { resolveAlarms } from "./resolve-alarms.ts";
import { parseRate } from "./writes-schema.ts";
import type { WriteEntry } from "./writes-schema.ts";
import type { Tag } from "../domain/tag.ts";
import type { WriteRule } from "../domain/write.ts";

/** The plant as the rest of the gateway sees it. Call only when the draft has no faults. */
export function resolvePlant(draft: PlantDraft, texts: Plant["texts"] & object, file: string): Plant {
  const folder = dirname(file);
  const plant = draft.plant as PlantEntry["plant"];
  const broker: BrokerConfig | null = resolveBroker(draft, folder);
  const devices = Object.entries(draft.devices).map(([id, entry]) =>
    resolveDevice(draft, id, entry as DeviceEntry),
  );
  const tags = resolveTags(draft);
  return freeze({
    id: plant.id,
    group: plant.group,
    title: plant.title,
    timeZone: plant.timeZone,
    productionDay: plant.productionDay,
    shifts: plant.shifts,
    scanClasses: Object.fromEntries(
      Object.entries(draft.scanClasses).map(([name, period]) => [name, { periodMs: parseDuration(period) }]),
    ),
    connections: Object.entries(draft.connections).map(([id, entry]) =>
      resolveConnection(id, entry as ConnectionEntry, folder),
    ),
    devices,
    tags,
    outputs: resolveOutputs(draft, broker, folder),
    broker,
    data: {
      dir: resolve(folder, draft.data.dir),
      spoolBytesMax: parseSize(draft.data.spoolMax),
      groupCommitMs: parseDuration(draft.data.groupCommit),
      historyDays: draft.data.historyDays,
    },
    http: withTls(draft.http as PlantEntry["http"], folder),
    metallurgy: resolveMetallurgy(draft),
    alarms: alarmsOf(draft, tags, devices),
    texts,
    equipment: resolveEquipment(draft),
    overview: resolveOverview(draft),
    writes: resolveWrites(draft),
    file,
  });
}

function resolveConnection(id: string, entry: ConnectionEntry, folder: string): Connection {
  const timeoutMs = parseDuration(entry.timeout);
  switch (entry.protocol) {
    case "modbus-tcp":
      return { id, protocol: entry.protocol, host: entry.host, port: entry.port, timeoutMs };
    case "modbus-rtu":
      return {
        id,
        protocol: entry.protocol,
        path: resolve(folder, entry.path),
        ...serialLine(entry),
        timeoutMs,
      };
    case "modbus-rtu-over-tcp":
      return {
        id,
        protocol: entry.protocol,
        host: entry.host,
        port: entry.port,
        ...serialLine(entry),
        timeoutMs,
      };
    case "opcua":
      return {
        id,
        protocol: entry.protocol,
        endpoint: entry.endpoint,
        security: entry.security,
        identity: identityOf(entry.identity, folder),
        publishingMs: parseDuration(entry.publishing),
        timeoutMs,
      };
  }
}

function serialLine({ baud, parity, dataBits, stopBits }: SerialLine): SerialLine {
  return { baud, parity, dataBits, stopBits };
}

function identityOf(
  identity: Extract<ConnectionEntry, { protocol: "opcua" }>["identity"],
  folder: string,
): OpcUaConnection["identity"] {
  if (identity.kind !== "certificate") return identity;
  return {
    kind: "certificate",
    certificateFile: resolve(folder, identity.certificate),
    keyFile: resolve(folder, identity.key),
  };
}

function resolveDevice(draft: PlantDraft, id: string, entry: DeviceEntry): Device {
  const profile = draft.profiles.get(id) ?? null;
  const limits = profile?.limits ?? DEFAULT_LIMITS;
  return {
    id,
    title: entry.title ?? profile?.title ?? id,
    profile: entry.profile,
    connection: entry.connection,
    area: entry.area,
    unit: entry.unit ?? null,
    modbus: {
      wordOrder: limits.wordOrder,
      registersMax: limits.maxRegisters,
      bitsMax: limits.maxBits,
      gap: limits.gap,
      forbidden: limits.forbidden,
      inFlightMax: limits.inFlight,
      writesMultiple: limits.write === "multiple",
    },
  };
}

function resolveWrites({ writes = {} }: PlantDraft): WriteRule[] {
  return (Object.entries(writes) as [string, WriteEntry][]).map(
    ([tag, { role, range, rate, when = null }]) => ({
      tag,
      role,
      range: range === undefined ? null : { low: range[0], high: range[1] },
      rate: parseRate(rate),
      when,
    }),
  );
}

function alarmsOf(draft: PlantDraft, tags: readonly Tag[], devices: readonly Device[]): AlarmConfig[] {
  const { streams, nodes } = draft.flowsheet ?? { streams: {}, nodes: {} };
  const areaOf = (stream: string | undefined): string => {
    const { from, to } = streams[stream ?? ""] ?? {};
    return nodes[from ?? to ?? ""]?.area ?? "";
  };
  const others = [
    ...devices.map(({ id, title, area }) => [id, { title, area }] as const),
    ...Object.entries(draft.metrics ?? {}).map(([id, { title, area }]) => [id, { title, area }] as const),
    ...Object.entries(draft.assays ?? {}).map(
      ([id, { title, stream }]) => [id, { title, area: areaOf(stream) }] as const,
    ),
  ];
  return resolveAlarms((draft.alarms ?? {}) as Readonly<Record<string, AlarmEntry>>, {
    names: alarmNames(draft),
    tags: new Map(tags.map((tag) => [tag.id, tag])),
    others: new Map(others),
  });
}

/** All the way down, so that nobody downstream can change what was checked. */
function freeze<T extends object>(value: T): T {
  for (const part of Object.values(value) as unknown[])
    if (typeof part === "object" && part !== null && !Object.isFrozen(part)) freeze(part);
  return Object.freeze(value);
}
