import { appendBatch, createBatch } from "../../domain/batch.ts";
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
