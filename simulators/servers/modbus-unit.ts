import type { Device } from "../../src/config/plant.ts";
import type { ModbusTable, Tag } from "../../src/domain/tag.ts";
import type { EpochMs } from "../../src/domain/time.ts";
import type { Outlet } from "../instruments/outlet.ts";
import { createRegisterTable } from "./register-table.ts";
import type { Addressing, RegisterTable } from "./register-table.ts";

/** Exception codes, MODBUS Application Protocol V1.1b3, 7. */
export const MODBUS_EXCEPTION = {
  illegalFunction: 1,
  illegalDataAddress: 2,
  illegalDataValue: 3,
  deviceFailure: 4,
  targetSilent: 11,
} as const;

/** A fault that makes the device answer "no" to some reads. */
export interface ExceptionFault {
  readonly code: number;
  /** Addresses, ends included, that a read must touch to be refused; null for every read. */
  readonly addresses: readonly [first: number, last: number] | null;
}

/** One Modbus device: answers request PDUs from its tags. */
export interface ModbusUnit {
  readonly device: Device;
  answer(request: Buffer, now: EpochMs, faults: readonly ExceptionFault[]): Buffer;
}

const TABLE_BY_FUNCTION: Readonly<Record<number, ModbusTable>> = {
  1: "coil",
  2: "discrete",
  3: "holding",
  4: "input",
};
const BITS_MAX = 2000;
const REGISTERS_MAX = 125;
const READ_REQUEST_BYTES = 5;
const WRITE_ANSWER_BYTES = 5;
const COIL_ON = 0xff00;

export function createModbusUnit(
  device: Device,
  tags: readonly Tag[],
  outlet: Outlet,
  addressing: Addressing,
): ModbusUnit {
  const tables = new Map<ModbusTable, RegisterTable>();
  for (const [table, its] of Map.groupBy(tags, tableOf))
    if (table !== null)
      tables.set(table, createRegisterTable(its, outlet, addressing, forbiddenIn(table, device)));

  return {
    device,
    answer(request, now, faults) {
      const code = request[0] ?? 0;
      if (isWriteCode(code))
        return writeAnswer(request, faults, outlet.step(now), (table) => tables.get(table));
      const table = TABLE_BY_FUNCTION[code];
      if (table === undefined) return exceptionPdu(code, MODBUS_EXCEPTION.illegalFunction);
      const isBits = code <= 2;
      if (!isSound(request, quantityMax(device, isBits)))
        return exceptionPdu(code, MODBUS_EXCEPTION.illegalDataValue);
      const start = request.readUInt16BE(1);
      const quantity = request.readUInt16BE(3);
      const refusal = refusalOf(faults, start, quantity);
      if (refusal !== null) return exceptionPdu(code, refusal);
      const registers = tables.get(table);
      if (registers?.holds(start, quantity) !== true)
        return exceptionPdu(code, MODBUS_EXCEPTION.illegalDataAddress);
      const words = registers.read(start, quantity, outlet.step(now));
      return isBits ? bitsPdu(code, words) : registersPdu(code, words);
    },
  };
}

export function isWriteCode(code: number): boolean {
  return code === 5 || code === 6 || code === 15 || code === 16;
}

/** V1.1b3, 6.5, 6.6, 6.11 and 6.12: the answer repeats address and value, or address and quantity. */
function writeAnswer(
  request: Buffer,
  faults: readonly ExceptionFault[],
  time: EpochMs,
  find: (table: ModbusTable) => RegisterTable | undefined,
): Buffer {
  const code = request[0] ?? 0;
  const words = writtenWords(request);
  if (words === null) return exceptionPdu(code, MODBUS_EXCEPTION.illegalDataValue);
  const start = request.readUInt16BE(1);
  const refusal = refusalOf(faults, start, words.length);
  if (refusal !== null) return exceptionPdu(code, refusal);
  const outcome = find(code === 5 || code === 15 ? "coil" : "holding")?.write(start, words, time);
  if (outcome === "taken") return Buffer.from(request.subarray(0, WRITE_ANSWER_BYTES));
  const exception = outcome === "not wanted" ? "illegalDataValue" : "illegalDataAddress";
  return exceptionPdu(code, MODBUS_EXCEPTION[exception]);
}

/** Registers, or bits as 0 and 1; null for a request that contradicts itself. */
function writtenWords(request: Buffer): Uint16Array | null {
  const code = request[0] ?? 0;
  if (request.length < WRITE_ANSWER_BYTES) return null;
  if (code > 6) return severalWords(request, code === 15);
  const word = request.readUInt16BE(3);
  if (code === 6) return Uint16Array.of(word);
  return word === 0 || word === COIL_ON ? Uint16Array.of(word === 0 ? 0 : 1) : null;
}

function severalWords(request: Buffer, isBits: boolean): Uint16Array | null {
  const word = request.readUInt16BE(3);
  const bytes = isBits ? Math.ceil(word / 8) : 2 * word;
  if (word === 0 || request[5] !== bytes || request.length !== 6 + bytes) return null;
  return Uint16Array.from({ length: word }, (_, i) =>
    isBits ? ((request[6 + (i >> 3)] ?? 0) >> (i & 7)) & 1 : request.readUInt16BE(6 + 2 * i),
  );
}

/** Five bytes that ask for at least one and at most `most`. */
function isSound(request: Buffer, most: number): boolean {
  if (request.length !== READ_REQUEST_BYTES) return false;
  const quantity = request.readUInt16BE(3);
  return quantity >= 1 && quantity <= most;
}

export function exceptionPdu(functionCode: number, exception: number): Buffer {
  return Buffer.from([functionCode | 0x80, exception]);
}

/** The specification's limit or the device's own, whichever is less. */
function quantityMax({ modbus }: Device, isBits: boolean): number {
  return isBits ? Math.min(BITS_MAX, modbus.bitsMax) : Math.min(REGISTERS_MAX, modbus.registersMax);
}

function refusalOf(faults: readonly ExceptionFault[], start: number, quantity: number): number | null {
  for (const { code, addresses } of faults)
    if (addresses === null || (start <= addresses[1] && start + quantity > addresses[0])) return code;
  return null;
}

function registersPdu(functionCode: number, words: Uint16Array): Buffer {
  const pdu = Buffer.allocUnsafe(2 + 2 * words.length);
  pdu[0] = functionCode;
  pdu[1] = 2 * words.length;
  let at = 2;
  for (const word of words) {
    pdu[at++] = word >>> 8;
    pdu[at++] = word & 0xff;
  }
  return pdu;
}

/** The first bit is the least significant of the first byte; the last byte is filled up with zeros. */
function bitsPdu(functionCode: number, bits: Uint16Array): Buffer {
  const bytes = Math.ceil(bits.length / 8);
  const pdu = Buffer.alloc(2 + bytes);
  pdu[0] = functionCode;
  pdu[1] = bytes;
  for (const [i, bit] of bits.entries())
    if (bit !== 0) pdu[2 + (i >> 3)] = (pdu[2 + (i >> 3)] ?? 0) | (1 << (i & 7));
  return pdu;
}

function tableOf({ source }: Tag): ModbusTable | null {
  return source.protocol === "modbus" ? source.table : null;
}

/** Forbidden ranges are of registers; bits have none. */
function forbiddenIn(table: ModbusTable, { modbus }: Device): readonly (readonly [number, number])[] {
  return table === "holding" || table === "input" ? modbus.forbidden : [];
}
