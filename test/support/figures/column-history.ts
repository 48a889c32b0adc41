import type { ReadingBatch } from "../../../src/domain/batch.ts";
import type { History, HistoryPage } from "../../../src/domain/history.ts";

/** A history in memory that takes the batches of a gateway, for plants that are gone through in minutes. Readings of a tag
 *  come in the order of their times. */
export interface ColumnHistory extends History {
  append(batch: ReadingBatch): void;
  /** Drops what is older. */
  forget(before: number): void;
}

class Columns {
  length = 0;
  #time = new Float64Array(4096);
  #value = new Float64Array(4096);
  #status = new Uint32Array(4096);

  push(time: number, value: number, status: number): void {
    if (this.length === this.#time.length) this.#grow();
    this.#time[this.length] = time;
    this.#value[this.length] = value;
    this.#status[this.length] = status;
    this.length++;
  }

  /** First row at or after a time. */
  rowAt(time: number): number {
    let low = 0;
    let high = this.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#time[middle] as number) < time) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  page(from: number, to: number): HistoryPage {
    const [start, end] = [this.rowAt(from), this.rowAt(to)];
    return {
      length: Math.max(0, end - start),
      time: this.#time.subarray(start, end),
      value: this.#value.subarray(start, end),
      status: this.#status.subarray(start, end),
      exact: new Map(),
      next: null,
    };
  }

  last(row: number) {
    return {
      time: this.#time[row] as number,
      value: this.#value[row] as number,
      status: this.#status[row] as number,
      exact: undefined,
    };
  }

  dropBefore(time: number): void {
    const row = this.rowAt(time);
    for (const column of [this.#time, this.#value, this.#status]) column.copyWithin(0, row, this.length);
    this.length -= row;
  }

  #grow(): void {
    const [time, value, status] = [this.#time, this.#value, this.#status];
    this.#time = new Float64Array(2 * time.length);
    this.#value = new Float64Array(2 * time.length);
    this.#status = new Uint32Array(2 * time.length);
    this.#time.set(time);
    this.#value.set(value);
    this.#status.set(status);
  }
}

export function columnHistory(): ColumnHistory {
  const tags = new Map<number, Columns>();
  const none = new Columns();
  return {
    append(batch) {
      for (let row = 0; row < batch.length; row++) {
        const tag = batch.tag[row] as number;
        let columns = tags.get(tag);
        if (columns === undefined) tags.set(tag, (columns = new Columns()));
        columns.push(
          batch.sourceTime[row] as number,
          batch.value[row] as number,
          batch.status[row] as number,
        );
      }
    },
    forget(before) {
      for (const columns of tags.values()) columns.dropBefore(before);
    },
    readRaw: async (tag, from, to) => (tags.get(tag) ?? none).page(from, to),
    readBuckets: () => Promise.reject(new Error("There are no buckets.")),
    async latestBefore(tag, time) {
      const columns = tags.get(tag) ?? none;
      const row = columns.rowAt(time) - 1;
      return row < 0 ? null : columns.last(row);
    },
  };
}
