import { execFile, spawn } from "node:child_process";
import https from "node:https";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { MqttOutputConfig, OpcUaConnection, Plant } from "../../src/config/plant.ts";
import { createAuthority } from "../support/certificates.ts";
import { freePort } from "../support/free-port.ts";
import { startMosquitto } from "../support/mosquitto.ts";
import type { Mosquitto } from "../support/mosquitto.ts";
import { KINDS, mqttContext } from "../support/outputs.ts";
import { root, runPlant } from "../support/plant.ts";
import { programPath, temporaryFolder } from "../support/program.ts";
import { until } from "../support/until.ts";

const run = promisify(execFile);
const folder = temporaryFolder();
const file = join(folder.path, "wire.pcap");
const ports = { modbus: [] as number[], opcua: 0, mqtt: 0, page: 0 };
let broker: Mosquitto;
let seen: readonly Packet[] = [];

/** What travels over the loopback's ports while a gateway of the Puma plant polls, publishes and serves. */
async function capture(wanted: readonly number[]): Promise<() => Promise<void>> {
  const filter = wanted.map((port) => `tcp port ${port}`).join(" or ");
  const tshark = spawn(programPath("tshark", "tshark"), ["-q", "-i", "lo", "-f", filter, "-w", file]);
  let said = "";
  tshark.stderr.on("data", (bytes: Buffer) => (said += bytes.toString()));
  await until(() => {
    if (tshark.exitCode !== null) throw new Error(`tshark ended at once: ${said}`);
    return said.includes("Capture started");
  }, 30_000);
  return async () => {
    const ended = new Promise((resolve) => tshark.once("exit", resolve));
    tshark.kill("SIGINT");
    await ended;
  };
}

function portOf(endpoint: string): number {
  return Number(new URL(endpoint.replace("opc.tcp:", "http:")).port);
}

/** The plant with a broker and a page that encrypt, and its ports written down. */
async function encrypted(plant: Plant, output: MqttOutputConfig): Promise<Plant> {
  ports.modbus = plant.connections.flatMap((one) => (one.protocol === "modbus-tcp" ? [one.port] : []));
  const opcUa = plant.connections.find((one): one is OpcUaConnection => one.protocol === "opcua");
  ports.opcua = portOf(opcUa?.endpoint ?? "");
  ports.mqtt = broker.port;
  ports.page = await freePort();
  return {
    ...plant,
    outputs: [output],
    http: { ...plant.http, port: ports.page, tls: { kind: "generated" } },
  };
}

beforeAll(async () => {
  const authority = createAuthority(folder.path, "plant");
  const { cert, key } = authority.issue("broker", { hosts: "IP:127.0.0.1" });
  broker = await startMosquitto(
    (port) =>
      `user root\nlistener ${port} 127.0.0.1\nallow_anonymous true\ncertfile ${cert}\nkeyfile ${key}\n`,
  );
  const tls = { caFile: authority.cert, certificateFile: null, keyFile: null };
  const output = mqttContext({ url: `mqtts://127.0.0.1:${broker.port}`, tls }, KINDS).config;
  let finish = async (): Promise<void> => undefined;
  const changes = async (found: Plant): Promise<Plant> => {
    const plant = await encrypted(found, output);
    finish = await capture([...ports.modbus, ports.opcua, ports.mqtt, ports.page]);
    return plant;
  };
  await using running = await runPlant(join(root, "devices", "plants", "puma.yaml"), changes);
  const { view, certificate } = running.gateway;
  await until(() => view.isReady() && (view.outputs()[0]?.delivered ?? 0) > 300, 60_000);
  const answer = await new Promise<string>((resolve, reject) => {
    const options = {
      host: "127.0.0.1",
      port: ports.page,
      path: "/api/v1/tags/FT-207",
      ca: certificate?.cert ?? "",
    };
    https.get(options, (response) => void text(response).then(resolve, reject)).on("error", reject);
  });
  expect(answer).toContain("Cyclone feed flow");
  // What has been sent is in the file a little later.
  await until(async () => {
    seen = await packets();
    return [ports.mqtt, ports.page].every((port) => at(port).some(isServerHello));
  }, 60_000);
  await finish();
  seen = await packets();
}, 300_000);
afterAll(async () => {
  await broker[Symbol.asyncDispose]();
  folder[Symbol.dispose]();
});

/** A packet as Wireshark's dissectors see it: the fields that we ask for, each empty where it is not there. */
type Packet = Readonly<Record<(typeof FIELDS)[number], string>>;
const FIELDS = [
  "tcp.srcport",
  "tcp.dstport",
  "tcp.payload",
  "mbtcp.trans_id",
  "modbus.func_code",
  "opcua.security.spu",
  "tls.handshake.type",
  "tls.handshake.version",
  "tls.handshake.extensions.supported_version",
  "http.request.method",
  "mqtt.msgtype",
  "_ws.malformed",
] as const;

/** All packets that were captured so far; ports are dissected as what they are meant to be. */
async function packets(): Promise<Packet[]> {
  const meant = [
    ...ports.modbus.map((port) => `tcp.port==${port},mbtcp`),
    `tcp.port==${ports.opcua},opcua`,
    ...[ports.mqtt, ports.page].map((port) => `tcp.port==${port},tls`),
  ];
  const args = ["-n", "-r", file, "-T", "fields", ...meant.flatMap((one) => ["-d", one])];
  const { stdout } = await run(
    programPath("tshark", "tshark"),
    [...args, ...FIELDS.flatMap((field) => ["-e", field])],
    { maxBuffer: 256 * 1024 * 1024 },
  );
  return stdout
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => {
      const cells = line.split("\t");
      return Object.fromEntries(FIELDS.map((field, i) => [field, cells[i] ?? ""])) as Packet;
    });
}

const at = (port: number): Packet[] =>
  seen.filter((packet) => [packet["tcp.srcport"], packet["tcp.dstport"]].includes(String(port)));

/** All that was sent to and from a port, as the bytes that it was. */
function bytesOf(port: number): string {
  const hex = at(port).map((packet) => packet["tcp.payload"].replaceAll(/[^0-9a-f]/g, ""));
  return Buffer.from(hex.join(""), "hex").toString("latin1");
}

function isServerHello(packet: Packet): boolean {
  return packet["tls.handshake.type"].split(",").includes("2");
}

describe("what travels on the wire", () => {
  test("is clean Modbus to every PLC: requests and their answers, nothing malformed", () => {
    expect(ports.modbus.length).toBe(3);
    for (const port of ports.modbus) {
      const dissected = at(port).filter((packet) => packet["modbus.func_code"] !== "");
      const transactions = (end: "tcp.srcport" | "tcp.dstport"): string[] =>
        dissected.filter((packet) => packet[end] === String(port)).map((packet) => packet["mbtcp.trans_id"]);
      expect(transactions("tcp.srcport").length).toBeGreaterThan(2);
      expect(transactions("tcp.dstport")).toEqual(expect.arrayContaining(transactions("tcp.srcport")));
      // One that is sent in two pieces is dissected in the second.
      const sent = at(port).filter((packet) => packet["tcp.payload"] !== "").length;
      expect(dissected.length).toBeGreaterThan(0.8 * sent);
      expect(at(port).filter((packet) => packet["_ws.malformed"] !== "")).toEqual([]);
    }
  });

  test("is encrypted OPC UA: the policy is the plant file's, and no name of a node is to be read", () => {
    const policies = at(ports.opcua).map((packet) => packet["opcua.security.spu"]);
    expect(policies.join()).toContain("#Basic256Sha256");
    const bytes = bytesOf(ports.opcua);
    expect(bytes.length).toBeGreaterThan(5_000);
    expect(bytes).toContain("opc.tcp://"); // the hello, which nothing protects
    for (const word of ["LT-401", "AT-401A"]) expect(bytes).not.toContain(word);
  });

  test.each(["mqtt", "page"] as const)(
    "is TLS 1.2 or newer at the %s, and nothing of the plant is to be read",
    (where) => {
      const hellos = at(ports[where]).filter(isServerHello);
      expect(hellos.length).toBeGreaterThan(0);
      for (const hello of hellos)
        expect(
          `${hello["tls.handshake.version"]} ${hello["tls.handshake.extensions.supported_version"]}`,
        ).toMatch(/0x030[34]/);
      for (const packet of at(ports[where]))
        expect([packet["_ws.malformed"], packet["http.request.method"], packet["mqtt.msgtype"]]).toEqual([
          "",
          "",
          "",
        ]);
      const bytes = bytesOf(ports[where]);
      for (const word of ["rocmec", "FT-207", "Cyclone feed flow", "GET /api", "HTTP/1.1"])
        expect(bytes).not.toContain(word);
    },
  );
});
