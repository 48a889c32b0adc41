import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { anyFreePort } from "../../src/cli/free-port.ts";
import { root } from "../support/plant.ts";
import { programPath, temporaryFolder } from "../support/program.ts";
import { puma, runPuma } from "../support/puma.ts";
import { PASSWORD } from "../support/people.ts";

/** The keys of the first table of the zone page. */
function documentedKeys(): string[] {
  const text = readFileSync(join(root, "docs", "zones.md"), "utf8");
  const [, listening = ""] = text.split(/^## What listens$/mu);
  const [table = ""] = listening.split(/^## /mu);
  return [...table.matchAll(/^\| `([\w.]+)` /gmu)].map(([, key]) => key as string);
}

/** `host:port` of every socket on which the process listens, UDP ones too. */
function socketsOf(pid: number | undefined): string[] {
  const lines = execFileSync(programPath("ss", "iproute2"), ["-Hlntup"], { encoding: "utf8" }).split("\n");
  return lines.filter((line) => line.includes(`pid=${pid},`)).map((line) => line.split(/\s+/u)[4] as string);
}

it("listens on the ports of the zone page and on no other, for this machine alone, and keeps its secrets to itself", async () => {
  using folder = temporaryFolder();
  const host = "127.0.0.1";
  const ports: Record<string, number> = {};
  for (const key of documentedKeys()) ports[key] = await anyFreePort(host);
  expect(Object.keys(ports)).toEqual(["http.port", "broker.port", "broker.wsPort"]);
  const file = join(folder.path, "house.yaml");
  writeFileSync(
    file,
    `
plant: { id: house, group: test, title: One meter, timeZone: America/Lima }
scanClasses: { fast: 1s, slow: 10s }
connections: { meter: { protocol: modbus-tcp, host: ${host}, port: 1 } }
devices: { METER: { profile: power-meter, connection: meter, unit: 21, area: utilities } }
outputs: { mqtt: {} }
broker: { port: ${ports["broker.port"]}, wsPort: ${ports["broker.wsPort"]} }
http: { port: ${ports["http.port"]} }
data: { dir: ./data }
`,
  );
  await using gateway = await runPuma(file);
  expect(socketsOf(gateway.process.pid).toSorted()).toEqual(
    Object.values(ports)
      .map((port) => `${host}:${port}`)
      .toSorted(),
  );
  expect((await puma(["user", file, "add", "rosa", "--role", "admin"], `${PASSWORD}\n`)).code).toBe(0);
  const secrets = readdirSync(join(folder.path, "data"), { recursive: true, encoding: "utf8" })
    .filter((name) => /^accounts|key\.pem$|^run\.json$|^configurations/u.test(name))
    .map((name) => join(folder.path, "data", name))
    .filter((path) => statSync(path).isFile());
  expect(secrets.length).toBeGreaterThan(2);
  for (const path of secrets) expect([path, statSync(path).mode & 0o077]).toEqual([path, 0]);
});
