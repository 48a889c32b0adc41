import type { ReadingBatch } from "../../domain/batch.ts";
import { ByteSink } from "../bytes.ts";
import {
  ALL_GOOD,
  BIGINT,
  BLOCK_ROWS_MAX,
  BY_ROW,
  COUNT,
  DOUBLE,
  Memory,
  NONE,
  SAME,
  SINGLE,
  TEXT,
  TIMES_AS_DIFFERENCES,
  TIMES_AS_THEY_ARE,
  double,
  doubleBits,
  numberOf,
  single,
  singleBits,
} from "./column-kinds.ts";
import type { SpoolTag } from "./column-kinds.ts";
import { anyOf, writeColumn, writeText, zigzag } from "./columns.ts";

/** Readings as columns of bytes: tag, status and times nearly vanish where they follow a pattern, values are kept
 *  exactly in as few bytes as their kind allows. One block at a time; its bytes are valid until the next. */
export class ColumnEncoder {
  readonly #tags: readonly SpoolTag[];
  readonly #memory: Memory;
  readonly #sink = new ByteSink();
  readonly #numbers = new Uint32Array(BLOCK_ROWS_MAX);
  readonly #classes = new Uint32Array(BLOCK_ROWS_MAX);
  readonly #high = new Uint32Array(BLOCK_ROWS_MAX);
  readonly #low = new Uint32Array(BLOCK_ROWS_MAX);
  readonly #scale: Float64Array;
  readonly #offset: Float64Array;
  /** Of the row at hand, when it is kept as a multiple. */
  #count = 0;
  /** Of the block at hand. Counts and singles share one column from both ends: a row is either. */
  #counts = 0;
  #singlesFrom = 0;
  #doubles = 0;

  constructor(tags: readonly SpoolTag[]) {
    this.#tags = tags;
    this.#memory = new Memory(tags.length);
    this.#scale = Float64Array.from(tags, ({ scale }) => scale);
    this.#offset = Float64Array.from(tags, ({ offset }) => offset);
  }

  encode(batch: ReadingBatch): Uint8Array {
    const rows = batch.length;
    if (rows > BLOCK_ROWS_MAX) throw new RangeError(`${rows} readings do not fit into a block`);
    this.#sink.clear();
    this.#slots(batch, rows);
    this.#statuses(batch, rows);
    this.#times(batch, rows);
    this.#values(batch, rows);
    this.#exact(batch);
    return this.#sink.written();
  }

  /** Tags mostly follow each other: the distance to the successor of the one before. */
  #slots({ tag }: ReadingBatch, rows: number): void {
    slotSteps(tag, rows, this.#tags.length, this.#numbers);
    writeColumn(this.#sink, this.#numbers, rows);
  }

  #statuses({ status }: ReadingBatch, rows: number): void {
    const any = anyOf(status, rows);
    this.#sink.u8(any === 0 ? ALL_GOOD : BY_ROW);
    if (any !== 0) writeColumn(this.#sink, status, rows);
  }

  /** Received times as steps, source times as their distance from them. */
  #times({ sourceTime, receivedTime }: ReadingBatch, rows: number): void {
    const sink = this.#sink;
    if (!areSteps(sourceTime, receivedTime, rows)) {
      sink.u8(TIMES_AS_THEY_ARE);
      for (let row = 0; row < rows; row++) {
        sink.f64(sourceTime[row] as number);
        sink.f64(receivedTime[row] as number);
      }
      return;
    }
    sink.u8(TIMES_AS_DIFFERENCES);
    sink.f64(receivedTime[0] ?? 0);
    timeSteps(receivedTime, rows, this.#numbers);
    writeColumn(sink, this.#numbers, rows);
    delays(receivedTime, sourceTime, rows, this.#numbers);
    writeColumn(sink, this.#numbers, rows);
  }

  #values(batch: ReadingBatch, rows: number): void {
    this.#memory.startBlock();
    this.#counts = 0;
    this.#doubles = 0;
    this.#singlesFrom = rows;
    this.#valueSteps(batch, rows);
    const singles = this.#numbers.subarray(this.#singlesFrom, rows);
    writeColumn(this.#sink, this.#classes, rows);
    writeColumn(this.#sink, this.#numbers, this.#counts);
    writeColumn(this.#sink, singles, singles.length);
    writeColumn(this.#sink, this.#high, this.#doubles);
    writeColumn(this.#sink, this.#low, this.#doubles);
  }

  #valueSteps(batch: ReadingBatch, rows: number): void {
    const memory = this.#memory;
    for (let row = 0; row < rows; row++) {
      const slot = batch.tag[row] as number;
      const value = batch.value[row] as number;
      memory.touch(slot);
      const kind = this.#classOf(slot, value);
      this.#classes[row] = kind;
      if (kind === COUNT) this.#numbers[this.#counts++] = this.#countStep(slot);
      else if (kind === SINGLE) this.#numbers[--this.#singlesFrom] = singleStep(memory, slot, value);
      else if (kind === DOUBLE) this.#doubleStep(slot, value, this.#doubles++);
      memory.value[slot] = value;
    }
  }

  #classOf(slot: number, value: number): number {
    if (Number.isNaN(value)) return NONE;
    if (Object.is(value, this.#memory.value[slot])) return SAME;
    const scale = this.#scale[slot] as number;
    const offset = this.#offset[slot] as number;
    this.#count = Math.round((value - offset) / scale) | 0;
    if (Object.is(this.#count * scale + offset, value)) return COUNT;
    return Object.is(Math.fround(value), value) ? SINGLE : DOUBLE;
  }

  #countStep(slot: number): number {
    const step = zigzag((this.#count - (this.#memory.count[slot] as number)) | 0);
    this.#memory.count[slot] = this.#count;
    return step;
  }

  #doubleStep(slot: number, value: number, at: number): void {
    double[0] = numberOf(this.#memory.value[slot]);
    const low = doubleBits[0] as number;
    const high = doubleBits[1] as number;
    double[0] = value;
    this.#low[at] = (doubleBits[0] as number) ^ low;
    this.#high[at] = (doubleBits[1] as number) ^ high;
  }

  #exact({ exact }: ReadingBatch): void {
    const sink = this.#sink;
    sink.u32(exact.size);
    if (exact.size === 0) return;
    for (const [row, value] of exact) {
      sink.u32(row);
      sink.u8(typeof value === "bigint" ? BIGINT : TEXT);
      writeText(sink, String(value));
    }
  }
}

// V8 compiles a loop that is at work together with what follows it, throws that away when the loop ends, and so on at every
// block: each of these loops therefore ends its function.

function slotSteps(tag: Int32Array, rows: number, tags: number, into: Uint32Array): void {
  let expected = 0;
  for (let row = 0; row < rows; row++) {
    const slot = tag[row] as number;
    if (slot >= tags) throw new RangeError(`tag ${slot} is not in this plant`);
    into[row] = zigzag(slot - expected);
    expected = slot + 1;
  }
}

function timeSteps(times: Float64Array, rows: number, into: Uint32Array): void {
  let before = times[0] ?? 0;
  for (let row = 0; row < rows; row++) {
    const time = times[row] as number;
    into[row] = zigzag(time - before);
    before = time;
  }
}

function delays(received: Float64Array, source: Float64Array, rows: number, into: Uint32Array): void {
  for (let row = 0; row < rows; row++)
    into[row] = zigzag((received[row] as number) - (source[row] as number));
}

function singleStep(memory: Memory, slot: number, value: number): number {
  single[0] = value;
  const bits = singleBits[0] as number;
  const step = (bits ^ (memory.bits[slot] as number)) >>> 0;
  memory.bits[slot] = bits;
  return step;
}

/** Whether all times are whole and close enough to each other for differences of 32 bits. */
function areSteps(source: Float64Array, received: Float64Array, rows: number): boolean {
  let before = received[0] ?? 0;
  for (let row = 0; row < rows; row++) {
    const time = received[row] as number;
    const step = time - before;
    const delay = time - (source[row] as number);
    if (step !== (step | 0) || delay !== (delay | 0) || !Number.isSafeInteger(time)) return false;
    before = time;
  }
  return true;
}
