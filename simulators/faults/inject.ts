import type { Plant } from "../../src/config/plant.ts";
import { say } from "../../src/domain/said.ts";
import { UnfitWish } from "../../src/domain/simulation.ts";
import type { Clock } from "../../src/domain/time.ts";
import { durationMs } from "../duration.ts";
import type { Outlet } from "../instruments/outlet.ts";
import type { ProcessSource } from "../instruments/process-source.ts";
import { disturb, isLaboratoryFault } from "../laboratory/faults.ts";
import type { LaboratoryFault } from "../laboratory/faults.ts";
import type { Laboratory } from "../laboratory/laboratory.ts";
import { isUpset } from "../plant/upsets.ts";
import type { UpsetName } from "../plant/upsets.ts";
import type { Listener } from "../servers/listener.ts";
import type { ModbusLine } from "../servers/modbus-line.ts";
import type { FaultName, FaultRequest } from "./catalogue.ts";
import { instrumentFault } from "./instrument-fault.ts";
import type { LinkFault, LinkFaultKind } from "./link-fault.ts";
import { struckBy } from "./target.ts";
import type { Struck } from "./target.ts";
import { valueFault } from "./value-fault.ts";

/** A fault that is under way, or will be. */
export interface FaultHandle {
  readonly fault: string;
  readonly isActive: boolean;
  /** Resolves when the fault is in force: at once for most, after the sockets are closed for `refuse`. */
  readonly begun: Promise<void>;
  /** Ends the fault; resolves when what it struck is whole again. Clearing twice is harmless. */
  clear(): Promise<void>;
}

/** What faults work on. */
export interface FaultGround {
  readonly plant: Plant;
  readonly lines: ReadonlyMap<string, ModbusLine>;
  readonly listeners: ReadonlyMap<string, Listener>;
  readonly outlet: Outlet;
  readonly clock: Clock;
  /** The process model; null when a table stands in for it. */
  readonly source: ProcessSource | null;
  /** Likewise. */
  readonly laboratory: Laboratory | null;
  /** Aborted when the plant closes: faults that are to come stay away, and the ones under way end with the sockets. */
  readonly closing: AbortSignal;
}

/** Takes the fault back. */
type Undo = () => Promise<void> | void;

const SLOW_MS = 200;
const PAUSE_MS = 20;
const PIECES = 3;
/** A late reply comes when half a time-out more has passed. */
const LATE_TIMEOUTS = 1.5;
const DEVICE_FAILURE = 4;

/** Starts a fault, now or later, for a time or until it is cleared.
 *  Throws RangeError with a sentence when the fault, its target or one of its fields makes no sense. */
export function inject(ground: FaultGround, request: FaultRequest): FaultHandle {
  if (isUpset(request.fault)) return run(ground, request, upsetProcess(ground, request.fault, request));
  if (isLaboratoryFault(request.fault))
    return run(ground, request, upsetLaboratory(ground, request.fault, request));
  return run(ground, request, prepare(ground, request, struckBy(request, ground.plant)));
}

function run(ground: FaultGround, request: FaultRequest, begin: () => Started): FaultHandle {
  const { clock } = ground;
  const forMs = request.for === undefined ? null : durationMs(request.for);
  const atMs = request.at === undefined ? 0 : durationMs(request.at);
  const begun = Promise.withResolvers<void>();
  let undo: Undo | null = null;
  let isCleared = false;
  let cancel = (): void => {};

  async function clear(): Promise<void> {
    if (isCleared) return;
    isCleared = true;
    cancel();
    await begun.promise;
    await undo?.();
    undo = null;
  }

  function start(): void {
    const started = begin();
    undo = started.undo;
    begun.resolve(started.done);
    if (forMs !== null) cancel = clock.schedule(forMs, () => void clear());
  }

  if (atMs === 0) start();
  else cancel = clock.schedule(atMs, start);
  ground.closing.addEventListener("abort", () => {
    isCleared = true;
    cancel();
    begun.resolve();
  });
  return {
    fault: request.fault,
    get isActive() {
      return undo !== null && !isCleared;
    },
    begun: begun.promise,
    clear: () => {
      if (undo === null && !isCleared) begun.resolve();
      return clear();
    },
  };
}

interface Started {
  readonly undo: Undo;
  readonly done: Promise<void>;
}

const DONE = Promise.resolve();

/** Checks everything that can be checked before the fault begins. */
function prepare(ground: FaultGround, request: FaultRequest, struck: Struck): () => Started {
  const { name, connection } = struck;
  const listener = ground.listeners.get(connection.id);
  const line = ground.lines.get(connection.id);
  if (name === "refuse") return () => refuse(listener);
  if (line === undefined && name === "dead") return () => stall(listener);
  if (name === "exception") return () => addTo(line?.exceptionFaults, exceptionOf(request, struck));
  if (isLinkFault(name)) {
    const fault = linkFaultOf(name, request, struck);
    return () => addTo(line?.linkFaults, fault);
  }
  // Made once to find out whether it fits, and again when it begins, because some depend on the value of that moment.
  for (const tag of struck.tags) valueFault(name, request, tag, ground.outlet, ground.clock.now());
  return () => changeValues(ground, request, struck);
}

function refuse(listener: Listener | undefined): Started {
  return { done: listener?.close() ?? DONE, undo: () => listener?.open() };
}

function stall(listener: Listener | undefined): Started {
  listener?.stall?.(true);
  return { done: DONE, undo: () => listener?.stall?.(false) };
}

function addTo<T>(faults: Set<T> | undefined, fault: T): Started {
  faults?.add(fault);
  return { done: DONE, undo: () => void faults?.delete(fault) };
}

/** A fault of the instrument strikes in the process model where there is one, because its PLCs see it too; what lies behind the
 *  instrument, and every fault where there is no model, changes what goes out. */
function changeValues(
  { outlet, clock, source }: FaultGround,
  request: FaultRequest,
  { name, tags }: Struck,
): Started {
  const now = clock.now();
  source?.catchUp(now);
  const undos = tags.flatMap((tag) => {
    const atInstrument = source === null ? null : instrumentFault(name, request, tag);
    const healed = atInstrument === null ? null : (source?.strike(tag, atInstrument) ?? null);
    if (healed !== null && isDeviation(name)) return [healed];
    const fault = valueFault(name, request, tag, outlet, now);
    const undone = fault === null ? null : outlet.addFault(tag, fault);
    return [healed, undone].filter((undo) => undo !== null);
  });
  return {
    done: DONE,
    undo: () => {
      source?.catchUp(clock.now());
      for (const undo of undos) undo();
    },
  };
}

function isDeviation(name: FaultName): boolean {
  return name === "bias" || name === "gain" || name === "drift" || name === "spike";
}

function upsetProcess(
  { source, clock, plant }: FaultGround,
  name: UpsetName,
  request: FaultRequest,
): () => Started {
  if (source === null) throw noProcess(plant, name);
  refuseForeign(request);
  return () => {
    source.catchUp(clock.now());
    const end = source.model.upset(name, request.amount);
    const undo = (): void => {
      source.catchUp(clock.now());
      end();
    };
    return { done: DONE, undo };
  };
}

function upsetLaboratory(ground: FaultGround, name: LaboratoryFault, request: FaultRequest): () => Started {
  const { source, laboratory, clock, plant } = ground;
  if (source === null || laboratory === null) throw noProcess(plant, name);
  refuseForeign(request);
  return () => {
    source.catchUp(clock.now());
    const end = disturb(laboratory.bench, name, request.amount);
    const undo = (): void => {
      source.catchUp(clock.now());
      end();
    };
    return { done: DONE, undo };
  };
}

function noProcess({ id }: Plant, fault: string): UnfitWish {
  return new UnfitWish(say("no-process", { plant: id, fault }));
}

const UPSET_FIELDS: ReadonlySet<string> = new Set(["fault", "at", "for", "amount"]);

function refuseForeign(request: FaultRequest): void {
  const foreign = Object.keys(request).find((field) => !UPSET_FIELDS.has(field));
  if (foreign !== undefined)
    throw new UnfitWish(say("fault-takes-not", { fault: request.fault, field: foreign }));
}

const LINK_FAULTS: readonly string[] = [
  "dead",
  "slow",
  "late-reply",
  "wrong-transaction-id",
  "wrong-unit",
  "truncated-frame",
  "split-frame",
  "corrupt-crc",
] satisfies LinkFaultKind[];

function isLinkFault(name: FaultName): name is LinkFaultKind {
  return LINK_FAULTS.includes(name);
}

function linkFaultOf(kind: LinkFaultKind, request: FaultRequest, struck: Struck): LinkFault {
  const every = request.every ?? 1;
  const pieces = request.pieces ?? PIECES;
  if (!(Number.isInteger(every) && every >= 1)) throw new RangeError("every takes a whole number from 1 on.");
  if (!(Number.isInteger(pieces) && pieces >= 2))
    throw new RangeError("pieces takes a whole number from 2 on.");
  const usualMs = { slow: SLOW_MS, "late-reply": LATE_TIMEOUTS * struck.connection.timeoutMs }[
    kind as string
  ];
  const delayMs = request.delay === undefined ? (usualMs ?? PAUSE_MS) : durationMs(request.delay);
  return { kind, units: unitsOf(struck), every, delayMs, pieces };
}

function exceptionOf(request: FaultRequest, struck: Struck) {
  const code = request.code ?? DEVICE_FAILURE;
  if (!(Number.isInteger(code) && code >= 1 && code <= 255))
    throw new RangeError("code takes a whole number from 1 to 255.");
  return { code, addresses: request.addresses ?? null, units: unitsOf(struck) };
}

function unitsOf({ device }: Struck): ReadonlySet<number> | null {
  return device === null || device.unit === null ? null : new Set([device.unit]);
}
