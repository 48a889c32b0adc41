import type { DataType, Tag, WordOrder } from "../../domain/tag.ts";
import { modbusSource, swapsBytes, swapsWords } from "./registers.ts";

/** Registers out of raw numbers: the exact inverse of `registers.ts`.
 *  Byte order within a register: Modbus Application Protocol V1.1b3, 4.2 (high byte first); the other orders are vendors' own. */

const scratch = new DataView(new ArrayBuffer(8));

const STORES: Readonly<Partial<Record<DataType, (raw: number | bigint) => void>>> = {
  int16: (raw) => scratch.setInt16(0, Number(raw)),
  uint16: (raw) => scratch.setUint16(0, Number(raw)),
  int32: (raw) => scratch.setInt32(0, Number(raw)),
  uint32: (raw) => scratch.setUint32(0, Number(raw)),
  int64: (raw) => scratch.setBigInt64(0, BigInt(raw)),
  uint64: (raw) => scratch.setBigUint64(0, BigInt(raw)),
  float32: (raw) => scratch.setFloat32(0, Number(raw)),
  float64: (raw) => scratch.setFloat64(0, Number(raw)),
};

/** What goes into the registers of a tag, or 0 or 1 for a coil. Throws TypeError for text and for one bit of a register, which
 *  cannot be written by themselves. */
export function encodeRaw(tag: Tag, raw: number | bigint): readonly number[] {
  const { table, bit, width, wordOrder } = modbusSource(tag);
  if (table === "coil" || (tag.type === "bool" && bit === null)) return [Number(raw) === 0 ? 0 : 1];
  const store = STORES[tag.type];
  if (store === undefined || bit !== null) throw new TypeError(`${tag.id} cannot be written by itself`);
  store(raw);
  return Array.from({ length: width }, (_, word) => registerAt(word, width, wordOrder));
}

function registerAt(word: number, width: number, order: WordOrder): number {
  return scratch.getUint16(2 * (swapsWords(order) ? width - 1 - word : word), swapsBytes(order));
}
