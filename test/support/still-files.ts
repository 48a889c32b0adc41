import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { loadConfiguration } from "../../src/config/load.ts";
import type { ConfigurationDesk } from "../../src/domain/configuration.ts";
import type { Clock } from "../../src/domain/time.ts";
import { createConfigurationDesk } from "../../src/gateway/configuration/desk.ts";
import { openConfigurationVersions } from "../../src/store/configurations/versions.ts";
import { silentLog } from "./http-server.ts";

const LINES = [
  "plant: { id: puma, group: rocmec, title: Puma modular treatment plant, timeZone: America/Lima }",
  "scanClasses: { fast: 1s, slow: 10s }",
  "connections:",
  "  utilities: { protocol: modbus-tcp, host: 127.0.0.1, port: 15023 }",
  "devices:",
  "  M1: { profile: meter, connection: utilities, unit: 1, area: utilities }",
];
const SECOND = '  M2: { profile: meter, connection: utilities, unit: 2, area: utilities, prefix: "B-" }';

/** A profile of its own: those that come with the gateway change, and the sums over the files with them. */
const METER = `profile: meter
title: Power meter
protocol: modbus
modbus: { wordOrder: ABCD }
tags:
  kW: { title: Active power, table: input, address: 52, type: float32, unit: kW, range: [0, 500], scan: fast }
`;

/** The files of a small plant to which somebody has added something. */
export async function stillFiles(dir: string, clock: Clock): Promise<ConfigurationDesk> {
  const file = join(dir, "puma.yaml");
  const read = () => loadConfiguration(file);
  const write = (...lines: readonly string[]): void => writeFileSync(file, [...lines, ""].join("\n"));
  mkdirSync(join(dir, "profiles"));
  writeFileSync(join(dir, "profiles", "meter.yaml"), METER);
  write(...LINES);
  const desk = createConfigurationDesk({
    started: read(),
    read,
    apply: async () => {},
    versions: openConfigurationVersions(dir),
    audit: () => {},
    clock,
    log: silentLog,
  });
  const change = { cause: "request", by: "ines", address: null, reason: "segundo medidor" } as const;
  write(...LINES, SECOND);
  await desk.reload(change);
  // Where they are differs from run to run.
  return { ...desk, paths: () => ["/etc/puma/puma.yaml", "/etc/puma/profiles/meter.yaml"] };
}
