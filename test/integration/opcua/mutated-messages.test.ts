import { EventEmitter } from "node:events";
import {
  DataChangeNotification,
  MessageBuilder,
  MessageSecurityMode,
  PublishResponse,
  ReadResponse,
  setFakeTransport,
} from "node-opcua";
import type { DataValue } from "node-opcua";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createBatch } from "../../../src/domain/batch.ts";
import { mulberry32 } from "../../../src/domain/random.ts";
import { guardedTransports } from "../../../src/drivers/opcua/guarded-transport.ts";
import { accept, createItem, disagrees, fillRow } from "../../../src/drivers/opcua/items.ts";
import { TRANSPORT_SETTINGS } from "../../../src/drivers/opcua/link.ts";
import { routeLibraryNotes } from "../../../src/drivers/opcua/library.ts";
import type { OpcUaTag } from "../../../src/drivers/opcua/plan.ts";
import { createQueue } from "../../../src/drivers/opcua/queue.ts";
import { until } from "../../support/until.ts";
import { createBench, removeFolder, sketchTags, temporaryFolder } from "./harness.ts";
import { startServer } from "./server.ts";
import { startTwistingProxy } from "./twisting-proxy.ts";

const MIB = 1024 * 1024;
const MESSAGES = process.env["PUMA_SOAK"] === undefined ? 100_000 : 1_000_000;
/** So many at the most on one channel, as one wrong size lets it wait for the rest. */
const MESSAGES_OF_CHANNEL = 20;
/** The engine compiles, and takes as much for its heap as it works best with: what comes after that is the messages'. */
const WARM_UP_MESSAGES = 30_000;
const GROWTH_BYTES_MAX = 100 * MIB;
/** Whoever reads a message holds up everybody else in the process. */
const SLOWEST_MS_MAX = 1_000;

const SKETCHES = [
  { id: "level", type: "float32", mode: "read" },
  { id: "count", type: "uint64", mode: "read" },
  { id: "name", type: "string", mode: "subscribe" },
  { id: "flow", type: "float64", mode: "subscribe" },
  { id: "runs", type: "bool", mode: "subscribe" },
] as const;
const VARIABLES = [
  { name: "level", type: "Float", value: 55 },
  { name: "count", type: "UInt64", value: "12345678901234567" },
  { name: "name", type: "String", value: "molino" },
  { name: "flow", type: "Double", value: 16.25 },
  { name: "runs", type: "Boolean", value: true },
];

let folder: string;
/** Whatever an honest server has said to the driver, from the opening of the channel to the end of the session. */
let said: readonly Buffer[];

beforeAll(async () => {
  folder = await temporaryFolder();
  await using server = await startServer({ pki: `${folder}/server`, variables: VARIABLES });
  const proxy = await startTwistingProxy(server.port);
  await using bench = createBench(folder, SKETCHES, { endpoint: proxy.url });
  await bench.connect();
  await until(async () => {
    await bench.pump();
    return SKETCHES.every(({ id }) => bench.latest(id) !== undefined);
  });
  await bench.driver.close();
  said = [...proxy.said];
  proxy.close();
});
afterAll(() => removeFolder(folder));

/** A socket without a network, over which a transport believes that it has connected. */
class PretendedSocket extends EventEmitter {
  destroyed = false;
  write(_bytes: unknown, done?: () => void): void {
    done?.();
  }
  end(): void {
    this.destroy();
  }
  destroy(): void {
    this.destroyed = true;
  }
  setKeepAlive(): this {
    return this;
  }
  setNoDelay(): this {
    return this;
  }
  setTimeout(): this {
    return this;
  }
}

interface Listener {
  hear(bytes: Buffer): void;
  /** Has it had enough? */
  isOver(): boolean;
  end(): void;
}

/** The driver's own transport and, behind it, the library's decoder as its client sets it up. */
function createListener(onMessage: (message: unknown) => void): Listener {
  const socket = new PretendedSocket();
  const refuse = (): void => socket.destroy();
  setFakeTransport(socket);
  const transport = guardedTransports.create(TRANSPORT_SETTINGS);
  const decoder = new MessageBuilder(
    { getDerivedKey: () => null },
    {
      name: "client",
      securityMode: MessageSecurityMode.None,
      maxChunkSize: 65_536,
      maxChunkCount: TRANSPORT_SETTINGS.maxChunkCount,
      maxMessageSize: TRANSPORT_SETTINGS.maxMessageSize,
    },
  );
  decoder.on("message", onMessage);
  decoder.on("error", refuse);
  transport.on("chunk", (chunk) => decoder.feed(chunk));
  transport.connect("fake://plc:4840", (error) => void (error && refuse()));
  socket.emit("connect");
  return {
    hear: (bytes) => void socket.emit("data", bytes),
    isOver: () => socket.destroyed,
    end() {
      decoder.dispose();
      transport.dispose();
    },
  };
}

/** The driver's own part: from decoded values to rows. */
function createReader(): (value: DataValue) => void {
  const tags = sketchTags(SKETCHES) as readonly OpcUaTag[];
  const items = tags.map((tag, index) => createItem(tag, index, createQueue(64)));
  const batch = createBatch(1);
  return (value) => {
    for (const item of items) {
      batch.exact.clear();
      fillRow(batch, 0, item.tag, value, 0);
      accept(item, value, 0);
      disagrees(item, value);
    }
  };
}

function valuesIn(message: unknown): readonly DataValue[] {
  if (message instanceof ReadResponse) return message.results ?? [];
  if (!(message instanceof PublishResponse)) return [];
  const news = message.notificationMessage.notificationData ?? [];
  return news.flatMap((one) =>
    one instanceof DataChangeNotification ? (one.monitoredItems ?? []).map(({ value }) => value) : [],
  );
}

/** The message as the `nth` after the opening: a number out of order ends a channel before anything is read. */
function following(opening: Buffer, message: Buffer, nth: number): Buffer {
  const next = Buffer.from(message);
  const policyBytes = opening.readInt32LE(12);
  next.writeUInt32LE(opening.readUInt32LE(24 + policyBytes) + nth, 16); // behind the policy: no certificate, no thumbprint
  return next;
}

const TELLING_NUMBERS = [-1, 0, 1, 127, 0x10000, 0x7fffffff, -0x80000000];

type Change = (message: Buffer, at: number, below: (n: number) => number) => Buffer;

/** Sets, flips, leaves out, doubles and puts in bytes, and writes numbers that mean something. */
const CHANGES: readonly Change[] = [
  (message, at, below) => message.fill(below(256), at, at + 1),
  (message, at, below) => message.fill((message[at] ?? 0) ^ (1 << below(8)), at, at + 1),
  (message, at, below) => Buffer.concat([message.subarray(0, at), message.subarray(at + 1 + below(8))]),
  (message, at, below) =>
    Buffer.concat([message.subarray(0, at), message.subarray(Math.max(0, at - below(64)))]),
  (message, at, below) =>
    Buffer.concat([message.subarray(0, at), Buffer.alloc(1 + below(200), below(256)), message.subarray(at)]),
  (message, at, below) => {
    message.writeInt32LE(
      TELLING_NUMBERS[below(TELLING_NUMBERS.length)] ?? 0,
      Math.min(at, message.length - 4),
    );
    return message;
  },
];

/** Up to three changes, more often than not behind the heads, whose faults end a message early. */
function mutate(message: Buffer, below: (n: number) => number): Buffer {
  let mutant: Buffer = Buffer.from(message);
  for (let times = 1 + below(3); times > 0; times--) {
    const from = below(4) === 0 ? 0 : Math.min(24, mutant.length - 1);
    mutant = CHANGES[below(CHANGES.length)]?.(mutant, from + below(mutant.length - from), below) ?? mutant;
    if (mutant.length < 8) return mutant;
  }
  if (below(16) > 0) mutant.writeUInt32LE(mutant.length, 4); // a size that fits lets the rest in
  return mutant;
}

interface Tally {
  messages: number;
  refused: number;
  values: number;
  slowestMs: number;
}

/** Opens channel after channel until `count` mutants have been heard, a greeting among them now and then. */
async function attack(count: number, below: (n: number) => number, tally: Tally): Promise<void> {
  const [acknowledgement, opening, ...services] = said;
  if (acknowledgement === undefined || opening === undefined) throw new Error("the server has not greeted");
  const read = createReader();
  const takeMessage = (message: unknown): void => {
    tally.messages++;
    const values = valuesIn(message);
    tally.values += values.length;
    values.forEach(read);
  };
  const hear = (listener: Listener, bytes: Buffer): void => {
    const begun = process.threadCpuUsage(); // whatever else runs here
    listener.hear(bytes);
    const { user, system } = process.threadCpuUsage(begun);
    tally.slowestMs = Math.max(tally.slowestMs, (user + system) / 1000);
  };
  const nextOf = (nth: number): Buffer =>
    mutate(following(opening, services[below(services.length)] ?? opening, nth), below);
  for (let heard = 0; heard < count;) {
    await new Promise((resolve) => setImmediate(resolve));
    const listener = createListener(takeMessage);
    for (const bytes of [acknowledgement, opening])
      hear(listener, below(20) === 0 ? mutate(bytes, below) : bytes);
    for (let nth = 1; nth <= MESSAGES_OF_CHANNEL && !listener.isOver(); nth++, heard++)
      hear(listener, nextOf(nth));
    if (listener.isOver()) tally.refused++;
    listener.end();
  }
}

test(`${MESSAGES} mutated messages at the decoder end no process, hold nobody up and cost no memory`, async () => {
  const nobody = (): void => undefined;
  routeLibraryNotes({ debug: nobody, info: nobody, warn: nobody, error: nobody });
  const random = mulberry32(20_261_128);
  const below = (n: number): number => Math.floor(random() * n);
  const tally: Tally = { messages: 0, refused: 0, values: 0, slowestMs: 0 };
  await attack(WARM_UP_MESSAGES, below, tally);
  const before = process.memoryUsage().rss;
  await attack(MESSAGES - WARM_UP_MESSAGES, below, tally);
  expect(process.memoryUsage().rss - before).toBeLessThan(GROWTH_BYTES_MAX);
  // Of each kind there are enough; most of the others are messages that the decoder drops as unreadable.
  expect(tally.messages).toBeGreaterThan(MESSAGES / 5);
  expect(tally.refused).toBeGreaterThan(MESSAGES / 10);
  expect(tally.values).toBeGreaterThan(MESSAGES / 10);
  expect(tally.slowestMs).toBeLessThan(SLOWEST_MS_MAX);
});
