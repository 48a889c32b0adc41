import { fork } from "node:child_process";
import { once } from "node:events";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Plant } from "../../../src/config/plant.ts";
import type { DeviceHealth } from "../../../src/domain/health.ts";
import { acceleratedClock, systemClock } from "../../../src/domain/system-clock.ts";
import { runPlant } from "../../support/plant.ts";
import type { RunningPlant } from "../../support/plant.ts";
import { until } from "../../support/until.ts";

const PROFILE = `
profile: unit
title: A small unit
protocol: modbus
modbus: { wordOrder: ABCD }
tags:
  FT-1: { title: Flow, table: holding, address: 0, type: float32, unit: m3/h, range: [0, 100], scan: fast }
  FT-2: { title: Other flow, table: holding, address: 2, type: float32, unit: m3/h, range: [0, 100], scan: fast }
`;

let dir = "";
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), "puma-dead-"));
  await mkdir(join(dir, "profiles"));
  await writeFile(join(dir, "profiles", "unit.yaml"), PROFILE);
});
afterAll(() => rm(dir, { recursive: true, force: true }));

function numbers(count: number): number[] {
  return Array.from({ length: count }, (_, index) => index + 1);
}

/** Fifty devices, each on a connection of its own. */
async function writeFifty(periodMs: number): Promise<string> {
  const file = join(dir, "fifty.yaml");
  const connections = numbers(50).map(
    (n) => `  c${n}: { protocol: modbus-tcp, host: 127.0.0.1, port: ${20_000 + n}, timeout: 1s }`,
  );
  const devices = numbers(50).map(
    (n) => `  D${n}: { profile: unit, connection: c${n}, unit: 1, area: grinding, prefix: "D${n}-" }`,
  );
  await writeFile(
    file,
    `plant: { id: fifty, group: test, title: Fifty, timeZone: America/Lima }\nscanClasses: { fast: ${periodMs}ms }\nconnections:\n${connections.join("\n")}\ndevices:\n${devices.join("\n")}\n`,
  );
  return file;
}

/** Eight units on one serial line. */
async function writeBus(): Promise<string> {
  const file = join(dir, "bus.yaml");
  const devices = numbers(8).map(
    (n) => `  U${n}: { profile: unit, connection: bus, unit: ${n}, area: grinding, prefix: "U${n}-" }`,
  );
  await writeFile(
    file,
    `plant: { id: bus, group: test, title: Bus, timeZone: America/Lima }\nscanClasses: { fast: 5s }\nconnections:\n  bus: { protocol: modbus-rtu, path: ./bus, baud: 19200, parity: even, timeout: 1s }\ndevices:\n${devices.join("\n")}\n`,
  );
  return file;
}

describe("one of 50 devices black-holed, then ten", () => {
  let fifty: RunningPlant;
  beforeAll(async () => {
    fifty = await runPlant(await writeFifty(500));
    await until(() => fifty.gateway.view.devices().every(({ state }) => state === "online"), 30_000);
  });
  afterAll(() => fifty[Symbol.asyncDispose]());

  it.each([1, 10])("with %i dead the others miss no poll", async (dead) => {
    const { view } = fifty.gateway;
    const handles = numbers(dead).map((n) => fifty.simulated.inject({ fault: "dead", device: `D${n}` }));
    const isDead = (device: string): boolean => Number(device.slice(1)) <= dead;
    const before = new Map(view.devices().map((one) => [one.device, one]));
    await until(
      () =>
        view.devices().every(({ device, polls }) => isDead(device) || polls >= before.get(device)!.polls + 8),
      30_000,
    );
    const silent = view.devices().filter(({ tagsGood }) => tagsGood === 0);
    expect(silent.map(({ device }) => device).sort()).toEqual(
      numbers(dead)
        .map((n) => `D${n}`)
        .sort(),
    );
    for (const { device, pollsMissed, pollsFailed } of view.devices()) {
      if (isDead(device)) continue;
      expect({ device, missed: pollsMissed - before.get(device)!.pollsMissed, pollsFailed }).toEqual({
        device,
        missed: 0,
        pollsFailed: 0,
      });
    }
    await Promise.all(handles.map((handle) => handle.clear()));
    await until(() => view.devices().every(({ state }) => state === "online"), 30_000);
  });
});

describe("three of 50 devices that flood whoever asks them", () => {
  it("lose their connections at once, and the others miss no poll", async () => {
    const flooding = fork(new URL("./flooding-process.ts", import.meta.url), { execArgv: [] });
    const [ports] = (await once(flooding, "message")) as [number[]];
    const isFlooding = (id: string): boolean => Number(id.slice(1)) <= ports.length;
    const portOf = (id: string): number => ports[Number(id.slice(1)) - 1] ?? 0;
    const flooded = (plant: Plant): Plant => ({
      ...plant,
      connections: plant.connections.map((one) =>
        isFlooding(one.id) ? { ...one, port: portOf(one.id) } : one,
      ),
    });
    await using fifty = await runPlant(await writeFifty(500), flooded);
    const { view } = fifty.gateway;
    const others = (): readonly DeviceHealth[] => view.devices().filter(({ device }) => !isFlooding(device));
    await until(() => others().every(({ state }) => state === "online"), 30_000);
    const before = new Map(others().map((one) => [one.device, one]));
    await until(() => others().every(({ device, polls }) => polls >= before.get(device)!.polls + 12), 60_000);
    for (const { device, pollsMissed, pollsFailed } of others())
      expect({ device, missed: pollsMissed - before.get(device)!.pollsMissed, pollsFailed }).toEqual({
        device,
        missed: 0,
        pollsFailed: 0,
      });
    for (const { connection, counters } of view.connections()) {
      if (!isFlooding(connection)) continue;
      expect([connection, counters.connects > 1]).toEqual([connection, true]);
      // What one read of the system brings, at most.
      expect(counters.bytesReceived / counters.connects).toBeLessThan(256 * 1024);
      expect(counters.malformedFrames + counters.foreignReplies).toBeGreaterThanOrEqual(counters.connects);
    }
    flooding.disconnect();
  });
});

describe("one of eight units of a serial bus dead", () => {
  it("costs the bus at most one time-out in 30 s once its breaker is open, and its siblings stay good", async () => {
    // Ten times real time: a minute of the bus in six seconds.
    const clock = acceleratedClock(10, systemClock.now());
    await using bus = await runPlant(await writeBus(), undefined, {}, clock);
    const { view } = bus.gateway;
    await until(() => view.devices().every(({ state }) => state === "online"), 20_000);
    bus.simulated.inject({ fault: "dead", device: "U5" });
    await until(() => view.devices().find(({ device }) => device === "U5")?.breaker === "open", 20_000);
    const timeouts = (): number => view.connections()[0]!.counters.timeouts;
    const polls = (): number => view.devices().find(({ device }) => device === "U4")!.polls;
    const [timeoutsBefore, pollsBefore, opened] = [timeouts(), polls(), clock.monotonic()];
    await until(() => clock.monotonic() - opened > 90_000, 30_000);
    expect(timeouts() - timeoutsBefore).toBeLessThanOrEqual(3);
    expect(polls() - pollsBefore).toBeGreaterThanOrEqual(15);
    for (const { device, state } of view.devices())
      expect(`${device} ${state}`).toBe(`${device} ${device === "U5" ? "silent" : "online"}`);
  });
});
