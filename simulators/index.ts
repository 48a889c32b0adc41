import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { loadPlant } from "../src/config/load.ts";
import type { Plant } from "../src/config/plant.ts";
import { systemClock } from "../src/domain/system-clock.ts";
import type { Clock } from "../src/domain/time.ts";
import { durationMs } from "./duration.ts";
import type { Duration } from "./duration.ts";
import type { Endpoints } from "./endpoints.ts";
import type { FaultRequest } from "./faults/catalogue.ts";
import { inject } from "./faults/inject.ts";
import type { FaultGround, FaultHandle } from "./faults/inject.ts";
import { ORIGIN } from "./instruments/noise.ts";
import { createOutlet } from "./instruments/outlet.ts";
import { steadyState } from "./instruments/steady-state.ts";
import type { ValueSource } from "./instruments/value-source.ts";
import { createWireRecord } from "./instruments/wire-record.ts";
import type { SentValue, WireRecord } from "./instruments/wire-record.ts";
import type { ModelOptions } from "./plant/model.ts";
import { createProcess, modelOf, noProcess, scheduleSettings } from "./process-plant.ts";
import type { Process, ProcessView } from "./process-plant.ts";
import { loadScenario } from "./scenario.ts";
import type { Scenario } from "./scenario.ts";
import { openConnections } from "./servers/connections.ts";
import type { PortChoice } from "./servers/connections.ts";
import type { LineCounters } from "./servers/modbus-line.ts";
import { SERVER_CERTIFICATE, TRUSTED_CERTIFICATES } from "./servers/opcua-trust.ts";
import type { Addressing } from "./servers/register-table.ts";
import { SHIPPED_PLANT } from "./shipped-plant.ts";
import { virtualClock } from "./virtual-clock.ts";
import type { VirtualClock } from "./virtual-clock.ts";

export interface StartOptions {
  /** A plant file, or a plant already loaded; the Puma plant when absent. */
  readonly plant?: string | Plant;
  /** Of all random streams; 1 when absent. */
  readonly seed?: number;
  /** `ephemeral` (usual): any free ports and a link in a temporary folder. `as-configured`: those of the plant file.
   *  `next-free`: those of the plant file or the next free above. */
  readonly ports?: PortChoice;
  /** `real` (usual), `virtual` (stands still until `advance`), or a clock of one's own. */
  readonly clock?: "real" | "virtual" | Clock;
  /** Keys and certificates of the OPC UA servers; a temporary folder when absent. */
  readonly pkiDir?: string;
  /** Lets unknown OPC UA clients in. */
  readonly trustAll?: boolean;
  /** Values are the same within a step of this many ms; 100 when absent. */
  readonly refreshMs?: number;
  /** Serial replies take the time that their bytes take at the line's baud rate; off when absent. */
  readonly isPaced?: boolean;
  readonly addressing?: Addressing;
  /** What the instruments show; the process model when absent and the plant is the modelled one, else a steady state. */
  readonly source?: ValueSource;
  /** How the process model begins and what it is fed. */
  readonly model?: ModelOptions;
  /** What happens to the plant: a scenario, the name of a shipped one, or a file. Its own model wins over `model`. */
  readonly scenario?: string | Scenario;
  /** How long the process has been running already, ms; not at all when absent. What it did can be asked of `past`. */
  readonly pastMs?: number;
  /** Where the laboratory drops its results as CSV and JSON files. */
  readonly assayDir?: string;
  /** How long its results take as a share of what is usual; 1 when absent. */
  readonly turnaround?: number;
}

export interface SimulatedPlant extends ProcessView, AsyncDisposable {
  readonly plant: Plant;
  readonly endpoints: Endpoints;
  readonly clock: Clock;
  /** PEM of the OPC UA servers; null when the plant has none. */
  readonly serverCertificateFile: string | null;
  /** Certificates put here are let in; null when the plant has no OPC UA. */
  readonly trustedCertificatesDir: string | null;
  /** The value of each tag of a device that last went over the wire, by tag id; tags never asked for are absent.
   *  On OPC UA this is the last value sampled, which the server's deadband may have held back. */
  sent(device: string): Readonly<Record<string, SentValue>>;
  /** What went over the wire of one tag, oldest first, at most two minutes. */
  history(tag: string): readonly SentValue[];
  /** What a Modbus connection has answered so far. Throws RangeError for one that is not Modbus. */
  counters(connection: string): Readonly<LineCounters>;
  inject(request: FaultRequest): FaultHandle;
  /** Moves the virtual clock on. Throws when the clock is not a virtual one. */
  advance(duration: Duration): Promise<void>;
  close(): Promise<void>;
}

const USUAL = {
  plant: SHIPPED_PLANT,
  seed: 1,
  ports: "ephemeral",
  clock: "real",
  trustAll: false,
  refreshMs: 100,
  isPaced: false,
  addressing: "span",
} as const;

/** Starts a plant's simulated devices on real sockets and terminals. Resolves when everything listens. */
export async function startPlant(options: StartOptions = {}): Promise<SimulatedPlant> {
  const chosen = { ...USUAL, ...options };
  const plant = typeof chosen.plant === "string" ? loadPlant(chosen.plant) : chosen.plant;
  const clock = clockOf(chosen.clock);
  const record = createWireRecord(plant.tags.length);
  const { scenario, process, source } = behind(plant, clock, chosen);
  const outlet = createOutlet(source, record, chosen.refreshMs);
  const scratchDir = mkdtempSync(join(tmpdir(), "puma-simulators-"));
  const pkiDir = chosen.pkiDir ?? join(scratchDir, "pki");
  const connections = await openConnections({ ...chosen, plant, outlet, clock, pkiDir, scratchDir }).catch(
    (error: unknown) => {
      removeFolder(scratchDir);
      throw error;
    },
  );
  const { lines, listeners } = connections;
  const closing = new AbortController();
  const parts = { source: process?.source ?? null, laboratory: process?.laboratory ?? null };
  const ground = { plant, lines, listeners, outlet, clock, ...parts, closing: closing.signal };
  const calledOff = begin(ground, process, scenario);

  async function close(): Promise<void> {
    closing.abort();
    calledOff();
    await connections.close();
    removeFolder(scratchDir);
  }

  return {
    plant,
    clock,
    endpoints: connections.endpoints,
    ...certificatePlaces(plant, pkiDir),
    ...wireView(plant, record),
    ...(process?.view ?? noProcess(plant)),
    counters: (id) => named(lines, id, `Modbus connection of ${plant.id}`).counters,
    inject: (request) => inject(ground, request),
    async advance(duration) {
      if (!("advance" in clock)) throw new Error("Only a plant on the virtual clock can be advanced.");
      await (clock as VirtualClock).advance(durationMs(duration));
      process?.refresh();
    },
    close,
    [Symbol.asyncDispose]: close,
  };
}

/** What stands behind the instruments. */
function behind(plant: Plant, clock: Clock, options: StartOptions & { readonly seed: number }) {
  const { seed, assayDir = null, turnaround, pastMs } = options;
  const scenario =
    typeof options.scenario === "string" ? loadScenario(options.scenario) : (options.scenario ?? null);
  if (options.source !== undefined) return { scenario, process: null, source: options.source };
  const model = scenario === null ? (options.model ?? {}) : modelOf(scenario);
  const process = createProcess(plant, clock, { seed, model, assayDir, turnaround, pastMs });
  return { scenario, process, source: process?.source ?? steadyState(plant, seed) };
}

/** Sets the process going, and the scenario. The result stops what is still to come. */
function begin(ground: FaultGround, process: Process | null, scenario: Scenario | null): () => void {
  const { clock } = ground;
  if (!("advance" in clock)) process?.keepUp();
  for (const fault of scenario?.faults ?? []) inject(ground, fault);
  const callOff = process === null || scenario === null ? null : scheduleSettings(process, scenario, clock);
  return () => {
    process?.stop();
    callOff?.();
  };
}

function certificatePlaces(plant: Plant, pkiDir: string) {
  const hasOpcUa = plant.connections.some(({ protocol }) => protocol === "opcua");
  return {
    serverCertificateFile: hasOpcUa ? join(pkiDir, SERVER_CERTIFICATE) : null,
    trustedCertificatesDir: hasOpcUa ? join(pkiDir, TRUSTED_CERTIFICATES) : null,
  };
}

function wireView(plant: Plant, record: WireRecord): Pick<SimulatedPlant, "sent" | "history"> {
  const tags = new Map(plant.tags.map((tag) => [tag.id, tag]));
  const devices = Map.groupBy(plant.tags, (tag) => tag.device);
  return {
    sent(device) {
      const its = named(devices, device, `device of ${plant.id}`);
      const latest = its.map((tag) => [tag.id, record.latest(tag)] as const);
      return Object.fromEntries(latest.filter((pair): pair is [string, SentValue] => pair[1] !== null));
    },
    history: (id) => record.history(named(tags, id, `tag of ${plant.id}`)),
  };
}

function named<T>(all: ReadonlyMap<string, T>, id: string, kind: string): T {
  const one = all.get(id);
  if (one === undefined) throw new RangeError(`There is no ${kind} called "${id}".`);
  return one;
}

function removeFolder(folder: string): void {
  rmSync(folder, { recursive: true, force: true });
}

function clockOf(clock: "real" | "virtual" | Clock): Clock {
  if (clock === "virtual") return virtualClock(ORIGIN);
  return clock === "real" ? systemClock : clock;
}
