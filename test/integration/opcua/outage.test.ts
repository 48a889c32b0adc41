import { describe, expect, test } from "vitest";
import { ConnectionLost } from "../../../src/domain/errors.ts";
import { acceleratedClock, systemClock } from "../../../src/domain/system-clock.ts";
import type { Clock } from "../../../src/domain/time.ts";
import { createBench, removeFolder, temporaryFolder } from "./harness.ts";
import type { Bench, TagSketch } from "./harness.ts";
import { freePort } from "../../support/free-port.ts";
import { startServer } from "./server.ts";
import type { Setting, TestServer } from "./server.ts";
import { until } from "../../support/until.ts";

const IS_SOAK = process.env["PUMA_SOAK"] !== undefined;
const RESTARTS = IS_SOAK ? 20 : 3;
const OUTAGE_MS = IS_SOAK ? 10_000 : 3_000;
const VARIABLES: readonly Setting[] = [
  { name: "quiet", type: "Double", value: 7 },
  { name: "count", type: "UInt32", value: 0 },
];
const SKETCHES = [
  { id: "quiet", type: "float64" },
  { id: "count", type: "uint32", queueSize: 1_000, samplingMs: 0 },
] as const;

/** A server, and what of ours connects to it: each test has its own, so that they wait beside each other. */
interface Bed extends AsyncDisposable {
  /** The one that runs now. */
  readonly server: TestServer;
  /** Begins a server anew, at the same address. */
  restart(): Promise<void>;
  bench(sketches?: readonly TagSketch[], linkClock?: Clock): Bench;
}

async function makeBed(): Promise<Bed> {
  const folder = await temporaryFolder();
  const port = await freePort();
  const start = (): Promise<TestServer> =>
    startServer({ port, pki: `${folder}/server`, variables: VARIABLES });
  let server = await start();
  return {
    get server() {
      return server;
    },
    async restart() {
      server = await start();
    },
    bench(sketches = SKETCHES, linkClock = systemClock) {
      const timeoutMs = linkClock === systemClock ? 1_000 : 25_000;
      return createBench(`${folder}/gateway`, sketches, { endpoint: server.url, timeoutMs }, linkClock);
    },
    async [Symbol.asyncDispose]() {
      await server.kill();
      await removeFolder(folder);
    },
  };
}

/** Polls, and connects again when the link is lost, as the gateway's scanner does. */
async function persist(target: Bench): Promise<boolean> {
  try {
    return await target.pump();
  } catch (error) {
    if (!(error instanceof ConnectionLost)) throw error;
    await target.connect().catch((failure: unknown) => {
      if (!(failure instanceof ConnectionLost)) throw failure;
    });
    return false;
  }
}

async function lostWithin(target: Bench, ms: number): Promise<unknown> {
  return until(async () => {
    try {
      await target.pump();
      return null;
    } catch (error) {
      return error as Error;
    }
  }, ms);
}

function values(target: Bench, id: string): unknown[] {
  return target.readings.filter((reading) => reading.tag.id === id).map((reading) => reading.value);
}

describe.concurrent("a server that comes and goes", () => {
  test(
    `data flows again after each of ${RESTARTS} kills and restarts`,
    async () => {
      await using bed = await makeBed();
      await using target = bed.bench();
      const delays: number[] = [];
      for (let round = 0; round < RESTARTS; round++) {
        await until(() => persist(target), 15_000);
        await bed.server.kill();
        expect(await lostWithin(target, 15_000)).toBeInstanceOf(ConnectionLost);
        await bed.restart();
        const since = performance.now();
        target.readings.length = 0;
        await until(async () => (await persist(target)) && target.latest("quiet")?.value === 7, 15_000);
        delays.push(Math.round(performance.now() - since));
      }
      console.log(`data again after a restart: ${delays.join(", ")} ms`);
      expect(Math.max(...delays)).toBeLessThan(15_000);
    },
    60_000 * RESTARTS,
  );

  test("a frozen server loses its confirmation and then the connection, and data comes back when it thaws", async () => {
    await using bed = await makeBed();
    await using target = bed.bench();
    await until(() => persist(target));
    bed.server.freeze();
    const since = performance.now();
    const lost = await lostWithin(target, 30_000);
    console.log(`a frozen server is given up after ${Math.round(performance.now() - since)} ms`);
    expect(lost).toBeInstanceOf(ConnectionLost);
    target.readings.length = 0;
    bed.server.thaw();
    await until(async () => (await persist(target)) && target.latest("quiet") !== undefined, 20_000);
  });

  test("no change is lost over a broken link when the server keeps the session", async () => {
    await using bed = await makeBed();
    await using target = bed.bench();
    await until(() => persist(target));
    await bed.server.tell({ do: "count", name: "count", everyMs: 50 });
    await until(async () => (await target.pump(), Number(target.latest("count")?.value) > 10));
    await bed.server.tell({ do: "drop-sockets" });
    expect(await lostWithin(target, 5_000)).toBeInstanceOf(ConnectionLost);
    await new Promise((resolve) => setTimeout(resolve, OUTAGE_MS));
    const before = Number(target.latest("count")?.value);
    await until(() => persist(target), 15_000);
    await until(
      async () => (await target.pump(), Number(target.latest("count")?.value) > before + OUTAGE_MS / 50 + 20),
      20_000,
    );
    const counted = values(target, "count").filter((value) => value !== 0);
    const first = Number(counted[0]);
    expect(counted).toEqual(counted.map((_, index) => first + index));
    expect(target.lines.some((line) => JSON.stringify(line.facts).includes('"isTakenUp":true'))).toBe(true);
  });
});

test.concurrent("a node that the server refuses is bad for its own reason again once the old session has been taken up", async () => {
  const sketches = [...SKETCHES, { id: "missing", type: "float32" }] as const;
  await using bed = await makeBed();
  await using target = bed.bench(sketches);
  await until(() => persist(target));
  await bed.server.tell({ do: "drop-sockets" });
  await lostWithin(target, 5_000);
  target.readings.length = 0;
  await until(() => persist(target));
  expect(target.latest("missing")).toMatchObject({ value: null, status: 0x80340000 });
  expect(target.latest("quiet")).toMatchObject({ value: 7, status: 0 });
});

describe.concurrent("a subscription that fails behind a living session", () => {
  test("a value that does not change stays confirmed and invents no rows", async () => {
    await using bed = await makeBed();
    await using target = bed.bench();
    await until(() => persist(target));
    const rows = target.readings.length;
    const end = performance.now() + 5_000; // two keep-alives
    while (performance.now() < end) {
      expect(await target.pump()).toBe(true);
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    expect(target.readings).toHaveLength(rows);
  });

  test("it is made anew when the server has dropped it", async () => {
    await using bed = await makeBed();
    await using target = bed.bench();
    await until(() => persist(target));
    await bed.server.tell({ do: "drop-subscriptions" });
    await until(async () => !(await target.pump()), 15_000);
    target.readings.length = 0;
    await until(async () => (await target.pump()) && target.latest("quiet")?.value === 7, 15_000);
    await bed.server.tell({ do: "set", settings: [{ name: "quiet", type: "Double", value: 8 }] });
    await until(async () => (await target.pump(), target.latest("quiet")?.value === 8), 15_000);
  });

  test("it is made anew when keep-alives go on but changes are no longer reported", async () => {
    const fast = { ...acceleratedClock(5, Date.now()), now: Date.now }; // half a minute in six seconds
    await using bed = await makeBed();
    await using target = bed.bench(SKETCHES, fast);
    await until(() => persist(target));
    await bed.server.tell({ do: "count", name: "count", everyMs: 20 }); // so that hurrying the clock looks like no silence
    await until(() => target.pump());
    await bed.server.tell({ do: "mute", name: "quiet" });
    await bed.server.tell({ do: "set", settings: [{ name: "quiet", type: "Double", value: 9 }] });
    await until(async () => (await target.pump(), target.latest("quiet")?.value === 9), 30_000);
    expect(target.lines.map((line) => line.sentence)).toContain(
      "values change at the server but are not reported; the subscription is made anew",
    );
  });
});
