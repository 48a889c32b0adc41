import { createBatch } from "../src/domain/batch.ts";
import type { ReadingBatch } from "../src/domain/batch.ts";
import { Status } from "../src/domain/status.ts";
import type { Tag } from "../src/domain/tag.ts";
import type { EpochMs } from "../src/domain/time.ts";
import { quantised } from "./codec/raw.ts";
import type { EngineeringValue } from "./codec/raw.ts";
import type { ValueSource } from "./instruments/value-source.ts";

/** The past is told no finer than this: enough to be drawn, and soon made. */
const STEP_MS = 10_000;

/** What a gateway would have read in from ≤ t < to if it had been there: as the registers would have shown it, unchanged
 *  values only once in their longest silence, all marked as simulated. One batch a tag. */
export function* pastReadings(
  tags: readonly Tag[],
  source: ValueSource,
  from: EpochMs,
  to: EpochMs,
): Generator<ReadingBatch> {
  for (const tag of tags) {
    const stepMs = Math.max(STEP_MS, tag.periodMs);
    const batch = createBatch(Math.ceil((to - from) / stepMs));
    let toldAt = -Infinity;
    let told: EngineeringValue | null = null;
    for (let time = from; time < to; time += stepMs) {
      const value = quantised(tag, source.valueAt(tag, time));
      if (value === told && time - toldAt < tag.maxSilenceMs) continue;
      told = value;
      toldAt = time;
      add(batch, tag, value, time);
    }
    yield batch;
  }
}

function add(batch: ReadingBatch, { index }: Tag, value: EngineeringValue, time: EpochMs): void {
  const row = batch.length++;
  batch.tag[row] = index;
  batch.value[row] = typeof value === "string" ? NaN : Number(value);
  batch.status[row] = Status.UncertainSimulated;
  batch.sourceTime[row] = time;
  batch.receivedTime[row] = time;
  if (typeof value === "string" || typeof value === "bigint") batch.exact.set(row, value);
}
