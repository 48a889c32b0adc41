import { fork } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { copyFile, mkdir } from "node:fs/promises";
import path from "node:path";
import { plantAt } from "../../simulators/endpoints.ts";
import type { GatewayReady, SimulatorsReady } from "../../simulators/main.ts";
import type { Scenario } from "../../simulators/scenario.ts";
import type { Configuration } from "../config/configuration.ts";
import type { Connection, OutputConfig, Plant } from "../config/plant.ts";
import { CONTROL_SOCKET } from "../domain/simulation.ts";
import { acceleratedClock, systemClock } from "../domain/system-clock.ts";
import { ownCertificate, trustCertificateFile } from "../drivers/opcua/trust.ts";
import { numberOption, readArguments, UsageError } from "./arguments.ts";
import type { Command } from "./arguments.ts";
import { fillPast, PAST_DAYS } from "./demo-past.ts";
import { anyFreePort, nextFreePort } from "./free-port.ts";
import { createLog } from "./log.ts";
import { packageDir, simulatorsProgram } from "./package.ts";

const PLANT_FILE = path.join(packageDir, "devices", "plants", "puma.yaml");

const SPEED_MAX = 20;

/** Of a hurried plant nothing is polled more often than this, ms of the machine's clock. */
const PERIOD_MIN_MS = 50;

/** In a hurried demonstration the laboratory is quicker still, so that recoveries are seen within an hour. */
const HURRIED_TURNAROUND = 0.25;

/** As the page's port it means that nothing need be where it usually is. */
const ANY_PORT = 0;
/** The page is where the plant file says. */
const USUAL_PORT = -1;

const OPTIONS = {
  speed: { type: "string" },
  seed: { type: "string" },
  scenario: { type: "string" },
  port: { type: "string" },
  simulators: { type: "boolean" },
} as const;

/** What the simulators are told. */
interface Orders {
  readonly ports: "ephemeral" | "next-free";
  readonly speed: number;
  readonly seed: number;
  readonly start: number;
  readonly scenario: string | null;
  readonly turnaround: number;
  readonly control: string;
}

/** `puma demo`: the Puma plant's devices simulated in a process of their own, and the gateway polling them over real sockets.
 *  What the gateway needs is loaded while the plant goes through its past. */
export const demo: Command = async (args) => {
  const words = readArguments(args, OPTIONS, []);
  const speed = numberOption(words, "speed", 1, SPEED_MAX, 1);
  const seed = numberOption(words, "seed", 0, 2 ** 32 - 1, 1);
  const scenario = await scenarioOption(words.values["scenario"]);
  const port = numberOption(words, "port", 0, 65_535, USUAL_PORT);
  const dataDir = path.resolve("data", "demo");
  const simulatorsPki = path.join(dataDir, "simulators-pki");

  await mkdir(path.join(simulatorsPki, "trusted", "certs"), { recursive: true });
  const start = systemClock.now();
  const turnaround = speed === 1 ? 1 : HURRIED_TURNAROUND;
  const ports = port === ANY_PORT ? "ephemeral" : "next-free";
  const control = path.join(dataDir, ...CONTROL_SOCKET);
  const orders: Orders = { ports, speed, seed, start, scenario: scenario?.name ?? null, turnaround, control };
  const simulators = startSimulators(dataDir, simulatorsPki, orders);
  try {
    const [{ endpoints, serverCertificateFile }, { loadConfiguration }, { serve }] = await Promise.all([
      readiness(simulators),
      import("../config/load.ts"),
      import("./serve.ts"),
      introduce(dataDir, simulatorsPki),
    ]);
    if (serverCertificateFile !== null) await trustCertificateFile(dataDir, serverCertificateFile);
    const configuration = loadConfiguration(PLANT_FILE);
    const plant = hurried(await placed(configuration.plant, endpoints, dataDir, port), speed);
    const read = (): Configuration => {
      const next = loadConfiguration(PLANT_FILE);
      return { ...next, plant: hurried(placedLike(plant, plantAt(next.plant, endpoints)), speed) };
    };
    const clock = speed === 1 ? systemClock : acceleratedClock(speed, start);
    const log = createLog("warn");
    const { promise: past, resolve: pastIsIn } = Promise.withResolvers<void>();
    const pace = { clock, speed, control: words.values["simulators"] === true ? control : null };
    return await serve(plant, {
      pace,
      log,
      origin: { started: { ...configuration, plant }, read },
      past,
      ready(httpUrl, gateway) {
        announce(plant, httpUrl, scenario, turnaround);
        simulators.send({ gateway: httpUrl } satisfies GatewayReady);
        if (scenario !== null) return pastIsIn(); // it begins at its own beginning
        fillPast(gateway, simulators, start, systemClock)
          .catch((error: Error) =>
            log.warn({ reason: error.message }, "the history before the start is not complete"),
          )
          .finally(pastIsIn);
      },
    });
  } finally {
    await ended(simulators);
  }
};

/** Has the simulated OPC UA server let the gateway in. */
async function introduce(dataDir: string, simulatorsPki: string): Promise<void> {
  const { file } = await ownCertificate(dataDir);
  await copyFile(file, path.join(simulatorsPki, "trusted", "certs", "gateway.pem"));
}

/** Read here too, so that a faulty scenario is told before anything starts. */
async function scenarioOption(
  name: string | boolean | undefined,
): Promise<(Scenario & { readonly name: string }) | null> {
  if (typeof name !== "string") return null;
  const { loadScenario } = await import("../../simulators/scenario.ts");
  try {
    return { ...loadScenario(name), name };
  } catch (error) {
    throw error instanceof RangeError ? new UsageError(error.message, { cause: error }) : error;
  }
}

function startSimulators(
  dataDir: string,
  pki: string,
  { ports, speed, seed, start, scenario, turnaround, control }: Orders,
): ChildProcess {
  const args = [PLANT_FILE, "--ports", ports, "--pki", pki, "--links", dataDir];
  args.push("--seed", String(seed), "--speed", String(speed), "--start", String(start));
  args.push("--turnaround", String(turnaround), "--control", control);
  args.push(...(scenario === null ? ["--past-days", String(PAST_DAYS)] : ["--scenario", scenario]));
  const stdio = ["ignore", "inherit", "inherit", "ipc"] as const;
  // Under `node --watch` it would tell us by the same channel which files it has loaded.
  const env = { ...process.env, WATCH_REPORT_DEPENDENCIES: undefined };
  return fork(simulatorsProgram, args, { stdio: [...stdio], serialization: "advanced", env });
}

function readiness(simulators: ChildProcess): Promise<SimulatorsReady> {
  return new Promise((resolve, reject) => {
    simulators.once("message", (message) => resolve(message as SimulatorsReady));
    simulators.once("exit", (code) =>
      reject(new Error(`the simulators ended before they were ready (exit code ${code})`)),
    );
  });
}

/** The plant file's plant with the endpoints that are really there, and our own ports moved where they are taken. */
async function placed(
  plant: Plant,
  endpoints: SimulatorsReady["endpoints"],
  dataDir: string,
  port: number,
): Promise<Plant> {
  const moved = plantAt(plant, endpoints);
  const wanted = port === USUAL_PORT ? plant.http.port : port;
  const http = { ...plant.http, auth: "none" as const, port: await nextFreePort(plant.http.host, wanted) };
  const data = { ...plant.data, dir: dataDir };
  if (plant.broker === null) return { ...moved, http, data };
  const { host } = plant.broker;
  const place = (usual: number): Promise<number> =>
    port === ANY_PORT ? anyFreePort(host) : nextFreePort(host, usual);
  const [mqttPort, wsPort] = [await place(plant.broker.port), await place(plant.broker.wsPort)];
  const broker = { ...plant.broker, port: mqttPort, wsPort };
  const outputs = plant.outputs.map((output) => toBroker(output, `mqtt://${host}:${mqttPort}`));
  return { ...moved, http, data, broker, outputs };
}

/** A changed plant file's plant where the one before it was put. */
function placedLike({ http, data, broker }: Plant, plant: Plant): Plant {
  const at = { ...plant, http, data, broker };
  if (broker === null) return at;
  return {
    ...at,
    outputs: plant.outputs.map((output) => toBroker(output, `mqtt://${broker.host}:${broker.port}`)),
  };
}

/** Polls no faster than the machine can where the plant's time runs faster than its own. */
function hurried(plant: Plant, speed: number): Plant {
  if (speed === 1) return plant;
  const least = PERIOD_MIN_MS * speed;
  return { ...plant, tags: plant.tags.map((tag) => ({ ...tag, periodMs: Math.max(tag.periodMs, least) })) };
}

function toBroker(output: OutputConfig, url: string): OutputConfig {
  return output.type === "mqtt" ? { ...output, url } : output;
}

function announce(plant: Plant, httpUrl: string, scenario: Scenario | null, turnaround: number): void {
  const hours = turnaround === 1 ? "2 to 30 hours later" : "in a quarter of the usual 2 to 30 hours";
  const lines = [
    "",
    `  ${plant.title}: ${plant.tags.length} tags of ${plant.devices.length} simulated devices`,
    ...(scenario === null ? [] : [`  ${scenario.title}: ${scenario.description}`]),
    "",
    `  page       ${httpUrl}`,
    `  reports    ${new URL("/report", httpUrl).href}`,
    `  records    ${new URL("/lots", httpUrl).href}`,
    `  API        ${new URL("/api/docs", httpUrl).href}`,
    `  laboratory samples of each shift, assayed ${hours}`,
  ];
  if (plant.broker !== null) {
    lines.push(
      `  MQTT       mqtt://${plant.broker.host}:${plant.broker.port}  topic ${plant.group}/${plant.id}/#`,
    );
    lines.push(`  WebSocket  ws://${plant.broker.host}:${plant.broker.wsPort}`);
  }
  for (const connection of plant.connections)
    lines.push(`  ${connection.id.padEnd(10)} ${where(connection)}`);
  process.stdout.write(`${lines.join("\n")}\n\n  Ctrl-C stops everything.\n\n`);
}

function where(connection: Connection): string {
  if (connection.protocol === "opcua") return connection.endpoint;
  return connection.protocol === "modbus-rtu" ? connection.path : `${connection.host}:${connection.port}`;
}

async function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exit = new Promise((resolve) => {
    child.once("exit", resolve);
  });
  child.kill("SIGTERM");
  await exit;
}
