import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { ConnectionLost } from "../../../src/domain/errors.ts";
import { acceleratedClock, systemClock } from "../../../src/domain/system-clock.ts";
import type { Clock } from "../../../src/domain/time.ts";
import { createBench, removeFolder, temporaryFolder } from "./harness.ts";
import type { Bench } from "./harness.ts";
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

let folder: string;
let port: number;
let server: TestServer;

beforeEach(async () => {
  folder = await temporaryFolder();
  port = await freePort();
  server = await start();
});

afterEach(async () => {
  await server.kill();
  await removeFolder(folder);
});

function start(): Promise<TestServer> {
  return startServer({ port, pki: `${folder}/server`, variables: VARIABLES });
}

function bench(linkClock: Clock = systemClock): Bench {
  const timeoutMs = linkClock === systemClock ? 1_000 : 25_000;
  return createBench(`${folder}/gateway`, SKETCHES, { endpoint: server.url, timeoutMs }, linkClock);
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

describe("a server that comes and goes", () => {
  test(
    `data flows again after each of ${RESTARTS} kills and restarts`,
    async () => {
      await using target = bench();
      await target.connect();
      const delays: number[] = [];
      for (let round = 0; round < RESTARTS; round++) {
        await until(() => persist(target), 15_000);
        await server.kill();
        expect(await lostWithin(target, 15_000)).toBeInstanceOf(ConnectionLost);
        server = await start();
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
    await using target = bench();
    await target.connect();
    await until(() => target.pump());
    server.freeze();
    const since = performance.now();
    const lost = await lostWithin(target, 30_000);
    console.log(`a frozen server is given up after ${Math.round(performance.now() - since)} ms`);
    expect(lost).toBeInstanceOf(ConnectionLost);
    target.readings.length = 0;
    server.thaw();
    await until(async () => (await persist(target)) && target.latest("quiet") !== undefined, 20_000);
  });

  test("no change is lost over a broken link when the server keeps the session", async () => {
    await using target = bench();
    await target.connect();
    await until(() => target.pump());
    await server.tell({ do: "count", name: "count", everyMs: 50 });
    await until(async () => (await target.pump(), Number(target.latest("count")?.value) > 10));
    await server.tell({ do: "drop-sockets" });
    expect(await lostWithin(target, 5_000)).toBeInstanceOf(ConnectionLost);
    await new Promise((resolve) => setTimeout(resolve, OUTAGE_MS));
    await target.connect();
    const before = Number(target.latest("count")?.value);
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

test("a node that the server refuses is bad for its own reason again once the old session has been taken up", async () => {
  const sketches = [...SKETCHES, { id: "missing", type: "float32" }] as const;
  await using target = createBench(`${folder}/gateway`, sketches, { endpoint: server.url });
  await target.connect();
  await until(() => target.pump());
  await server.tell({ do: "drop-sockets" });
  await lostWithin(target, 5_000);
  target.readings.length = 0;
  await until(() => persist(target));
  expect(target.latest("missing")).toMatchObject({ value: null, status: 0x80340000 });
  expect(target.latest("quiet")).toMatchObject({ value: 7, status: 0 });
});

describe("a subscription that fails behind a living session", () => {
  test("a value that does not change stays confirmed and invents no rows", async () => {
    await using target = bench();
    await target.connect();
    await until(() => target.pump());
    const rows = target.readings.length;
    const end = performance.now() + 5_000; // two keep-alives
    while (performance.now() < end) {
      expect(await target.pump()).toBe(true);
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    expect(target.readings).toHaveLength(rows);
  });

  test("it is made anew when the server has dropped it", async () => {
    await using target = bench();
    await target.connect();
    await until(() => target.pump());
    await server.tell({ do: "drop-subscriptions" });
    await until(async () => !(await target.pump()), 15_000);
    target.readings.length = 0;
    await until(async () => (await target.pump()) && target.latest("quiet")?.value === 7, 15_000);
    await server.tell({ do: "set", settings: [{ name: "quiet", type: "Double", value: 8 }] });
    await until(async () => (await target.pump(), target.latest("quiet")?.value === 8), 15_000);
  });

  test("it is made anew when keep-alives go on but changes are no longer reported", async () => {
    const fast = { ...acceleratedClock(5, Date.now()), now: Date.now }; // half a minute in six seconds
    await using target = bench(fast);
    await target.connect();
    await server.tell({ do: "count", name: "count", everyMs: 20 }); // so that hurrying the clock looks like no silence
    await until(() => target.pump());
    await server.tell({ do: "mute", name: "quiet" });
    await server.tell({ do: "set", settings: [{ name: "quiet", type: "Double", value: 9 }] });
    await until(async () => (await target.pump(), target.latest("quiet")?.value === 9), 30_000);
    expect(target.lines.map((line) => line.sentence)).toContain(
      "values change at the server but are not reported; the subscription is made anew",
    );
  });
});
