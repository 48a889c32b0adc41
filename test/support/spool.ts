import { expect } from "vitest";
import type { ReadingBatch } from "../../src/domain/batch.ts";
import type { OutputHealth } from "../../src/domain/health.ts";
import { ConnectionLost } from "../../src/domain/errors.ts";
import { saidElsewhere } from "../../src/domain/said.ts";
import type { Gap, Log, Output } from "../../src/domain/ports.ts";
import { mulberry32 } from "../../src/domain/random.ts";
import type { Clock } from "../../src/domain/time.ts";
import { createForwarder } from "../../src/gateway/forwarder.ts";
import type { Feed, FeedOptions } from "../../src/store/spool/feed.ts";
import type { SpoolFs } from "../../src/store/spool/fs.ts";
import type { FeedCounts } from "../../src/store/spool/ledger.ts";
import { openSpool } from "../../src/store/spool/spool.ts";
import type { Spool, SpoolOptions } from "../../src/store/spool/spool.ts";
import { batchOf } from "./batches.ts";

export const SPOOL = "/spool";

export const quiet: Log = { debug() {}, info() {}, warn() {}, error() {} };

export const never = new AbortController().signal;

export function feedOptions(name: string, changes: Partial<FeedOptions> = {}): FeedOptions {
  return {
    name,
    readingsMax: 100,
    lingerMs: 0,
    trimLagMs: 60_000,
    settleMs: 0,
    historyReadingsPerS: 1_000_000,
    ...changes,
  };
}

/** A spool of ten tags "T0" … "T9" for one output, unless told otherwise. */
export function spoolOptions(fs: SpoolFs, clock: Clock, changes: Partial<SpoolOptions> = {}): SpoolOptions {
  return {
    fs,
    folder: SPOOL,
    clock,
    log: quiet,
    tags: Array.from({ length: 10 }, (_, index) => ({ id: `T${index}`, scale: 1, offset: 0 })),
    bytesMax: 2 ** 30,
    outputs: [feedOptions("sink")],
    ...changes,
  };
}

export function startSpool(fs: SpoolFs, clock: Clock, changes: Partial<SpoolOptions> = {}): Promise<Spool> {
  return openSpool(spoolOptions(fs, clock, changes));
}

/** `count` readings of tag 0 whose values count on from `first`. */
export function counting(first: number, count: number, time: number): ReadingBatch {
  return batchOf(...Array.from({ length: count }, (_, row) => [0, first + row, time + row] as const));
}

/** accepted = delivered + pending + quarantined + Σ dropped. */
export function expectBalance(
  counts: Pick<FeedCounts | OutputHealth, "accepted" | "delivered" | "pending" | "quarantined" | "dropped">,
): void {
  const { accepted, delivered, pending, quarantined, dropped } = counts;
  const lost = Object.values(dropped).reduce((sum, count) => sum + count, 0);
  expect(delivered + pending + quarantined + lost, JSON.stringify(counts)).toBe(accepted);
}

/** One write to a sink. */
export interface Taken {
  readonly values: number[];
  readonly isHistory: boolean;
  /** Monotonic ms. */
  readonly at: number;
}

/** A sink that the test switches on and off, and that keeps what it was given. */
export interface TestSink extends Output {
  readonly taken: Taken[];
  readonly gaps: Gap[];
  /** When it was asked for a connection, monotonic ms. */
  readonly attempts: number[];
  isUp: boolean;
  /** Aborted by a test that breaks the connection while nothing is written; made anew by each connect. */
  loss: AbortController;
  /** Why it refuses a value for good; null when it takes it. */
  refuse: (value: number) => string | null;
  values(): number[];
}

export function testSink(clock: Clock, isUp = true): TestSink {
  const check = (): void => {
    if (!sink.isUp) throw new ConnectionLost(saidElsewhere("the sink is down"));
  };
  const sink: TestSink = {
    taken: [],
    gaps: [],
    attempts: [],
    isUp,
    loss: new AbortController(),
    refuse: () => null,
    values: () => sink.taken.flatMap(({ values }) => values),
    async connect() {
      sink.attempts.push(clock.monotonic());
      check();
      sink.loss = new AbortController();
    },
    async write(batch) {
      check();
      const values = [...batch.value.subarray(0, batch.length)];
      const refused = values.map((value) => sink.refuse(value));
      const taken = values.filter((_, row) => refused[row] === null);
      sink.taken.push({ values: taken, isHistory: batch.isHistory, at: clock.monotonic() });
      return refused.flatMap((reason, row) => (reason === null ? [] : [{ row, reason }]));
    },
    async gap(gap) {
      check();
      sink.gaps.push(gap);
    },
    lost: () => sink.loss.signal,
    async close() {},
  };
  return sink;
}

/** The gateway's own forwarder between a feed and a sink. */
export function startForwarder(feed: Feed, output: Output, clock: Clock, random = mulberry32(1)) {
  const stop = new AbortController();
  const forwarder = createForwarder({ name: feed.name, output, source: feed, clock, random, log: quiet });
  const done = forwarder.run(stop.signal);
  return {
    forwarder,
    async stop() {
      stop.abort();
      await done;
    },
  };
}

/** The only feed of a spool for one output. */
export function feedOf(spool: Spool, name = "sink"): Feed {
  const feed = spool.feeds.find((one) => one.name === name);
  if (feed === undefined) throw new Error(`the spool has no output ${name}`);
  return feed;
}

/** Numbers from `first` on. */
export function numbers(first: number, count: number): number[] {
  return Array.from({ length: count }, (_, index) => first + index);
}
