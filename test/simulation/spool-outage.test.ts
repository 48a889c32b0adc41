import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { virtualClock } from "../../simulators/virtual-clock.ts";
import { linearOf } from "../../src/conditioning/scaling.ts";
import { loadPlant } from "../../src/config/load.ts";
import { mulberry32 } from "../../src/domain/random.ts";
import { failure, memoryFs } from "../support/memory-fs.ts";
import { root } from "../support/plant.ts";
import { plantScan } from "../support/puma-scan.ts";
import {
  counting,
  expectBalance,
  feedOf,
  feedOptions,
  numbers,
  quiet,
  startForwarder,
  startSpool,
  testSink,
} from "../support/spool.ts";

const isSoak = process.env["PUMA_SOAK"] !== undefined;
const START = 1_700_000_000_000;

describe("an outage longer than the spool is large", () => {
  it("When the spool is full its oldest file goes, counted, and each output that missed it is told from when, to when and how many.", async () => {
    const clock = virtualClock(START);
    const spool = await startSpool(memoryFs(), clock, { bytesMax: 64 * 1024 });
    const feed = feedOf(spool);
    const sink = testSink(clock, false);
    const forwarding = startForwarder(feed, sink, clock);
    const random = mulberry32(5);
    for (let second = 0; second < 400; second++) {
      const batch = counting(second * 100, 100, clock.now());
      for (let row = 0; row < 100; row++) batch.sourceTime[row] = clock.now() - Math.floor(random() * 1000);
      spool.append(batch);
      await clock.advance(1000);
      expect(spool.health().bytes).toBeLessThan(80 * 1024);
      expectBalance(feed.counts());
    }
    const dropped = feed.counts().dropped["spool-full"]!;
    expect(dropped).toBeGreaterThan(0);
    sink.isUp = true;
    await clock.advance(60_000);
    expect(feed.counts()).toMatchObject({ accepted: 40_000, pending: 0, delivered: 40_000 - dropped });
    expect(sink.gaps).toEqual([
      {
        from: START,
        to: START + (dropped / 100 - 1) * 1000 + 99,
        count: dropped,
        reason: "spool-full",
      },
    ]);
    expect([...new Set(sink.values())].sort((a, b) => a - b)).toEqual(numbers(dropped, 40_000 - dropped));
    await forwarding.stop();
  });
});

describe("a disk that takes nothing", () => {
  it("A disk that takes nothing for 2 s holds nothing up: readings go on unprotected, counted and told, and are written when it takes them again.", async () => {
    const clock = virtualClock(START);
    const fs = memoryFs();
    const spool = await startSpool(fs, clock);
    const feed = feedOf(spool);
    const sink = testSink(clock);
    const forwarding = startForwarder(feed, sink, clock);
    let isStuck = true;
    let release = (): void => undefined;
    fs.before = ({ kind, path }) => {
      if (!isStuck || kind !== "sync" || !path.endsWith(".spool")) return undefined;
      return new Promise((resolve) => (release = resolve));
    };
    for (const value of numbers(0, 50)) {
      spool.append(counting(value, 1, clock.now()));
      await clock.advance(100);
      if (value === 15) expect(sink.values()).toEqual([]);
    }
    expect(sink.values()).toEqual(numbers(0, 50));
    expect(spool.health()).toMatchObject({ isProtected: false, unprotected: 50 });
    isStuck = false;
    release();
    await clock.advance(1_000);
    expect(spool.health()).toMatchObject({ isProtected: true, unsynced: 0 });
    expectBalance(feed.counts());
    await forwarding.stop();
    const again = feedOf(await startSpool(fs.kill(), virtualClock(START))).counts();
    expect(again).toMatchObject({ accepted: 50, delivered: 50 });
  });

  it("slow and then failing costs counted drops when memory is full, never the balance, and the present goes on", async () => {
    const clock = virtualClock(START);
    const fs = memoryFs();
    const spool = await startSpool(fs, clock, { unsyncedReadingsMax: 1000 });
    const feed = feedOf(spool);
    const sink = testSink(clock, false);
    const forwarding = startForwarder(feed, sink, clock);
    let isBroken = true;
    fs.before = ({ kind, path }) => {
      if (!isBroken || kind !== "sync" || !path.endsWith(".spool")) return undefined;
      return new Promise((_, reject) => void clock.schedule(2_000, () => reject(failure("EIO"))));
    };
    for (let n = 0; n < 300; n++) {
      spool.append(counting(n * 10, 10, clock.now()));
      await clock.advance(100);
      expect(spool.health().unsynced).toBeLessThanOrEqual(1010);
      expectBalance(feed.counts());
    }
    expect(feed.counts().dropped["unprotected"]).toBeGreaterThan(1500);
    sink.isUp = true;
    await clock.advance(30_000);
    isBroken = false;
    await clock.advance(5_000);
    expect(spool.health()).toMatchObject({ isProtected: true, unsynced: 0 });
    const { accepted, delivered, dropped } = feed.counts();
    expect({ accepted, delivered }).toEqual({ accepted: 3000, delivered: 3000 - dropped["unprotected"]! });
    expect(sink.gaps.reduce((sum, { count }) => sum + count, 0)).toBe(dropped["unprotected"]);
    expect(new Set(sink.values()).size).toBe(delivered);
    await forwarding.stop();
  });

  it("because it is full goes on within ten seconds after there is room, without an exit and without a loss", async () => {
    const clock = virtualClock(START);
    const fs = memoryFs();
    const spool = await startSpool(fs, clock);
    const feed = feedOf(spool);
    const sink = testSink(clock, false);
    const forwarding = startForwarder(feed, sink, clock);
    for (let n = 0; n < 600; n++) {
      if (n === 100) fs.bytesMax = fs.bytes() + 100;
      if (n === 400) fs.bytesMax = Infinity;
      spool.append(counting(n * 100, 100, clock.now()));
      await clock.advance(100);
      expectBalance(feed.counts());
      if (n === 300) expect(spool.health().isProtected).toBe(false);
      if (n === 500) expect(spool.health()).toMatchObject({ isProtected: true, unsynced: 0 });
    }
    sink.isUp = true;
    await clock.advance(40_000);
    expect(feed.counts()).toMatchObject({ accepted: 60_000, delivered: 60_000, pending: 0 });
    expect(new Set(sink.values()).size).toBe(60_000);
    await forwarding.stop();
    const left = feedOf(await startSpool(fs.kill(), virtualClock(START)));
    expect(left.counts()).toMatchObject({ accepted: 60_000, delivered: 60_000 });
  });
});

describe("a sink that comes and goes every three seconds", () => {
  it(`${isSoak ? 200 : 60} times gets every reading, at most one attempt a second, and its gaps between attempts vary`, async () => {
    const clock = virtualClock(START);
    const spool = await startSpool(memoryFs(), clock, {
      outputs: [feedOptions("sink", { trimLagMs: 3_000 })],
    });
    const feed = feedOf(spool);
    const sink = testSink(clock);
    const forwarding = startForwarder(feed, sink, clock, mulberry32(9));
    const rounds = isSoak ? 200 : 60;
    for (let n = 0; n < rounds * 60; n++) {
      if (n % 30 === 0) sink.isUp = !sink.isUp;
      spool.append(counting(n * 5, 5, clock.now()));
      await clock.advance(100);
    }
    sink.isUp = true;
    await clock.advance(60_000);
    expect([...new Set(sink.values())].sort((a, b) => a - b)).toEqual(numbers(0, rounds * 300));
    expectBalance(feed.counts());
    const gaps = sink.attempts.slice(1).map((at, index) => at - sink.attempts[index]!);
    const seconds = clock.monotonic() / 1000;
    expect(sink.attempts.length).toBeLessThanOrEqual(seconds);
    expect(Math.min(...gaps)).toBeGreaterThanOrEqual(250);
    expect(new Set(gaps.map((gap) => Math.round(gap))).size).toBeGreaterThan(5);
    await forwarding.stop();
  });
});

describe("a day of the Puma plant with every output away", () => {
  it("stays below 60 MB without any deadband, and is drained at fifty times real time and more while the present goes on", async () => {
    const hours = isSoak ? 24 : 2;
    const plant = loadPlant(join(root, "devices", "plants", "puma.yaml"));
    const scanAt = plantScan(plant, 1);
    const clock = virtualClock(START);
    const historyReadingsPerS = 20_000;
    const spool = await startSpool(memoryFs(), clock, {
      tags: plant.tags.map((tag) => ({ id: tag.id, ...linearOf(tag) })),
      outputs: [feedOptions("sink", { readingsMax: 5000, historyReadingsPerS })],
      log: quiet,
    });
    const scan = (): void => {
      for (const batch of scanAt(clock.now())) spool.append(batch);
    };
    for (let second = 0; second < hours * 3600; second++) {
      scan();
      await clock.advance(1000);
    }
    const { bytes } = spool.health();
    const bytesADay = (bytes * 24) / hours;
    console.log(`${(bytes / 1e6).toFixed(1)} MB for ${hours} h, ${(bytesADay / 1e6).toFixed(1)} MB a day`);
    const feed = feedOf(spool);
    const { accepted } = feed.counts();
    expect(accepted).toBe(hours * 3600 * plant.tags.length);
    expect(bytesADay).toBeLessThan(60e6);

    let livePeak = 0;
    const sink = testSink(clock);
    const forwarding = startForwarder(feed, sink, clock);
    const begun = clock.monotonic();
    while (feed.counts().pending > 400) {
      scan();
      const asked = clock.monotonic();
      await clock.advance(1000);
      const live = sink.taken.find(({ at, isHistory }) => at >= asked && !isHistory);
      livePeak = Math.max(livePeak, (live?.at ?? Infinity) - asked);
    }
    const speed = (hours * 3600_000) / (clock.monotonic() - begun);
    expect(speed).toBeGreaterThanOrEqual(50);
    expect(livePeak).toBeLessThanOrEqual(1000);
    await forwarding.stop();
  });
});
