import { spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { OutputHealth } from "../../src/domain/health.ts";
import { launchAsked } from "../bench/child.ts";
import { writePlant } from "../bench/plant-file.ts";
import { freePort } from "./free-port.ts";
import { root } from "./plant.ts";
import { until } from "./until.ts";

/** `devices` Modbus devices of 500 tags, read ten times a second: 5,000 readings a second each. */
export async function startDevices(devices: number) {
  const asked = launchAsked("devices.ts", [String(devices)]);
  return { ports: await asked.ask<number[]>("ports"), stop: () => asked.stop() };
}

export interface LoadedPlant {
  readonly file: string;
  readonly dir: string;
  readonly spool: string;
  readonly url: string;
  readonly mqttPort: number;
  readonly httpPort: number;
}

/** Writes a plant that publishes all that the devices have to a broker and a database which may not be there. */
export async function writeLoadedPlant(
  dir: string,
  devicePorts: readonly number[],
  periodMs: number,
  sinks?: { readonly mqttPort: number; readonly httpPort: number },
): Promise<LoadedPlant> {
  const data = `${dir}/data`;
  const { mqttPort, httpPort } = sinks ?? { mqttPort: await freePort(), httpPort: await freePort() };
  const pagePort = await freePort();
  const file = writePlant(dir, { devicePorts, periodMs, output: "mqtt1", sinkPort: mqttPort }, pagePort);
  const outputs = `outputs:\n  influx: { url: "http://127.0.0.1:${httpPort}", version: 1, database: bench, gzip: false, historyRate: 200000 }\n`;
  const text = readFileSync(file, "utf8")
    .replace("outputs:\n", outputs)
    .replace("qos: 1", "qos: 1, historyRate: 200000")
    .replace("dir: ./data", `dir: "${data}"`);
  writeFileSync(file, text);
  mkdirSync(data, { recursive: true });
  return { file, dir, spool: join(data, "spool"), url: `http://127.0.0.1:${pagePort}`, mqttPort, httpPort };
}

export interface Run {
  readonly child: ChildProcess;
  readonly startedAt: number;
  readonly exit: Promise<number | null>;
  output(): string;
}

/** `puma run`, behind `prefix` where a command is to watch it. */
export function runGateway({ file, dir }: LoadedPlant, prefix: readonly string[] = []): Run {
  const words = [...prefix, process.execPath, join(root, "src", "puma.mjs"), "run", file];
  const child = spawn(words[0] as string, words.slice(1), { cwd: dir, stdio: ["ignore", "pipe", "pipe"] });
  let text = "";
  const collect = (chunk: Buffer): void => {
    text = (text + chunk.toString()).slice(-50_000);
  };
  child.stdout.on("data", collect);
  child.stderr.on("data", collect);
  const exit = new Promise<number | null>((resolve) => {
    child.once("close", (code) => resolve(code));
  });
  return { child, startedAt: performance.now(), exit, output: () => text };
}

export async function outputsOf({ url }: LoadedPlant): Promise<readonly OutputHealth[]> {
  const reply = await fetch(`${url}/api/v1/outputs`);
  return (await reply.json()) as OutputHealth[];
}

/** Resolves when the gateway has accepted `count` readings more than `before`. */
export function accepts(plant: LoadedPlant, run: Run, count: number, before = 0): Promise<number> {
  return until(async () => {
    if (run.child.exitCode !== null) throw new Error(run.output());
    const outputs = await outputsOf(plant).catch(() => []);
    const accepted = outputs[0]?.accepted ?? 0;
    return accepted - before >= count && accepted;
  }, 30_000);
}

/** The files of a spool, by their path in it. */
export function filesOf(folder: string): Map<string, Buffer> {
  const names = readdirSync(folder, { recursive: true, withFileTypes: true });
  return new Map(
    names
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name))
      .map((path) => [path.slice(folder.length + 1), readFileSync(path)]),
  );
}
