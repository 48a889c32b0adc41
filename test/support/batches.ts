import { createBatch } from "../../src/domain/batch.ts";
import type { ReadingBatch } from "../../src/domain/batch.ts";

/** Rows `[tag, value, time]`, all good; source and received time are the same. */
export function batchOf(
  ...rows: readonly (readonly [tag: number, value: number, time: number])[]
): ReadingBatch {
  const batch = createBatch(rows.length);
  for (const [tag, value, time] of rows) {
    const row = batch.length++;
    batch.tag[row] = tag;
    batch.value[row] = value;
    batch.sourceTime[row] = time;
    batch.receivedTime[row] = time;
  }
  return batch;
}

/** The values of a batch in order. */
export function valuesOf(batch: ReadingBatch | null): number[] {
  return batch === null ? [] : [...batch.value.subarray(0, batch.length)];
}
