import { existsSync, lstatSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { once } from "node:events";
import { SerialPort } from "serialport";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { crc16, rtuFrame } from "../../../simulators/codec/frames.ts";
import { startPlant } from "../../../simulators/index.ts";
import type { SimulatedPlant } from "../../../simulators/index.ts";
import { rawClient } from "../../support/modbus-socket.ts";
import {
  deviceOf,
  modbusTag,
  plantOf,
  rtuConnection,
  rtuOverTcpConnection,
} from "../../support/simulated-plant.ts";
import { until } from "../../support/until.ts";

const word = { type: "uint16", range: null, unit: null } as const;
const tags = [11, 21].flatMap((unit) =>
  ["line", "tcp"].map((bus) =>
    modbusTag({ id: `${bus}-${unit}`, device: `${bus}${unit}`, ...word, source: {} }),
  ),
);
const devices = [11, 21].flatMap((unit) =>
  ["line", "tcp"].map((bus) => deviceOf(`${bus}${unit}`, bus, unit)),
);
const source = { valueAt: (tag: { id: string }) => Number(tag.id.split("-")[1]) };
const read = (unit: number): Buffer => rtuFrame(unit, Buffer.from([3, 0, 0, 0, 1]));
const expected = (unit: number): string => rtuFrame(unit, Buffer.from([3, 2, 0, unit])).toString("hex");

interface Port extends AsyncDisposable {
  received: Buffer;
  write(bytes: Buffer): void;
}

async function openPort(path: string): Promise<Port> {
  const serial = new SerialPort({ path, baudRate: 19200, parity: "even" });
  await once(serial, "open");
  const port: Port = {
    received: Buffer.alloc(0),
    write: (bytes) => void serial.write(bytes),
    async [Symbol.asyncDispose]() {
      serial.close();
      await once(serial, "close");
    },
  };
  serial.on("data", (chunk: Buffer) => (port.received = Buffer.concat([port.received, chunk])));
  return port;
}

async function take(port: Port, length: number): Promise<string> {
  await until(() => port.received.length >= length);
  const taken = port.received.subarray(0, length).toString("hex");
  port.received = port.received.subarray(length);
  return taken;
}

describe("Modbus RTU", () => {
  let plant: SimulatedPlant;
  let path: string;

  beforeAll(async () => {
    plant = await startPlant({
      plant: plantOf([rtuConnection("line", "/nonexistent"), rtuOverTcpConnection("tcp")], devices, tags),
      source,
    });
    ({ path } = plant.endpoints["line"] as { path: string });
  });
  afterAll(() => plant.close());

  test("every unit of a line is read through a pseudo-terminal with serialport, hundreds of times", async () => {
    await using port = await openPort(path);
    for (let i = 0; i < 150; i++)
      for (const unit of [11, 21]) {
        port.write(read(unit));
        expect(await take(port, 7)).toBe(expected(unit));
      }
  });

  test("a client may come back after it has closed the port", async () => {
    for (let i = 0; i < 3; i++) {
      await using port = await openPort(path);
      port.write(read(11));
      expect(await take(port, 7)).toBe(expected(11));
    }
  });

  test("nobody answers for a foreign unit, a broadcast or a wrong checksum", async () => {
    await using port = await openPort(path);
    const malformed = plant.counters("line").malformedFrames;
    const broken = read(11);
    broken.writeUInt16LE(crc16(broken, 0, 6) ^ 1, 6);
    for (const frame of [read(12), read(0), broken]) port.write(frame);
    await until(() => plant.counters("line").malformedFrames > malformed);
    port.write(read(21));
    expect(await take(port, 7)).toBe(expected(21));
    expect(port.received.length).toBe(0);
  });

  test("RTU frames over TCP are answered, also in pieces and after noise", async () => {
    await using client = await rawClient(plant.endpoints["tcp"] as { host: string; port: number });
    client.send(0xff, 0xfe, ...read(21));
    expect((await client.take(7)).toString("hex")).toBe(expected(21));
    client.send(...read(11).subarray(0, 3));
    client.send(...read(11).subarray(3));
    expect((await client.take(7)).toString("hex")).toBe(expected(11));
  });

  test("a function that nobody knows is refused once the line has fallen silent", async () => {
    await using client = await rawClient(plant.endpoints["tcp"] as { host: string; port: number });
    client.send(...rtuFrame(11, Buffer.from([0x2b, 14, 1, 0])));
    expect((await client.take(5)).toString("hex")).toBe(rtuFrame(11, Buffer.from([0xab, 1])).toString("hex"));
  });

  test.each([
    ["corrupt-crc", (frame: Buffer) => frame.fill((frame[6] ?? 0) ^ 0x55, 6)],
    ["wrong-unit", () => rtuFrame(12, Buffer.from([3, 2, 0, 11]))],
  ])("%s on the line", async (fault, change) => {
    await using port = await openPort(path);
    const handle = plant.inject({ fault, device: "line11" });
    port.write(read(11));
    expect(await take(port, 7)).toBe(change(Buffer.from(expected(11), "hex")).toString("hex"));
    port.write(read(21));
    expect(await take(port, 7)).toBe(expected(21));
    await handle.clear();
  });

  test("a line that is pulled out and put back has the same path", async () => {
    const handle = plant.inject({ fault: "refuse", connection: "line" });
    await handle.begun;
    expect(existsSync(path)).toBe(false);
    await handle.clear();
    await using port = await openPort(path);
    port.write(read(21));
    expect(await take(port, 7)).toBe(expected(21));
  });
});

describe("the link to the terminal", () => {
  const start = (path: string, ports: "as-configured" | "next-free") =>
    startPlant({ plant: plantOf([rtuConnection("line", path)], devices, tags), source, ports });

  test("is made where the plant file says, over a stale one, and removed at the end", async () => {
    const dir = mkdtempSync(join(tmpdir(), "puma-link-"));
    const path = join(dir, "data", "field-bus");
    const plant = await start(path, "as-configured");
    expect(lstatSync(path).isSymbolicLink()).toBe(true);
    await plant.close();
    expect(existsSync(path)).toBe(false);
    symlinkSync("/dev/pts/99999", path);
    await using again = await start(path, "as-configured");
    await using port = await openPort((again.endpoints["line"] as { path: string }).path);
    port.write(read(11));
    expect(await take(port, 7)).toBe(expected(11));
    rmSync(dir, { recursive: true });
  });

  test("takes the next name where another plant has the first, and never replaces a file", async () => {
    const dir = mkdtempSync(join(tmpdir(), "puma-link-"));
    await using first = await start(join(dir, "bus"), "next-free");
    await using second = await start(join(dir, "bus"), "next-free");
    expect([first.endpoints["line"], second.endpoints["line"]]).toMatchObject([
      { path: join(dir, "bus") },
      { path: join(dir, "bus-2") },
    ]);
    writeFileSync(join(dir, "device"), "");
    await expect(start(join(dir, "device"), "as-configured")).rejects.toThrow(/is left alone/);
    rmSync(dir, { recursive: true });
  });
});
