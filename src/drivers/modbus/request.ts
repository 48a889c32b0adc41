import { dataBytesOf } from "./plan.ts";
import type { Block } from "./plan.ts";

/** Modbus Application Protocol V1.1b3, 6. */
export const FunctionCode = {
  coil: 1,
  discrete: 2,
  holding: 3,
  input: 4,
  writeCoil: 5,
  writeRegister: 6,
  diagnostics: 8,
  writeCoils: 15,
  writeRegisters: 16,
} as const;
export type FunctionCode = (typeof FunctionCode)[keyof typeof FunctionCode];

/** A function code with this bit is the refusal of that function. V1.1b3, 7. */
export const REFUSAL_BIT = 0x80;
/** Unit, function, exception code. */
export const REFUSAL_BYTES = 3;

export interface Request {
  /** 0 … 255. */
  readonly unit: number;
  readonly functionCode: FunctionCode;
  /** First address; for diagnostics the sub-function. */
  readonly address: number;
  /** Registers or bits; for diagnostics, and for writes of one, the word to be echoed. */
  readonly quantity: number;
  /** Of a write of several: its registers, or bits as 0 and 1. */
  readonly data?: readonly number[];
}

const COIL_ON = 0xff00;
/** Unit, function, address, and quantity or value: what every write, and the echo of diagnostics, is answered with. */
export const ECHO_BYTES = 6;

const ECHOED: ReadonlySet<number> = new Set([
  FunctionCode.writeCoil,
  FunctionCode.writeRegister,
  FunctionCode.diagnostics,
  FunctionCode.writeCoils,
  FunctionCode.writeRegisters,
]);

/** Whether the right reply repeats address and quantity of the request: diagnostics, and every write. */
export function isEchoed(functionCode: number): boolean {
  return ECHOED.has(functionCode);
}

export function isWrite({ functionCode }: Pick<Request, "functionCode">): boolean {
  return isEchoed(functionCode) && functionCode !== FunctionCode.diagnostics;
}

export function readRequest(unit: number, { table, address, quantity }: Block): Request {
  return { unit, functionCode: FunctionCode[table], address, quantity };
}

/** A write of registers, or of bits as 0 and 1. One of them goes by its own function code unless the device wants `multiple`.
 *  V1.1b3, 6.5, 6.6, 6.11 and 6.12. */
export function writeRequest(
  unit: number,
  { table, address }: Pick<Block, "table" | "address">,
  data: readonly number[],
  isMultiple: boolean,
): Request {
  const isCoil = table === "coil";
  const [first = 0] = data;
  if (data.length > 1 || isMultiple) {
    const functionCode = isCoil ? FunctionCode.writeCoils : FunctionCode.writeRegisters;
    return { unit, functionCode, address, quantity: data.length, data };
  }
  if (!isCoil) return { unit, functionCode: FunctionCode.writeRegister, address, quantity: first };
  return { unit, functionCode: FunctionCode.writeCoil, address, quantity: first === 0 ? 0 : COIL_ON };
}

/** "Return Query Data": the device sends the word back. V1.1b3, 6.8. */
export function echoRequest(unit: number, word: number): Request {
  return { unit, functionCode: FunctionCode.diagnostics, address: 0, quantity: word };
}

/** Bytes of the one right reply, unit and function included, checksum and header not. */
export function replyBytes({ functionCode, quantity }: Request): number {
  if (isEchoed(functionCode)) return ECHO_BYTES;
  return 3 + dataBytesOf(functionCode <= FunctionCode.discrete ? "coil" : "holding", quantity);
}

/** Offset of the data in a reply: after unit, function and byte count. */
export const REPLY_DATA_OFFSET = 3;

/** Whether `length` bytes from `at` on are the reply to this request: unit, function, length and byte count. */
export function isReplyTo(request: Request, view: DataView, at: number, length: number): boolean {
  if (length !== replyBytes(request)) return false;
  if (view.getUint8(at) !== request.unit || view.getUint8(at + 1) !== request.functionCode) return false;
  if (isEchoed(request.functionCode))
    return view.getUint16(at + 2) === request.address && view.getUint16(at + 4) === request.quantity;
  return view.getUint8(at + 2) === length - REPLY_DATA_OFFSET;
}

/** The exception code when these bytes refuse this request, else 0. */
export function refusalOf(request: Request, view: DataView, at: number, length: number): number {
  if (length !== REFUSAL_BYTES || view.getUint8(at) !== request.unit) return 0;
  if (view.getUint8(at + 1) !== (request.functionCode | REFUSAL_BIT)) return 0;
  return view.getUint8(at + 2);
}
