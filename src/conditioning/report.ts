import { capacityOf, copyRow } from "../domain/batch.ts";
import type { ReadingBatch } from "../domain/batch.ts";
import { Status } from "../domain/status.ts";
import type { Tag } from "../domain/tag.ts";
import type { EpochMs } from "../domain/time.ts";
import type { Memory } from "./carry.ts";
import { carriesExact } from "./exact.ts";
import type { ProcessImage } from "./process-image.ts";

/** Decides which readings the outputs hear of. */
export interface Reporter {
  /** Appends to `into` the conditioned rows that are worth reporting. `into` needs room for all of them. */
  select(batch: ReadingBatch, monotonicNow: number, overtaken: ReadonlySet<number>, into: ReadingBatch): void;
  /** Appends what the rows themselves did not tell: tags whose status has changed without a reading, and tags that have
   *  been silent for too long. What finds no room in `into` comes with the next call. */
  sweep(image: ProcessImage, now: EpochMs, monotonicNow: number, into: ReadingBatch): void;
  readonly memory: Memory;
}

/** Report by exception. The measure is the last value *reported*, so that slow drift is told as soon as it has left the
 *  band, and what was told last is never further from the truth than the deadband. */
export function createReporter(tags: readonly Tag[]): Reporter {
  const told = createTold(tags);
  return {
    select(batch, monotonicNow, overtaken, into) {
      if (capacityOf(into) - into.length < batch.length)
        throw new RangeError(`${batch.length} readings do not fit into the batch to report`);
      const isInOrder = overtaken.size === 0;
      for (let row = 0; row < batch.length; row++) {
        const tag = batch.tag[row] as number;
        if (!isInOrder && overtaken.has(row)) {
          copyRow(batch, row, into);
          told.at[tag] = -Infinity; // the newest reading is told again, for those who only keep the last message
        } else if (isNews(told, batch, row, tag, monotonicNow)) {
          copyRow(batch, row, into);
          remember(told, batch, row, tag, monotonicNow);
        }
      }
    },
    sweep(image, now, monotonicNow, into) {
      const capacity = capacityOf(into);
      for (let tag = 0; tag < tags.length && into.length < capacity; tag++) {
        const status = image.statusOf(tag);
        const isSilent = monotonicNow - (told.at[tag] as number) >= (told.maxSilenceMs[tag] as number);
        if (status === told.latestStatus[tag] && !isSilent) continue;
        if (status === Status.BadWaitingForInitialData) continue;
        restate(told, tag, image, now, into);
        remember(told, into, into.length - 1, tag, monotonicNow);
      }
    },
    memory: { ...told },
  };
}

/** What the outputs have last been told of each tag. */
interface Told {
  readonly deadband: Float64Array;
  readonly maxSilenceMs: Float64Array;
  readonly value: Float64Array;
  readonly status: Uint32Array;
  /** When, by the monotonic clock. */
  readonly at: Float64Array;
  readonly comparesExact: Uint8Array;
  readonly exact: (bigint | string | undefined)[];
  /** The row that a database takes for the last one, because it sorts by time. */
  readonly latestTime: Float64Array;
  readonly latestStatus: Uint32Array;
}

function createTold(tags: readonly Tag[]): Told {
  const deadband = Float64Array.from(tags, deadbandOf);
  return {
    deadband,
    maxSilenceMs: Float64Array.from(tags, (tag) => tag.maxSilenceMs),
    value: new Float64Array(tags.length).fill(NaN),
    status: new Uint32Array(tags.length).fill(Status.BadWaitingForInitialData),
    at: new Float64Array(tags.length).fill(-Infinity),
    comparesExact: carriesExact(tags).map((flag, tag) => (deadband[tag] === 0 ? flag : 0)),
    exact: tags.map(() => undefined),
    latestTime: new Float64Array(tags.length).fill(-Infinity),
    latestStatus: new Uint32Array(tags.length).fill(Status.BadWaitingForInitialData),
  };
}

function isNews(told: Told, batch: ReadingBatch, row: number, tag: number, monotonicNow: number): boolean {
  return (
    Math.abs((batch.value[row] as number) - (told.value[tag] as number)) > (told.deadband[tag] as number) ||
    batch.status[row] !== told.status[tag] ||
    monotonicNow - (told.at[tag] as number) >= (told.maxSilenceMs[tag] as number) ||
    (told.comparesExact[tag] === 1 && batch.exact.get(row) !== told.exact[tag])
  );
}

function remember(told: Told, batch: ReadingBatch, row: number, tag: number, monotonicNow: number): void {
  const status = batch.status[row] as number;
  const time = batch.sourceTime[row] as number;
  told.value[tag] = batch.value[row] as number;
  told.status[tag] = status;
  told.at[tag] = monotonicNow;
  if (told.comparesExact[tag] === 1) told.exact[tag] = batch.exact.get(row);
  if (time < (told.latestTime[tag] as number)) return;
  told.latestTime[tag] = time;
  told.latestStatus[tag] = status;
}

/** Appends the tag's reading out of the image. Where only its status is new it goes under the time of that change:
 *  under its old time it would overwrite in a database what was true then, or hide behind a later row. */
function restate(told: Told, tag: number, image: ProcessImage, now: EpochMs, into: ReadingBatch): void {
  if (image.statusOf(tag) === told.latestStatus[tag])
    image.append(tag, image.sourceTimeOf(tag), image.receivedTimeOf(tag), into);
  else image.append(tag, Math.max(now, (told.latestTime[tag] as number) + 1), now, into);
}

/** Bits, states and texts have no band in which a change would not matter. */
function deadbandOf({ type, values, deadband }: Tag): number {
  return type === "bool" || type === "string" || values !== null ? 0 : deadband;
}
