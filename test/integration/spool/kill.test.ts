import { execFileSync } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { OutputHealth } from "../../../src/domain/health.ts";
import { virtualClock } from "../../../simulators/virtual-clock.ts";
import { loadPlant } from "../../../src/config/load.ts";
import { startInfluxSink } from "../../support/influx-sink.ts";
import {
  accepts,
  filesOf,
  outputsOf,
  runGateway,
  startDevices,
  writeLoadedPlant,
} from "../../support/loaded-gateway.ts";
import type { LoadedPlant, Run } from "../../support/loaded-gateway.ts";
import { memoryFs } from "../../support/memory-fs.ts";
import { root } from "../../support/plant.ts";
import { startMqttSink } from "../../support/mqtt-sink.ts";
import type { MqttSink } from "../../support/mqtt-sink.ts";
import { expectBalance, feedOf, feedOptions, never, SPOOL, startSpool } from "../../support/spool.ts";
import { until } from "../../support/until.ts";

const KILLS = process.env["PUMA_SOAK"] === undefined ? 5 : 100;
const DEVICES = 4; // 20,000 readings a second
const POLLING_MS_MAX = 3_000;

let dir = "";
let plant: LoadedPlant;
let devices: Awaited<ReturnType<typeof startDevices>>;
const runs: Run[] = [];

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), "puma-kill-"));
  devices = await startDevices(DEVICES);
  plant = await writeLoadedPlant(dir, devices.ports, 100);
});
afterAll(async () => {
  for (const { child } of runs) if (child.exitCode === null) child.kill("SIGKILL");
  await devices.stop();
  await rm(dir, { recursive: true, force: true });
});

function start(): Run {
  const run = runGateway(plant);
  runs.push(run);
  return run;
}

/** `tag time` of every reading that the disk holds. */
async function onDisk(): Promise<Set<string>> {
  const { tags } = loadPlant(plant.file);
  const files = [...filesOf(plant.spool)].filter(([path]) => path.endsWith(".spool"));
  const fs = memoryFs(new Map(files.map(([path, bytes]) => [`${SPOOL}/${path}`, bytes])));
  const clock = virtualClock(0);
  const outputs = [feedOptions("all", { readingsMax: 8192, historyReadingsPerS: 1e9 })];
  const spool = await startSpool(fs, clock, {
    tags: tags.map(({ id }) => ({ id, scale: 1, offset: 0 })),
    outputs,
  });
  const feed = feedOf(spool, "all");
  const found = new Set<string>();
  while (feed.counts().pending > 0) {
    await feed.available(never);
    const batch = feed.peek();
    if (batch === null) throw new Error("the spool is damaged");
    for (let row = 0; row < batch.length; row++)
      found.add(`${tags[batch.tag[row] as number]!.id} ${batch.sourceTime[row]}`);
    await feed.acknowledge([]);
  }
  return found;
}

/** Starts the gateway and kills it in full flow, again and again; gives what the disk held after each. */
async function killOften(): Promise<{ accepted: Set<string>; pollingAfterMs: readonly number[] }> {
  let accepted: Set<string> = new Set();
  const pollingAfterMs: number[] = [];
  for (let kill = 0; kill < KILLS; kill++) {
    const run = start();
    await accepts(plant, run, 1, accepted.size);
    pollingAfterMs.push(performance.now() - run.startedAt);
    const seen = await accepts(plant, run, 10_000 + (kill % 5) * 3_000, accepted.size);
    run.child.kill("SIGKILL");
    await run.exit;
    const found = await onDisk();
    expect(found.size).toBeGreaterThanOrEqual(seen);
    const gone = [...accepted].filter((reading) => !found.has(reading));
    expect(gone, "an earlier run's readings are gone").toEqual([]);
    accepted = found;
  }
  return { accepted, pollingAfterMs };
}

/** How long this machine, as busy as it is, takes to load the program and the plant file, ms. */
function checkMs(): number {
  const begun = performance.now();
  execFileSync(process.execPath, [join(root, "src", "puma.mjs"), "check", plant.file]);
  return performance.now() - begun;
}

/** What a broker was sent: `tag time` of each reading, and how many of the present came after a later one of their tag. */
function readMessages({ messages }: Pick<MqttSink, "messages">) {
  const published = new Set<string>();
  const presentOf = new Map<string, number>();
  let disordered = 0;
  for (const { topic, payload, retain } of messages) {
    const tag = topic.split("/")[3];
    if (tag === undefined) continue; // the status of the gateway
    const time = Number(/"t":(\d+)/.exec(payload)?.[1]);
    published.add(`${tag} ${time}`);
    if (!retain) continue; // history
    if (time < (presentOf.get(tag) ?? 0)) disordered++;
    presentOf.set(tag, time);
  }
  return { published, disordered };
}

/** Resolves when both sinks are there and have taken two seconds' worth, the past beside the present. */
function bothTakeThePresent(): Promise<true> {
  return until(async () => (await balanced()).every(({ delivered }) => delivered > 40_000), 60_000);
}

/** Resolves when both sinks have all. */
function drained(): Promise<true> {
  return until(async () => (await balanced()).every(({ pending }) => pending === 0), 120_000);
}

async function balanced(): Promise<readonly OutputHealth[]> {
  const outputs = await outputsOf(plant);
  for (const output of outputs) expectBalance({ ...output, dropped: { all: 0 } });
  return outputs;
}

describe(`a gateway at ${DEVICES * 5000} readings a second, killed ${KILLS} times with broker and database away`, () => {
  it(
    "Every accepted reading reaches every output at least once, and stands in InfluxDB exactly once.",
    async () => {
      const { accepted, pollingAfterMs } = await killOften();
      const median = [...pollingAfterMs].sort((a, b) => a - b)[KILLS >>> 1]!;
      expect(median).toBeLessThanOrEqual(Math.max(POLLING_MS_MAX, 3 * checkMs()));

      const last = start();
      await accepts(plant, last, 10_000, accepted.size);
      await using database = await startInfluxSink(plant.httpPort);
      await using broker = await startMqttSink(plant.mqttPort);
      const sinksUp = performance.now();
      await bothTakeThePresent();
      // The devices go, so that there is an end to it.
      await devices.stop();
      await drained();
      console.log(
        `${KILLS} kills, ${accepted.size} readings accepted before them, polling after ${pollingAfterMs.map((ms) => Math.round(ms)).join(" ")} ms, drained in ${Math.round(performance.now() - sinksUp)} ms`,
      );
      const asked = performance.now();
      last.child.kill("SIGTERM");
      expect(await last.exit).toBe(0);
      expect(performance.now() - asked).toBeLessThan(5_000);

      const readings = database.stored.filter((line) => line.startsWith("reading,")); // others tell of alarms
      const stored = new Set(readings.map((line) => /,tag=(\S+) .* (\d+)$/.exec(line)!.slice(1).join(" ")));
      const { published, disordered } = readMessages(broker);
      expect([...accepted].filter((reading) => !stored.has(reading))).toEqual([]);
      expect([...accepted].filter((reading) => !published.has(reading))).toEqual([]);
      expect(disordered).toBe(0);
      const left = await onDiskPending();
      expect(left.every(({ balance }) => balance === 0)).toBe(true);
      for (const { name, delivered } of left)
        expect(delivered, name).toBeLessThanOrEqual(name === "influx" ? stored.size : published.size);
    },
    180_000 + KILLS * 20_000,
  );
});

/** What the cursors say after the stop. */
async function onDiskPending() {
  const text = filesOf(plant.spool).get("cursors.json")!.toString().split("\n")[1]!;
  const { outputs } = JSON.parse(text) as {
    outputs: Record<
      string,
      { accepted: number; delivered: number; quarantined: number; pending: [number, number][] }
    >;
  };
  return Object.entries(outputs).map(([name, { accepted, delivered, quarantined, pending }]) => ({
    name,
    delivered,
    balance: accepted - delivered - quarantined - pending.reduce((sum, [from, to]) => sum + to - from, 0),
  }));
}
