import { execFileSync, spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { beforeAll, expect, test } from "vitest";
import type { ModbusConnection } from "../../src/config/plant.ts";
import { ConnectionLost } from "../../src/domain/errors.ts";
import type { Driver } from "../../src/domain/ports.ts";
import { Status } from "../../src/domain/status.ts";
import type { DataType, Tag, WordOrder } from "../../src/domain/tag.ts";
import {
  modbusDevice,
  modbusDriver,
  modbusTags,
  never,
  rtuConnection,
  tcpConnection,
} from "../support/modbus-tags.ts";
import type { TagSketch } from "../support/modbus-tags.ts";
import { until } from "../support/until.ts";

/** Debian's own interpreter: the one that sees Debian's packages. */
const PYTHON = "/usr/bin/python3";
const SCRIPT = fileURLToPath(new URL("modbus-server.py", import.meta.url));

interface Said {
  readonly unit: number;
  readonly cases: readonly { type: DataType; wordOrder: WordOrder; address: number; value: string }[];
  readonly registers: number;
  readonly port?: number;
  readonly path?: string;
}

beforeAll(() => {
  try {
    execFileSync(PYTHON, ["-c", "import pymodbus.server, serial_asyncio"], { stdio: "ignore" });
  } catch (cause) {
    throw new Error("missing: apt-get install python3-pymodbus python3-serial-asyncio", { cause });
  }
});

async function startServer(transport: "tcp" | "rtu"): Promise<Said & AsyncDisposable> {
  const server = spawn(PYTHON, [SCRIPT, transport], { stdio: ["pipe", "pipe", "inherit"] });
  const exited = new Promise((resolve) => server.once("exit", resolve));
  for await (const line of createInterface(server.stdout)) {
    const said = JSON.parse(line) as Said;
    return {
      ...said,
      async [Symbol.asyncDispose]() {
        server.stdin.end();
        await exited;
      },
    };
  }
  throw new Error("the server ended before it listened");
}

function numberOrExact(type: DataType, text: string): number | bigint | string {
  if (type === "string") return text;
  if (type === "int64" || type === "uint64") return BigInt(text);
  return type === "float32" ? Math.fround(Number(text)) : Number(text);
}

async function readAll(driver: Driver, tags: readonly Tag[]): Promise<ReadonlyMap<number, unknown>> {
  const values = new Map<number, unknown>();
  for (const index of driver.groups.keys()) {
    const { batch } = await driver.poll(index, never);
    for (let row = 0; row < batch.length; row++) {
      const tag = batch.tag[row] ?? -1;
      expect([tags[tag]?.id, batch.status[row]]).toEqual([tags[tag]?.id, Status.Good]);
      values.set(tag, batch.exact.get(row) ?? batch.value[row]);
    }
  }
  return values;
}

async function expectEveryValue(said: Said, connection: ModbusConnection): Promise<Driver> {
  const registers = (["holding", "input"] as const).flatMap((table) =>
    said.cases.map(({ type, wordOrder, address }): TagSketch => ({
      table,
      type,
      wordOrder,
      address,
      ...(type === "string" ? { width: 4 } : {}),
    })),
  );
  const bits = (["coil", "discrete"] as const).flatMap((table) =>
    Array.from({ length: 100 }, (_, address): TagSketch => ({ table, type: "bool", address })),
  );
  const tags = modbusTags([...registers, ...bits]);
  const driver = modbusDriver(connection, tags, [modbusDevice("D", said.unit)]);
  await driver.connect(never);
  const values = await readAll(driver, tags);
  const expected = [
    ...[...said.cases, ...said.cases].map(({ type, value }) => numberOrExact(type, value)),
    ...bits.map(({ address }) => ((address ?? 0) % 3 === 0 ? 1 : 0)),
  ];
  expect(tags.map((tag) => values.get(tag.index))).toEqual(expected);
  return driver;
}

test("every type in every word order that pymodbus encodes is read back over TCP, 64-bit integers exactly", async () => {
  await using said = await startServer("tcp");
  const driver = await expectEveryValue(said, tcpConnection(said.port ?? 0));
  expect(driver.counters).toMatchObject({
    timeouts: 0,
    foreignReplies: 0,
    malformedFrames: 0,
    exceptions: 0,
  });
  await driver.close();
});

test("every type in every word order is read back over a serial port, between two pseudo-terminals", async () => {
  await using said = await startServer("rtu");
  const driver = await expectEveryValue(said, { ...rtuConnection(said.path ?? ""), parity: "none" });
  expect(driver.counters).toMatchObject({
    timeouts: 0,
    foreignReplies: 0,
    malformedFrames: 0,
    exceptions: 0,
  });
  await driver.close();
  await driver.connect(never);
  expect((await driver.poll(0, never)).answered).toBe(true);
  await driver.close();
});

test("a silent unit on the serial line does not spoil its neighbour", async () => {
  await using said = await startServer("rtu");
  const tags = modbusTags([{ device: "dead" }, { device: "alive" }]);
  const driver = modbusDriver(rtuConnection(said.path ?? "", 300), tags, [
    modbusDevice("dead", 99),
    modbusDevice("alive", said.unit),
  ]);
  await driver.connect(never);
  for (let i = 0; i < 4; i++) {
    expect((await driver.poll(0, never)).answered).toBe(false);
    expect((await driver.poll(1, never)).batch.status[0]).toBe(Status.Good);
  }
  expect(driver.counters.connects).toBe(1);
  await driver.close();
});

test("an address that pymodbus does not have is found and left out; its neighbours are read", async () => {
  await using said = await startServer("tcp");
  const addresses = Array.from({ length: 20 }, (_, i) => said.registers - 19 + i);
  const tags = modbusTags(addresses.map((address) => ({ address, type: "uint16" })));
  const driver = modbusDriver(tcpConnection(said.port ?? 0), tags, [modbusDevice("D", said.unit)]);
  await driver.connect(never);
  const { batch } = await driver.poll(0, never);
  expect([...batch.status]).toEqual([...Array<number>(19).fill(Status.Good), Status.BadConfiguration]);
  expect(driver.quarantined()).toEqual(["T19"]);
  await driver.close();
});

test("a serial port that vanishes is a lost connection, and so is one that cannot be opened again", async () => {
  const said = await startServer("rtu");
  const driver = modbusDriver(rtuConnection(said.path ?? "", 200), modbusTags([{}]), [
    modbusDevice("D", said.unit),
  ]);
  await driver.connect(never);
  expect((await driver.poll(0, never)).answered).toBe(true);
  await said[Symbol.asyncDispose]();
  await expect(until(async () => void (await driver.poll(0, never)))).rejects.toThrow(ConnectionLost);
  await expect(driver.connect(never)).rejects.toThrow(ConnectionLost);
  await driver.close();
});
