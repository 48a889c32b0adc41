import type { Tag } from "../../src/domain/tag.ts";
import type { EpochMs } from "../../src/domain/time.ts";
import { registerReader, registerWriter } from "../codec/registers.ts";
import type { RegisterLayout, RegisterWriter } from "../codec/registers.ts";
import type { Outlet } from "../instruments/outlet.ts";

/** What a read of addresses without a tag gives: `span` answers 0 for gaps between the first and the last tag, as most PLCs
 *  do; `strict` refuses every address that no tag occupies. */
export type Addressing = "span" | "strict";

/** One of the four address spaces of a unit. */
export interface RegisterTable {
  /** Whether the device has all of these addresses. */
  holds(start: number, quantity: number): boolean;
  /** The registers from `start` on, as fresh as the step `time`; index 0 of the result is address `start`.
   *  A view: copy it out before the next call. Bits are registers of 0 and 1. */
  read(start: number, quantity: number, time: EpochMs): Uint16Array;
  /** Hands written registers on, value by value. Values that are not written whole, and those that nobody may write, are not there. */
  write(start: number, words: Uint16Array, time: EpochMs): "taken" | "not there" | "not wanted";
}

interface Cell {
  readonly tag: Tag;
  readonly write: RegisterWriter;
  /** Address of its first register. */
  readonly address: number;
  readonly width: number;
  /** Step whose value stands in the registers. */
  step: number;
}

/** Reads repeat: which tags a block covers is found once for this many different blocks. */
const BLOCKS_REMEMBERED_MAX = 1024;
const QUANTITY_BASE = 0x1_0000;

export function createRegisterTable(
  tags: readonly Tag[],
  outlet: Outlet,
  addressing: Addressing,
  forbidden: readonly (readonly [first: number, last: number])[],
): RegisterTable {
  const cells = tags.map(cellOf).filter((cell) => cell !== null);
  const first = Math.min(...cells.map((cell) => cell.address));
  const end = Math.max(...cells.map((cell) => cell.address + cell.width));
  const registers = new Uint16Array(end - first);
  const occupied = new Uint8Array(end - first);
  for (const cell of cells) occupied.fill(1, cell.address - first, cell.address - first + cell.width);
  const blocks = new Map<number, readonly Cell[]>();
  let version = outlet.version;

  function covered(start: number, quantity: number): readonly Cell[] {
    const key = start * QUANTITY_BASE + quantity;
    const known = blocks.get(key);
    if (known !== undefined) return known;
    const found = cells.filter(({ address, width }) => address < start + quantity && address + width > start);
    if (blocks.size < BLOCKS_REMEMBERED_MAX) blocks.set(key, found);
    return found;
  }

  function forget(): void {
    version = outlet.version;
    for (const cell of cells) cell.step = NaN;
  }

  /** Those that are written whole by `quantity` registers from `start` on, where these leave none over; else null. */
  function writtenBy(start: number, quantity: number): readonly Cell[] | null {
    const touched = covered(start, quantity);
    const isWhole = touched.every(
      ({ address, width }) => address >= start && address + width <= start + quantity,
    );
    const length = touched.reduce((sum, { width }) => sum + width, 0);
    if (!isWhole || length !== quantity || !touched.every(({ tag }) => isWritable(tag, outlet))) return null;
    return touched;
  }

  return {
    write(start, words, time) {
      const written = writtenBy(start, words.length);
      if (written === null) return "not there";
      const isTaken = written.map(({ tag, address }) =>
        outlet.write(tag, registerReader(layoutOf(tag))(words, address - start), time),
      );
      return isTaken.every(Boolean) ? "taken" : "not wanted";
    },
    holds(start, quantity) {
      if (start < first || start + quantity > end) return false;
      if (forbidden.some(([low, high]) => start <= high && start + quantity > low)) return false;
      return addressing === "span" || !occupied.subarray(start - first, start - first + quantity).includes(0);
    },
    read(start, quantity, time) {
      if (version !== outlet.version) forget();
      for (const cell of covered(start, quantity)) {
        if (cell.step === time) continue;
        cell.write(outlet.take(cell.tag, time), registers, cell.address - first);
        cell.step = time;
      }
      return registers.subarray(start - first, start - first + quantity);
    },
  };
}

/** Not one bit of a register, and no text. */
function isWritable(tag: Tag, outlet: Outlet): boolean {
  const { source, type } = tag;
  if (source.protocol !== "modbus" || source.bit !== null || type === "string") return false;
  return (source.table === "coil" || source.table === "holding") && outlet.takes(tag);
}

function layoutOf({ source, type }: Tag): RegisterLayout {
  if (source.protocol !== "modbus") throw new TypeError("only Modbus tags lie in registers");
  const isBitTable = source.table === "coil" || source.table === "discrete";
  return isBitTable ? { ...source, type: "bool", bit: 0 } : { ...source, type };
}

function cellOf(tag: Tag): Cell | null {
  const { source } = tag;
  if (source.protocol !== "modbus") return null;
  return {
    tag,
    write: registerWriter(layoutOf(tag)),
    address: source.address,
    width: source.width,
    step: NaN,
  };
}
