import { describe, expect, it } from "vitest";
import { virtualClock } from "../../../simulators/virtual-clock.ts";
import type { VirtualClock } from "../../../simulators/virtual-clock.ts";
import { ConnectionLost } from "../../../src/domain/errors.ts";
import { saidElsewhere } from "../../../src/domain/said.ts";
import type { Output } from "../../../src/domain/ports.ts";
import { mulberry32 } from "../../../src/domain/random.ts";
import { sleep } from "../../../src/domain/time.ts";
import type { FeedOptions } from "../../../src/store/spool/feed.ts";
import { memoryFs } from "../../support/memory-fs.ts";
import { counting, feedOf, feedOptions, numbers, startForwarder, startSpool } from "../../support/spool.ts";

const START = 1_700_000_000_000;
const SETTLE_MS = 10_000;
const LAG_MS = 60_000;

/** A broker that takes without acknowledging: what it was sent last dies with it, and what it hands on while its host is
 *  away is gone. */
interface LossyBroker extends Output {
  /** Values that the host was handed, with the times of that. */
  readonly heard: Map<number, number>;
  kill(unnoticedMs: number): Promise<void>;
  start(hostLateMs: number): Promise<void>;
  writeMs: number;
}

/** What is written reaches the host so much later, ms. */
const FLIGHT_MS = 30;

function lossyBroker(clock: VirtualClock): LossyBroker {
  let life = 0;
  let isUp = true;
  let isHostThere = true;
  let loss = new AbortController();
  let returned = (): void => undefined;
  const gone = (): ConnectionLost => new ConnectionLost(saidElsewhere("The broker is gone."));
  const broker: LossyBroker = {
    heard: new Map(),
    writeMs: 0,
    async connect() {
      if (!isUp) throw gone();
      loss = new AbortController();
    },
    async write(batch, signal) {
      if (loss.signal.aborted) throw gone();
      const values = [...batch.value.subarray(0, batch.length)];
      const ownLife = life;
      clock.schedule(FLIGHT_MS, () => {
        if (life !== ownLife || !isUp || !isHostThere) return;
        for (const value of values) if (!broker.heard.has(value)) broker.heard.set(value, clock.monotonic());
      });
      if (broker.writeMs > 0) await sleep(clock, broker.writeMs, signal);
      return [];
    },
    lost: () => loss.signal,
    whenReturned(action) {
      returned = action;
    },
    async close() {},
    async kill(unnoticedMs) {
      isUp = false;
      isHostThere = false;
      const connection = loss;
      await clock.advance(unnoticedMs);
      connection.abort(gone());
    },
    async start(hostLateMs) {
      life++;
      isUp = true;
      const ownLife = life;
      clock.schedule(hostLateMs, () => {
        if (life !== ownLife || !isUp) return;
        isHostThere = true;
        returned(); // it asks for a rebirth
      });
    },
  };
  return broker;
}

async function setUp(changes: Partial<FeedOptions> = {}) {
  const clock = virtualClock(START);
  const options = feedOptions("sink", { settleMs: SETTLE_MS, trimLagMs: LAG_MS, ...changes });
  const spool = await startSpool(memoryFs(), clock, { outputs: [options] });
  const broker = lossyBroker(clock);
  const feed = feedOf(spool);
  let next = 0;
  /** A reading each 50 ms, whose values count on. */
  const run = async (ms: number): Promise<void> => {
    for (const end = clock.monotonic() + ms; clock.monotonic() < end;) {
      spool.append(counting(next++, 1, clock.now()));
      await clock.advance(50);
    }
  };
  const missing = (): number[] => numbers(0, next).filter((value) => !broker.heard.has(value));
  return {
    clock,
    spool,
    broker,
    feed,
    run,
    missing,
    next: () => next,
    ...startForwarder(feed, broker, clock),
  };
}

type Bed = Awaited<ReturnType<typeof setUp>>;

/** The broker dies and is back, and its host after it; the plant goes on all the time. */
async function loseBroker(
  { broker, run }: Bed,
  { unnoticedMs = 0, downMs = 500, hostLateMs = 0 },
): Promise<void> {
  await broker.kill(unnoticedMs);
  await run(downMs);
  await broker.start(hostLateMs);
}

describe("Behind a broker that acknowledges nothing, the host misses no reading", () => {
  it.each([1, 2, 3, 4, 5, 6])(
    "however often the broker dies, how late that is noticed and how late the host is back (seed %i)",
    async (seed) => {
      const bed = await setUp();
      const random = mulberry32(seed);
      await bed.run(3_000);
      for (let kill = 0; kill < 30; kill++) {
        await loseBroker(bed, {
          unnoticedMs: random() < 0.3 ? random() * 22_500 : random() * 20,
          downMs: random() * 2_000,
          hostLateMs: random() < 0.2 ? random() * 40_000 : random() * 2_000,
        });
        await bed.run(random() * 15_000);
      }
      await bed.run(60_000);
      expect(bed.missing()).toEqual([]);
      expect(bed.feed.counts()).toMatchObject({ pending: 0, delivered: bed.next() });
      await bed.stop();
    },
  );

  it("that was back nine seconds late, though the present left no pause for longer than the trim lag", async () => {
    const bed = await setUp();
    await bed.run(3_000);
    await loseBroker(bed, { hostLateMs: 9_000 });
    bed.broker.writeMs = 60;
    await bed.run(2 * LAG_MS);
    bed.broker.writeMs = 0;
    await bed.run(5_000);
    expect(bed.missing()).toEqual([]);
    await bed.stop();
  });

  it("that was back later than all waited for it", async () => {
    const bed = await setUp();
    await bed.run(3_000);
    await loseBroker(bed, { hostLateMs: SETTLE_MS + 2_000 });
    await bed.run(SETTLE_MS + 10_000);
    expect(bed.missing()).toEqual([]);
    await bed.stop();
  });

  it("that was back too late for what a write under way held", async () => {
    const bed = await setUp();
    await bed.run(3_000);
    bed.broker.writeMs = 200;
    await loseBroker(bed, { hostLateMs: SETTLE_MS + 2_070 });
    await bed.run(SETTLE_MS + 10_000);
    bed.broker.writeMs = 0;
    await bed.run(5_000);
    expect(bed.missing()).toEqual([]);
    await bed.stop();
  });
});

describe("A broker that dies again and again", () => {
  it("is sent first what it was never sent twice", async () => {
    const bed = await setUp({ historyReadingsPerS: 100 });
    await bed.run(3_000);
    for (let kill = 0; kill < 15; kill++) {
      await loseBroker(bed, { hostLateMs: 4_000 });
      await bed.run(SETTLE_MS + 4_000);
    }
    const doubtful = bed.feed.counts().accepted;
    expect(doubtful).toBeGreaterThan(3_000); // which take half a minute
    await loseBroker(bed, { hostLateMs: 4_000 });
    await bed.run(SETTLE_MS + 8_000); // of the last life and the time to settle there are some 500, which take five seconds
    expect(bed.missing().filter((value) => value < bed.next() - 2)).toEqual([]);
    await bed.stop();
  });

  it("that has been well for longer than the trim lag is sent nothing again for a host that asks late", async () => {
    const bed = await setUp();
    await bed.run(3_000);
    await loseBroker(bed, { hostLateMs: LAG_MS + 1_000 });
    await bed.run(LAG_MS);
    const { resent } = bed.feed.counts();
    await bed.run(10_000);
    expect(bed.feed.counts().resent).toBe(resent);
    await bed.stop();
  });
});
