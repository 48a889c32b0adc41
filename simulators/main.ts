import { readFileSync, writeFileSync } from "node:fs";
import { basename, extname, join } from "node:path";
import { parseArgs } from "node:util";
import { loadPlant } from "../src/config/load.ts";
import type { Plant } from "../src/config/plant.ts";
import { createBatch } from "../src/domain/batch.ts";
import type { ReadingBatch } from "../src/domain/batch.ts";
import { CONTROL_SOCKET } from "../src/domain/simulation.ts";
import { BadConfiguration } from "../src/domain/errors.ts";
import { acceleratedClock, systemClock } from "../src/domain/system-clock.ts";
import type { Clock, EpochMs } from "../src/domain/time.ts";
import { openControl } from "./control.ts";
import type { Control } from "./control.ts";
import { describeEndpoint } from "./endpoints.ts";
import type { Endpoints } from "./endpoints.ts";
import { startPlant } from "./index.ts";
import type { SimulatedPlant } from "./index.ts";
import { drawTrends } from "./plot/svg.ts";
import { trendsOf } from "./plot/trends.ts";
import { loadScenario } from "./scenario.ts";
import type { PortChoice } from "./servers/connections.ts";
import { SHIPPED_PLANT } from "./shipped-plant.ts";

/** What a parent process is told over the IPC channel once everything listens. */
export interface SimulatorsReady {
  readonly ready: true;
  readonly endpoints: Endpoints;
  readonly serverCertificateFile: string | null;
  readonly trustedCertificatesDir: string | null;
}

/** What a parent may ask for afterwards: the readings of a stretch before the start, as one batch; or, without a stretch,
 *  that no more will be asked. */
export interface PastOrder {
  readonly past: { readonly from: EpochMs; readonly to: EpochMs } | null;
}

export interface PastAnswer {
  readonly batch: ReadingBatch;
}

/** What a parent says once its gateway listens: the laboratory reports there. */
export interface GatewayReady {
  readonly gateway: string;
}

interface Orders {
  readonly file: string;
  readonly seed: number;
  readonly speed: number;
  /** When accelerated time begins: the same in every process that shares it. */
  readonly start: EpochMs;
  readonly ports: PortChoice;
  readonly pkiDir: string | null;
  /** Folder for the links to serial lines; null leaves them where the plant file says. */
  readonly linksDir: string | null;
  readonly scenario: string | null;
  readonly assayDir: string | null;
  /** Socket for a gateway that may bring faults about; null leaves it in the data folder. */
  readonly control: string | null;
  /** Gateway that the laboratory reports to; a parent may name it later. */
  readonly post: string | null;
  /** For a gateway that has accounts. */
  readonly token: string | null;
  /** How long results take as a share of what is usual. */
  readonly turnaround: number;
  /** How long the process has been running already, ms. */
  readonly pastMs: number;
  /** A scenario to be drawn instead of served, and where to. */
  readonly plot: string | null;
  readonly out: string | null;
}

const EXIT_OK = 0;
const EXIT_FAILED = 1;
const EXIT_BAD_CONFIGURATION = 78;
const SPEED_MAX = 20;
const DAY_MS = 86_400_000;
const PAST_DAYS_MAX = 10;
const TURNAROUND_MIN = 0.01;
const TURNAROUND_MAX = 10;
const PORT_CHOICES: readonly PortChoice[] = ["as-configured", "next-free", "ephemeral"];
const OPTIONS = {
  speed: { type: "string", default: "1" },
  seed: { type: "string", default: "1" },
  start: { type: "string" },
  ports: { type: "string", default: "as-configured" },
  pki: { type: "string" },
  links: { type: "string" },
  scenario: { type: "string" },
  assays: { type: "string" },
  control: { type: "string" },
  post: { type: "string" },
  "token-file": { type: "string" },
  turnaround: { type: "string", default: "1" },
  "past-days": { type: "string", default: "0" },
  plot: { type: "string" },
  out: { type: "string" },
} as const;

/** `PLANT.yaml [--speed N] [--seed N] [--start EPOCH_MS] [--ports as-configured|next-free|ephemeral] [--pki DIR] [--links DIR]
 *  [--scenario NAME|FILE] [--assays DIR] [--post GATEWAY_URL] [--token-file FILE] [--turnaround SHARE] [--past-days N] [--control SOCKET]`: serves the plant's
 *  simulated devices until SIGTERM, SIGINT or the end of the parent.
 *  With `--plot NAME|FILE [--out FILE.svg]` it draws the trends of a scenario instead. Resolves with the exit code. */
export async function runSimulators(args: readonly string[]): Promise<number> {
  const stopped = whenStopped();
  try {
    const orders = readOrders(args);
    if (orders.plot !== null) return plot(orders, orders.plot);
    const plant = withLinksIn(orders.linksDir, loadPlant(orders.file));
    const simulated = await startPlant({
      plant,
      seed: orders.seed,
      ports: orders.ports,
      clock: clockFor(orders),
      pkiDir: orders.pkiDir ?? join(plant.data.dir, "simulators", "pki"),
      isPaced: true,
      pastMs: orders.pastMs,
      turnaround: orders.turnaround,
      ...(orders.scenario === null ? {} : { scenario: orders.scenario }),
      ...(orders.assayDir === null ? {} : { assayDir: orders.assayDir }),
    });
    if (orders.post !== null) simulated.postAssays(orders.post, warn, orders.token);
    announce(plant, simulated);
    obeyParent(simulated);
    const control = await listenForFaults(simulated, orders.control);
    await stopped;
    await control?.close();
    await simulated.close();
    return EXIT_OK;
  } catch (error) {
    process.stderr.write(`${(error as Error).message}\n`);
    return error instanceof BadConfiguration || error instanceof RangeError
      ? EXIT_BAD_CONFIGURATION
      : EXIT_FAILED;
  }
}

/** A plant that cannot be disturbed is still a plant. */
async function listenForFaults(simulated: SimulatedPlant, path: string | null): Promise<Control | null> {
  try {
    return await openControl(simulated, path ?? join(simulated.plant.data.dir, ...CONTROL_SOCKET));
  } catch (error) {
    process.stderr.write(`No gateway can bring faults about: ${(error as Error).message}\n`);
    return null;
  }
}

/** Runs a scenario on the model, as fast as it goes, and writes what its trends look like. */
function plot({ file, seed, out }: Orders, name: string): number {
  const scenario = loadScenario(name);
  const target = out ?? `${basename(name, extname(name))}.svg`;
  writeFileSync(target, drawTrends(trendsOf(scenario, loadPlant(file), seed)));
  process.stdout.write(`${scenario.title}: ${target}\n`);
  return EXIT_OK;
}

function withLinksIn(dir: string | null, plant: Plant): Plant {
  if (dir === null) return plant;
  const connections = plant.connections.map((one) =>
    one.protocol === "modbus-rtu" ? { ...one, path: join(dir, one.id) } : one,
  );
  return { ...plant, connections };
}

/** Throws RangeError with a sentence on anything it does not understand. */
function readOrders(args: readonly string[]): Orders {
  const { values, positionals } = parsed(args);
  const [file, extra] = positionals;
  if (file === undefined && values.plot === undefined)
    throw new RangeError("Which plant? Give the name of a plant file.");
  if (extra !== undefined) throw new RangeError(`"${extra}" is one word too many: one plant file is enough.`);
  const places = { pki: null, links: null, assays: null, control: null, post: null, out: null };
  const given = { ...places, scenario: null, plot: null, ...values };
  return {
    file: file ?? SHIPPED_PLANT,
    ports: portChoice(values.ports),
    seed: numberIn("seed", values.seed, 0, 0xffff_ffff),
    speed: numberIn("speed", values.speed, 0.01, SPEED_MAX),
    start: values.start === undefined ? systemClock.now() : numberIn("start", values.start, 0, 8.64e15),
    pkiDir: given.pki,
    linksDir: given.links,
    scenario: given.scenario,
    assayDir: given.assays,
    control: given.control,
    post: given.post === null ? null : originOf(given.post),
    token: values["token-file"] === undefined ? null : tokenIn(values["token-file"]),
    turnaround: numberIn("turnaround", values.turnaround, TURNAROUND_MIN, TURNAROUND_MAX),
    pastMs: DAY_MS * numberIn("past-days", values["past-days"], 0, PAST_DAYS_MAX),
    plot: given.plot,
    out: given.out,
  };
}

function originOf(text: string): string {
  if (/^https?:/u.test(text) && URL.canParse(text)) return new URL(text).origin;
  throw new RangeError(`--post takes the address of a gateway such as http://127.0.0.1:8080, not "${text}".`);
}

/** In a file, because arguments stand in the list of processes. */
function tokenIn(file: string): string {
  try {
    return readFileSync(file, "utf8").trim();
  } catch (error) {
    throw new RangeError(`--token-file: ${(error as Error).message}.`, { cause: error });
  }
}

function portChoice(text: string): PortChoice {
  const ports = PORT_CHOICES.find((choice) => choice === text);
  if (ports === undefined) throw new RangeError(`--ports takes ${PORT_CHOICES.join(", ")}, not "${text}".`);
  return ports;
}

function parsed(args: readonly string[]) {
  try {
    return parseArgs({ args: [...args], options: OPTIONS, allowPositionals: true });
  } catch (error) {
    // The first sentence says what is wrong; the rest is about quoting file names that look like options.
    const [sentence = ""] = (error as Error).message.split(". ");
    throw new RangeError(`${sentence.replace(/[.]$/, "")}.`, { cause: error });
  }
}

function numberIn(name: string, text: string, low: number, high: number): number {
  const number = Number(text);
  if (text.trim() === "" || !(number >= low && number <= high))
    throw new RangeError(`--${name} takes a number from ${low} to ${high}, not "${text}".`);
  return number;
}

function clockFor({ speed, start }: Orders): Clock {
  return speed === 1 ? systemClock : acceleratedClock(speed, start);
}

function announce(plant: Plant, simulated: SimulatedPlant): void {
  const { endpoints, serverCertificateFile, trustedCertificatesDir } = simulated;
  const message: SimulatorsReady = { ready: true, endpoints, serverCertificateFile, trustedCertificatesDir };
  if (process.send === undefined) process.stdout.write(table(plant, simulated));
  else process.send(message);
}

function obeyParent(simulated: SimulatedPlant): void {
  const { past } = simulated;
  process.on("message", (message: PastOrder | GatewayReady) => {
    if ("gateway" in message) return void simulated.postAssays(message.gateway, warn);
    const { past: stretch } = message;
    if (stretch === null) return past?.forget();
    const batch = past?.readings(stretch.from, stretch.to) ?? createBatch(0);
    process.send?.({ batch } satisfies PastAnswer);
  });
}

function warn(sentence: string): void {
  process.stderr.write(`The gateway does not want all that the laboratory reports: ${sentence}\n`);
}

function table(plant: Plant, { endpoints, trustedCertificatesDir }: SimulatedPlant): string {
  const rows = plant.connections.map(({ id, protocol }) => {
    const endpoint = endpoints[id];
    const devices = plant.devices.filter((device) => device.connection === id);
    const names = devices.map((device) =>
      device.unit === null ? device.id : `${device.id} (${device.unit})`,
    );
    const place = endpoint === undefined ? "" : describeEndpoint(endpoint);
    return `  ${id.padEnd(14)}${protocol.padEnd(21)}${place.padEnd(40)} ${names.join(" ")}\n`;
  });
  const trust =
    trustedCertificatesDir === null
      ? ""
      : `OPC UA clients are let in whose certificate lies in ${trustedCertificatesDir}\n`;
  return `${plant.title}: ${plant.tags.length} tags, simulated. Stop with Ctrl-C.\n${rows.join("")}${trust}`;
}

/** A child must not outlive its parent: the end of the IPC channel stops it as a signal does. */
function whenStopped(): Promise<void> {
  return new Promise((resolve) => {
    for (const event of ["SIGTERM", "SIGINT", "disconnect"]) process.once(event, () => resolve());
  });
}

if (import.meta.main) process.exit(await runSimulators(process.argv.slice(2)));
