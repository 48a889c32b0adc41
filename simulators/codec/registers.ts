import type { DataType, WordOrder } from "../../src/domain/tag.ts";
import type { RawValue } from "./raw.ts";

/** Where and how a value lies in the registers. */
export interface RegisterLayout {
  readonly type: DataType;
  /** Registers that the value takes. */
  readonly width: number;
  readonly wordOrder: WordOrder;
  /** Bit of the register, 0 = least significant; null when the whole value is meant. */
  readonly bit: number | null;
}

/** Writes `raw` into `registers` from index `at` on, replacing what the layout covers and nothing else. */
export type RegisterWriter = (raw: RawValue, registers: Uint16Array, at: number) => void;

/** The raw value that lies in `registers` from index `at` on. */
export type RegisterReader = (registers: Uint16Array, at: number) => RawValue;

const scratch = new DataView(new ArrayBuffer(8));

/** Compiles a layout once, so that writing a value costs no decisions.
 *  Byte order: A is the most significant byte; the first register of ABCD holds A in its high byte.
 *  Source: MODBUS Application Protocol V1.1b3, 4.2 (big-endian registers); the orders of several registers are vendors' custom. */
export function registerWriter(layout: RegisterLayout): RegisterWriter {
  const swapBytes = layout.wordOrder === "BADC" || layout.wordOrder === "DCBA";
  if (layout.bit !== null) return bitWriter(swapBytes ? layout.bit ^ 8 : layout.bit);
  if (layout.type === "string") return textWriter(layout.width, swapBytes);
  if (layout.width === 1) return singleWriter(swapBytes);
  const swapWords = layout.wordOrder === "CDAB" || layout.wordOrder === "DCBA";
  return wordsWriter(layout.type, layout.width, swapWords, swapBytes);
}

function bitWriter(bit: number): RegisterWriter {
  const mask = 1 << bit;
  return (raw, registers, at) => {
    const old = registers[at] ?? 0;
    registers[at] = raw === true ? old | mask : old & ~mask;
  };
}

/** A device that swaps the bytes of its registers swaps those of single ones, too. */
function singleWriter(swapBytes: boolean): RegisterWriter {
  return (raw, registers, at) => {
    const word = Number(raw) & 0xffff;
    registers[at] = swapBytes ? bytesSwapped(word) : word;
  };
}

/** UTF-8, two bytes to a register, the first in the high byte, cut or padded with NUL to the width. */
function textWriter(width: number, swapBytes: boolean): RegisterWriter {
  return (raw, registers, at) => {
    const bytes = new TextEncoder().encode(String(raw));
    for (let word = 0; word < width; word++) {
      const pair = ((bytes[2 * word] ?? 0) << 8) | (bytes[2 * word + 1] ?? 0);
      registers[at + word] = swapBytes ? bytesSwapped(pair) : pair;
    }
  };
}

function wordsWriter(type: DataType, width: number, swapWords: boolean, swapBytes: boolean): RegisterWriter {
  const store = TO_SCRATCH[type];
  if (store === undefined) throw new RangeError(`a number of type ${type} takes one register, not ${width}`);
  const last = width - 1;
  return (raw, registers, at) => {
    store(raw);
    for (let word = 0; word < width; word++) {
      const bits = scratch.getUint16(2 * (swapWords ? last - word : word));
      registers[at + word] = swapBytes ? bytesSwapped(bits) : bits;
    }
  };
}

const TO_SCRATCH: Readonly<Partial<Record<DataType, (raw: RawValue) => void>>> = {
  int32: (raw) => scratch.setInt32(0, Number(raw)),
  uint32: (raw) => scratch.setUint32(0, Number(raw)),
  int64: (raw) => scratch.setBigInt64(0, BigInt(raw)),
  uint64: (raw) => scratch.setBigUint64(0, BigInt(raw)),
  float32: (raw) => scratch.setFloat32(0, Number(raw)),
  float64: (raw) => scratch.setFloat64(0, Number(raw)),
};

function bytesSwapped(word: number): number {
  return ((word & 0xff) << 8) | (word >>> 8);
}

const FROM_SCRATCH: Readonly<Partial<Record<DataType, () => RawValue>>> = {
  int16: () => scratch.getInt16(0),
  uint16: () => scratch.getUint16(0),
  int32: () => scratch.getInt32(0),
  uint32: () => scratch.getUint32(0),
  int64: () => scratch.getBigInt64(0),
  uint64: () => scratch.getBigUint64(0),
  float32: () => scratch.getFloat32(0),
  float64: () => scratch.getFloat64(0),
};

/** The inverse of `registerWriter`, for numbers and for a bit that has its address to itself. */
export function registerReader({ type, width, wordOrder, bit }: RegisterLayout): RegisterReader {
  if (type === "bool") return (registers, at) => (((registers[at] ?? 0) >>> (bit ?? 0)) & 1) === 1;
  const load = FROM_SCRATCH[type];
  if (load === undefined) throw new RangeError(`a ${type} is not read back from registers`);
  const swapBytes = wordOrder === "BADC" || wordOrder === "DCBA";
  const swapWords = wordOrder === "CDAB" || wordOrder === "DCBA";
  return (registers, at) => {
    for (let word = 0; word < width; word++) {
      const bits = registers[at + (swapWords ? width - 1 - word : word)] ?? 0;
      scratch.setUint16(2 * word, swapBytes ? bytesSwapped(bits) : bits);
    }
    return load();
  };
}
