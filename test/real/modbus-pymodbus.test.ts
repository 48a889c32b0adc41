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
import { TELLING_NUMBERS } from "../support/telling-numbers.ts";
import { until } from "../support/until.ts";

/** Debian's own interpreter: the one that sees Debian's packages. */
const PYTHON = "/usr/bin/python3";
const SCRIPT = fileURLToPath(new URL("modbus-server.py", import.meta.url));

const NO_TROUBLE = { timeouts: 0, foreignReplies: 0, malformedFrames: 0, exceptions: 0 };

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
  expect(driver.counters).toMatchObject(NO_TROUBLE);
  await driver.close();
});

test("every type in every word order is read back over a serial port, between two pseudo-terminals", async () => {
  await using said = await startServer("rtu");
  const driver = await expectEveryValue(said, { ...rtuConnection(said.path ?? ""), parity: "none" });
  expect(driver.counters).toMatchObject(NO_TROUBLE);
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

/** A register takes a float of single precision. */
const WRITTEN: Readonly<Partial<Record<DataType, number | bigint>>> = {
  ...TELLING_NUMBERS,
  float32: Math.fround(TELLING_NUMBERS.float32),
};

/** What a client of pymodbus reads of these tags. */
function readByPymodbus(
  link: readonly unknown[],
  unit: number,
  tags: readonly Tag[],
): Record<string, unknown> {
  const wanted = tags.map(({ id, type, source }) => {
    if (source.protocol !== "modbus") throw new TypeError(id);
    return [id, source.table, source.address, source.width, type, source.wordOrder];
  });
  const script = fileURLToPath(new URL("../support/pymodbus-read.py", import.meta.url));
  const input = JSON.stringify({ link, unit, tags: wanted });
  return JSON.parse(execFileSync(PYTHON, [script], { input, encoding: "utf8" })) as Record<string, unknown>;
}

function asPymodbusSays({ type }: Tag, raw: number | bigint): unknown {
  if (type === "bool") return raw === 1;
  return typeof raw === "bigint" ? raw.toString() : raw;
}

test.each([
  ["functions 5, 6 and 16 over TCP", "tcp", false],
  ["functions 15 and 16 over TCP", "tcp", true],
  ["functions 5, 6 and 16 over a serial port", "rtu", false],
] as const)("what is written by %s is what pymodbus reads", async (_what, transport, writesMultiple) => {
  await using said = await startServer(transport);
  const places = new Map(
    said.cases.filter(({ type }) => type !== "string").map((one) => [`${one.type} ${one.wordOrder}`, one]),
  );
  const tags = modbusTags([
    ...[...places.values()].map(({ type, wordOrder, address }): TagSketch => ({ type, wordOrder, address })),
    { table: "coil", type: "bool", address: 4 },
    { table: "coil", type: "bool", address: 3 },
  ]);
  const raws = tags.map((tag, index) => WRITTEN[tag.type] ?? (index === tags.length - 1 ? 0 : 1));
  const connection =
    transport === "tcp"
      ? tcpConnection(said.port ?? 0)
      : { ...rtuConnection(said.path ?? ""), parity: "none" as const };
  const driver = modbusDriver(connection, tags, [modbusDevice("D", said.unit, { writesMultiple })]);
  await driver.connect(never);
  for (const [index, tag] of tags.entries()) {
    expect(await driver.single.write(tag, raws[index] ?? 0, never), tag.id).toEqual({ kind: "taken" });
    const { batch } = await driver.single.read(tag, never);
    expect(batch.exact.get(0) ?? batch.value[0]).toBe(raws[index]);
  }
  expect(driver.counters).toMatchObject(NO_TROUBLE);
  await driver.close();
  const link = transport === "tcp" ? ["tcp", "127.0.0.1", said.port] : ["rtu", said.path];
  const read = readByPymodbus(link, said.unit, tags);
  for (const [index, tag] of tags.entries())
    expect(read[tag.id], `${tag.id} ${tag.type}`).toBe(asPymodbusSays(tag, raws[index] ?? 0));
});

test("a write that pymodbus refuses says so, and changes nothing", async () => {
  await using said = await startServer("tcp");
  const [tag] = modbusTags([{ type: "uint16", address: 60_000 }]);
  const driver = modbusDriver(tcpConnection(said.port ?? 0), [tag as Tag], [modbusDevice("D", said.unit)]);
  await driver.connect(never);
  expect(await driver.single.write(tag as Tag, 1, never)).toMatchObject({
    kind: "refused",
    reason: {
      sentence: "the device has no such address, or lets nobody write there (Modbus exception 2)",
    },
  });
  await driver.close();
});
