import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startPlant } from "../../../simulators/index.ts";
import type { Endpoints } from "../../../simulators/endpoints.ts";
import type { SimulatedPlant } from "../../../simulators/index.ts";
import { parseFrameLine } from "../../../src/domain/frames.ts";
import { loadPlant } from "../../../src/config/load.ts";
import { temporaryFolder } from "../../support/program.ts";
import { puma, runPuma } from "../../support/puma.ts";
import { until } from "../../support/until.ts";

/** A plant with one device on each kind of link, all of which get the time that a busy machine takes. */
function plantText(endpoints: Endpoints | null): string {
  const tcp = endpoints?.["tcp"];
  const line = endpoints?.["line"];
  const server = endpoints?.["server"];
  const port = tcp !== undefined && "port" in tcp ? tcp.port : 1;
  const path = line !== undefined && "path" in line ? line.path : "/tmp/nowhere";
  const url = server !== undefined && "url" in server ? server.url : "opc.tcp://127.0.0.1:1/leach";
  return `
plant: { id: house, group: test, title: Three links, timeZone: America/Lima }
scanClasses: { trip: 1s, fast: 1s, slow: 10s }
connections:
  tcp: { protocol: modbus-tcp, host: 127.0.0.1, port: ${port}, timeout: 60s }
  line: { protocol: modbus-rtu, path: ${path}, baud: 19200, parity: even, timeout: 60s }
  server: { protocol: opcua, endpoint: "${url}", security: { mode: None, policy: None }, timeout: 60s }
  gone: { protocol: modbus-tcp, host: 127.0.0.1, port: 1, timeout: 1s }
devices:
  P2: { profile: grinding-plc, connection: tcp, unit: 2, area: grinding }
  W1: { profile: weigh-feeder, connection: line, unit: 11, area: grinding }
  L: { profile: leach-plc, connection: server, area: leach, tags: { LT-401: LT-401, XS-602P: XS-602P } }
  G: { profile: power-meter, connection: gone, unit: 1, area: utilities, tags: { kW: JT-9 } }
data: { dir: ./data }
broker: { port: 0, wsPort: 0 }
http: { port: 0, auth: none }
`;
}

const folder = temporaryFolder();
const file = join(folder.path, "plant.yaml");
let plant: SimulatedPlant;

beforeAll(async () => {
  writeFileSync(file, plantText(null));
  const loaded = loadPlant(file); // its own endpoints do not matter yet
  const served = {
    ...loaded,
    connections: loaded.connections.filter(({ id }) => id !== "gone"),
  };
  plant = await startPlant({ plant: served, trustAll: true });
  writeFileSync(file, plantText(plant.endpoints));
});
afterAll(async () => {
  await plant.close();
  folder[Symbol.dispose]();
});

describe("puma read", () => {
  it("asks devices on every kind of link once, and shows value, unit, quality and what was on the wire", async () => {
    const { code, out, told } = await puma([
      "read",
      file,
      "FT-207",
      "XS-203",
      "WQT-201",
      "LT-401",
      "XS-602P",
    ]);
    expect({ code, told }).toEqual({ code: 0, told: "" });
    const rows = out.trimEnd().split("\n").slice(2);
    expect(rows[0]).toMatch(/^FT-207 +[\d.]+ +m³\/h +good +[0-9A-F]{4} [0-9A-F]{4}$/u);
    expect(rows[1]).toMatch(/^XS-203 +(true|false) +good +[0-9A-F]{4}$/u);
    expect(rows[2]).toMatch(/^WQT-201 +[\d.]+ +t +good +[0-9A-F]{4} [0-9A-F]{4}$/u);
    expect(rows[3]).toMatch(/^LT-401 +[\d.]+ +% +good +Float [\d.]+$/u);
    expect(rows[4]).toMatch(/^XS-602P +(true|false) +good +Boolean (true|false)$/u);
    const shown = Number(/^FT-207 +([\d.]+)/u.exec(rows[0] ?? "")?.[1]);
    expect(shown).toBeCloseTo(Number(plant.sent("P2")["FT-207"]?.value), 3);
  });

  it("says what cannot be read and ends with 1, and the others are read all the same", async () => {
    const { code, out, told } = await puma(["read", file, "JT-9", "FT-207"]);
    expect(code).toBe(1);
    expect(out).toMatch(/^JT-9 +– +kW +bad COMM/mu);
    expect(out).toMatch(/^FT-207 +[\d.]+ .*good/mu);
    expect(told).toContain("gone: nothing listens there");
  });

  it("knows what was perhaps meant", async () => {
    const { code, told } = await puma(["read", file, "FT-20"]);
    expect(code).toBe(1);
    expect(told).toMatch(/^the plant has no tag FT-20; did you mean `FT-20\d/u);
  });
});

it("a gateway writes the frames of one device down for as long as it is asked to", async () => {
  const gateway = await runPuma(file, { args: ["--frames", "P2"] });
  const log = join(folder.path, "data", "frames", "P2.log");
  const lines = (): string[] => {
    try {
      return readFileSync(log, "utf8").split("\n").slice(0, -1); // what has no end yet is no line
    } catch {
      return []; // nothing has been written yet
    }
  };
  await until(() => lines().length > 10, 30_000);
  await gateway[Symbol.asyncDispose]();
  expect(lines().every((line) => parseFrameLine(line)?.unit === 2)).toBe(true);
  expect(lines().some((line) => / > 2 03[0-9A-F]{8} {2}read holding registers \d+…\d+$/u.test(line))).toBe(
    true,
  );
});
