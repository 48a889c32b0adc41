import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { AssayPoint, Metallurgy } from "../../src/config/metallurgy.ts";
import type { Plant } from "../../src/config/plant.ts";
import type { Assay } from "../../src/domain/assay.ts";
import { systemClock } from "../../src/domain/system-clock.ts";
import type { Clock, EpochMs } from "../../src/domain/time.ts";
import { startGateway } from "../../src/gateway/gateway.ts";
import type { Gateway } from "../../src/gateway/gateway.ts";
import { silentLog } from "./http-server.ts";
import { plantOf } from "./simulated-plant.ts";

const NONE = { relative: 0, absolute: 0 };

export function pointOf(id: string, unit: string, changes: Partial<AssayPoint> = {}): AssayPoint {
  const error = { systematic: NONE, random: { relative: 0.03, absolute: 0.005 }, correlationMs: 0 };
  const usual = { stream: null, solids: null, every: "shift", range: null } as const;
  return { id, title: `Point ${id}`, unit, error, ...usual, ...changes };
}

export function metallurgyOf(changes: Partial<Metallurgy> = {}): Metallurgy {
  return {
    metrics: [],
    flowsheet: { nodes: [], streams: [] },
    assays: [
      pointOf("AY-901", "g/t", { range: [0, 200] }),
      pointOf("AY-903", "g/t"),
      pointOf("AY-904", "mg/L"),
      pointOf("AY-950", "%", { range: [0, 30] }),
    ],
    instruments: {},
    laboratory: { standards: { "OREAS-5": { value: 5.05, sd: 0.15 } }, blankMax: 0.02 },
    plan: {},
    ...changes,
  };
}

/** A clock of the machine that says another time. */
export function clockAt(now: () => EpochMs): Clock {
  return { ...systemClock, now };
}

/** Fields of the answers that tests look at one by one. */
export interface AnswerBody {
  readonly message?: string;
  readonly faults?: readonly { readonly row: number; readonly column: string; readonly sentence: string }[];
  readonly added?: number;
}

export interface Answer {
  readonly status: number;
  readonly body: AnswerBody;
}

/** A real gateway of a plant without devices, and how to talk to it. */
export interface LaboratoryGateway extends AsyncDisposable {
  readonly gateway: Gateway;
  readonly dataDir: string;
  get(path: string): Promise<Answer>;
  post(path: string, body: unknown): Promise<Answer>;
  postCsv(path: string, body: string | Uint8Array<ArrayBuffer>): Promise<Answer>;
  assays(query?: string): Promise<Assay[]>;
  /** Stops it and starts it again on the same data. */
  restart(): Promise<void>;
}

export async function startLaboratory(
  clock: Clock,
  changes: Partial<Plant> = {},
  webDir = "/nowhere",
): Promise<LaboratoryGateway> {
  const dataDir = await mkdtemp(join(tmpdir(), "puma-laboratory-"));
  const plant: Plant = {
    ...plantOf([], [], []),
    metallurgy: metallurgyOf(),
    data: { dir: dataDir, spoolBytesMax: 1_000_000, groupCommitMs: 20, historyDays: 400 },
    ...changes,
  };
  const start = (): Promise<Gateway> =>
    startGateway({
      plant,
      version: "test",
      clock,
      speed: 1,
      sinkClock: systemClock,
      seed: 1,
      log: silentLog,
      webDir,
    });
  let gateway = await start();
  const send = async (path: string, init: RequestInit = {}): Promise<Answer> => {
    const response = await fetch(gateway.httpUrl + path, init);
    return { status: response.status, body: (await response.json()) as AnswerBody };
  };
  const post = (path: string, type: string, body: string | Uint8Array<ArrayBuffer>): Promise<Answer> =>
    send(path, { method: "POST", headers: { "content-type": type }, body });
  return {
    get gateway() {
      return gateway;
    },
    dataDir,
    get: (path) => send(path),
    post: (path, body) => post(path, "application/json", JSON.stringify(body)),
    postCsv: (path, body) => post(path, "text/csv", body),
    assays: async (query = "") => (await send(`/api/v1/assays${query}`)).body as unknown as Assay[],
    async restart() {
      await gateway.stop();
      gateway = await start();
    },
    async [Symbol.asyncDispose]() {
      await gateway.stop();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}
