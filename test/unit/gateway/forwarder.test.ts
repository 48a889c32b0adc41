import { describe, expect, it } from "vitest";
import { virtualClock } from "../../../simulators/virtual-clock.ts";
import { ConnectionLost, Throttled } from "../../../src/domain/errors.ts";
import { saidElsewhere } from "../../../src/domain/said.ts";
import type { Output, Rejection } from "../../../src/domain/ports.ts";
import { mulberry32 } from "../../../src/domain/random.ts";
import { createForwarder } from "../../../src/gateway/forwarder.ts";
import { batchOf, valuesOf } from "../../support/batches.ts";
import { memoryFs } from "../../support/memory-fs.ts";
import { feedOf, feedOptions, quiet, startSpool } from "../../support/spool.ts";

/** A sink that does what the test says with each write: takes it, refuses rows, or fails. */
async function createSink(...script: readonly (readonly Rejection[] | Error | "never")[]) {
  const clock = virtualClock(0);
  const spool = await startSpool(memoryFs(), clock, { outputs: [feedOptions("sink", { trimLagMs: 0 })] });
  const feed = feedOf(spool);
  const taken: number[][] = [];
  const log: string[] = [];
  const steps = [...script];
  let loss = new AbortController();
  const lose = (): void => loss.abort(new ConnectionLost(saidElsewhere("cable pulled")));
  const output: Output = {
    async connect() {
      loss = new AbortController();
      log.push(`connect at ${clock.monotonic()}`);
    },
    async write(batch) {
      const step = steps.shift() ?? [];
      log.push(`write at ${clock.monotonic()}`);
      if (step instanceof Error) throw step;
      if (step === "never") return new Promise(() => undefined);
      taken.push(valuesOf(batch));
      return step;
    },
    lost: () => loss.signal,
    async close() {
      log.push("close");
    },
  };
  const stop = new AbortController();
  const forwarder = createForwarder({
    name: "sink",
    output,
    source: feed,
    clock,
    random: mulberry32(1),
    log: quiet,
  });
  return { clock, spool, feed, taken, log, lose, forwarder, stop, done: forwarder.run(stop.signal) };
}

describe("forwarder", () => {
  it("writes the same batch again after a lost connection, and connects first", async () => {
    const sink = await createSink(new ConnectionLost(saidElsewhere("gone")));
    sink.spool.append(batchOf([0, 1, 1]));
    await sink.clock.advance(2_000);
    expect(sink.taken).toEqual([[1]]);
    expect(sink.log.filter((line) => line.startsWith("connect"))).toHaveLength(2);
    expect(sink.feed.counts()).toMatchObject({ delivered: 1, pending: 0 });
    sink.stop.abort();
    await sink.done;
  });

  it("gives a sink up that has neither taken nor refused a batch for two minutes, and counts it", async () => {
    const sink = await createSink("never");
    sink.spool.append(batchOf([0, 1, 1]));
    await sink.clock.advance(119_000);
    expect([sink.taken, sink.forwarder.stalls()]).toEqual([[], 0]);
    await sink.clock.advance(3_000);
    expect([sink.taken, sink.forwarder.stalls()]).toEqual([[[1]], 1]);
    expect(sink.log.filter((line) => line.startsWith("connect"))).toHaveLength(2);
    expect(sink.feed.counts()).toMatchObject({ delivered: 1, pending: 0 });
    sink.stop.abort();
    await sink.done;
  });

  it("notices a connection that is lost while nothing is written, and connects again", async () => {
    const sink = await createSink();
    await sink.clock.advance(60_000);
    expect(sink.forwarder.isConnected()).toBe(true);
    sink.lose();
    await sink.clock.advance(1);
    expect(sink.forwarder.isConnected()).toBe(false);
    expect(sink.forwarder.lastError()).toBe("cable pulled");
    await sink.clock.advance(1_000);
    expect(sink.forwarder.isConnected()).toBe(true);
    expect(sink.forwarder.lastError()).toBeNull();
    expect(sink.log.filter((line) => line.startsWith("connect"))).toHaveLength(2);
    sink.spool.append(batchOf([0, 1, 1]));
    await sink.clock.advance(10);
    expect(sink.taken).toEqual([[1]]);
    sink.stop.abort();
    await sink.done;
  });

  it("waits as long as a throttling sink asks, without connecting again", async () => {
    const sink = await createSink(new Throttled(saidElsewhere("busy"), 5_000));
    sink.spool.append(batchOf([0, 1, 1]));
    await sink.clock.advance(4_990);
    expect(sink.taken).toEqual([]);
    expect(sink.forwarder.lastError()).toBe("busy");
    await sink.clock.advance(20);
    expect(sink.taken).toEqual([[1]]);
    expect(sink.forwarder.lastError()).toBeNull();
    expect(sink.log.filter((line) => line.startsWith("connect"))).toHaveLength(1);
    sink.stop.abort();
    await sink.done;
  });

  it("counts rows that the sink refuses for good and goes on", async () => {
    const sink = await createSink([{ row: 1, reason: "type conflict" }]);
    sink.spool.append(batchOf([0, 1, 1], [0, 2, 2], [0, 3, 3]));
    await sink.clock.advance(10);
    sink.spool.append(batchOf([0, 4, 4]));
    await sink.clock.advance(10);
    expect(sink.feed.counts()).toMatchObject({ accepted: 4, delivered: 3, quarantined: 1, pending: 0 });
    sink.stop.abort();
    await sink.done;
  });

  it("backs off to at most 30 s while the sink is away for hours, and never more often than once in a quarter second", async () => {
    const sink = await createSink(
      ...Array.from({ length: 500 }, () => new ConnectionLost(saidElsewhere("away"))),
    );
    sink.spool.append(batchOf([0, 1, 1]));
    await sink.clock.advance(3_600_000);
    const times = sink.log
      .filter((line) => line.startsWith("write"))
      .map((line) => Number(line.split(" at ")[1]));
    const gaps = times.slice(1).map((time, index) => time - times[index]!);
    expect(Math.min(...gaps)).toBeGreaterThanOrEqual(250);
    expect(Math.max(...gaps)).toBeLessThanOrEqual(30_000);
    expect(times.length).toBeGreaterThan(100);
    sink.stop.abort();
    await sink.done;
    expect(sink.log.at(-1)).toBe("close");
  });

  it("ends with the error when an output fails in a way that nobody expects", async () => {
    const sink = await createSink(new TypeError("bug"));
    sink.spool.append(batchOf([0, 1, 1]));
    const ended = expect(sink.done).rejects.toThrow("bug");
    await sink.clock.advance(10);
    await ended;
  });
});
