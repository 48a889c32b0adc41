import { dataBytesOf } from "./plan.ts";
import type { Block } from "./plan.ts";

/** Modbus Application Protocol V1.1b3, 6. */
export const FunctionCode = { coil: 1, discrete: 2, holding: 3, input: 4, diagnostics: 8 } as const;
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
  /** Registers or bits; for diagnostics the word to be echoed. */
  readonly quantity: number;
}

export function readRequest(unit: number, { table, address, quantity }: Block): Request {
  return { unit, functionCode: FunctionCode[table], address, quantity };
}

/** "Return Query Data": the device sends the word back. V1.1b3, 6.8. */
export function echoRequest(unit: number, word: number): Request {
  return { unit, functionCode: FunctionCode.diagnostics, address: 0, quantity: word };
}

/** Bytes of the one right reply, unit and function included, checksum and header not. */
export function replyBytes({ functionCode, quantity }: Request): number {
  if (functionCode === FunctionCode.diagnostics) return 6;
  return 3 + dataBytesOf(functionCode <= FunctionCode.discrete ? "coil" : "holding", quantity);
}

/** Offset of the data in a reply: after unit, function and byte count. */
export const REPLY_DATA_OFFSET = 3;

/** Whether `length` bytes from `at` on are the reply to this request: unit, function, length and byte count. */
export function isReplyTo(request: Request, view: DataView, at: number, length: number): boolean {
  if (length !== replyBytes(request)) return false;
  if (view.getUint8(at) !== request.unit || view.getUint8(at + 1) !== request.functionCode) return false;
  if (request.functionCode === FunctionCode.diagnostics)
    return view.getUint16(at + 2) === request.address && view.getUint16(at + 4) === request.quantity;
  return view.getUint8(at + 2) === length - REPLY_DATA_OFFSET;
}

/** The exception code when these bytes refuse this request, else 0. */
export function refusalOf(request: Request, view: DataView, at: number, length: number): number {
  if (length !== REFUSAL_BYTES || view.getUint8(at) !== request.unit) return 0;
  if (view.getUint8(at + 1) !== (request.functionCode | REFUSAL_BIT)) return 0;
  return view.getUint8(at + 2);
}
