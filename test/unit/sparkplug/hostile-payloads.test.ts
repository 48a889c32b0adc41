import { gzipSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { readCommand } from "../../../src/outputs/sparkplug/command.ts";
import { readHostState } from "../../../src/outputs/sparkplug/host-state.ts";
import { RECEIVED_BYTES_MAX } from "../../../src/outputs/mqtt/wire.ts";
import { encodePayload } from "../../support/sparkplug-payload.ts";

const MIB = 1024 * 1024;
/** Everything else waits for as long as one payload is looked at. */
const COST_MS_MAX = 50;

/** Times that it is tried: the least is what the work takes, the rest is what other programs do to the caches. */
const TRIES_MAX = 3;

/** The result, once it is known that it took no longer than it may: time of the processor, whatever else runs here. */
function cheaply<T>(work: () => T): T {
  let leastMs = Infinity;
  for (let tries = 0; tries < TRIES_MAX && leastMs >= COST_MS_MAX; tries++) {
    const before = process.threadCpuUsage();
    work();
    const { user, system } = process.threadCpuUsage(before);
    leastMs = Math.min(leastMs, (user + system) / 1000);
  }
  expect(leastMs).toBeLessThan(COST_MS_MAX);
  return work();
}

/** As a length of protobuf: seven bits a byte, the low ones first. */
function varint(value: number): number[] {
  return value < 128 ? [value] : [(value % 128) | 128, ...varint(Math.floor(value / 128))];
}

function nested(depth: number): Buffer {
  let inner: Buffer = Buffer.alloc(0);
  for (let level = 0; level < depth; level++)
    inner = Buffer.concat([Buffer.from([0x12, ...varint(inner.length)]), inner]);
  return inner;
}

describe("a command that is made to be expensive", () => {
  test("is read no further than its first hundred metrics, though it has a million", () => {
    const metric = encodePayload({ metrics: [{ name: "Node Control/Rebirth", booleanValue: true }] });
    const million = Buffer.alloc(1_000_000 * metric.length, metric);
    expect(cheaply(() => readCommand(million))).toHaveLength(100);
  });

  test.each<[string, Buffer]>([
    ["a name of 64 MB", encodePayload({ metrics: [{ name: "x".repeat(64 * MIB) }] })],
    ["metrics of no byte", Buffer.alloc(RECEIVED_BYTES_MAX, Buffer.from([0x12, 0x00]))],
    ["metrics within metrics", nested(3_000)],
    ["groups that never end", Buffer.alloc(RECEIVED_BYTES_MAX, 0x0b)],
    ["a length of 4 GB", Buffer.from([0x12, 0xff, 0xff, 0xff, 0xff, 0x0f, 0x0a])],
    ["a number without an end", Buffer.alloc(RECEIVED_BYTES_MAX, 0xff)],
    ["64 MB of nothing, packed", gzipSync(Buffer.alloc(64 * MIB))],
  ])("costs nothing: %s", (_, payload) => {
    const metrics = cheaply(() => readCommand(payload)) ?? [];
    expect(metrics.every(({ value }) => value === null)).toBe(true);
  });
});

describe("a state of a host that is made to be expensive", () => {
  test.each<[string, string | Buffer]>([
    ["lists ten thousand deep", "[".repeat(10_000) + "]".repeat(10_000)],
    ["objects ten thousand deep", `${'{"online":'.repeat(10_000)}true${"}".repeat(10_000)}`],
    ["as many lists as a packet holds", "[".repeat(RECEIVED_BYTES_MAX)],
    ["a number of 64 kB", `{"online":true,"timestamp":${"9".repeat(RECEIVED_BYTES_MAX - 40)}}`],
    ["ten thousand keys", `{${Array.from({ length: 10_000 }, (_, i) => `"${i}":0`).join()}}`],
    ["64 MB of nothing, packed", gzipSync(Buffer.alloc(64 * MIB))],
  ])("is none: %s", (_, payload) => {
    expect(cheaply(() => readHostState(Buffer.from(payload)))).toBeNull();
  });
});
