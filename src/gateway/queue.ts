import { copyRow, createBatch, sliceBatch } from "../domain/batch.ts";
import type { ReadingBatch } from "../domain/batch.ts";
import type { BatchSource } from "../domain/ports.ts";

/** Readings of one output that are not delivered yet, and what became of those before them, in readings.
 *  Always true: accepted = delivered + pending + quarantined + dropped. */
export interface QueueCounts {
  readonly accepted: number;
  readonly delivered: number;
  readonly pending: number;
  readonly quarantined: number;
  readonly droppedFull: number;
  /** Received time of the oldest pending reading, UTC ms; null when nothing is pending. */
  readonly oldest: number | null;
}

export interface MemoryQueue extends BatchSource {
  /** The batch is shared with other queues and must not change any more. */
  append(batch: ReadingBatch): void;
  counts(): QueueCounts;
}

/** A bounded queue in memory. Full, it drops the oldest batch that is not being written, and counts it. */
export function createMemoryQueue(readingsMax: number, peekReadingsMax: number): MemoryQueue {
  const batches: ReadingBatch[] = [];
  let head: ReadingBatch | null = null;
  let waiting: (() => void) | null = null;
  let queued = 0;
  let accepted = 0;
  let delivered = 0;
  let quarantined = 0;
  let droppedFull = 0;

  function append(batch: ReadingBatch): void {
    accepted += batch.length;
    queued += batch.length;
    batches.push(batch);
    while (queued + (head?.length ?? 0) > readingsMax && batches.length > 0) {
      const oldest = batches.shift();
      queued -= oldest?.length ?? 0;
      droppedFull += oldest?.length ?? 0;
    }
    waiting?.();
  }

  function peek(): ReadingBatch | null {
    if (head !== null || batches.length === 0) return head;
    head = takeUpTo(batches, peekReadingsMax);
    queued -= head.length;
    return head;
  }

  function acknowledge(rejected: number): void {
    delivered += (head?.length ?? 0) - rejected;
    quarantined += rejected;
    head = null;
  }

  function available(signal: AbortSignal): Promise<void> {
    if (head !== null || batches.length > 0) return Promise.resolve();
    return new Promise((resolve, reject) => {
      const stop = (): void => {
        waiting = null;
        reject(signal.reason as Error);
      };
      waiting = () => {
        waiting = null;
        signal.removeEventListener("abort", stop);
        resolve();
      };
      signal.addEventListener("abort", stop, { once: true });
    });
  }

  function counts(): QueueCounts {
    const pending = queued + (head?.length ?? 0);
    const oldest = (head ?? batches[0])?.receivedTime[0] ?? null;
    return { accepted, delivered, pending, quarantined, droppedFull, oldest: pending === 0 ? null : oldest };
  }

  return { append, peek, acknowledge, available, counts };
}

/** Takes whole batches off the front and joins them while they fit; a batch larger than `readingsMax` is split. */
function takeUpTo(batches: ReadingBatch[], readingsMax: number): ReadingBatch {
  let rows = 0;
  let count = 0;
  for (const batch of batches) {
    if (rows + batch.length > readingsMax) break;
    rows += batch.length;
    count++;
  }
  if (count === 0) return splitFirst(batches, readingsMax);
  const taken = batches.splice(0, count);
  const [only] = taken;
  return count === 1 && only !== undefined ? only : joinBatches(taken, rows);
}

function splitFirst(batches: ReadingBatch[], readingsMax: number): ReadingBatch {
  const [first] = batches;
  if (first === undefined) return createBatch(0);
  batches[0] = sliceBatch(first, readingsMax, first.length);
  return sliceBatch(first, 0, readingsMax);
}

/** One batch with the rows of all, in order. */
function joinBatches(batches: readonly ReadingBatch[], rows: number): ReadingBatch {
  const joined = createBatch(rows);
  for (const batch of batches) {
    if (batch.exact.size > 0) {
      for (let row = 0; row < batch.length; row++) copyRow(batch, row, joined);
      continue;
    }
    const at = joined.length;
    joined.tag.set(batch.tag.subarray(0, batch.length), at);
    joined.value.set(batch.value.subarray(0, batch.length), at);
    joined.status.set(batch.status.subarray(0, batch.length), at);
    joined.sourceTime.set(batch.sourceTime.subarray(0, batch.length), at);
    joined.receivedTime.set(batch.receivedTime.subarray(0, batch.length), at);
    joined.length += batch.length;
  }
  return joined;
}
