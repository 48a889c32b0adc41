import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { acceleratedClock } from "../../../src/domain/system-clock.ts";
import { until } from "../../support/until.ts";
import { createBench, removeFolder, temporaryFolder } from "./harness.ts";
import { startServer } from "./server.ts";
import type { TestServer } from "./server.ts";

const BAD_NODE_ID_UNKNOWN = 0x80340000;

let serverFolder: string;
let folder: string;
let server: TestServer;

beforeAll(async () => {
  serverFolder = await temporaryFolder();
  const range = { low: 0, high: 100 };
  const many = Array.from({ length: 250 }, (_, index) => ({
    name: `m${index}`,
    type: "Float",
    value: index,
  }));
  server = await startServer({
    pki: serverFolder,
    variables: [
      { name: "good", type: "Float", value: 1 },
      { name: "beat", type: "UInt32", value: 0 },
      { name: "ranged", type: "Double", value: 50, range },
      { name: "unranged", type: "Double", value: 50 },
      { name: "flow", type: "Double", value: 0 },
      { name: "text", type: "String", value: "a" },
      { name: "state", type: "Double", value: 1 },
      ...many,
    ],
  });
});

afterAll(async () => {
  await server.kill();
  await removeFolder(serverFolder);
});

beforeEach(async () => {
  folder = await temporaryFolder();
});

afterEach(async () => {
  await removeFolder(folder);
});

async function set(name: string, value: unknown, type = "Double", status = 0): Promise<void> {
  await server.tell({ do: "set", settings: [{ name, type, value, status }] });
}

describe("nodes", () => {
  test("a node that the server does not know spoils only itself, and recovers when it appears", async () => {
    const sketches = [
      { id: "good", type: "float32" },
      { id: "beat", type: "uint32" }, // news all the time, so that hurrying the clock looks like no silence
      { id: "late", type: "float32" },
      { id: "nonsense", type: "float32", node: "no node id" },
    ] as const;
    await server.tell({ do: "count", name: "beat", everyMs: 20 });
    const fast = { ...acceleratedClock(5, Date.now()), now: Date.now }; // half a minute in six seconds
    await using bench = createBench(folder, sketches, { endpoint: server.url, timeoutMs: 25_000 }, fast);
    await bench.connect();
    await until(async () => (await bench.pump(), bench.latest("good")?.value === 1));
    expect(bench.latest("late")).toMatchObject({ value: null, status: BAD_NODE_ID_UNKNOWN });
    expect(bench.latest("nonsense")?.value).toBeNull();
    expect(bench.driver.quarantined()).toEqual(["late"]);
    await server.tell({ do: "add", settings: [{ name: "late", type: "Float", value: 4 }] });
    await until(async () => (await bench.pump(), bench.latest("late")?.value === 4), 20_000);
    await until(async () => (await bench.pump(), bench.driver.quarantined().length === 0));
  });

  test("more nodes than the server takes in one call are asked for in several, by subscription and by reading", async () => {
    const ids = Array.from({ length: 250 }, (_, index) => `m${index}`);
    const subscribed = ids.map((id) => ({ id, type: "float32" }) as const);
    const read = ids.map(
      (id) => ({ id: `r-${id}`, node: `ns=2;s=${id}`, type: "float32", mode: "read" }) as const,
    );
    await using bench = createBench(folder, [...subscribed, ...read], { endpoint: server.url });
    await bench.connect();
    await until(async () => (await bench.pump(), ids.every((id) => bench.latest(id) !== undefined)));
    for (const [index, id] of ids.entries()) {
      expect(bench.latest(id)?.value).toBe(index);
      expect(bench.latest(`r-${id}`)?.value).toBe(index);
    }
  });

  test("a bad status arrives as it is and takes the value away; a repeated not-a-number is one row", async () => {
    const BAD_SENSOR_FAILURE = 0x808c0000;
    await using bench = createBench(folder, [{ id: "state", type: "float64" }], { endpoint: server.url });
    await bench.connect();
    await until(async () => (await bench.pump(), bench.latest("state")?.value === 1));
    await set("state", 2, "Double", BAD_SENSOR_FAILURE);
    await until(async () => (await bench.pump(), bench.latest("state")?.status === BAD_SENSOR_FAILURE));
    expect(bench.latest("state")?.value).toBeNull();
    const rows = bench.readings.length;
    await set("state", "NaN");
    await until(async () => (await bench.pump(), bench.readings.length > rows));
    await set("state", 3);
    await until(async () => (await bench.pump(), bench.latest("state")?.value === 3));
    expect(bench.readings.slice(rows).map((reading) => reading.value)).toEqual([NaN, 3]);
  });

  test("text where a number is expected is a bad row, not a guess", async () => {
    await using bench = createBench(folder, [{ id: "text", type: "float32" }], { endpoint: server.url });
    await bench.connect();
    await until(async () => (await bench.pump(), bench.latest("text") !== undefined));
    expect(bench.latest("text")).toMatchObject({ value: null, status: 0x80740000 });
  });
});

describe("deadband at the server", () => {
  test.each([
    ["percent of the node's EURange", "ranged", { kind: "percent", amount: 5 }],
    ["percent of the tag's range where the node has none", "unranged", { kind: "percent", amount: 5 }],
    ["absolute", "ranged", { kind: "absolute", amount: 5 }],
  ] as const)("%s", async (_, name, deadband) => {
    await set(name, 50);
    const sketch = {
      id: name,
      type: "float64",
      deadband,
      range: { low: 0, high: 100 },
      samplingMs: 0,
    } as const;
    await using bench = createBench(folder, [sketch], { endpoint: server.url });
    await bench.connect();
    await until(async () => (await bench.pump(), bench.latest(name)?.value === 50));
    for (const value of [52, 48, 54.9, 56, 52, 50.5]) await set(name, value);
    await until(async () => (await bench.pump(), bench.latest(name)?.value === 50.5));
    expect(bench.readings.map((reading) => reading.value)).toEqual([50, 56, 50.5]);
  });
});

test("a full queue drops the oldest rows and counts them, and the newest survive", async () => {
  await using bench = createBench(
    folder,
    [{ id: "flow", type: "float64", queueSize: 5_000, samplingMs: 0 }],
    {
      endpoint: server.url,
    },
  );
  await bench.connect();
  await until(() => bench.pump());
  for (let start = 0; start < 20_000; start += 4_000) {
    const settings = Array.from({ length: 4_000 }, (_, index) => ({
      name: "flow",
      type: "Double",
      value: start + index + 1,
    }));
    await server.tell({ do: "set", settings });
    await new Promise((resolve) => setTimeout(resolve, 300)); // not polled meanwhile
  }
  await until(async () => (await bench.pump(), bench.latest("flow")?.value === 20_000));
  expect(bench.driver.losses().dropped).toBeGreaterThan(0);
  expect(bench.readings.length + bench.driver.losses().dropped).toBeGreaterThanOrEqual(20_000);
  expect(bench.lines.filter((line) => line.level === "error")).not.toEqual([]);
});
