import { resolve } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startPlant } from "../../../simulators/index.ts";
import type { SimulatedPlant } from "../../../simulators/index.ts";
import { loadPlant } from "../../../src/config/load.ts";
import type { Connection } from "../../../src/config/plant.ts";
import type { ModbusSource, Tag } from "../../../src/domain/tag.ts";
import { rawClient, readPdu } from "../../support/modbus-socket.ts";
import type { RawClient } from "../../support/modbus-socket.ts";
import { freePort } from "../../support/free-port.ts";
import { deviceOf, modbusTag, plantOf, tcpConnection } from "../../support/simulated-plant.ts";
import { until } from "../../support/until.ts";

const puma = loadPlant(resolve("devices/plants/puma.yaml"));
const FUNCTIONS = { coil: 1, discrete: 2, holding: 3, input: 4 } as const;

function tcpEndpoint(plant: SimulatedPlant, id: string): { host: string; port: number } {
  const endpoint = plant.endpoints[id];
  if (endpoint === undefined || !("port" in endpoint)) throw new Error(`${id} has no port`);
  return endpoint;
}

/** A reader of its own: only what a register map says, nothing of the simulators. */
function decode(tag: Tag, source: ModbusSource, pdu: Buffer): number | boolean {
  if (source.table === "discrete" || source.table === "coil") return (pdu.readUInt8(2) & 1) === 1;
  if (source.bit !== null) return ((pdu.readUInt16BE(2) >> source.bit) & 1) === 1;
  const data = Buffer.from(pdu.subarray(2));
  const ordered =
    source.wordOrder === "CDAB" && data.length === 4
      ? Buffer.concat([data.subarray(2), data.subarray(0, 2)])
      : data;
  const raw = {
    float32: () => ordered.readFloatBE(),
    int32: () => ordered.readInt32BE(),
    uint32: () => ordered.readUInt32BE(),
    int16: () => ordered.readInt16BE(),
    uint16: () => ordered.readUInt16BE(),
  }[tag.type as "float32"]();
  return raw * tag.scaling.scale + tag.scaling.offset;
}

describe("the Puma plant on Modbus TCP", () => {
  let plant: SimulatedPlant;

  beforeAll(async () => {
    const tcpOnly = puma.connections.filter(({ protocol }) => protocol === "modbus-tcp");
    plant = await startPlant({ plant: { ...puma, connections: tcpOnly }, seed: 5, clock: "virtual" });
  });
  afterAll(() => plant.close());

  test.each(["P1", "P2", "P3"])("every tag of %s reads back as what was sent", async (id) => {
    const device = puma.devices.find((one) => one.id === id);
    const tags = puma.tags.filter((tag) => tag.device === id);
    expect(tags.length).toBeGreaterThan(20);
    await using client = await rawClient(tcpEndpoint(plant, device?.connection ?? ""));
    for (const tag of tags) {
      if (tag.source.protocol !== "modbus") continue;
      const { table, address, width } = tag.source;
      const pdu = await readPdu(client, device?.unit ?? 0, FUNCTIONS[table], address, width);
      expect(decode(tag, tag.source, pdu), tag.id).toBe(plant.sent(id)[tag.id]?.value);
    }
    expect(Object.keys(plant.sent(id)).sort()).toEqual(tags.map((tag) => tag.id).sort());
  });

  test("values move with the virtual clock, stand still within one step, and are kept as history", async () => {
    await using client = await rawClient(tcpEndpoint(plant, "grinding"));
    const flow = puma.tags.find(({ id }) => id === "FT-207");
    const address = flow?.source.protocol === "modbus" ? flow.source.address : -1;
    const seen: string[] = [];
    for (let i = 0; i < 10; i++) {
      seen.push((await readPdu(client, 2, 3, address, 2)).toString("hex"));
      expect((await readPdu(client, 2, 3, address, 2)).toString("hex")).toBe(seen.at(-1));
      await plant.advance("1s");
    }
    expect(new Set(seen).size).toBe(10);
    const times = plant.history("FT-207").map(({ time }) => time);
    expect(times.slice(-10)).toEqual(Array.from({ length: 10 }, (_, i) => (times.at(-10) ?? 0) + 1000 * i));
  });

  test("two requests in one segment and one request in two segments are both answered", async () => {
    await using client = await rawClient(tcpEndpoint(plant, "grinding"));
    const request = (transaction: number) => [0, transaction, 0, 0, 0, 6, 2, 3, 0, 140, 0, 1];
    client.send(...request(1), ...request(2), ...request(3).slice(0, 5));
    const [one, two] = [await client.take(11), await client.take(11)];
    expect([one.readUInt16BE(0), two.readUInt16BE(0)]).toEqual([1, 2]);
    client.send(...request(3).slice(5));
    expect((await client.take(11)).readUInt16BE(0)).toBe(3);
  });

  test("a unit that is not there is answered with exception 11 in the name of the gateway", async () => {
    await using client = await rawClient(tcpEndpoint(plant, "grinding"));
    expect((await readPdu(client, 99, 3, 140, 1)).toString("hex")).toBe("830b");
  });

  test("a header out of step ends the connection, a foreign protocol id is passed over", async () => {
    await using client = await rawClient(tcpEndpoint(plant, "grinding"));
    client.send(0, 1, 0, 9, 0, 6, 2, 3, 0, 140, 0, 1);
    await readPdu(client, 2, 3, 140, 1);
    client.send(0, 1, 0, 0, 255, 255, 2, 3);
    await until(() => client.isClosed);
  });

  test("thirty-two clients are served and the next is turned away", async () => {
    const endpoint = tcpEndpoint(plant, "utilities");
    await using clients = new AsyncDisposableStack();
    const all: RawClient[] = [];
    for (let i = 0; i < 33; i++) all.push(clients.use(await rawClient(endpoint)));
    await until(() => all.some(({ isClosed }) => isClosed));
    expect(all.filter(({ isClosed }) => isClosed).length).toBe(1);
    expect(plant.counters("utilities").clientsRefused).toBe(1);
  });
});

describe("several units behind one socket", () => {
  test("each answers from its own registers", async () => {
    const tags = [1, 2, 3].map((unit) =>
      modbusTag({ id: `X${unit}`, device: `D${unit}`, type: "uint16", range: null, unit: null, source: {} }),
    );
    const devices = [1, 2, 3].map((unit) => deviceOf(`D${unit}`, "bus", unit));
    await using plant = await startPlant({
      plant: plantOf([tcpConnection("bus")], devices, tags),
      source: { valueAt: (tag) => 100 + tag.index },
    });
    await using client = await rawClient(tcpEndpoint(plant, "bus"));
    for (const unit of [3, 1, 2])
      expect((await readPdu(client, unit, 3, 0, 1)).readUInt16BE(2)).toBe(99 + unit);
  });
});

describe("ports", () => {
  test("a plant takes those of its file, a second one the next free above, and never another's by force", async () => {
    const port = await freePort();
    const plant = plantOf(
      [{ ...tcpConnection("bus"), port } as Connection],
      [deviceOf("D", "bus", 1)],
      [modbusTag({ device: "D", source: {} })],
    );
    await using first = await startPlant({ plant, ports: "as-configured" });
    await using second = await startPlant({ plant, ports: "next-free" });
    expect(tcpEndpoint(first, "bus").port).toBe(port);
    expect(tcpEndpoint(second, "bus").port).toBeGreaterThan(port);
    await expect(startPlant({ plant, ports: "as-configured" })).rejects.toThrow(/EADDRINUSE/);
  });
});
