import { copyBatch, createBatch } from "../src/domain/batch.ts";
import type { ReadingBatch } from "../src/domain/batch.ts";
import { Status } from "../src/domain/status.ts";
import type { Tag } from "../src/domain/tag.ts";
import type { EpochMs } from "../src/domain/time.ts";
import { quantised } from "./codec/raw.ts";
import type { EngineeringValue } from "./codec/raw.ts";
import type { ProcessSource } from "./instruments/process-source.ts";

/** The past is told no finer than this: enough to be drawn, and soon made. */
const STEP_MS = 10_000;

/** What the process did before anybody was there to read it. */
export interface Past {
  /** What a gateway would have read in from ≤ t < to: as the registers would have shown it, unchanged values only once in their
   *  longest silence, all marked as simulated. Nothing for times that the record does not reach to. */
  readings(from: EpochMs, to: EpochMs): ReadingBatch;
  /** Gives the room back that the record takes. */
  forget(): void;
}

/** Keeps what the instruments of a process, which has not run yet, will show from its start until `until`. */
export function recordPast(source: ProcessSource, tags: readonly Tag[], until: EpochMs): Past {
  const { model, startMs } = source;
  const width = model.readings.length;
  let record = new Float64Array(Math.floor((until - startMs) / STEP_MS) * width);
  const recorder = {
    nextS: STEP_MS / 1000,
    visit(): void {
      record.set(model.readings, placeAt(startMs + 1000 * model.timeS) * width);
      recorder.nextS += STEP_MS / 1000;
      if (recorder.nextS * 1000 > until - startMs) recorder.nextS = Infinity;
    },
  };
  source.welcome(recorder);

  /** Row i holds what was shown from (i + 1) steps after the start on. */
  const timeOf = (place: number): EpochMs => startMs + STEP_MS * (place + 1);
  const placeAt = (time: EpochMs): number => Math.max(0, Math.ceil((time - startMs) / STEP_MS) - 1);

  return {
    readings(from, to) {
      const first = placeAt(from);
      const end = Math.max(first, Math.min(record.length / width, placeAt(to)));
      const batch = createBatch((end - first) * tags.length);
      for (const tag of tags) {
        const valueAt = (place: number): EngineeringValue =>
          quantised(tag, source.valueWith(tag, timeOf(place), record.subarray(place * width)));
        tell(batch, tag, first, end, valueAt, timeOf);
      }
      return copyBatch(batch);
    },
    forget: () => void (record = new Float64Array(0)),
  };
}

function tell(
  batch: ReadingBatch,
  tag: Tag,
  first: number,
  end: number,
  valueAt: (place: number) => EngineeringValue,
  timeOf: (place: number) => EpochMs,
): void {
  let told: EngineeringValue | null = null;
  let toldAt = -Infinity;
  for (let place = first; place < end; place++) {
    const time = timeOf(place);
    const value = valueAt(place);
    if (value === told && time - toldAt < tag.maxSilenceMs) continue;
    told = value;
    toldAt = time;
    add(batch, tag, value, time);
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
