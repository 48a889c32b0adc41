import { describe, expect, it } from "vitest";
import { virtualClock } from "../../../simulators/virtual-clock.ts";
import {
  SPOOL,
  counting,
  expectBalance,
  feedOf,
  feedOptions,
  numbers,
  startForwarder,
  startSpool,
  testSink,
} from "../../support/spool.ts";
import { memoryFs } from "../../support/memory-fs.ts";
import { DEAD_LETTERS_FILE, readLetters } from "../../../src/store/spool/dead-letters.ts";
import type { SpoolOptions } from "../../../src/store/spool/spool.ts";

const START = 1_700_000_000_000;

async function setUp(changes: Partial<SpoolOptions> = {}, fs = memoryFs()) {
  const clock = virtualClock(START);
  const spool = await startSpool(fs, clock, changes);
  const sink = testSink(clock);
  const feed = feedOf(spool);
  return { clock, fs, spool, sink, feed, ...startForwarder(feed, sink, clock) };
}

/** One reading each 100 ms; the values count on. */
async function run(one: Awaited<ReturnType<typeof setUp>>, first: number, count: number): Promise<void> {
  for (const value of numbers(first, count)) {
    one.spool.append(counting(value, 1, one.clock.now()));
    await one.clock.advance(100);
  }
}

describe("readings on their way from the spool to an output", () => {
  it("go out in order and at once while the sink is there", async () => {
    const one = await setUp();
    await run(one, 0, 50);
    expect(one.sink.values()).toEqual(numbers(0, 50));
    expect(one.sink.taken.every(({ isHistory }) => !isHistory)).toBe(true);
    expect(one.feed.counts()).toMatchObject({ accepted: 50, delivered: 50, pending: 0, oldest: null });
    await one.stop();
  });

  it("are published only after the sync of their block", async () => {
    const one = await setUp();
    let release = (): void => undefined;
    one.fs.before = ({ kind, path }) => {
      if (kind === "sync" && path.endsWith(".spool")) return new Promise((resolve) => (release = resolve));
      return undefined;
    };
    one.spool.append(counting(0, 1, START));
    await one.clock.advance(500);
    expect(one.sink.taken).toEqual([]);
    expect(one.feed.counts().accepted).toBe(0);
    release();
    await one.clock.advance(10);
    expect(one.sink.values()).toEqual([0]);
    await one.stop();
  });

  it("After an outage the present goes out first, and the past follows at a bounded rate, marked as history.", async () => {
    const one = await setUp();
    await run(one, 0, 20);
    one.sink.isUp = false;
    await run(one, 20, 600);
    one.sink.isUp = true;
    await run(one, 620, 400);
    await one.clock.advance(1_000);
    const delivered = one.sink.values().slice(20);
    const first = one.sink.taken.find(({ values }) => values.some((value) => value >= 20));
    // Ten seconds of the present, one reading each 100 ms, lie before the past.
    expect(first!.isHistory).toBe(false);
    expect(first!.values[0]).toBeGreaterThanOrEqual(520);
    expect([...new Set(delivered)].sort((a, b) => a - b).filter((value) => value >= 20)).toEqual(
      numbers(20, 1000),
    );
    const live = one.sink.taken.filter(({ isHistory }) => !isHistory).flatMap(({ values }) => values);
    const past = one.sink.taken.filter(({ isHistory }) => isHistory).flatMap(({ values }) => values);
    expect(live).toEqual([...live].sort((a, b) => a - b));
    expect(past.filter((value) => value >= 20)).toEqual(
      numbers(20, past.filter((value) => value >= 20).length),
    );
    expectBalance(one.feed.counts());
    expect(one.feed.counts().pending).toBe(0);
    await one.stop();
  });

  it("are kept in memory only for a sink that is there", async () => {
    const one = await setUp({ outputs: [feedOptions("sink", { lingerMs: 500 })] });
    await run(one, 0, 1);
    expect([one.feed.awaits(0, 1), one.feed.expects(0, 1)]).toEqual([true, true]);
    one.sink.isUp = false;
    await run(one, 1, 10);
    expect([one.feed.awaits(0, 1), one.feed.expects(0, 1)]).toEqual([true, false]);
    await one.stop();
  });

  it("linger for others only as long as they do not fill a write", async () => {
    const one = await setUp({ outputs: [feedOptions("sink", { lingerMs: 100, readingsMax: 500 })] });
    for (let n = 0; n < 20; n++) one.spool.append(counting(n * 100, 100, one.clock.now()));
    one.spool.append(counting(2000, 10, one.clock.now()));
    await one.clock.advance(1);
    expect(one.sink.taken.map(({ values }) => values.length)).toEqual([500, 500, 500, 500]);
    await one.clock.advance(100);
    expect(one.sink.values()).toEqual(numbers(0, 2010));
    await one.stop();
  });

  it("fill an outage in no faster than the output's rate, while the present goes on at once", async () => {
    const one = await setUp({
      outputs: [feedOptions("sink", { historyReadingsPerS: 100, readingsMax: 50 })],
    });
    one.sink.isUp = false;
    await run(one, 0, 10);
    for (let n = 0; n < 100; n++) one.spool.append(counting(10 + n * 100, 100, one.clock.now()));
    await one.clock.advance(60_000);
    one.sink.isUp = true;
    await one.clock.advance(35_000);
    const begun = one.sink.taken[0]!.at;
    const rate = one.sink.values().length / ((one.clock.monotonic() - begun) / 1000);
    expect(rate).toBeGreaterThan(80);
    expect(rate).toBeLessThan(120);
    const asked = one.clock.monotonic();
    one.spool.append(counting(1e6, 1, one.clock.now()));
    await one.clock.advance(100);
    expect(one.sink.taken.find(({ values }) => values[0] === 1e6)!.at - asked).toBeLessThanOrEqual(10);
    await one.stop();
  });

  it("that were acknowledged within the trim lag before a break go out again after it, marked as history, and count once", async () => {
    const one = await setUp({ outputs: [feedOptions("sink", { trimLagMs: 5_000 })] });
    await run(one, 0, 200);
    one.sink.isUp = false;
    await run(one, 200, 1);
    one.sink.isUp = true;
    await one.clock.advance(3_000);
    const again = one.sink.taken.filter(({ isHistory }) => isHistory).flatMap(({ values }) => values);
    expect(again.at(-1)).toBe(199);
    expect(again.length).toBeGreaterThanOrEqual(40);
    expect(again.length).toBeLessThanOrEqual(60);
    expect(one.feed.counts()).toMatchObject({ accepted: 201, delivered: 201, resent: again.length });
    await one.stop();
  });

  it("What a sink acknowledged in its last 60 s is sent again when it is back, however long it was away.", async () => {
    const one = await setUp({ outputs: [feedOptions("sink", { trimLagMs: 5_000 })] });
    await run(one, 0, 100);
    one.sink.isUp = false;
    one.spool.append(counting(100, 1, one.clock.now()));
    await one.clock.advance(600_000);
    one.sink.isUp = true;
    await one.clock.advance(40_000);
    const again = one.sink.taken.filter(({ isHistory }) => isHistory).flatMap(({ values }) => values);
    expect(again.slice(again.indexOf(100) + 1)).toEqual(numbers(50, 50));
    expect(one.feed.counts()).toMatchObject({ accepted: 101, delivered: 101, resent: 50 });
    await one.stop();
  });

  it("of the past wait until those behind a broker have come back, with what went out meanwhile", async () => {
    const one = await setUp({ outputs: [feedOptions("sink", { settleMs: 10_000 })] });
    await one.clock.advance(11_000);
    await run(one, 0, 20);
    one.sink.isUp = false;
    await run(one, 20, 300);
    one.sink.isUp = true;
    await run(one, 320, 600);
    // A subscriber that comes back nine seconds after the gateway has everything from the spool, the present included.
    const back = one.sink.attempts.at(-1)! + 9_000;
    const heard = one.sink.taken.filter(({ at }) => at >= back).flatMap(({ values }) => values);
    expect([...new Set(heard)].sort((a, b) => a - b)).toEqual(numbers(0, 920));
    expect(one.sink.taken.find(({ at, isHistory }) => isHistory && at > back)!.at).toBeGreaterThanOrEqual(
      back + 1_000,
    );
    await one.stop();
  });

  it("go out once where the first connection finds nothing of before", async () => {
    const one = await setUp({ outputs: [feedOptions("sink", { settleMs: 10_000 })] });
    await run(one, 0, 300);
    expect(one.sink.values()).toEqual(numbers(0, 300));
    expect(one.feed.counts()).toMatchObject({ delivered: 300, resent: 0 });
    await one.stop();
  });

  it("go out again after a restart, as far as their acknowledgement was fresh when the process died", async () => {
    const one = await setUp();
    await run(one, 0, 30);
    await one.clock.advance(1_000);
    const two = await setUp({}, one.fs.kill());
    await two.clock.advance(1_000);
    expect(two.sink.values()).toEqual(numbers(0, 30));
    expect(two.feed.counts()).toMatchObject({ accepted: 30, delivered: 30, pending: 0, resent: 30 });
    await two.stop();
  });

  it("A reading that a sink refuses for good becomes a dead letter, and its neighbours are delivered.", async () => {
    const one = await setUp();
    one.sink.refuse = (value) => (value === 3 ? "type conflict" : null);
    one.spool.append(counting(0, 6, START));
    await one.clock.advance(100);
    expect(one.sink.values()).toEqual([0, 1, 2, 4, 5]);
    expect(one.feed.counts()).toMatchObject({ accepted: 6, delivered: 5, quarantined: 1, pending: 0 });
    const letters = await readLetters(one.fs, `${SPOOL}/${DEAD_LETTERS_FILE}`);
    expect(letters).toEqual([
      {
        output: "sink",
        tag: "T0",
        time: START + 3,
        received: START + 3,
        value: 3,
        status: 0,
        reason: "type conflict",
      },
    ]);
    await one.stop();
  });

  it("of a tag that the plant has no more become dead letters with that reason", async () => {
    const before = await setUp();
    before.sink.isUp = false;
    await run(before, 0, 5);
    const two = await setUp(
      {
        tags: [
          { id: "other", scale: 1, offset: 0 },
          { id: "T1", scale: 1, offset: 0 },
        ],
      },
      before.fs.kill(),
    );
    await two.clock.advance(1_000);
    expect(two.sink.values()).toEqual([]);
    expect(two.feed.counts()).toMatchObject({ accepted: 5, quarantined: 5, pending: 0 });
    const [letter] = await readLetters(two.fs, `${SPOOL}/${DEAD_LETTERS_FILE}`);
    expect(letter).toMatchObject({ tag: "T0", value: 0, reason: "the plant has no such tag any more" });
    await two.stop();
  });

  it("keep their tags when the plant file puts them in another order", async () => {
    const before = await setUp();
    before.sink.isUp = false;
    await run(before, 7, 3);
    const tags = [
      { id: "T1", scale: 1, offset: 0 },
      { id: "T0", scale: 0.5, offset: 3 },
    ];
    const clock = virtualClock(START);
    const spool = await startSpool(before.fs.kill(), clock, { tags });
    const feed = feedOf(spool);
    await feed.available(new AbortController().signal);
    const batch = feed.peek()!;
    expect([...batch.tag]).toEqual([1, 1, 1]);
    expect([...batch.value]).toEqual([7, 8, 9]);
    expect(batch.isHistory).toBe(true);
  });

  it("are delivered once more when their dead letters are replayed, over a restart in the middle", async () => {
    const outputs = [feedOptions("sink", { readingsMax: 4, historyReadingsPerS: 4, trimLagMs: 0 })];
    const one = await setUp({ outputs });
    one.sink.refuse = () => "not today";
    one.spool.append(counting(0, 10, START));
    await one.clock.advance(2_000);
    expect(one.feed.counts()).toMatchObject({ accepted: 10, delivered: 0, quarantined: 10 });
    await one.fs.rename(`${SPOOL}/${DEAD_LETTERS_FILE}`, `${SPOOL}/replay-1.ndjson`);
    one.sink.refuse = (value) => (value === 2 ? "never" : null);
    while (one.feed.counts().delivered < 6) await one.clock.advance(100);
    await one.clock.advance(900); // the cursors are saved in between
    expectBalance(one.feed.counts());
    const two = await setUp({ outputs }, one.fs.kill());
    await two.clock.advance(20_000);
    expect(two.feed.counts()).toMatchObject({ accepted: 10, delivered: 9, quarantined: 1, pending: 0 });
    expect(new Set([...one.sink.values(), ...two.sink.values()])).toEqual(
      new Set([0, 1, 3, 4, 5, 6, 7, 8, 9]),
    );
    expect([...two.fs.files().keys()].filter((path) => path.includes("replay"))).toEqual([]);
    const letters = await readLetters(two.fs, `${SPOOL}/${DEAD_LETTERS_FILE}`);
    expect(letters.map(({ value, reason }) => [value, reason])).toEqual([[2, "never"]]);
    await two.stop();
  });

  it("wait for nobody: an output that is new to the plant begins with the present", async () => {
    const one = await setUp();
    await run(one, 0, 5);
    await one.clock.advance(2_000);
    const clock = virtualClock(START);
    const spool = await startSpool(one.fs.kill(), clock, {
      outputs: [feedOptions("sink"), feedOptions("new")],
    });
    expect(feedOf(spool, "new").counts()).toMatchObject({ accepted: 0, pending: 0 });
    spool.append(counting(5, 1, START));
    await clock.advance(50);
    expect(feedOf(spool, "new").counts()).toMatchObject({ accepted: 1, pending: 1 });
    expect(feedOf(spool, "sink").counts()).toMatchObject({ accepted: 6, delivered: 5, pending: 1 });
  });
});

describe("A reading is accepted when its block is written and synced, and nothing is published before that.", () => {
  it("holds for each of 1,000 blocks, and for the name of its file", async () => {
    const one = await setUp({ bytesMax: 64 * 1024 });
    const order: string[] = [];
    one.fs.before = ({ kind, path }) => {
      if (path.includes("readings")) order.push(kind);
      return undefined;
    };
    const write = one.sink.write.bind(one.sink);
    one.sink.write = (batch, signal) => {
      order.push("publish");
      return write(batch, signal);
    };
    await run(one, 0, 1000);
    expect(one.sink.values()).toEqual(numbers(0, 1000));
    const published = order.flatMap((event, index) => (event === "publish" ? [index] : []));
    expect(published).toHaveLength(1000);
    for (const index of published) {
      const before = order.slice(0, index);
      expect(before.lastIndexOf("sync")).toBeGreaterThan(before.lastIndexOf("write"));
      expect(before.lastIndexOf("syncFolder")).toBeGreaterThan(before.lastIndexOf("create"));
    }
    expect(order.filter((event) => event === "create").length).toBeGreaterThan(5);
    await one.stop();
  });
});
