import type { DataType } from "../../src/domain/tag.ts";
import type { RawValue } from "../codec/raw.ts";

interface Format {
  readonly words: number;
  readonly write: (raw: RawValue) => void;
  readonly read: () => RawValue;
}

const scratch = new DataView(new ArrayBuffer(8));

const FORMATS: Readonly<Partial<Record<DataType, Format>>> = {
  int32: {
    words: 2,
    write: (raw) => scratch.setInt32(0, Number(raw)),
    read: () => scratch.getInt32(0),
  },
  uint32: {
    words: 2,
    write: (raw) => scratch.setUint32(0, Number(raw)),
    read: () => scratch.getUint32(0),
  },
  float32: {
    words: 2,
    write: (raw) => scratch.setFloat32(0, Number(raw)),
    read: () => scratch.getFloat32(0),
  },
  int64: {
    words: 4,
    write: (raw) => scratch.setBigInt64(0, BigInt(raw)),
    read: () => scratch.getBigInt64(0),
  },
  uint64: {
    words: 4,
    write: (raw) => scratch.setBigUint64(0, BigInt(raw)),
    read: () => scratch.getBigUint64(0),
  },
  float64: {
    words: 4,
    write: (raw) => scratch.setFloat64(0, Number(raw)),
    read: () => scratch.getFloat64(0),
  },
};

/** What a reader makes of a value whose words come in the other order; null when the type has one register or is no number. */
export function wordSwapper(type: DataType): ((raw: RawValue) => RawValue) | null {
  const format = FORMATS[type];
  if (format === undefined) return null;
  return (raw) => {
    format.write(raw);
    for (let first = 0, last = 2 * format.words - 2; first < last; first += 2, last -= 2) {
      const word = scratch.getUint16(first);
      scratch.setUint16(first, scratch.getUint16(last));
      scratch.setUint16(last, word);
    }
    return format.read();
  };
}
