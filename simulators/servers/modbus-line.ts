import type { Device } from "../../src/config/plant.ts";
import type { Tag } from "../../src/domain/tag.ts";
import type { Clock } from "../../src/domain/time.ts";
import { mbapFrame, rtuFrame } from "../codec/frames.ts";
import type { Request } from "../codec/frames.ts";
import { applyLinkFault } from "../faults/link-fault.ts";
import type { Delivery, Framing, LinkFault } from "../faults/link-fault.ts";
import type { Outlet } from "../instruments/outlet.ts";
import { createModbusUnit, exceptionPdu, isWriteCode, MODBUS_EXCEPTION } from "./modbus-unit.ts";
import type { ExceptionFault, ModbusUnit } from "./modbus-unit.ts";
import type { Addressing } from "./register-table.ts";

/** Hands bytes to the client; does nothing once it has gone. */
export type Send = (bytes: Buffer) => void;

/** Counts since the start. */
export interface LineCounters {
  clients: number;
  clientsRefused: number;
  requests: number;
  /** Of the requests, those that would change something. */
  writes: number;
  replies: number;
  exceptions: number;
  malformedFrames: number;
}

export function zeroLineCounters(): LineCounters {
  return {
    clients: 0,
    clientsRefused: 0,
    requests: 0,
    writes: 0,
    replies: 0,
    exceptions: 0,
    malformedFrames: 0,
  };
}

export interface UnitExceptionFault extends ExceptionFault {
  readonly units: ReadonlySet<number> | null;
}

/** The devices behind one connection, and what is wrong with it at the moment. */
export interface ModbusLine {
  readonly framing: Framing;
  readonly counters: LineCounters;
  readonly linkFaults: Set<LinkFault>;
  readonly exceptionFaults: Set<UnitExceptionFault>;
  /** Answers a request, or stays silent as a device would. */
  receive(request: Request, send: Send): void;
}

export interface LineOptions {
  readonly framing: Framing;
  readonly devices: readonly Device[];
  readonly tags: readonly Tag[];
  readonly outlet: Outlet;
  readonly clock: Clock;
  readonly addressing: Addressing;
  /** Time that a byte takes on the line, ms; 0 answers at once. */
  readonly msPerByte: number;
}

const NO_FAULTS: readonly ExceptionFault[] = [];
/** Function code, start address, quantity, unit and checksum: what a read takes on a serial line. */
const READ_FRAME_BYTES = 8;

export function createModbusLine(options: LineOptions): ModbusLine {
  const { framing, clock, msPerByte } = options;
  const units = unitsOf(options);
  const linkFaults = new Set<LinkFault>();
  const exceptionFaults = new Set<UnitExceptionFault>();
  const struck = new Map<LinkFault, number>();
  const counters = zeroLineCounters();

  function exceptionsOf(unit: number): readonly ExceptionFault[] {
    if (exceptionFaults.size === 0) return NO_FAULTS;
    return [...exceptionFaults].filter((fault) => fault.units === null || fault.units.has(unit));
  }

  /** Counts the replies that a fault could strike and says whether this one is struck. */
  function strikes(fault: LinkFault, unit: number): boolean {
    if (fault.units !== null && !fault.units.has(unit)) return false;
    const seen = (struck.get(fault) ?? 0) + 1;
    struck.set(fault, seen);
    return seen % fault.every === 0;
  }

  function deliver(unit: number, frame: Buffer, send: Send): void {
    if (linkFaults.size === 0 && msPerByte === 0) {
      counters.replies++;
      send(frame);
      return;
    }
    const lineMs = msPerByte * (READ_FRAME_BYTES + frame.length);
    let delivery: Delivery | null = { frame, delayMs: lineMs, pieces: 1, pauseMs: 0 };
    for (const fault of linkFaults)
      if (delivery !== null && strikes(fault, unit)) delivery = applyLinkFault(delivery, fault, framing);
    if (delivery === null) return;
    counters.replies++;
    sendLater(clock, delivery, send);
  }

  return {
    framing,
    counters,
    linkFaults,
    exceptionFaults,
    receive({ transaction, unit, pdu }, send) {
      counters.requests++;
      if (isWriteCode(pdu[0] ?? 0)) counters.writes++;
      const device = units.get(unit);
      const reply = device?.answer(pdu, clock.now(), exceptionsOf(unit)) ?? absent(framing, pdu);
      if (reply === null) return;
      if (((reply[0] ?? 0) & 0x80) !== 0) counters.exceptions++;
      deliver(unit, framing === "mbap" ? mbapFrame(transaction, unit, reply) : rtuFrame(unit, reply), send);
    },
  };
}

/** On a serial line nobody answers for a unit that is not there (and nobody answers a broadcast); a TCP server says that its
 *  target is silent. */
function absent(framing: Framing, pdu: Buffer): Buffer | null {
  return framing === "rtu" ? null : exceptionPdu(pdu[0] ?? 0, MODBUS_EXCEPTION.targetSilent);
}

/** Devices that share a unit id are one device with several profiles. */
function unitsOf({ devices, tags, outlet, addressing }: LineOptions): ReadonlyMap<number, ModbusUnit> {
  const units = new Map<number, ModbusUnit>();
  for (const [unit, sharing] of Map.groupBy(devices, (device) => device.unit)) {
    const [device] = sharing;
    if (unit === null || device === undefined) continue;
    const ids = new Set(sharing.map(({ id }) => id));
    const its = tags.filter((tag) => ids.has(tag.device));
    units.set(unit, createModbusUnit(device, its, outlet, addressing));
  }
  return units;
}

function sendLater(clock: Clock, { frame, delayMs, pieces, pauseMs }: Delivery, send: Send): void {
  const size = Math.ceil(frame.length / pieces);
  for (let piece = 0; piece * size < frame.length; piece++) {
    const bytes = frame.subarray(piece * size, (piece + 1) * size);
    const waitMs = delayMs + piece * pauseMs;
    if (waitMs === 0) send(bytes);
    else clock.schedule(waitMs, () => send(bytes));
  }
}
