import { capacityOf, copyRow, createBatch } from "../../domain/batch.ts";
import type { ReadingBatch } from "../../domain/batch.ts";

/** One batch with the rows of all, in order; the batch itself where there is only one. */
export function joinBatches(
  batches: readonly ReadingBatch[],
  rows: number,
  isHistory: boolean,
): ReadingBatch {
  const [only] = batches;
  if (batches.length === 1 && only !== undefined) return isHistory ? { ...only, isHistory } : only;
  const joined = createBatch(rows);
  joined.isHistory = isHistory;
  for (const batch of batches) appendBatch(batch, joined);
  return joined;
}

/** The caller sees to the capacity. */
export function appendBatch(batch: ReadingBatch, to: ReadingBatch): void {
  if (batch.exact.size > 0) {
    for (let row = 0; row < batch.length; row++) copyRow(batch, row, to);
    return;
  }
  const at = to.length;
  const isTight = capacityOf(batch) === batch.length;
  to.tag.set(isTight ? batch.tag : batch.tag.subarray(0, batch.length), at);
  to.value.set(isTight ? batch.value : batch.value.subarray(0, batch.length), at);
  to.status.set(isTight ? batch.status : batch.status.subarray(0, batch.length), at);
  to.sourceTime.set(isTight ? batch.sourceTime : batch.sourceTime.subarray(0, batch.length), at);
  to.receivedTime.set(isTight ? batch.receivedTime : batch.receivedTime.subarray(0, batch.length), at);
  to.length += batch.length;
}
