import { createBatch } from "../../domain/batch.ts";
import type { ReadingBatch } from "../../domain/batch.ts";
import { ByteSource } from "../bytes.ts";
import {
  ALL_GOOD,
  BIGINT,
  COUNT,
  DOUBLE,
  Memory,
  NONE,
  SAME,
  SINGLE,
  TIMES_AS_THEY_ARE,
  double,
  doubleBits,
  numberOf,
  single,
  singleBits,
} from "./column-kinds.ts";
import type { SpoolTag } from "./column-kinds.ts";
import { readColumn, readText, unzigzag } from "./columns.ts";

/** Reads what `ColumnEncoder` wrote. `tags` are those of the segment; a batch names tags by their place among them. */
export class ColumnDecoder {
  readonly tags: readonly SpoolTag[];
  readonly #memory: Memory;

  constructor(tags: readonly SpoolTag[]) {
    this.tags = tags;
    this.#memory = new Memory(tags.length);
  }

  decode(payload: Uint8Array, rows: number): ReadingBatch {
    const source = new ByteSource(payload);
    const batch = createBatch(rows);
    batch.length = rows;
    let expected = 0;
    const steps = readColumn(source, rows);
    for (let row = 0; row < rows; row++) {
      const slot = expected + unzigzag(steps[row] as number);
      batch.tag[row] = slot;
      expected = slot + 1;
    }
    if (source.u8() !== ALL_GOOD) batch.status.set(readColumn(source, rows));
    readTimes(source, batch);
    this.#values(source, batch);
    for (let left = source.u32(); left > 0; left--) {
      const row = source.u32();
      const isBigint = source.u8() === BIGINT;
      const text = readText(source);
      batch.exact.set(row, isBigint ? BigInt(text) : text);
    }
    return batch;
  }

  #values(source: ByteSource, batch: ReadingBatch): void {
    const memory = this.#memory;
    memory.startBlock();
    const kept = readKept(source, batch.length);
    for (let row = 0; row < batch.length; row++) {
      const slot = batch.tag[row] as number;
      memory.touch(slot);
      const value = this.#value(kept, kept.classes[row] as number, slot);
      batch.value[row] = value;
      memory.value[slot] = value;
    }
  }

  #value(kept: Kept, kind: number, slot: number): number {
    const memory = this.#memory;
    if (kind === NONE) return NaN;
    if (kind === SAME) return memory.value[slot] as number;
    if (kind === COUNT) {
      const { scale = 1, offset = 0 } = this.tags[slot] ?? {};
      memory.count[slot] = (memory.count[slot] as number) + unzigzag(kept.counts[kept.atCount++] as number);
      return memory.count[slot] * scale + offset;
    }
    if (kind === SINGLE) {
      memory.bits[slot] = (memory.bits[slot] as number) ^ (kept.singles[--kept.atSingle] as number);
      singleBits[0] = memory.bits[slot];
      return single[0] as number;
    }
    double[0] = numberOf(memory.value[slot]);
    doubleBits[0] = (doubleBits[0] as number) ^ (kept.low[kept.atDouble] as number);
    doubleBits[1] = (doubleBits[1] as number) ^ (kept.high[kept.atDouble++] as number);
    return double[0];
  }
}

/** The columns of a block's values and how far each has been used up. */
interface Kept {
  readonly classes: Uint32Array;
  readonly counts: Uint32Array;
  /** From its end: they were written from there. */
  readonly singles: Uint32Array;
  readonly high: Uint32Array;
  readonly low: Uint32Array;
  atCount: number;
  atSingle: number;
  atDouble: number;
}

function readKept(source: ByteSource, rows: number): Kept {
  const classes = readColumn(source, rows);
  const rowsOf = [0, 0, 0, 0, 0];
  for (let row = 0; row < rows; row++) {
    const kind = classes[row] as number;
    rowsOf[kind] = (rowsOf[kind] ?? 0) + 1;
  }
  const counts = readColumn(source, rowsOf[COUNT] ?? 0);
  const singles = readColumn(source, rowsOf[SINGLE] ?? 0);
  const high = readColumn(source, rowsOf[DOUBLE] ?? 0);
  const low = readColumn(source, rowsOf[DOUBLE] ?? 0);
  return { classes, counts, singles, high, low, atCount: 0, atSingle: singles.length, atDouble: 0 };
}

function readTimes(source: ByteSource, { sourceTime, receivedTime, length }: ReadingBatch): void {
  if (source.u8() === TIMES_AS_THEY_ARE) {
    for (let row = 0; row < length; row++) {
      sourceTime[row] = source.f64();
      receivedTime[row] = source.f64();
    }
    return;
  }
  let received = source.f64();
  const steps = readColumn(source, length);
  const delays = readColumn(source, length);
  for (let row = 0; row < length; row++) {
    received += unzigzag(steps[row] as number);
    receivedTime[row] = received;
    sourceTime[row] = received - unzigzag(delays[row] as number);
  }
}
