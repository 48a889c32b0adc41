import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import net from "node:net";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { residentBytesOf } from "../../bench/measure.ts";
import { startInfluxSink } from "../../support/influx-sink.ts";
import {
  accepts,
  outputsOf,
  runGateway,
  startDevices,
  writeLoadedPlant,
} from "../../support/loaded-gateway.ts";
import type { Run } from "../../support/loaded-gateway.ts";

const WATCHED_S = process.env["PUMA_SOAK"] === undefined ? 15 : 600;
const LAG_MS_MAX = 1_000;
const GROWTH_BYTES_MAX = 50e6;

let dir = "";
let devices: Awaited<ReturnType<typeof startDevices>>;
let run: Run | null = null;

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), "puma-slow-"));
  devices = await startDevices(2);
});
afterAll(async () => {
  if (run !== null && run.child.exitCode === null) run.child.kill("SIGKILL");
  await devices.stop();
  await rm(dir, { recursive: true, force: true });
});

/** A broker that lets everybody in and then reads no more. */
async function startDeafBroker(): Promise<{ port: number; stop(): void }> {
  const sockets = new Set<net.Socket>();
  const server = net.createServer((socket) => {
    sockets.add(socket);
    socket.on("error", () => socket.destroy());
    socket.once("data", () => {
      socket.pause();
      socket.write(Buffer.from([0x20, 2, 0, 0])); // CONNACK
    });
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  return {
    port: (server.address() as AddressInfo).port,
    stop() {
      for (const socket of sockets) socket.destroy();
      server.close();
    },
  };
}

describe("An output that is away or slow holds no other back.", () => {
  it("One that takes five seconds and one that reads nothing cost the third neither time nor memory", async () => {
    const plant = await writeLoadedPlant(dir, devices.ports, 100);
    await using good = await startInfluxSink(plant.httpPort);
    await using slow = await startInfluxSink();
    let answers = 0;
    slow.answer = () => (answers++ % 2 === 0 ? { status: 0, instead: "silence" } : { status: 204 });
    const deaf = await startDeafBroker();
    const text = await readFile(plant.file, "utf8");
    const more = `outputs:\n  slow: { type: influx, url: "${slow.url}", version: 1, database: slow, gzip: false }\n`;
    await writeFile(
      plant.file,
      text.replace("outputs:\n", more).replace(`127.0.0.1:${plant.mqttPort}`, `127.0.0.1:${deaf.port}`),
    );
    run = runGateway(plant);
    await accepts(plant, run, 50_000);
    const before = residentBytesOf(run.child.pid ?? 0);
    const lags: number[] = [];
    let largest = 0;
    let stored = 0;
    for (let second = 0; second < WATCHED_S; second++) {
      await pause(1000);
      const outputs = await outputsOf(plant);
      const third = outputs.find(({ output }) => output === "influx") as unknown as { lag: number };
      lags.push(third.lag);
      stored += good.stored.splice(0).length;
      good.requests.length = 0;
      largest = Math.max(largest, residentBytesOf(run.child.pid ?? 0));
    }
    const outputs = await outputsOf(plant);
    expect(outputs.find(({ output }) => output === "slow")!.pending).toBeGreaterThan(10_000);
    expect(lags.sort((a, b) => a - b)[Math.floor(lags.length * 0.9)]).toBeLessThanOrEqual(LAG_MS_MAX);
    expect(largest - before).toBeLessThan(GROWTH_BYTES_MAX);
    expect(stored).toBeGreaterThan(50_000);
    console.log(`lag ${lags.at(-1)} ms at the most, memory +${((largest - before) / 1e6).toFixed(0)} MB`);
    deaf.stop();
    run.child.kill("SIGTERM");
    expect(await run.exit).toBe(0);
  });
});
