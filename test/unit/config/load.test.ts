import { mkdtempSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { loadPlant } from "../../../src/config/load.ts";
import { plaintextHosts, plaintextListeners } from "../../../src/config/plaintext.ts";
import type { Plant } from "../../../src/config/plant.ts";
import type { Tag } from "../../../src/domain/tag.ts";

const folder = mkdtempSync(join(tmpdir(), "puma-config-"));
afterAll(() => {
  rmSync(folder, { recursive: true });
});
mkdirSync(join(folder, "plants", "profiles"), { recursive: true });
mkdirSync(join(folder, "profiles"));
writeFileSync(join(folder, "plants", "password"), "from a file\n");

const modbus = (name: string, tags: string, limits = "{}"): string =>
  `profile: ${name}\ntitle: ${name} title\nprotocol: modbus\nmodbus: ${limits}\ntags:\n${tags}`;

writeFileSync(
  join(folder, "plants", "profiles", "pump.yaml"),
  modbus(
    "pump",
    `  XS-1: { title: Running, table: coil, address: 7, type: bool, scan: fast }
  FT-1: { title: Flow, table: input, address: 4, type: int32, scale: 0.1, offset: -5, unit: m3/h, range: [0, 40], normal: [10, 30], deadband: 0.5%, stuckAfter: 1m, stuckWhile: XS-1, scan: fast }
  AT-1: { title: Level, table: holding, address: 6, type: int16, rawRange: [-100, 900], range: [-50, 50], unit: "%", deadband: 2, maxSilence: 5m, area: roof, scan: slow }
  NAME: { title: Name, table: holding, address: 10, type: string, length: 8, scan: slow }
  TOTAL: { title: Count, table: holding, address: 20, type: uint64, wordOrder: ABCD, scan: slow }
`,
    "{ wordOrder: DCBA, maxRegisters: 60, maxBits: 800, gap: 4, forbidden: [[90, 99]], inFlight: 2 }",
  ),
);
writeFileSync(
  join(folder, "profiles", "power-meter.yaml"),
  modbus(
    "power-meter",
    "  kW: { title: Mine, table: input, address: 0, type: float32, unit: kW, scan: fast }\n",
  ),
);
writeFileSync(
  join(folder, "profiles", "tank.yaml"),
  `profile: tank
title: Tank
protocol: opcua
tags:
  A: { title: A, node: "ns=2;i=1", type: double, unit: "%", sampling: 250ms, deadband: 0.2 }
  B: { title: B, node: "nsu=urn:x;s=B", type: int32, mode: read, scan: slow, queue: 1 }
  C: { title: C, node: "i=2258", type: string, sampling: 30s }
  D: { title: D, node: "ns=1;g=1", type: float, unit: m, sampling: 1s }
`,
);

const HEAD = `plant: { id: p, group: g, title: Plant, timeZone: UTC }
scanClasses: { slow: 10s, fast: 1s }
connections:
  line: { protocol: modbus-tcp, host: 10.0.0.9 }
`;
const PUMP = "  D1: { profile: pump, connection: line, unit: 3, area: mill }\n";

let files = 0;
function load(devices: string, more = "", environment: Record<string, string> = {}, head = HEAD): Plant {
  const file = join(folder, "plants", `plant-${files++}.yaml`);
  writeFileSync(file, `${head}devices:\n${devices}${more}`);
  return loadPlant(file, environment);
}

function tagOf(plant: Plant, id: string): Tag | undefined {
  return plant.tags.find((tag) => tag.id === id);
}

it("fills in what a plant file leaves out", () => {
  const plant = load(PUMP);
  expect(plant).toMatchObject({
    productionDay: "07:00",
    shifts: { day: "07:00", night: "19:00" },
    scanClasses: { fast: { periodMs: 1000 }, slow: { periodMs: 10_000 } },
    connections: [{ id: "line", protocol: "modbus-tcp", host: "10.0.0.9", port: 502, timeoutMs: 1000 }],
    http: { host: "127.0.0.1", port: 8080, auth: "accounts" },
    data: {
      dir: join(folder, "plants", "data"),
      spoolBytesMax: 2 ** 30,
      groupCommitMs: 20,
      historyDays: 400,
    },
  });
});

it("takes a device's title and limits from its profile", () => {
  expect(load(PUMP).devices).toEqual([
    {
      id: "D1",
      title: "pump title",
      profile: "pump",
      connection: "line",
      area: "mill",
      unit: 3,
      modbus: {
        wordOrder: "DCBA",
        registersMax: 60,
        bitsMax: 800,
        gap: 4,
        forbidden: [[90, 99]],
        inFlightMax: 2,
        writesMultiple: false,
      },
    },
  ]);
});

it("resolves scale, offset, deadband in percent of range, run bit and word order", () => {
  expect(tagOf(load(PUMP), "FT-1")).toEqual({
    index: 1,
    id: "FT-1",
    title: "Flow",
    area: "mill",
    device: "D1",
    type: "int32",
    unit: "m3/h",
    range: { low: 0, high: 40 },
    normal: { low: 10, high: 30 },
    scanClass: "fast",
    periodMs: 1000,
    values: null,
    scaling: { scale: 0.1, offset: -5, loopRaw: null },
    rolloverCounts: null,
    deadband: 0.2,
    maxSilenceMs: 60_000,
    stuckAfterMs: 60_000,
    stuckWhile: "XS-1",
    source: { protocol: "modbus", table: "input", address: 4, width: 2, bit: null, wordOrder: "DCBA" },
  });
});

it("turns a raw range into a scale and an offset, and calls it a loop only where the profile does", () => {
  expect(tagOf(load(PUMP), "AT-1")).toMatchObject({
    area: "roof",
    scaling: { scale: 0.1, offset: -40, loopRaw: null },
    deadband: 2,
    maxSilenceMs: 300_000,
  });
});

it.each([
  ["NAME", 8, "string", "DCBA"],
  ["TOTAL", 4, "uint64", "ABCD"],
  ["XS-1", 1, "bool", "DCBA"],
])("%s takes %i registers", (id, width, type, wordOrder) => {
  expect(tagOf(load(PUMP), id)).toMatchObject({ type, unit: null, source: { width, wordOrder } });
});

it("a second identical module differs by its prefix, run bits included", () => {
  const plant = load(`${PUMP}  D2: { profile: pump, connection: line, unit: 4, area: mill, prefix: M2- }\n`);
  expect(plant.tags.map(({ id }) => id)).toContain("M2-AT-1");
  expect(tagOf(plant, "M2-FT-1")).toMatchObject({ index: 6, device: "D2", stuckWhile: "M2-XS-1" });
});

it("an instance selects, renames, and says what is different", () => {
  const tags = `{ FT-1: { tag: FT-9, title: Feed, range: [0, 80], area: pit, scan: slow, stuckAfter: 2m }, XS-1: XS-9 }`;
  const plant = load(
    `  D1: { profile: pump, connection: line, unit: 3, area: mill, title: Pump, tags: ${tags} }\n`,
  );
  expect(plant.tags.map(({ id }) => id)).toEqual(["XS-9", "FT-9"]);
  expect(plant.devices).toMatchObject([{ title: "Pump" }]);
  expect(tagOf(plant, "FT-9")).toMatchObject({
    title: "Feed",
    area: "pit",
    scanClass: "slow",
    deadband: 0.4,
    range: { low: 0, high: 80 },
    stuckAfterMs: 120_000,
    stuckWhile: "XS-9",
  });
});

it("a run bit may belong to another device", () => {
  const meter =
    "  E1: { profile: power-meter, connection: line, unit: 9, area: mill, tags: { kW: { tag: JT-1, stuckAfter: 10m, stuckWhile: XS-1 } } }\n";
  expect(tagOf(load(PUMP + meter), "JT-1")).toMatchObject({ stuckAfterMs: 600_000, stuckWhile: "XS-1" });
});

it("looks for a profile beside the plant file, then in the folder next to it, then among the shipped", () => {
  const device = (profile: string): string =>
    `  D1: { profile: ${profile}, connection: line, unit: 1, area: mill }\n`;
  expect(tagOf(load(device("power-meter")), "kW")?.title).toBe("Mine");
  expect(load(device("weigh-feeder")).tags).toHaveLength(4);
});

const OPCUA = HEAD.replace(
  "{ protocol: modbus-tcp, host: 10.0.0.9 }",
  '{ protocol: opcua, endpoint: "opc.tcp://h:4840", security: SECURITY }',
);
const TANK = "  T1: { profile: tank, connection: line, area: mill }\n";

it("OPC UA tags get the scan class that keeps up with their sampling, and their deadband at the server only", () => {
  const plant = load(TANK, "", {}, OPCUA.replace("SECURITY", "{}"));
  expect(plant.tags).toMatchObject([
    {
      id: "A",
      type: "float64",
      scanClass: "fast",
      deadband: 0,
      source: { samplingMs: 250, deadband: { kind: "absolute", amount: 0.2 } },
    },
    { id: "B", type: "int32", scanClass: "slow", source: { mode: "read", queueSize: 1, deadband: null } },
    {
      id: "C",
      type: "string",
      scanClass: "slow",
      source: { mode: "subscribe", queueSize: 10, samplingMs: 30_000 },
    },
    { id: "D", type: "float32", scanClass: "fast" },
  ]);
  expect(plant.devices).toMatchObject([{ unit: null }]);
});

it.each([
  ["{}", { mode: "SignAndEncrypt", policy: "Basic256Sha256" }],
  ["{ mode: Sign, policy: Aes256_Sha256_RsaPss }", { mode: "Sign", policy: "Aes256_Sha256_RsaPss" }],
  ["{ mode: None }", { mode: "None", policy: "None" }],
])("OPC UA security %s is explicit in the end", (written, security) => {
  expect(load(TANK, "", {}, OPCUA.replace("SECURITY", written)).connections).toMatchObject([{ security }]);
});

it.each([
  [
    '{ kind: password, user: u, password: "${PASSWORD}" }',
    { kind: "password", user: "u", password: "s3cret" },
  ],
  [
    "{ kind: certificate, certificate: own.pem, key: /keys/own.key }",
    { kind: "certificate", certificateFile: join(folder, "plants", "own.pem"), keyFile: "/keys/own.key" },
  ],
])("OPC UA identity %s", (written, identity) => {
  const head = OPCUA.replace("security: SECURITY", `identity: ${written}`);
  expect(load(TANK, "", { PASSWORD: "s3cret" }, head).connections).toMatchObject([{ identity }]);
});

it("a serial path starts at the folder of the plant file", () => {
  const head = HEAD.replace(
    "{ protocol: modbus-tcp, host: 10.0.0.9 }",
    "{ protocol: modbus-rtu, path: ./data/bus, baud: 9600, parity: none, stopBits: 2 }",
  );
  expect(load(PUMP, "", {}, head).connections).toEqual([
    {
      id: "line",
      protocol: "modbus-rtu",
      path: join(folder, "plants", "data", "bus"),
      baud: 9600,
      parity: "none",
      dataBits: 8,
      stopBits: 2,
      timeoutMs: 1000,
    },
  ]);
});

it("fills secrets in from the environment and from files", () => {
  const outputs =
    'outputs: { mqtt: { url: "mqtt://${HOST}:1884", plaintext: true, user: "$${no}", password: "${file:password}" } }\n';
  expect(load(PUMP, outputs, { HOST: "broker" }).outputs).toMatchObject([
    { url: "mqtt://broker:1884", user: "${no}", password: "from a file" },
  ]);
});

it("reads what an edge node and an encrypted broker need, with files beside the plant file", () => {
  const outputs = `outputs:
  mqtt:
    urls: ["mqtts://a:8884", "wss://b/mqtt", "mqtt://127.0.0.1"]
    format: sparkplug
    primaryHost: scada
    tls: { ca: certs/ca.pem, cert: certs/own.pem, key: /etc/own.key }
`;
  const beside = (file: string): string => join(folder, "plants", file);
  expect(load(PUMP, outputs).outputs).toMatchObject([
    {
      url: "mqtts://a:8884",
      otherUrls: ["wss://b/mqtt", "mqtt://127.0.0.1"],
      format: "sparkplug",
      primaryHost: "scada",
      tls: {
        caFile: beside("certs/ca.pem"),
        certificateFile: beside("certs/own.pem"),
        keyFile: "/etc/own.key",
      },
    },
  ]);
  expect(load(PUMP, "").outputs).toMatchObject([
    { format: "json", otherUrls: [], primaryHost: null, tls: null },
  ]);
});

it("finds the authority of an InfluxDB behind https beside the plant file", () => {
  const influx = "outputs: { influx: { url: https://i, database: d, tls: { ca: certs/ca.pem } } }\n";
  expect(load(PUMP, influx).outputs).toMatchObject([
    { type: "influx", caFile: join(folder, "plants", "certs/ca.pem") },
    { type: "mqtt" },
  ]);
});

describe("the page for other machines", () => {
  const http = (entry: string) => load(PUMP, `http: { host: 0.0.0.0, ${entry} }\n`).http;

  it("has a certificate of the gateway's own, or one of files beside the plant file", () => {
    expect(http("tls: generated")).toEqual({
      host: "0.0.0.0",
      port: 8080,
      auth: "accounts",
      tls: { kind: "generated" },
    });
    expect(http("tls: { cert: certs/page.pem, key: /etc/page.key }").tls).toEqual({
      kind: "given",
      certificateFile: join(folder, "plants", "certs/page.pem"),
      keyFile: "/etc/page.key",
    });
  });

  it.each([
    ["10.0.0.5", true],
    ["10.1.0.0/16", true],
    ["fd00::5", true],
    ["fd00::/8", true],
    ["0.0.0.0/0", false],
    ["::/0", false],
    ["10.0.0.256", false],
    ["10.0.0.0/33", false],
    ["fd00::/129", false],
    ["proxy.example", false],
    ["1:2", false],
  ])("believes the proxy %s: %s", (proxy, isGood) => {
    const read = () => http(`tls: generated, trustedProxies: ["${proxy}"]`).trustedProxies;
    if (isGood) expect(read()).toEqual([proxy]);
    else expect(read).toThrow("must be a list of IP addresses or networks");
  });

  it("is told to be unencrypted, and so is the broker, for as long as the plant file allows it", () => {
    const plain = "http: { host: 0.0.0.0, plaintext: true }\nbroker: { host: 10.0.0.1, plaintext: true }\n";
    const plant = load(PUMP, plain);
    expect(plaintextListeners(plant)).toEqual(["page", "broker"]);
    expect(plant.outputs.flatMap((output) => plaintextHosts(output, plant.broker))).toEqual([]);
    const encrypted = load(PUMP, plain.replaceAll("plaintext: true", "tls: generated"));
    expect(plaintextListeners(encrypted)).toEqual([]);
    expect(plaintextListeners(load(PUMP, ""))).toEqual([]);
  });
});

const EMBEDDED = { host: "127.0.0.1", port: 1883, wsPort: 9001 };

it.each([
  ["", EMBEDDED, ["mqtt mqtt://127.0.0.1:1883"]],
  ['outputs: { mqtt: { url: "mqtt://b", plaintext: true } }\n', null, ["mqtt mqtt://b"]],
  ["outputs: { mqtt: { qos: 0 } }\n", EMBEDDED, ["mqtt mqtt://127.0.0.1:1883"]],
  [
    'outputs: { influx: { url: "http://i", database: d } }\n',
    EMBEDDED,
    ["influx http://i", "mqtt mqtt://127.0.0.1:1883"],
  ],
  [
    "broker: { host: 0.0.0.0, port: 1999, plaintext: true }\n",
    { host: "0.0.0.0", port: 1999, wsPort: 9001, plaintext: true },
    ["mqtt mqtt://127.0.0.1:1999"],
  ],
  [
    "broker: { host: 192.168.1.9, port: 8883, tls: generated }\n",
    { host: "192.168.1.9", port: 8883, wsPort: 9001, tls: { kind: "generated" } },
    ["mqtt mqtt://192.168.1.9:8883"],
  ],
  ["broker: { host: ::1 }\n", { ...EMBEDDED, host: "::1" }, ["mqtt mqtt://[::1]:1883"]],
  [
    'outputs: { cloud: { type: mqtt, url: "mqtts://c" } }\nbroker: { port: 1884 }\n',
    { ...EMBEDDED, port: 1884 },
    ["cloud mqtts://c"],
  ],
])("%j decides about the embedded broker", (more, broker, outputs) => {
  const plant = load(PUMP, more);
  expect(plant.broker).toEqual(broker);
  expect(plant.outputs.map(({ id, url }) => `${id} ${url}`)).toEqual(outputs);
});

it("fills in what an InfluxDB output leaves out", () => {
  const more =
    'outputs: { influx: { url: "http://i", version: 2, organization: o, bucket: b, token: "${T}" } }\n';
  expect(load(PUMP, more, { T: "t" }).outputs[0]).toEqual({
    id: "influx",
    type: "influx",
    url: "http://i",
    version: 2,
    database: null,
    organization: "o",
    bucket: "b",
    token: "t",
    caFile: null,
    user: null,
    password: null,
    gzip: true,
    batchReadingsMax: 5000,
    trimLagMs: 60_000,
    historyReadingsPerS: 20_000,
  });
});

it("reads a status word whole and by its bits, and the same registers twice as the same type", () => {
  const entry = (more: string): string => `{ title: T, table: holding, ${more}, scan: fast }`;
  writeFileSync(
    join(folder, "profiles", "word.yaml"),
    modbus(
      "word",
      `  W: ${entry("address: 90, type: uint16")}
  W3: ${entry("address: 90, type: bool, bit: 3")}
  A: ${entry("address: 10, type: float32, unit: kW")}
  B: ${entry("address: 10, type: float32, unit: MW, scale: 0.001")}
  C: { title: T, table: input, address: 11, type: uint16, scan: fast }
`,
    ),
  );
  expect(load("  D1: { profile: word, connection: line, unit: 1, area: mill }\n").tags).toHaveLength(5);
});

it("resolves 25,000 tags of 50 devices in a few seconds at the most", () => {
  const entries = Array.from(
    { length: 500 },
    (_, i) =>
      `  T${i}: { title: T, table: holding, address: ${2 * i}, type: float32, unit: kW, scan: fast }\n`,
  );
  writeFileSync(join(folder, "profiles", "wide.yaml"), modbus("wide", entries.join("")));
  const devices = Array.from(
    { length: 50 },
    (_, i) => `  D${i}: { profile: wide, connection: line, unit: ${i + 1}, area: mill, prefix: D${i}- }\n`,
  );
  expect(load(devices.join("")).tags).toHaveLength(25_000);
});
