import type { ReadingBatch } from "../../domain/batch.ts";
import { countBefore } from "../../domain/search.ts";

/** A batch on its way: in memory, and sooner or later on disk. */
export interface Entry {
  /** Numbers of its readings: from `from` up to, but without, `to`. */
  readonly from: number;
  readonly to: number;
  readonly batch: ReadingBatch;
  /** When it came, monotonic ms. */
  readonly at: number;
  isSynced: boolean;
}

/** The newest readings in memory, shared by all outputs: what they are handed without reading the disk, and all there is
 *  of readings that the disk did not take. */
export interface Window {
  push(entry: Entry): void;
  /** Forgets the oldest entries that are on disk as long as nobody wants them or there are too many. Nothing is kept for longer
   *  than it is of use: what the collector finds again and again costs more than what dies young. */
  trim(): void;
  /** Takes one out that the disk did not take. */
  drop(entry: Entry): void;
  /** The entry that holds a number, or null. */
  find(number: number): Entry | null;
  /** The entry behind this one when no number is missing between them. */
  next(entry: Entry): Entry | null;
  /** First number of the first entry that begins at `number` or later; Infinity when there is none. */
  after(number: number): number;
}

export function createWindow(readingsMax: number, isWanted: (from: number, to: number) => boolean): Window {
  const entries: Entry[] = [];
  let readings = 0;

  return {
    push(entry) {
      entries.push(entry);
      readings += entry.to - entry.from;
    },
    trim() {
      for (
        let [oldest] = entries;
        oldest?.isSynced === true && (readings > readingsMax || !isWanted(oldest.from, oldest.to));
        [oldest] = entries
      ) {
        readings -= oldest.to - oldest.from;
        entries.shift();
      }
    },
    drop(entry) {
      const index = entries.indexOf(entry);
      if (index === -1) return;
      entries.splice(index, 1);
      readings -= entry.to - entry.from;
    },
    find(number) {
      const entry = entries[countBefore(entries, (one) => one.to <= number)];
      return entry !== undefined && entry.from <= number ? entry : null;
    },
    next(entry) {
      const behind = entries[countBefore(entries, (one) => one.from < entry.to)];
      return behind?.from === entry.to ? behind : null;
    },
    after: (number) => entries[countBefore(entries, (one) => one.from < number)]?.from ?? Infinity,
  };
}
