import { capacityOf, clearBatch, createBatch } from "../../domain/batch.ts";
import type { ReadingBatch } from "../../domain/batch.ts";

/** Rows that the server sent since the last poll. Two batches take turns: one fills while the other is with the caller,
 *  so that draining copies nothing. When the filling one is full, its oldest quarter is dropped and counted. */
export interface RowQueue {
  filling: ReadingBatch;
  drained: ReadingBatch;
  /** Rows dropped here since the start. */
  dropped: number;
  /** Notifications since the start that said that the server's queue had lost readings. */
  overflowed: number;
}

export function createQueue(capacity: number): RowQueue {
  return { filling: createBatch(capacity), drained: createBatch(capacity), dropped: 0, overflowed: 0 };
}

/** The number of a fresh row at the end of `queue.filling`; its value is NaN, the rest is the caller's to set. */
export function appendRow(queue: RowQueue): number {
  if (queue.filling.length === capacityOf(queue.filling)) dropOldest(queue);
  const row = queue.filling.length++;
  queue.filling.value[row] = NaN;
  return row;
}

/** All rows since the last drain; valid until the next one. */
export function drain(queue: RowQueue): ReadingBatch {
  const full = queue.filling;
  clearBatch(queue.drained);
  queue.filling = queue.drained;
  queue.drained = full;
  return full;
}

function dropOldest(queue: RowQueue): void {
  const batch = queue.filling;
  const count = Math.ceil(capacityOf(batch) / 4);
  for (const column of [batch.tag, batch.value, batch.status, batch.sourceTime, batch.receivedTime])
    column.copyWithin(0, count, batch.length);
  batch.length -= count;
  queue.dropped += count;
  const kept = [...batch.exact].filter(([row]) => row >= count);
  batch.exact.clear();
  for (const [row, value] of kept) batch.exact.set(row - count, value);
}
