import { expect, test } from "vitest";
import type { OpcUaConnection, Plant } from "../../../src/config/plant.ts";
import { mulberry32 } from "../../../src/domain/random.ts";
import { systemClock } from "../../../src/domain/system-clock.ts";
import type { Tag } from "../../../src/domain/tag.ts";
import { createDriver, planPlant } from "../../../src/drivers/index.ts";
import { modbusDevice, modbusTags, rtuConnection, tcpConnection } from "../../support/modbus-tags.ts";

const LEACH: OpcUaConnection = {
  id: "leach",
  protocol: "opcua",
  endpoint: "opc.tcp://127.0.0.1:4840",
  timeoutMs: 1000,
  security: { mode: "None", policy: "None" },
  identity: { kind: "anonymous" },
  publishingMs: 500,
};

function node(tag: Tag, mode: "subscribe" | "read", samplingMs: number): Tag {
  const source = {
    protocol: "opcua",
    node: `ns=3;s=${tag.id}`,
    mode,
    samplingMs,
    queueSize: 10,
    deadband: null,
  } as const;
  return { ...tag, device: "L", source };
}

test("the plan of a plant has one entry for each connection, in order, with what it asks of the link", () => {
  const [first, second, third, fourth, fifth] = modbusTags([
    { device: "P", address: 0 },
    { device: "P", address: 2 },
    { device: "W", address: 0 },
    {},
    { periodMs: 500 },
  ]) as [Tag, Tag, Tag, Tag, Tag];
  const plant = {
    connections: [tcpConnection(502), { ...rtuConnection("/dev/ttyUSB0"), id: "bus" }, LEACH],
    devices: [
      modbusDevice("P"),
      { ...modbusDevice("W", 11), connection: "bus" },
      { ...modbusDevice("L"), connection: "leach", unit: null },
    ],
    tags: [first, second, third, node(fourth, "subscribe", 250), node(fifth, "read", 1000)],
  } as unknown as Plant;
  expect(planPlant(plant)).toMatchObject([
    { connection: "C", protocol: "modbus-tcp", requests: 1, bytesOut: 12, bytesIn: 17 },
    { connection: "bus", protocol: "modbus-rtu", requests: 1, bytesOut: 8, bytesIn: 9 },
    {
      connection: "leach",
      protocol: "opcua",
      groups: [
        { device: "L", monitoredItems: 1, polledNodes: 1, fastestSamplingMs: 250, valuesPerSecondMax: 6 },
      ],
    },
  ]);
});

test("the driver of a connection is found by its protocol, and opens nothing by itself", async () => {
  const quiet = (): void => {};
  const driver = await createDriver({
    connection: tcpConnection(1),
    devices: [modbusDevice("D", 7)],
    tags: modbusTags([{}, { address: 2 }]),
    clock: systemClock,
    random: mulberry32(1),
    log: { debug: quiet, info: quiet, warn: quiet, error: quiet },
    dataDir: "",
  });
  expect(driver.groups).toMatchObject([{ device: "D", unit: "C/7", scanClass: "fast" }]);
  expect(driver.counters.connects).toBe(0);
  await expect(driver.poll(0, new AbortController().signal)).rejects.toMatchObject({
    code: "CONNECTION_LOST",
  });
  await driver.close();
});
