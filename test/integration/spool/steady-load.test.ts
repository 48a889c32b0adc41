import { readdirSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { residentBytesOf } from "../../bench/measure.ts";
import { launchAsked } from "../../bench/child.ts";
import {
  accepts,
  outputsOf,
  runGateway,
  startDevices,
  writeLoadedPlant,
} from "../../support/loaded-gateway.ts";
import type { Run } from "../../support/loaded-gateway.ts";

const IS_SOAK = process.env["PUMA_SOAK"] !== undefined;
const WARM_UP_S = IS_SOAK ? 300 : 3;
const WATCHED_S = IS_SOAK ? 3_600 : 18;
/** A busy machine takes longer to warm up: what grows on and on does so in every stretch. */
const PATIENCE_S = IS_SOAK ? WATCHED_S : 120;
/** Resident memory moves by a few megabytes with every collection: in a short run more of that shows. */
const GROWTH_BYTES_MAX = IS_SOAK ? 5e6 : 25e6;

let dir = "";
let devices: Awaited<ReturnType<typeof startDevices>>;
let run: Run | null = null;

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), "puma-steady-"));
  devices = await startDevices(4); // 20,000 readings a second
});
afterAll(async () => {
  if (run !== null && run.child.exitCode === null) run.child.kill("SIGKILL");
  await devices.stop();
  await rm(dir, { recursive: true, force: true });
});

/** A sink of the benchmark, which counts and keeps nothing. */
async function startCountingSink(kind: string) {
  const sink = launchAsked("sinks.ts", [kind]);
  return { port: await sink.ask<number>("port"), stop: () => sink.stop() };
}

/** How much less the first third of the last stretch had at its least than the last third; infinite before there is a stretch. */
function growthOf(all: readonly number[]): number {
  if (all.length < WATCHED_S) return Infinity;
  const third = Math.floor(WATCHED_S / 3);
  return Math.min(...all.slice(-third)) - Math.min(...all.slice(-WATCHED_S, third - WATCHED_S));
}

describe("20,000 readings a second to a broker and a database", () => {
  it(
    "are all accounted for every second, and cost no more memory, files and sockets as time goes by",
    async () => {
      const [broker, database] = [await startCountingSink("broker"), await startCountingSink("http")];
      const plant = await writeLoadedPlant(dir, devices.ports, 100, {
        mqttPort: broker.port,
        httpPort: database.port,
      });
      run = runGateway(plant);
      await accepts(plant, run, 20_000);
      await pause(WARM_UP_S * 1000);
      const pid = run.child.pid ?? 0;
      const handles = (): number => readdirSync(`/proc/${pid}/fd`).length;
      const handlesBefore = handles();
      const memory: number[] = [];
      const open: number[] = [];
      while (growthOf(memory) > GROWTH_BYTES_MAX && memory.length < PATIENCE_S) {
        await pause(1000);
        for (const output of await outputsOf(plant)) {
          const { accepted, delivered, pending, quarantined } = output;
          const { dropped } = output as unknown as { dropped: number };
          expect(accepted, output.output).toBe(delivered + pending + quarantined + dropped);
          expect(dropped).toBe(0);
        }
        memory.push(residentBytesOf(pid));
        open.push(handles());
      }
      const growth = growthOf(memory);
      console.log(
        `memory ${(growth / 1e6).toFixed(1)} MB more after ${memory.length} s, ${handlesBefore} to ${open.at(-1)} handles`,
      );
      expect(growth).toBeLessThanOrEqual(GROWTH_BYTES_MAX);
      // A new file of the spool or a connection of our own question may be open when we look.
      expect(Math.min(...open.slice(-WATCHED_S / 3))).toBeLessThanOrEqual(handlesBefore + 3);
      run.child.kill("SIGTERM");
      expect(await run.exit).toBe(0);
      await broker.stop();
      await database.stop();
    },
    60_000 + 2_000 * (WARM_UP_S + PATIENCE_S),
  );
});
