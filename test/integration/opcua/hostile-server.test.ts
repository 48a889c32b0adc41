import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { mulberry32 } from "../../../src/domain/random.ts";
import { until } from "../../support/until.ts";
import { createBench, removeFolder, temporaryFolder } from "./harness.ts";
import { startServer } from "./server.ts";
import type { TestServer } from "./server.ts";
import { startTwistingProxy } from "./twisting-proxy.ts";
import type { Chunk, Twist, TwistingProxy } from "./twisting-proxy.ts";

const MIB = 1024 * 1024;
const SKETCHES = [{ id: "level", type: "float32", mode: "read" }] as const;
/** Mutated answers over a socket; each that is noticed costs a new connection. */
const MUTATIONS = process.env["PUMA_SOAK"] === undefined ? 60 : 20_000;
const OPENINGS = process.env["PUMA_SOAK"] === undefined ? 30 : 3_000;
/** So many at once: most of it is waiting for deadlines. */
const LINES = 15;
/** A client takes no more than this of a message, and the system's own buffers lie between. */
const TAKEN_MAX = 40 * MIB;

let folder: string;
let server: TestServer;

beforeAll(async () => {
  folder = await temporaryFolder();
  const variables = [{ name: "level", type: "Float", value: 55 }];
  server = await startServer({ pki: `${folder}/server`, variables });
});
afterAll(async () => {
  await server.kill();
  await removeFolder(folder);
});

/** The gateway's driver, and between it and an honest server somebody who twists what that says. */
interface Line extends AsyncDisposable {
  readonly proxy: TwistingProxy;
  connect(): Promise<void>;
  /** One read through the twist: the values that it brought, or why it brought none. */
  readThrough(twist: Twist): Promise<string>;
  /** Has the honest server read again, whatever has been. */
  expectHonestReading(): Promise<void>;
}

async function openLine(): Promise<Line> {
  const proxy = await startTwistingProxy(server.port);
  const bench = createBench(folder, SKETCHES, { endpoint: proxy.url, timeoutMs: 1_000 });
  const expectHonestReading = (): Promise<void> =>
    until(async () => {
      await bench.pump().catch(() => bench.connect().catch(() => undefined));
      return bench.readings.at(-1)?.value === 55;
    }, 60_000).then(() => undefined);
  await expectHonestReading();
  return {
    proxy,
    connect: () => bench.connect(),
    expectHonestReading,
    async readThrough(twist) {
      const before = bench.readings.length;
      proxy.twist = twist;
      const outcome = await bench.pump().then(
        () =>
          bench.readings
            .slice(before)
            .map(({ value }) => String(value))
            .join(),
        (error: Error) => error.message,
      );
      proxy.twist = null;
      return outcome;
    },
    async [Symbol.asyncDispose]() {
      await bench[Symbol.asyncDispose]();
      proxy.close();
    },
  };
}

function int32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeInt32LE(value);
  return bytes;
}

/** The answer to a read with this in place of its value: response head as it came, one result, no diagnostics. */
function valueOf(chunk: Chunk, variant: Buffer): Buffer {
  const result = Buffer.concat([Buffer.of(0x01), variant]);
  return chunk.withBody(
    Buffer.concat([chunk.body.subarray(0, RESPONSE_HEAD_BYTES), int32(1), result, int32(-1)]),
  );
}
/** Type 4, time 8, handle 4, result 4, diagnostics 1, strings 4, additional header 3 (OPC 10000-4, 7.34). */
const RESPONSE_HEAD_BYTES = 28;

function nested(depth: number): Buffer {
  return Buffer.concat([Buffer.alloc(depth, 0x18), Buffer.of(0x01, 0x01)]);
}

function nestedLists(depth: number): Buffer {
  return Buffer.concat([
    ...Array.from({ length: depth }, () => Buffer.concat([Buffer.of(0x98), int32(1)])),
    Buffer.of(0x01, 0x01),
  ]);
}

function* endlessly(piece: (index: number) => Buffer): Generator<Buffer> {
  for (let index = 0; ; index++) yield piece(index);
}

describe("a server that sends without end", () => {
  test.each<[string, Twist]>([
    ["chunks of one message", (chunk) => endlessly((index) => chunk.more(index, Buffer.alloc(8000)))],
    [
      "a chunk of 64 MB",
      (chunk) => {
        const head = Buffer.from(chunk.bytes.subarray(0, 24));
        head.writeUInt32LE(64 * MIB, 4);
        return endlessly((index) => (index === 0 ? head : Buffer.alloc(64 * 1024)));
      },
    ],
    ["bytes that are no message", () => endlessly(() => Buffer.alloc(64 * 1024, 0xff))],
  ])("%s is cut off, and costs no memory", async (_, twist) => {
    await using line = await openLine();
    const { proxy } = line;
    const before = process.memoryUsage().rss;
    const outcome = await line.readThrough(twist);
    expect(outcome).not.toMatch(/^[\d.]*$/);
    await until(() => proxy.clients.size === 0 || proxy.sentBytes < TAKEN_MAX);
    expect(proxy.sentBytes).toBeLessThan(TAKEN_MAX);
    expect(process.memoryUsage().rss - before).toBeLessThan(150 * MIB);
    await line.expectHonestReading();
  });
});

describe.concurrent("an answer that is not what it says", () => {
  test("could be a right one: then it is taken for what it is", async () => {
    await using line = await openLine();
    const float = Buffer.from([0x0a, 0, 0, 0x9a, 0x42]);
    expect(await line.readThrough((chunk) => [valueOf(chunk, float)])).toBe("77");
  });

  test.each<[string, Twist]>([
    ["a value nested 100 deep", (chunk) => [valueOf(chunk, nested(100))]],
    ["a value nested 60,000 deep", (chunk) => [valueOf(chunk, nested(60_000))]],
    ["lists nested 100 deep", (chunk) => [valueOf(chunk, nestedLists(100))]],
    ["lists nested 12,000 deep", (chunk) => [valueOf(chunk, nestedLists(12_000))]],
    [
      "a text that is no UTF-8",
      (chunk) => [valueOf(chunk, Buffer.from([0x0c, 6, 0, 0, 0, 0xff, 0xfe, 0xc0, 0x80, 0xed, 0xa0]))],
    ],
    ["a text of 2 GiB", (chunk) => [valueOf(chunk, Buffer.concat([Buffer.of(0x0c), int32(2 ** 31 - 1)]))]],
    ["a text of a negative length", (chunk) => [valueOf(chunk, Buffer.concat([Buffer.of(0x0c), int32(-7)]))]],
    [
      "a list of two thousand million numbers",
      (chunk) => [valueOf(chunk, Buffer.concat([Buffer.of(0x8a), int32(2 ** 31 - 1)]))],
    ],
    [
      "a matrix of impossible dimensions",
      (chunk) => [
        valueOf(
          chunk,
          Buffer.concat([
            Buffer.of(0xca),
            int32(1),
            int32(0),
            int32(3),
            int32(2 ** 31 - 1),
            int32(2 ** 31 - 1),
            int32(2 ** 31 - 1),
          ]),
        ),
      ],
    ],
    [
      "an object of an unknown kind",
      (chunk) => [
        valueOf(chunk, Buffer.concat([Buffer.of(0x16, 0x01, 0x07, 0xff, 0xff, 0x01), int32(2 ** 31 - 1)])),
      ],
    ],
    ["a type that there is not", (chunk) => [valueOf(chunk, Buffer.of(0x3f, 1, 2, 3))]],
    [
      "two thousand million results",
      (chunk) => [
        chunk.withBody(Buffer.concat([chunk.body.subarray(0, RESPONSE_HEAD_BYTES), int32(2 ** 31 - 1)])),
      ],
    ],
    [
      "a body whose type is named by bytes",
      (chunk) => [
        chunk.withBody(Buffer.concat([Buffer.of(0x05, 0, 0), int32(4), Buffer.from("puma"), chunk.body])),
      ],
    ],
    ["no body", (chunk) => [chunk.withBody(Buffer.alloc(0))]],
    [
      "a body of another service",
      (chunk) => [chunk.withBody(Buffer.concat([Buffer.of(0x01, 0x00, 0xd9, 0x01), chunk.body.subarray(4)]))],
    ],
    [
      "a size of 0",
      (chunk) => [Buffer.concat([chunk.bytes.subarray(0, 4), int32(0), chunk.bytes.subarray(8)])],
    ],
    [
      "a size smaller than its head",
      (chunk) => [Buffer.concat([chunk.bytes.subarray(0, 4), int32(9), chunk.bytes.subarray(8)])],
    ],
    [
      "a size of 4 GiB",
      (chunk) => [Buffer.concat([chunk.bytes.subarray(0, 4), int32(-1), chunk.bytes.subarray(8)])],
    ],
    ["the number of a later message", (chunk) => [chunk.more(1_000, chunk.body).fill("F", 3, 4)]],
    [
      "an abort",
      (chunk) => [Buffer.concat([Buffer.from("MSGA"), chunk.withBody(Buffer.alloc(8)).subarray(4)])],
    ],
    [
      "an error of the transport",
      () => [Buffer.concat([Buffer.from("ERRF"), int32(16), int32(0x807e0000 | 0), int32(-1)])],
    ],
  ])("%s brings no value, and the next one counts again", async (_, twist) => {
    await using line = await openLine();
    expect(await line.readThrough(twist)).not.toMatch(/^[\d.e+-]+$/);
    await line.expectHonestReading();
  });
});

test.concurrent.each([
  ["buffers of no byte", 12, 0],
  ["buffers of four bytes", 12, 4],
  ["messages of no byte", 20, 1],
])("an acknowledgement that wants %s opens no channel, and an honest one does", async (_, at, number) => {
  await using line = await openLine();
  line.proxy.greeting = (bytes) => {
    const twisted = Buffer.from(bytes);
    if (bytes.toString("latin1", 0, 3) === "ACK") twisted.writeInt32LE(number, at);
    return twisted;
  };
  for (const client of line.proxy.clients) client.destroy();
  await expect(line.connect()).rejects.toThrow();
  line.proxy.greeting = null;
  await line.expectHonestReading();
});

const random = mulberry32(20261128);
const int = (below: number): number => Math.floor(random() * below);

function mutated(bytes: Buffer): Buffer {
  const mutant = Buffer.from(bytes);
  for (let times = 1 + int(3); times > 0; times--) mutant[int(mutant.length)] = int(256);
  return int(4) === 0 ? mutant.subarray(0, int(mutant.length)) : mutant;
}

test.concurrent(`${OPENINGS} openings of channel and session with mutated answers end no process`, async () => {
  await Promise.all(
    Array.from({ length: LINES }, async () => {
      await using line = await openLine();
      const { proxy } = line;
      for (let count = 0; count < OPENINGS / LINES; count++) {
        proxy.greeting = (bytes) => (int(3) === 0 ? mutated(bytes) : bytes);
        proxy.twist = ({ bytes }) => [int(2) === 0 ? mutated(bytes) : bytes];
        await line.connect().catch(() => undefined);
      }
      Object.assign(proxy, { greeting: null, twist: null });
      await line.expectHonestReading();
    }),
  );
});

test.concurrent(`${MUTATIONS} mutated answers end no process`, async () => {
  const mutate: Twist = ({ bytes }) => [mutated(bytes)];
  const before = process.memoryUsage().rss;
  await Promise.all(
    Array.from({ length: LINES }, async () => {
      await using line = await openLine();
      for (let count = 0; count < MUTATIONS / LINES; count++) {
        const outcome = await line.readThrough(mutate);
        expect(outcome).not.toMatch(/is not a function|undefined/);
        if (/\s/.test(outcome)) await line.expectHonestReading();
      }
      await line.expectHonestReading();
    }),
  );
  expect(process.memoryUsage().rss - before).toBeLessThan(150 * MIB);
});
