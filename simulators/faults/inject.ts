import type { Plant } from "../../src/config/plant.ts";
import type { Clock } from "../../src/domain/time.ts";
import { durationMs } from "../duration.ts";
import type { Outlet } from "../instruments/outlet.ts";
import type { Listener } from "../servers/listener.ts";
import type { ModbusLine } from "../servers/modbus-line.ts";
import type { FaultName, FaultRequest } from "./catalogue.ts";
import type { LinkFault, LinkFaultKind } from "./link-fault.ts";
import { struckBy } from "./target.ts";
import type { Struck } from "./target.ts";
import { valueFault } from "./value-fault.ts";

/** A fault that is under way, or will be. */
export interface FaultHandle {
  readonly fault: FaultName;
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
  const struck = struckBy(request, ground.plant);
  const begin = prepare(ground, request, struck);
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
    fault: struck.name,
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

function changeValues(
  { outlet, clock }: FaultGround,
  request: FaultRequest,
  { name, tags }: Struck,
): Started {
  const now = clock.now();
  const undos = tags.map((tag) => {
    const fault = valueFault(name, request, tag, outlet, now);
    return fault === null ? null : outlet.addFault(tag, fault);
  });
  return { done: DONE, undo: () => undos.forEach((undo) => undo?.()) };
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
