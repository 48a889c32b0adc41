import { basename, join } from "node:path";
import type { Connection, Plant } from "../../src/config/plant.ts";
import type { ConnectionHealth, DeviceHealth, OutputHealth, SpoolHealth } from "../../src/domain/health.ts";
import type { Certificate, CertificateDesk } from "../../src/domain/peer-certificate.ts";
import { say } from "../../src/domain/said.ts";
import { zeroLinkCounters } from "../../src/domain/health.ts";
import type { EpochMs } from "../../src/domain/time.ts";
import { connectionHealthOf, deviceHealthOf, outputHealthOf, spoolHealthOf } from "./http-view.ts";

const MINUTE = 60_000;

/** It has not answered since then, so that nothing of it is known. */
export const SILENT = { device: "E3", minutes: 6 };

const UNANSWERED = say("no-answer-in-time");
const CUT = say("nothing-listens");

const UNWELL: Readonly<Record<string, Partial<DeviceHealth>>> = {
  E2: { state: "degraded", pollsFailed: 3 },
  [SILENT.device]: {
    state: "silent",
    breaker: "open",
    tagsGood: 0,
    pollsFailed: 61,
    latencyP50Ms: null,
    latencyP99Ms: null,
    lastError: UNANSWERED.sentence,
    lastSaid: UNANSWERED,
  },
};

const UNKNOWN_SERVER: Certificate = {
  thumbprint: "7c2f90d1a4b8e6033d5f11c09be27a84f6d0c35e",
  subject: "leach-plc",
  applicationUri: "urn:leach-plc:server",
  validUntil: "2031-04-30T00:00:00.000Z",
  state: "rejected",
};

/** Where it keeps its files; really it differs from run to run. */
export const DATA_DIR = "/var/lib/puma";

function endpointOf(connection: Connection): string {
  if ("endpoint" in connection) return connection.endpoint;
  return "path" in connection
    ? join(DATA_DIR, basename(connection.path))
    : `${connection.host}:${connection.port}`;
}

/** How everything is that the gateway of a plant without devices does not know: most of it well. */
export function stillHealth(plant: Plant, { certificates }: { certificates: CertificateDesk }, now: EpochMs) {
  const tagsOf = (id: string): number => plant.tags.filter(({ device }) => device === id).length;
  const devices = plant.devices.map(({ id, title, area, connection }): DeviceHealth => {
    const { protocol = "modbus-tcp" } = plant.connections.find((one) => one.id === connection) ?? {};
    const lastAnswer = id === SILENT.device ? now - SILENT.minutes * MINUTE : now;
    const counts = { tags: tagsOf(id), tagsGood: tagsOf(id) - (id in UNWELL ? 1 : 0), polls: 32_400 };
    return deviceHealthOf(id, { title, area, connection, protocol, lastAnswer, ...counts, ...UNWELL[id] });
  });
  const connections = plant.connections.map((connection): ConnectionHealth => {
    const timeouts = connection.id === "field-bus" ? 61 : 0;
    const counts = { requests: 97_200, replies: 97_200 - timeouts, timeouts, connects: 1 };
    return {
      ...connectionHealthOf(connection.id),
      protocol: connection.protocol,
      endpoint: endpointOf(connection),
      counters: { ...zeroLinkCounters(), ...counts },
    };
  });
  const late = { connected: false, lastError: CUT.sentence, lastSaid: CUT, lagMs: 4 * MINUTE };
  const outputs: readonly OutputHealth[] = [
    outputHealthOf("mqtt", { accepted: 3_812_400, delivered: 3_812_390, resent: 12 }),
    outputHealthOf("influx", {
      ...late,
      accepted: 3_812_400,
      delivered: 3_764_390,
      pending: 48_000,
      quarantined: 10,
    }),
  ];
  const spool: SpoolHealth = spoolHealthOf({ bytes: 312 * 2 ** 20, segments: 5, oldest: now - 4 * MINUTE });
  return {
    devices: () => devices,
    connections: () => connections,
    outputs: () => outputs,
    spool: () => spool,
    certificates: { ...certificates, list: async () => [UNKNOWN_SERVER] },
    historyHealth: () => ({
      accepted: 3_812_400,
      dropped: 0,
      open: 0,
      lastError: null,
      databaseBytes: 84 * 2 ** 20,
    }),
    isReady: () => true,
    eventLoopDelayP99Ms: () => 11,
  };
}
