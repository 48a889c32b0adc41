import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { DeviceHealth } from "../../src/domain/health.ts";
import { startInfluxSink } from "../support/influx-sink.ts";
import { accepts, outputsOf, runGateway, startDevices, writeLoadedPlant } from "../support/loaded-gateway.ts";
import type { LoadedPlant, Run } from "../support/loaded-gateway.ts";
import { smallDisk } from "../support/small-disk.ts";
import { until } from "../support/until.ts";

const DISK_MIB = 64;
const RESUMED_MS_MAX = 10_000;

let dir = "";
let devices: Awaited<ReturnType<typeof startDevices>>;
let run: Run | null = null;

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), "puma-full-"));
  devices = await startDevices(1);
});
afterAll(async () => {
  if (run !== null && run.child.exitCode === null) run.child.kill("SIGKILL");
  await devices.stop();
  await rm(dir, { recursive: true, force: true });
});

async function devicesOf(plant: LoadedPlant): Promise<readonly DeviceHealth[]> {
  return (await (await fetch(`${plant.url}/api/v1/devices`)).json()) as DeviceHealth[];
}

describe("a spool on a disk of 64 MiB that somebody else fills", () => {
  it("neither ends the gateway nor stops its polling, and is written again within ten seconds when there is room", async () => {
    const plant = await writeLoadedPlant(dir, devices.ports, 100);
    const disk = await smallDisk(dir, join(dir, "data"), DISK_MIB);
    run = runGateway(plant, disk.prefix);
    await accepts(plant, run, 5_000);
    await disk.fill(run.child.pid!);
    await until(() => run!.output().includes("go on unprotected"), 20_000);
    const before = await devicesOf(plant);
    await using database = await startInfluxSink(plant.httpPort);
    await pause(5_000);
    const after = await devicesOf(plant);
    for (const [index, device] of after.entries()) {
      expect(device.state).toBe("online");
      expect(device.polls - before[index]!.polls).toBeGreaterThanOrEqual(40);
      expect(device.pollsFailed).toBe(before[index]!.pollsFailed);
    }
    expect(database.stored.length, "the present is published from memory").toBeGreaterThan(10_000);
    await disk.free(run.child.pid!);
    const freed = performance.now();
    await until(() => run!.output().includes("takes readings again"), 20_000);
    expect(performance.now() - freed).toBeLessThan(RESUMED_MS_MAX);
    for (const output of await outputsOf(plant)) {
      const { accepted, delivered, pending, quarantined, dropped } = output as unknown as Record<
        string,
        number
      >;
      expect(accepted).toBe(delivered! + pending! + quarantined! + dropped!);
    }
    expect(run.child.exitCode).toBeNull();
    run.child.kill("SIGTERM");
    expect(await run.exit).toBe(0);
  });
});
