import type { ReadingBatch } from "../../domain/batch.ts";
import type { DataType, ModbusSource, Tag, WordOrder } from "../../domain/tag.ts";

/** Raw numbers out of the data bytes of a reply, straight into the columns of a batch.
 *  Everything that depends only on the configuration is decided once, when the columns are compiled.
 *  Byte order within a register: Modbus Application Protocol V1.1b3, 4.2 (high byte first); the other orders are vendors' own. */

/** Tags in neighbouring rows that are decoded alike. */
export interface Column {
  readonly decode: Decode;
  /** First row in the batch. */
  readonly row: number;
  /** Where each value starts: byte of the reply's data, or bit of it for coils and discrete inputs. */
  readonly offsets: Int32Array;
  /** Bit of the register, or registers of the text; unused otherwise. */
  readonly extents: Int32Array;
  readonly number: ReadNumber;
  readonly bigint: ReadBigint;
  readonly isLowByteFirst: boolean;
}

type Decode = (column: Column, view: DataView, base: number, batch: ReadingBatch) => void;
type ReadNumber = (view: DataView, at: number) => number;
type ReadBigint = (view: DataView, at: number) => bigint;

const scratch = new DataView(new ArrayBuffer(8));

/** 32 bits of two registers, most significant byte named A. */
const WORDS_32: Readonly<Record<WordOrder, ReadNumber>> = {
  ABCD: (view, at) => view.getUint32(at),
  CDAB: (view, at) => ((view.getUint16(at + 2) << 16) | view.getUint16(at)) >>> 0,
  BADC: (view, at) => ((view.getUint16(at, true) << 16) | view.getUint16(at + 2, true)) >>> 0,
  DCBA: (view, at) => view.getUint32(at, true),
};

/** Whether the low byte of each register comes first. */
export function swapsBytes(order: WordOrder): boolean {
  return order === "BADC" || order === "DCBA";
}

/** Whether the last register is the most significant one. */
export function swapsWords(order: WordOrder): boolean {
  return order === "CDAB" || order === "DCBA";
}

function float32Reader(order: WordOrder): ReadNumber {
  if (order === "ABCD") return (view, at) => view.getFloat32(at);
  if (order === "DCBA") return (view, at) => view.getFloat32(at, true);
  const word = WORDS_32[order];
  return (view, at) => {
    scratch.setUint32(0, word(view, at));
    return scratch.getFloat32(0);
  };
}

/** Puts the four registers in the order ABCDEFGH into `scratch`. */
function gather64(order: WordOrder): (view: DataView, at: number) => void {
  const word = WORDS_32[order];
  const [high, low] = swapsWords(order) ? [4, 0] : [0, 4];
  return (view, at) => {
    scratch.setUint32(0, word(view, at + high));
    scratch.setUint32(4, word(view, at + low));
  };
}

/** Readers of the types that a double holds. */
const NUMBERS: Readonly<Partial<Record<DataType, (order: WordOrder) => ReadNumber>>> = {
  int16: (order) => {
    const isLittle = swapsBytes(order);
    return (view, at) => view.getInt16(at, isLittle);
  },
  uint16: (order) => {
    const isLittle = swapsBytes(order);
    return (view, at) => view.getUint16(at, isLittle);
  },
  bool: () => (view, at) => (view.getUint16(at) === 0 ? 0 : 1),
  int32: (order) => {
    const word = WORDS_32[order];
    return (view, at) => word(view, at) | 0;
  },
  uint32: (order) => WORDS_32[order],
  float32: float32Reader,
  float64: (order) => {
    const gather = gather64(order);
    return (view, at) => {
      gather(view, at);
      return scratch.getFloat64(0);
    };
  },
};

const notANumber: ReadNumber = () => NaN;

function bigintReader(type: DataType, order: WordOrder): ReadBigint {
  const gather = gather64(order);
  return type === "int64"
    ? (view, at) => {
        gather(view, at);
        return scratch.getBigInt64(0);
      }
    : (view, at) => {
        gather(view, at);
        return scratch.getBigUint64(0);
      };
}

const decodeNumbers: Decode = ({ offsets, number, row }, view, base, batch) => {
  const { value } = batch;
  for (let i = 0; i < offsets.length; i++) value[row + i] = number(view, base + (offsets[i] as number));
};

const decodeRegisterBits: Decode = ({ offsets, extents, isLowByteFirst, row }, view, base, batch) => {
  const { value } = batch;
  for (let i = 0; i < offsets.length; i++) {
    const register = view.getUint16(base + (offsets[i] as number), isLowByteFirst);
    value[row + i] = (register >>> (extents[i] as number)) & 1;
  }
};

/** Coils and discrete inputs: eight to a byte, the first in the least significant bit. V1.1b3, 6.1. */
const decodePackedBits: Decode = ({ offsets, row }, view, base, batch) => {
  const { value } = batch;
  for (let i = 0; i < offsets.length; i++) {
    const bit = offsets[i] as number;
    value[row + i] = (view.getUint8(base + (bit >>> 3)) >>> (bit & 7)) & 1;
  }
};

const decodeBigints: Decode = ({ offsets, bigint, row }, view, base, batch) => {
  for (let i = 0; i < offsets.length; i++) {
    const exact = bigint(view, base + (offsets[i] as number));
    batch.value[row + i] = Number(exact);
    batch.exact.set(row + i, exact);
  }
};

const decodeTexts: Decode = ({ offsets, extents, isLowByteFirst, row }, view, base, batch) => {
  for (let i = 0; i < offsets.length; i++) {
    batch.value[row + i] = NaN;
    batch.exact.set(
      row + i,
      readText(view, base + (offsets[i] as number), extents[i] as number, isLowByteFirst),
    );
  }
};

const utf8 = new TextDecoder("utf-8", { fatal: true });
const latin1 = new TextDecoder("latin1");
// oxlint-disable-next-line no-control-regex -- control characters of a device's text are what must go
const CONTROL_CHARACTERS = /[\u0000-\u001f\u007f]/g;

/** Text up to the first NUL: UTF-8 where it is valid, Latin-1 otherwise; control characters are dropped. */
function readText(view: DataView, at: number, registers: number, isLowByteFirst: boolean): string {
  const bytes = new Uint8Array(registers * 2);
  for (let i = 0; i < bytes.length; i++) bytes[i] = view.getUint8(at + (isLowByteFirst ? i ^ 1 : i));
  const end = bytes.indexOf(0);
  const text = end === -1 ? bytes : bytes.subarray(0, end);
  return decodeText(text).replace(CONTROL_CHARACTERS, "");
}

function decodeText(bytes: Uint8Array): string {
  try {
    return utf8.decode(bytes);
  } catch (cause) {
    if (cause instanceof TypeError) return latin1.decode(bytes);
    throw cause;
  }
}

/** Where and how one tag is decoded. */
function decoderOf(tag: Tag, { table, bit }: ModbusSource): Decode {
  if (table === "coil" || table === "discrete") return decodePackedBits;
  if (bit !== null) return decodeRegisterBits;
  if (tag.type === "string") return decodeTexts;
  return tag.type === "int64" || tag.type === "uint64" ? decodeBigints : decodeNumbers;
}

/** Modbus source of a tag that the configuration has put on a Modbus device. */
export function modbusSource(tag: Tag): ModbusSource {
  if (tag.source.protocol !== "modbus") throw new TypeError(`${tag.id} is no Modbus tag`);
  return tag.source;
}

/** Columns for tags that stand in consecutive rows from `firstRow` on and are read in one block that starts at `address`. */
export function compileColumns(tags: readonly Tag[], address: number, firstRow: number): readonly Column[] {
  const columns: Column[] = [];
  let from = 0;
  for (let to = 1; to <= tags.length; to++) {
    const next = tags[to];
    if (next !== undefined && isDecodedAlike(tags[from] as Tag, next)) continue;
    columns.push(columnOf(tags.slice(from, to), address, firstRow + from));
    from = to;
  }
  return columns;
}

function isDecodedAlike(a: Tag, b: Tag): boolean {
  const [one, other] = [modbusSource(a), modbusSource(b)];
  return a.type === b.type && one.wordOrder === other.wordOrder && decoderOf(a, one) === decoderOf(b, other);
}

function columnOf(tags: readonly Tag[], address: number, row: number): Column {
  const first = tags[0] as Tag;
  const source = modbusSource(first);
  const decode = decoderOf(first, source);
  const bytesPerAddress = decode === decodePackedBits ? 1 : 2;
  return {
    decode,
    row,
    offsets: Int32Array.from(tags, (tag) => (modbusSource(tag).address - address) * bytesPerAddress),
    extents: Int32Array.from(tags, (tag) => modbusSource(tag).bit ?? modbusSource(tag).width),
    number: NUMBERS[first.type]?.(source.wordOrder) ?? notANumber,
    bigint: bigintReader(first.type, source.wordOrder),
    isLowByteFirst: swapsBytes(source.wordOrder),
  };
}

/** Decodes the data bytes of a reply, which start at `base`. */
export function decodeColumns(
  columns: readonly Column[],
  view: DataView,
  base: number,
  batch: ReadingBatch,
): void {
  for (const column of columns) column.decode(column, view, base, batch);
}
