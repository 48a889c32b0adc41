import type { HistoryBuckets, HistoryColumns, HistoryPage, HistoryReading } from "../../domain/history.ts";
import type { EpochMs } from "../../domain/time.ts";
import type { Archive, StoredChunk } from "./archive.ts";
import { BucketBuilder } from "./buckets.ts";
import { joinColumns, mergeColumns, NO_ROWS, rowAt, sliceColumns, within } from "./columns.ts";
import { ROLLUP_MS } from "./rollup.ts";

/** Buckets at least this long are filled from the roll-up: its minutes must be small beside them. */
const ROLLED_UP_FROM_MS = 5 * ROLLUP_MS;

/** Where the readings of one tag are. */
export interface Shelves {
  readonly archive: Pick<Archive, "chunks" | "lastBefore">;
  /** Readings not yet, or not only, in the archive; they win over those of the archive. */
  open(tag: number, from: EpochMs, to: EpochMs): HistoryColumns;
}

/** The readings of a tag with from ≤ time < to, piece by piece in order. */
function* pieces(shelves: Shelves, tag: number, from: EpochMs, to: EpochMs): Generator<HistoryColumns> {
  const fresh = shelves.open(tag, from, to);
  let taken = 0;
  for (const chunk of shelves.archive.chunks(tag, from, to)) {
    const until = rowAt(fresh, chunk.last + 1);
    const stored = within(chunk.columns() ?? NO_ROWS, from, to);
    yield mergeColumns(stored, sliceColumns(fresh, taken, until));
    taken = until;
  }
  if (taken < fresh.length) yield sliceColumns(fresh, taken, fresh.length);
}

export function readRaw(
  shelves: Shelves,
  tag: number,
  from: EpochMs,
  to: EpochMs,
  rowsMax: number,
): HistoryPage {
  const parts: HistoryColumns[] = [];
  let rows = 0;
  for (const piece of pieces(shelves, tag, from, to)) {
    if (piece.length === 0) continue;
    const room = rowsMax - rows;
    if (piece.length > room) {
      parts.push(sliceColumns(piece, 0, room));
      return { ...joinColumns(parts), next: piece.time[room] as number };
    }
    parts.push(piece);
    rows += piece.length;
  }
  return { ...(parts.length === 0 ? NO_ROWS : joinColumns(parts)), next: null };
}

export function readBuckets(
  shelves: Shelves,
  tag: number,
  from: EpochMs,
  to: EpochMs,
  buckets: number,
): HistoryBuckets {
  const builder = new BucketBuilder(from, to, buckets);
  if ((to - from) / buckets < ROLLED_UP_FROM_MS) {
    for (const piece of pieces(shelves, tag, from, to)) builder.add(piece);
    return builder.result();
  }
  const fresh = shelves.open(tag, from, to);
  let taken = 0;
  for (const chunk of shelves.archive.chunks(tag, from, to)) {
    const until = rowAt(fresh, chunk.last + 1);
    const newer = sliceColumns(fresh, taken, until);
    taken = until;
    const minutes = summaryOf(chunk, newer, from, to);
    if (minutes !== null) builder.addBuckets(minutes);
    else builder.add(mergeColumns(within(chunk.columns() ?? NO_ROWS, from, to), newer));
  }
  builder.add(sliceColumns(fresh, taken, fresh.length));
  return builder.result();
}

/** The roll-up of a chunk that lies wholly inside and has nothing newer in it. */
function summaryOf(
  chunk: StoredChunk,
  newer: HistoryColumns,
  from: EpochMs,
  to: EpochMs,
): HistoryBuckets | null {
  const isWhole = chunk.first >= from && chunk.last < to && newer.length === 0;
  return isWhole ? chunk.rollup() : null;
}

export function latestBefore(shelves: Shelves, tag: number, time: EpochMs): HistoryReading | null {
  const fresh = shelves.open(tag, -Infinity, time);
  const chunk = shelves.archive.lastBefore(tag, time);
  if (chunk === null) return lastOf(fresh);
  const stored = within(chunk.columns() ?? NO_ROWS, -Infinity, time);
  return lastOf(mergeColumns(stored, within(fresh, chunk.first, time)));
}

function lastOf(columns: HistoryColumns): HistoryReading | null {
  const row = columns.length - 1;
  if (row < 0) return null;
  return {
    time: columns.time[row] as number,
    value: columns.value[row] as number,
    status: columns.status[row] as number,
    exact: columns.exact.get(row),
  };
}
