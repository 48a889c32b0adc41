import type { HistoryColumns } from "../../domain/history.ts";
import type { EpochMs } from "../../domain/time.ts";
import { joinColumns, NO_EXACT, NO_ROWS, ordered, pickRows } from "./columns.ts";
import type { Frame } from "./frame.ts";

/** Rows of one block: large enough that small frames leave no small pieces. */
const BLOCK_ROWS = 65_536;

/** Readings of all tags in the order in which they came, not yet in the database. Taking one costs a copy and nothing
 *  else; who wants those of one tag looks through all. */
export class OpenRows {
  #blocks: Block[] = [];
  #length = 0;
  #minTime = Infinity;
  #maxTime = -Infinity;

  get length(): number {
    return this.#length;
  }

  /** Source times of the earliest and of the latest reading. */
  get minTime(): EpochMs {
    return this.#minTime;
  }

  get maxTime(): EpochMs {
    return this.#maxTime;
  }

  append(frame: Frame): void {
    for (let from = 0; from < frame.length;) {
      const block = this.#roomy();
      const count = Math.min(frame.length - from, BLOCK_ROWS - block.length);
      fill(block, frame, from, from + count);
      from += count;
    }
    this.#length += frame.length;
    for (const time of frame.time) {
      if (time < this.#minTime) this.#minTime = time;
      if (time > this.#maxTime) this.#maxTime = time;
    }
  }

  /** Gives up the oldest block and says how many readings it held. */
  dropOldest(): number {
    const dropped = this.#blocks.shift()?.length ?? 0;
    this.#length -= dropped;
    return dropped;
  }

  /** A tag's readings with from ≤ time < to, in order. */
  rowsOf(tag: number, from: EpochMs, to: EpochMs): HistoryColumns {
    if (this.#length === 0 || this.#minTime >= to || this.#maxTime < from) return NO_ROWS;
    const parts: HistoryColumns[] = [];
    for (const block of this.#blocks) {
      const rows = placesOf(block, tag, from, to);
      if (rows.length > 0) parts.push(pickRows(block, rows));
    }
    return parts.length === 0 ? NO_ROWS : ordered(joinColumns(parts));
  }

  /** All readings by tag, tag by tag in order. */
  byTag(): SortedRows {
    return gather(this.#blocks, this.#length);
  }

  #roomy(): Block {
    const last = this.#blocks.at(-1);
    if (last !== undefined && last.length < BLOCK_ROWS) return last;
    const block = createBlock();
    this.#blocks.push(block);
    return block;
  }
}

export interface SortedRows {
  readonly tags: readonly number[];
  columnsOf(tag: number): HistoryColumns;
}

interface Block {
  length: number;
  readonly tag: Uint32Array;
  readonly time: Float64Array;
  readonly value: Float64Array;
  readonly status: Uint32Array;
  readonly exact: Map<number, bigint | string>;
}

function createBlock(): Block {
  return {
    length: 0,
    tag: new Uint32Array(BLOCK_ROWS),
    time: new Float64Array(BLOCK_ROWS),
    value: new Float64Array(BLOCK_ROWS),
    status: new Uint32Array(BLOCK_ROWS),
    exact: new Map(),
  };
}

function fill(block: Block, frame: Frame, from: number, to: number): void {
  const at = block.length;
  block.tag.set(frame.tag.subarray(from, to), at);
  block.time.set(frame.time.subarray(from, to), at);
  block.value.set(frame.value.subarray(from, to), at);
  block.status.set(frame.status.subarray(from, to), at);
  for (const [row, one] of frame.exact) if (row >= from && row < to) block.exact.set(at + row - from, one);
  block.length += to - from;
}

/** The block's rows of a tag with from ≤ time < to. */
function placesOf(block: Block, tag: number, from: EpochMs, to: EpochMs): Int32Array {
  const rows: number[] = [];
  for (let row = 0; row < block.length; row++) {
    if (block.tag[row] !== tag) continue;
    const at = block.time[row] as number;
    if (at >= from && at < to) rows.push(row);
  }
  return Int32Array.from(rows);
}

/** Where each tag's rows begin when they are laid out tag by tag; one entry more than there are tags. */
function startsOf(blocks: readonly Block[]): Uint32Array {
  let highest = 0;
  for (const { tag, length } of blocks)
    for (let row = 0; row < length; row++) if ((tag[row] as number) > highest) highest = tag[row] as number;
  const starts = new Uint32Array(highest + 2);
  for (const { tag, length } of blocks)
    for (let row = 0; row < length; row++) {
      const next = (tag[row] as number) + 1;
      starts[next] = (starts[next] as number) + 1;
    }
  for (let tag = 1; tag < starts.length; tag++)
    starts[tag] = (starts[tag] as number) + (starts[tag - 1] as number);
  return starts;
}

function gather(blocks: readonly Block[], length: number): SortedRows {
  const starts = startsOf(blocks);
  const next = starts.slice();
  const time = new Float64Array(length);
  const value = new Float64Array(length);
  const status = new Uint32Array(length);
  const exacts = new Map<number, Map<number, bigint | string>>();
  for (const block of blocks)
    for (let row = 0; row < block.length; row++) {
      const tag = block.tag[row] as number;
      const place = next[tag] as number;
      next[tag] = place + 1;
      time[place] = block.time[row] as number;
      value[place] = block.value[row] as number;
      status[place] = block.status[row] as number;
      const one = block.exact.size === 0 ? undefined : block.exact.get(row);
      if (one !== undefined) exactsOf(exacts, tag).set(place - (starts[tag] as number), one);
    }
  const countOf = (tag: number): number => (starts[tag + 1] ?? length) - (starts[tag] ?? length);
  return {
    tags: Array.from(starts, (_, tag) => tag).filter((tag) => countOf(tag) > 0),
    columnsOf(tag) {
      const from = starts[tag] ?? length;
      const to = from + countOf(tag);
      return ordered({
        length: to - from,
        time: time.subarray(from, to),
        value: value.subarray(from, to),
        status: status.subarray(from, to),
        exact: exacts.get(tag) ?? NO_EXACT,
      });
    },
  };
}

function exactsOf<T>(exacts: Map<number, Map<number, T>>, tag: number): Map<number, T> {
  const known = exacts.get(tag);
  if (known !== undefined) return known;
  const fresh = new Map<number, T>();
  exacts.set(tag, fresh);
  return fresh;
}
