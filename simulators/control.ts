import { chmodSync, mkdirSync, rmSync } from "node:fs";
import { connect, createServer } from "node:net";
import type { Server, Socket } from "node:net";
import { dirname, relative } from "node:path";
import { say, saidElsewhere } from "../src/domain/said.ts";
import { UnfitWish } from "../src/domain/simulation.ts";
import type {
  FaultWish,
  RunningFault,
  SimulatorAnswer,
  SimulatorFault,
  SimulatorOrder,
  SimulatorSetpoint,
  SimulatorState,
} from "../src/domain/simulation.ts";
import { FAULTS } from "./faults/catalogue.ts";
import type { FaultDefinition, FaultRequest } from "./faults/catalogue.ts";
import type { FaultHandle } from "./faults/inject.ts";
import type { SimulatedPlant } from "./index.ts";
import { isModelled } from "./instruments/process-source.ts";
import { LABORATORY_FAULTS } from "./laboratory/faults.ts";
import { SETPOINTS } from "./plant/setpoints.ts";
import type { SetpointName } from "./plant/setpoints.ts";
import { UPSETS } from "./plant/upsets.ts";

/** Longest order, bytes. */
const ORDER_BYTES_MAX = 10_000;
/** Faults under way at once. */
const RUNNING_MAX = 100;
/** An order that has not come after so long will not come, ms. */
const ORDER_MAX_MS = 5_000;

export interface Control {
  close(): Promise<void>;
}

interface Running extends RunningFault {
  readonly handle: FaultHandle;
}

/** Listens on a Unix socket, which only this user may open, for what a gateway asks of the simulators. Throws when those of another
 *  process listen there: what a dead one left behind is taken over. */
export async function openControl(plant: SimulatedPlant, path: string): Promise<Control> {
  const running = new Map<number, Running>();
  const numbers = { next: 1 };
  const server = createServer((socket) => hear(socket, (order) => obey({ plant, running, numbers }, order)));
  mkdirSync(dirname(path), { recursive: true });
  if (await isHeld(shortest(path))) throw new Error(`other simulators listen at ${path}`);
  rmSync(path, { force: true });
  await listen(server, shortest(path));
  chmodSync(path, 0o600);
  return {
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
      }),
  };
}

/** The name of a socket may have no more than about a hundred bytes; from here it is often shorter. */
function shortest(path: string): string {
  const fromHere = relative(process.cwd(), path);
  return fromHere.length < path.length ? fromHere : path;
}

function isHeld(path: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(path, () => {
      socket.destroy();
      resolve(true);
    });
    socket.once("error", () => resolve(false));
  });
}

function listen(server: Server, path: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(path, resolve);
  });
}

function hear(socket: Socket, obeyed: (order: SimulatorOrder) => Promise<SimulatorAnswer>): void {
  let text = "";
  socket.setEncoding("utf8");
  socket.setTimeout(ORDER_MAX_MS, () => socket.destroy());
  socket.on("error", () => socket.destroy());
  socket.on("data", (chunk: string) => {
    text += chunk;
    if (text.length > ORDER_BYTES_MAX) return void socket.destroy();
    const [line, rest] = text.split("\n", 2);
    if (rest === undefined) return;
    socket.removeAllListeners("data");
    const order = readOrder(line ?? "");
    if (order === null) return void socket.destroy();
    void obeyed(order)
      .catch(refusal)
      .then((answer) => socket.end(`${JSON.stringify(answer)}\n`));
  });
}

function readOrder(line: string): SimulatorOrder | null {
  try {
    return JSON.parse(line) as SimulatorOrder;
  } catch {
    return null;
  }
}

interface Ground {
  readonly plant: SimulatedPlant;
  readonly running: Map<number, Running>;
  readonly numbers: { next: number };
}

async function obey(ground: Ground, order: SimulatorOrder): Promise<SimulatorAnswer> {
  const { plant, running } = ground;
  if (order.ask === "inject") await start(ground, order.wish);
  if (order.ask === "clear") {
    const fault = running.get(order.id);
    if (fault === undefined) throw new UnfitWish(say("no-fault-running", { id: order.id }));
    await fault.handle.clear();
  }
  if (order.ask === "set") {
    if (!isModelled(plant.plant) || !Object.hasOwn(SETPOINTS, order.setpoint))
      throw new UnfitWish(say("no-setpoint", { setpoint: order.setpoint }));
    plant.set(order.setpoint as SetpointName, order.value);
  }
  return { state: stateOf(ground) };
}

/** What makes no sense is told; anything else is a bug and goes on. */
function refusal(error: unknown): SimulatorAnswer {
  if (error instanceof UnfitWish) return { refused: error.said };
  if (error instanceof RangeError) return { refused: saidElsewhere(error.message) };
  throw error;
}

async function start({ plant, running, numbers }: Ground, { forMs, ...wish }: FaultWish): Promise<void> {
  prune(running);
  if (running.size >= RUNNING_MAX) throw new UnfitWish(say("faults-enough", { most: RUNNING_MAX }));
  const request = Object.fromEntries(
    Object.entries({ ...wish, for: forMs }).filter(([, value]) => value !== undefined),
  ) as unknown as FaultRequest;
  const handle = plant.inject(request);
  await handle.begun;
  const since = plant.clock.now();
  const id = numbers.next++;
  running.set(id, {
    id,
    fault: wish.fault,
    target: wish.tag ?? wish.device ?? wish.connection ?? null,
    amount: wish.amount ?? null,
    since,
    until: forMs === undefined ? null : since + forMs,
    handle,
  });
}

/** Forgets what is over. */
function prune(running: Map<number, Running>): void {
  for (const [id, { handle }] of running) if (!handle.isActive) running.delete(id);
}

function stateOf({ plant, running }: Ground): SimulatorState {
  prune(running);
  const faults = [...running.values()].map(({ id, fault, target, amount, since, until }): RunningFault => ({
    id,
    fault,
    target,
    amount,
    since,
    until,
  }));
  // A plant that is simulated from a table has neither setpoints nor a process to be upset.
  const hasProcess = isModelled(plant.plant);
  return {
    known: hasProcess ? KNOWN : KNOWN.filter(({ targets }) => targets.length > 0),
    running: faults,
    setpoints: hasProcess ? setpointsOf(plant) : [],
  };
}

function setpointsOf(plant: SimulatedPlant): SimulatorSetpoint[] {
  return Object.entries(SETPOINTS).map(([setpoint, { title, unit, low, high }]) => {
    const value = plant.setpoint(setpoint as SetpointName);
    return { setpoint, title, unit, low, high, value };
  });
}

const ON_THE_WIRE: ReadonlySet<string> = new Set(["connection"]);

const KNOWN: readonly SimulatorFault[] = [
  ...Object.entries<FaultDefinition>(FAULTS).map(([fault, { meaning, targets, protocols, takes }]) => ({
    fault,
    group: targets.some((target) => ON_THE_WIRE.has(target)) ? ("wire" as const) : ("instrument" as const),
    meaning,
    targets,
    protocols,
    takesAmount: takes.includes("amount"),
    usualAmount: null,
  })),
  ...plantFaults("process", UPSETS),
  ...plantFaults("laboratory", LABORATORY_FAULTS),
];

function plantFaults(
  group: SimulatorFault["group"],
  faults: Readonly<Record<string, { readonly meaning: string; readonly usualAmount: number }>>,
): SimulatorFault[] {
  return Object.entries(faults).map(([fault, { meaning, usualAmount }]) => ({
    fault,
    group,
    meaning,
    targets: [],
    protocols: [],
    // A switch that is thrown knows no more or less.
    takesAmount: usualAmount !== 1,
    usualAmount,
  }));
}
