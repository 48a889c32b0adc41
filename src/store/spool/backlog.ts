import { appendBatch, copyRow, sliceBatch } from "../../domain/batch.ts";
import type { ReadingBatch } from "../../domain/batch.ts";
import { ColumnDecoder } from "./column-decoder.ts";
import type { SpoolTag } from "./column-kinds.ts";
import type { SegmentReader } from "./reader.ts";

/** Readings of one block of the spool, named by the tags that the plant has now. */
export interface OldReadings {
  readonly kind: "readings";
  /** Numbers of its rows: from `from` up to, but without, `to`. */
  readonly from: number;
  readonly to: number;
  readonly batch: ReadingBatch;
  /** Tag by row where the plant has no such tag any more; null when all are known. */
  readonly strangers: ReadonlyMap<number, string> | null;
}

export type Old = OldReadings | { readonly kind: "hole"; readonly to: number; readonly isDamaged: boolean };

/** Reads the past out of a segment log. The block last read is kept, for an output that takes it in parts. */
export interface Backlog {
  find(number: number, end: number): Promise<Old>;
  close(): Promise<void>;
}

export function createBacklog(reader: SegmentReader, indexOf: ReadonlyMap<string, number>): Backlog {
  let last: OldReadings | null = null;
  let dictionary: {
    readonly bytes: Buffer;
    readonly decoder: ColumnDecoder;
    readonly index: Int32Array;
  } | null = null;

  function meaningOf(bytes: Buffer): NonNullable<typeof dictionary> {
    if (dictionary?.bytes.equals(bytes) === true) return dictionary;
    const tags = readDictionary(bytes);
    const index = Int32Array.from(tags, ({ id }) => indexOf.get(id) ?? -1);
    dictionary = { bytes, decoder: new ColumnDecoder(tags), index };
    return dictionary;
  }

  return {
    async find(number, end) {
      if (last !== null && last.from <= number && number < last.to) return last;
      const found = await reader.find(number, end);
      if (found.kind === "hole") return found;
      const { header, payload } = found;
      const to = header.first + header.count;
      if (found.dictionary === null) return { kind: "hole", to: Math.min(to, end), isDamaged: true };
      const { decoder, index } = meaningOf(found.dictionary);
      const batch = decoder.decode(payload, header.count);
      last = {
        kind: "readings",
        from: header.first,
        to,
        batch,
        strangers: translate(batch, index, decoder.tags),
      };
      return last;
    },
    close: () => reader.close(),
  };
}

/** Names rows by the plant's tags; gives those that have none. */
function translate(
  batch: ReadingBatch,
  index: Int32Array,
  tags: readonly SpoolTag[],
): ReadonlyMap<number, string> | null {
  let strangers: Map<number, string> | null = null;
  for (let row = 0; row < batch.length; row++) {
    const slot = batch.tag[row] as number;
    const tag = index[slot] ?? -1;
    batch.tag[row] = tag;
    if (tag !== -1) continue;
    strangers ??= new Map();
    strangers.set(row, tags[slot]?.id ?? `tag ${slot}`);
  }
  return strangers;
}

/** Appends the readings with the numbers `from` up to `to`, but for the strangers among them. */
export function appendKnown(old: OldReadings, from: number, to: number, into: ReadingBatch): void {
  const { batch, strangers, from: first } = old;
  if (strangers === null) appendBatch(sliceBatch(batch, from - first, to - first), into);
  else
    for (let row = from - first; row < to - first; row++) if (!strangers.has(row)) copyRow(batch, row, into);
}

export function writeDictionary(tags: readonly SpoolTag[]): Buffer {
  return Buffer.from(JSON.stringify(tags.map(({ id, scale, offset }) => [id, scale, offset])));
}

export function readDictionary(payload: Buffer): SpoolTag[] {
  const rows = JSON.parse(payload.toString("utf8")) as [string, number, number][];
  return rows.map(([id, scale, offset]) => ({ id, scale, offset }));
}
