import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { failingDisk } from "../support/failing-disk.ts";
import { accepts, outputsOf, runGateway, startDevices, writeLoadedPlant } from "../support/loaded-gateway.ts";
import type { LoadedPlant, Run } from "../support/loaded-gateway.ts";
import { startMqttSink } from "../support/mqtt-sink.ts";
import type { MqttSink } from "../support/mqtt-sink.ts";
import { until } from "../support/until.ts";

const PERIOD_MS = 100;
const STUCK_S = process.env["PUMA_SOAK"] === undefined ? 12 : 300;
const JITTER_MS_MAX = 100;

let dir = "";
let devices: Awaited<ReturnType<typeof startDevices>>;
let run: Run | null = null;

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), "puma-stuck-"));
  devices = await startDevices(1);
});
afterAll(async () => {
  if (run !== null && run.child.exitCode === null) run.child.kill("SIGKILL");
  await devices.stop();
  await rm(dir, { recursive: true, force: true });
});

/** How late the polls of one tag began, ms, by the times that its readings bear: sorted. */
function jitterOf({ messages }: MqttSink, from: number): number[] {
  const times = messages
    .slice(from)
    .filter(({ topic }) => topic.endsWith("/D00-FT-000"))
    .map(({ payload }) => Number(/"t":(\d+)/.exec(payload)?.[1]));
  const steps = [...new Set(times)].sort((a, b) => a - b);
  return steps
    .slice(1)
    .map((time, index) => Math.abs(time - steps[index]! - PERIOD_MS))
    .sort((a, b) => a - b);
}

function percentile99(sorted: readonly number[]): number {
  return sorted[Math.floor(sorted.length * 0.99)]!;
}

async function unprotectedIn({ url }: LoadedPlant): Promise<string> {
  return ((await (await fetch(`${url}/healthz`)).json()) as { reasons: string[] }).reasons.join("\n");
}

describe("a disk whose syncs take two seconds and then fail", () => {
  it("neither delays a poll nor stops the present, is told of, and is written again when it is well", async () => {
    await using sink = await startMqttSink();
    const written = await writeLoadedPlant(dir, devices.ports, PERIOD_MS);
    const plant = { ...written, mqttPort: Number(new URL(sink.url).port) };
    const text = await readFile(plant.file, "utf8");
    await writeFile(plant.file, text.replace(`127.0.0.1:${written.mqttPort}`, `127.0.0.1:${plant.mqttPort}`));
    const disk = await failingDisk(dir);
    run = runGateway(plant, disk.prefix);
    await accepts(plant, run, 25_000);
    const before = percentile99(jitterOf(sink, 0));
    await disk.fail("stuck");
    await until(() => run!.output().includes("go on unprotected"), 10_000);
    expect(await unprotectedIn(plant)).toContain("The spool's disk takes nothing");
    const from = sink.messages.length;
    await pause(STUCK_S * 1000);
    const jitter = jitterOf(sink, from);
    expect(jitter.length).toBeGreaterThan((STUCK_S * 1000) / PERIOD_MS / 2);
    const p99 = percentile99(jitter);
    console.log(
      `polls began ${p99} ms late at the 99th percentile, and ${before} ms with a disk that is well`,
    );
    expect(p99 - before).toBeLessThanOrEqual(JITTER_MS_MAX);
    await disk.recover();
    await until(() => run!.output().includes("takes readings again"), 15_000);
    for (const output of await outputsOf(plant)) {
      const { accepted, delivered, pending, quarantined, dropped } = output as unknown as Record<
        string,
        number
      >;
      expect(accepted).toBe(delivered! + pending! + quarantined! + dropped!);
    }
    run.child.kill("SIGTERM");
    expect(await run.exit).toBe(0);
  });
});
