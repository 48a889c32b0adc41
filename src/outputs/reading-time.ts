import type { ReadingBatch } from "../domain/batch.ts";
import type { EpochMs } from "../domain/time.ts";

/** Source time in whole ms; where the device gave none, the time at which we read it. */
export function readingTime(batch: ReadingBatch, row: number): EpochMs {
  const source = Math.round(batch.sourceTime[row] as number);
  return source >= 0 ? source : Math.round(batch.receivedTime[row] as number);
}
