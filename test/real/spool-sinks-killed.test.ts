import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { connect } from "mqtt";
import { afterAll, beforeAll, expect, it } from "vitest";
import { accepts, outputsOf, runGateway, startDevices, writeLoadedPlant } from "../support/loaded-gateway.ts";
import type { LoadedPlant, Run } from "../support/loaded-gateway.ts";
import { configureInfluxd } from "../support/influxd.ts";
import { startMosquitto } from "../support/mosquitto.ts";
import { freePort } from "../support/free-port.ts";
import { programPath, startProgram, temporaryFolder } from "../support/program.ts";
import type { Program } from "../support/program.ts";
import { until } from "../support/until.ts";

const KILLS = process.env["PUMA_SOAK"] === undefined ? 3 : 20;
const DEVICES = 2; // 500 readings a second each

let devices: Awaited<ReturnType<typeof startDevices>>;
let run: Run | null = null;
beforeAll(async () => {
  devices = await startDevices(DEVICES);
});
afterAll(async () => {
  if (run !== null && run.child.exitCode === null) run.child.kill("SIGKILL");
  await devices.stop();
});

async function kill(program: Program["process"]): Promise<void> {
  const ended = new Promise((resolve) => program.once("exit", resolve));
  program.kill("SIGKILL");
  await ended;
}

/** One who listens to everything, and comes back within five seconds when the broker was away. */
function listenTo(url: string) {
  const good = new Set<string>();
  const bad = new Set<string>();
  const client = connect(url, { reconnectPeriod: 4_000, connectTimeout: 900 });
  client.on("connect", () => void client.subscribe("bench/#", { qos: 1 }));
  client.on("error", () => undefined);
  client.on("message", (topic, payload) => {
    const [, time, value] = /"t":(\d+),"v":([^,]*)/.exec(payload.toString()) ?? [];
    if (time !== undefined) (value === "null" ? bad : good).add(`${topic.split("/").at(-1)} ${time}`);
  });
  return { good, bad, end: () => client.endAsync(true) };
}

/** Points of the readings' values in each database. */
async function countStored(influx: string, victoria: string): Promise<{ influx: number; victoria: number }> {
  const query = encodeURIComponent('SELECT count("value") FROM "reading"');
  const reply = await fetch(`${influx}/query?db=bench&q=${query}`);
  const { results } = (await reply.json()) as { results: [{ series?: [{ values: [[string, number]] }] }] };
  await fetch(`${victoria}/internal/force_flush`);
  const lines = await (await fetch(`${victoria}/api/v1/export?match[]=reading_value`)).text();
  let points = 0;
  for (const line of lines.trim().split("\n"))
    if (line !== "") points += new Set((JSON.parse(line) as { timestamps: number[] }).timestamps).size;
  return { influx: results[0].series?.[0].values[0][1] ?? 0, victoria: points };
}

async function startPlant(
  dir: string,
  urls: { readonly mqtt: number; readonly influx: number; readonly victoria: string },
): Promise<LoadedPlant> {
  const plant = await writeLoadedPlant(dir, devices.ports, 1000);
  const victoria = `outputs:\n  victoria: { url: "${urls.victoria}", type: influx, database: bench }\n`;
  const text = (await readFile(plant.file, "utf8"))
    .replace(`127.0.0.1:${plant.mqttPort}`, `127.0.0.1:${urls.mqtt}`)
    .replace(`127.0.0.1:${plant.httpPort}`, `127.0.0.1:${urls.influx}`)
    .replace("outputs:\n", victoria);
  await writeFile(plant.file, text);
  return plant;
}

it(
  `VictoriaMetrics, InfluxDB and a broker with default settings, killed ${KILLS} times after they acknowledged, miss nothing in the end`,
  async () => {
    using folder = temporaryFolder();
    const [influxPort, victoriaPort] = [await freePort(), await freePort()];
    const influxPath = programPath("influxd", "influxdb");
    const victoriaPath = programPath("victoria-metrics", "victoria-metrics");
    const influxFile = await configureInfluxd(folder.path, influxPort);
    const victoriaWords = [
      `-storageDataPath=${join(folder.path, "victoria")}`,
      `-httpListenAddr=127.0.0.1:${victoriaPort}`,
      "-dedup.minScrapeInterval=1ms",
    ];
    const startInflux = (): Promise<Program> => startProgram(influxPath, ["-config", influxFile], influxPort);
    const startVictoria = (): Promise<Program> => startProgram(victoriaPath, victoriaWords, victoriaPort);
    let influx = await startInflux();
    let victoria = await startVictoria();
    await using broker = await startMosquitto();
    const listener = listenTo(broker.url);
    const victoriaUrl = `http://127.0.0.1:${victoriaPort}`;
    const plant = await startPlant(folder.path, {
      mqtt: broker.port,
      influx: influxPort,
      victoria: victoriaUrl,
    });
    run = runGateway(plant);
    let accepted = await accepts(plant, run, 2_000);
    for (let round = 0; round < KILLS; round++) {
      accepted = await accepts(plant, run, accepted + 4_000 + Math.random() * 1_000);
      await Promise.all([kill(broker.process()), kill(victoria.process), kill(influx.process)]);
      await pause(Math.random() * 3_000);
      [influx, victoria] = await Promise.all([startInflux(), startVictoria(), broker.restart()]);
      accepted = await accepts(plant, run, accepted + 6_000);
    }
    // The devices go, so that there is an end to it: the last readings are bad ones.
    await devices.stop();
    const count = async () => {
      const outputs = await outputsOf(plant);
      const stored = await countStored(`http://127.0.0.1:${influxPort}`, victoriaUrl);
      return {
        accepted: outputs.map((output) => output.accepted),
        pending: outputs.map(({ pending }) => pending),
        ...stored,
        good: listener.good.size,
        bad: listener.bad.size,
      };
    };
    const isAll = (now: Awaited<ReturnType<typeof count>>): boolean => {
      const { good, bad, pending, accepted: all } = now;
      const isDelivered = pending.every((left) => left === 0) && all.every((one) => one === good + bad);
      return bad >= DEVICES * 500 && isDelivered && now.influx === good && now.victoria === good;
    };
    await until(async () => isAll(await count()), 60_000).catch(() => undefined);
    const last = await count();
    console.log(JSON.stringify(last));
    expect(isAll(last), JSON.stringify(last)).toBe(true);
    expect(last.good).toBeGreaterThan(accepted - 2 * DEVICES * 500);
    run.child.kill("SIGTERM");
    expect(await run.exit).toBe(0);
    await listener.end();
    await influx[Symbol.asyncDispose]();
    await victoria[Symbol.asyncDispose]();
  },
  120_000 + KILLS * 40_000,
);
