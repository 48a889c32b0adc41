import { valueOf } from "../domain/batch.ts";
import type { Reading, ReadingBatch } from "../domain/batch.ts";
import { isBad, Status } from "../domain/status.ts";
import type { StatusCode } from "../domain/status.ts";
import type { Tag } from "../domain/tag.ts";
import type { EpochMs } from "../domain/time.ts";
import type { Memory } from "./carry.ts";
import { carriesExact } from "./exact.ts";

const FRESH = 0;
const STALE = 1;
const EXPIRED = 2;

/** The latest reading of every tag. */
export interface ProcessImage {
  /** Takes conditioned rows. `overtaken` rows are older than what is here and are left out. */
  update(batch: ReadingBatch, monotonicNow: number, overtaken: ReadonlySet<number>): void;
  /** A live subscription says that these tags are as they were. */
  confirm(tagIndexes: Iterable<number>, monotonicNow: number): void;
  /** Ages what has not been confirmed: uncertain after three periods, 10 s at least; bad after ten, 30 s at least.
   *  Source times stay as they are. */
  ageOut(monotonicNow: number): void;
  /** The status with the reading's age in it. */
  statusOf(tagIndex: number): StatusCode;
  /** The number last read; NaN for text and where there is none. */
  valueOf(tagIndex: number): number;
  sourceTimeOf(tagIndex: number): EpochMs;
  receivedTimeOf(tagIndex: number): EpochMs;
  reading(tagIndex: number): Reading;
  /** Appends the tag's reading to `into` under the times given. The caller sees to the capacity. */
  append(tagIndex: number, sourceTime: EpochMs, receivedTime: EpochMs, into: ReadingBatch): void;
  readonly memory: Memory;
}

/** Freshness counts from the last reading or confirmation, by the monotonic clock; the age of a source time says nothing,
 *  because a value behind a deadband may be hours old and true. */
export function createProcessImage(tags: readonly Tag[]): ProcessImage {
  const columns = createColumns(tags);
  const { sourceTime, receivedTime, confirmedAt, age } = columns;
  return {
    update: (batch, monotonicNow, overtaken) => update(columns, batch, monotonicNow, overtaken),
    confirm(tagIndexes, monotonicNow) {
      for (const tag of tagIndexes) {
        confirmedAt[tag] = monotonicNow;
        age[tag] = FRESH;
      }
    },
    ageOut: (monotonicNow) => ageOut(columns, monotonicNow),
    statusOf: (tagIndex) => statusOf(columns, tagIndex),
    valueOf: (tagIndex) => columns.value[tagIndex] as number,
    sourceTimeOf: (tagIndex) => sourceTime[tagIndex] as number,
    receivedTimeOf: (tagIndex) => receivedTime[tagIndex] as number,
    reading(tagIndex) {
      const tag = tags[tagIndex];
      if (tag === undefined) throw new RangeError(`there is no tag ${tagIndex}`);
      const status = statusOf(columns, tagIndex);
      return {
        tag,
        value: valueOf(tag, columns.value[tagIndex] as number, columns.exact[tagIndex], status),
        status,
        sourceTime: sourceTime[tagIndex] as number,
        receivedTime: receivedTime[tagIndex] as number,
      };
    },
    append: (tagIndex, source, received, into) => append(columns, tagIndex, source, received, into),
    memory: { ...columns },
  };
}

interface Columns {
  readonly value: Float64Array;
  /** As read; its age is not in it. */
  readonly status: Uint32Array;
  readonly sourceTime: Float64Array;
  readonly receivedTime: Float64Array;
  /** Monotonic. */
  readonly confirmedAt: Float64Array;
  readonly age: Uint8Array;
  readonly staleAfterMs: Float64Array;
  readonly expiredAfterMs: Float64Array;
  readonly hasExact: Uint8Array;
  readonly exact: (bigint | string | undefined)[];
}

function createColumns(tags: readonly Tag[]): Columns {
  return {
    value: new Float64Array(tags.length).fill(NaN),
    status: new Uint32Array(tags.length).fill(Status.BadWaitingForInitialData),
    sourceTime: new Float64Array(tags.length),
    receivedTime: new Float64Array(tags.length),
    confirmedAt: new Float64Array(tags.length).fill(-Infinity),
    age: new Uint8Array(tags.length),
    staleAfterMs: Float64Array.from(tags, ({ periodMs }) => Math.max(3 * periodMs, 10_000)),
    expiredAfterMs: Float64Array.from(tags, ({ periodMs }) => Math.max(10 * periodMs, 30_000)),
    hasExact: carriesExact(tags),
    exact: tags.map(() => undefined),
  };
}

function update(
  columns: Columns,
  batch: ReadingBatch,
  monotonicNow: number,
  overtaken: ReadonlySet<number>,
): void {
  const isInOrder = overtaken.size === 0;
  for (let row = 0; row < batch.length; row++) {
    if (!isInOrder && overtaken.has(row)) continue;
    const tag = batch.tag[row] as number;
    columns.value[tag] = batch.value[row] as number;
    columns.status[tag] = batch.status[row] as number;
    columns.sourceTime[tag] = batch.sourceTime[row] as number;
    columns.receivedTime[tag] = batch.receivedTime[row] as number;
    columns.confirmedAt[tag] = monotonicNow;
    columns.age[tag] = FRESH;
    if (columns.hasExact[tag] === 1) columns.exact[tag] = batch.exact.get(row);
  }
}

function ageOut({ confirmedAt, staleAfterMs, expiredAfterMs, age }: Columns, monotonicNow: number): void {
  for (let tag = 0; tag < age.length; tag++) {
    const unconfirmedMs = monotonicNow - (confirmedAt[tag] as number);
    if (unconfirmedMs > (staleAfterMs[tag] as number))
      age[tag] = unconfirmedMs > (expiredAfterMs[tag] as number) ? EXPIRED : STALE;
  }
}

/** A bad reading stays bad for its own reason, however old. */
function statusOf({ status, age }: Columns, tag: number): StatusCode {
  const read = status[tag] as number;
  if (age[tag] === FRESH || isBad(read)) return read;
  return age[tag] === STALE ? Status.UncertainStale : Status.BadStale;
}

function append(columns: Columns, tag: number, source: EpochMs, received: EpochMs, into: ReadingBatch): void {
  const status = statusOf(columns, tag);
  const exact = columns.exact[tag];
  const row = into.length++;
  into.tag[row] = tag;
  into.status[row] = status;
  into.value[row] = isBad(status) ? NaN : (columns.value[tag] as number);
  into.sourceTime[row] = source;
  into.receivedTime[row] = received;
  if (exact !== undefined && !isBad(status)) into.exact.set(row, exact);
}
