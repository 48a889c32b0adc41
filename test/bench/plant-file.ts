import { mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import type { OutputKind } from "./cases.ts";
import { deviceName, tagName, TAGS_PER_DEVICE } from "./tally.ts";
import { TICKS_WRAP } from "./ticks.ts";

/** What a subject is to read and where to. */
export interface Setting {
  readonly devicePorts: readonly number[];
  readonly periodMs: number;
  readonly output: OutputKind;
  readonly sinkPort: number;
  /** 400 when it does not say. */
  readonly historyDays?: number;
}

/** Writes a profile of 500 float32 tags and a plant of as many devices as there are ports; returns the plant's path. */
export function writePlant(folder: string, setting: Setting, httpPort: number): string {
  mkdirSync(path.join(folder, "profiles"), { recursive: true });
  writeFileSync(path.join(folder, "profiles/bench-plc.yaml"), profileText());
  const plant = path.join(folder, "plant.yaml");
  writeFileSync(plant, plantText(setting, httpPort));
  return plant;
}

function profileText(): string {
  const tags = Array.from(
    { length: TAGS_PER_DEVICE },
    (_, tag) =>
      `  ${tagName(tag)}: { title: Bench flow ${tag}, table: holding, address: ${2 * tag}, type: float32, unit: m3/h, range: [0, ${TICKS_WRAP}], scan: fast }`,
  );
  return `profile: bench-plc
title: Bench device
document: test/bench/devices.ts
protocol: modbus
modbus: { wordOrder: ABCD, maxRegisters: 125 }
tags:
${tags.join("\n")}
`;
}

function plantText(setting: Setting, httpPort: number): string {
  const { devicePorts, periodMs, historyDays = 400 } = setting;
  const connections = devicePorts.map(
    (port, device) => `  c${device}: { protocol: modbus-tcp, host: 127.0.0.1, port: ${port}, timeout: 1s }`,
  );
  const devices = devicePorts.map((_, device) => {
    const name = deviceName(device);
    return `  ${name}: { profile: bench-plc, connection: c${device}, unit: 1, area: grinding, prefix: "${name}-" }`;
  });
  return `plant: { id: bench, group: bench, title: Bench, timeZone: UTC }
scanClasses: { fast: ${periodMs}ms }
connections:
${connections.join("\n")}
devices:
${devices.join("\n")}
outputs:
${outputsText(setting)}
data: { dir: ./data, historyDays: ${historyDays} }
http: { host: 127.0.0.1, port: ${httpPort}, auth: none }
`;
}

/** A plant without an MQTT output publishes to its own broker. To measure the HTTP output alone, MQTT is sent to a port where nobody
 *  listens. */
function outputsText({ output, sinkPort }: Setting): string {
  if (output === "sparkplug") return `  mqtt: { url: "mqtt://127.0.0.1:${sinkPort}", format: sparkplug }`;
  if (output !== "http")
    return `  mqtt: { url: "mqtt://127.0.0.1:${sinkPort}", qos: ${output === "mqtt1" ? 1 : 0} }`;
  return `  influx: { url: "http://127.0.0.1:${sinkPort}", version: 1, database: bench, gzip: false }
  mqtt: { url: "mqtt://127.0.0.1:1" }`;
}
