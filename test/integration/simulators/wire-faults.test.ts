import { connect } from "node:net";
import { once } from "node:events";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { startPlant } from "../../../simulators/index.ts";
import type { SimulatedPlant } from "../../../simulators/index.ts";
import { rawClient, readPdu } from "../../support/modbus-socket.ts";
import type { RawClient } from "../../support/modbus-socket.ts";
import { deviceOf, modbusTag, plantOf, tcpConnection } from "../../support/simulated-plant.ts";
import { until } from "../../support/until.ts";

const word = { type: "uint16", range: null, unit: null } as const;
const REQUEST = [0x12, 0x34, 0, 0, 0, 6, 1, 3, 0, 0, 0, 1];
const REPLY = "123400000005010302007b";

describe("faults on the wire of Modbus TCP", () => {
  let plant: SimulatedPlant;
  let endpoint: { host: string; port: number };
  let client: RawClient;

  beforeAll(async () => {
    const tags = [
      modbusTag({ id: "A", device: "D1", ...word, source: { address: 0 } }),
      modbusTag({ id: "B", device: "D1", ...word, source: { address: 50 } }),
      modbusTag({ id: "C", device: "D2", ...word, source: { address: 0 } }),
    ];
    const devices = [deviceOf("D1", "bus", 1), deviceOf("D2", "bus", 2)];
    plant = await startPlant({
      plant: plantOf([tcpConnection("bus")], devices, tags),
      source: { valueAt: () => 123 },
    });
    endpoint = plant.endpoints["bus"] as typeof endpoint;
  });
  afterAll(() => plant.close());
  beforeEach(async () => {
    client = await rawClient(endpoint);
    return () => client[Symbol.asyncDispose]();
  });

  const reply = async (bytes = REPLY.length / 2): Promise<string> => {
    client.send(...REQUEST);
    return (await client.take(bytes)).toString("hex");
  };

  test("a dead device takes the request and says nothing, its neighbour answers", async () => {
    const fault = plant.inject({ fault: "dead", device: "D1" });
    const before = plant.counters("bus").requests;
    client.send(...REQUEST);
    expect((await readPdu(client, 2, 3, 0, 1)).toString("hex")).toBe("0302007b");
    expect(plant.counters("bus").requests).toBe(before + 2);
    expect(client.received.length).toBe(0);
    await fault.clear();
    expect(await reply()).toBe(REPLY);
  });

  test("a slow device and a late one answer in the end", async () => {
    for (const fault of ["slow", "late-reply"]) {
      const handle = plant.inject({ fault, device: "D1", delay: "150ms" });
      const start = performance.now();
      expect(await reply()).toBe(REPLY);
      expect(performance.now() - start).toBeGreaterThan(140);
      await handle.clear();
    }
  });

  test("exceptions come for all addresses or for some", async () => {
    const all = plant.inject({ fault: "exception", device: "D1", code: 6 });
    expect((await readPdu(client, 1, 3, 0, 1)).toString("hex")).toBe("8306");
    await all.clear();
    const some = plant.inject({ fault: "exception", device: "D1", code: 2, addresses: [40, 50] });
    expect((await readPdu(client, 1, 3, 0, 51)).toString("hex")).toBe("8302");
    expect((await readPdu(client, 1, 3, 0, 40)).readUInt16BE(2)).toBe(123);
    await some.clear();
  });

  test.each([
    ["wrong-transaction-id", "123500000005010302007b"],
    ["wrong-unit", "123400000005020302007b"],
  ])("%s changes that and nothing else", async (fault, expected) => {
    const handle = plant.inject({ fault, device: "D1" });
    expect(await reply()).toBe(expected);
    await handle.clear();
  });

  test("a truncated frame stops in the middle", async () => {
    const handle = plant.inject({ fault: "truncated-frame", device: "D1" });
    expect(await reply(6)).toBe(REPLY.slice(0, 12));
    await handle.clear();
    expect(await reply()).toBe(REPLY);
  });

  test("a split frame comes in pieces with pauses", async () => {
    const handle = plant.inject({ fault: "split-frame", device: "D1", pieces: 3, delay: "40ms" });
    const sizes: number[] = [];
    client.socket.on("data", (chunk) => sizes.push(chunk.length));
    expect(await reply()).toBe(REPLY);
    expect(sizes).toEqual([4, 4, 3]);
    await handle.clear();
  });

  test("a refused connection ends those that are open and comes back at the same port", async () => {
    const handle = plant.inject({ fault: "refuse", connection: "bus" });
    await handle.begun;
    await until(() => client.isClosed);
    const refused = connect(endpoint.port, endpoint.host);
    const [error] = (await once(refused, "error")) as [NodeJS.ErrnoException];
    expect(error.code).toBe("ECONNREFUSED");
    await handle.clear();
    await using again = await rawClient(endpoint);
    expect((await readPdu(again, 1, 3, 0, 1)).readUInt16BE(2)).toBe(123);
  });

  test("a fault with a time ends by itself", async () => {
    const handle = plant.inject({ fault: "exception", connection: "bus", for: "50ms" });
    expect(handle.isActive).toBe(true);
    expect((await readPdu(client, 2, 3, 0, 1)).toString("hex")).toBe("8304");
    await until(async () => (await readPdu(client, 2, 3, 0, 1)).readUInt8(0) === 3);
    expect(handle.isActive).toBe(false);
  });
});
