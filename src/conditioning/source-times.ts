import type { ReadingBatch } from "../domain/batch.ts";
import { isBad } from "../domain/status.ts";
import type { Tag } from "../domain/tag.ts";
import type { EpochMs } from "../domain/time.ts";
import type { Memory } from "./carry.ts";
import { carriesExact } from "./exact.ts";

/** A device clock further than this from ours is not believed. */
const CLOCK_ERROR_MAX_MS = 5 * 60_000;

/** No reading of this gateway is older: a clock that has lost its battery starts again at 1970, 1980 or 2000. */
const DAWN = Date.UTC(2020, 0, 1);

/** Readings may overtake each other on the way for this long; an older time after a longer pause means that
 *  the device's clock was set back, and its readings count as new again. */
const OVERTAKING_MAX_MS = 10_000;

/** A step back of a clock by no more than this is hidden by counting on; beyond it the new time is taken as it is. Of our own
 *  clock more is hidden: it steps back for all tags at once, and polls that go on in step with the old time would put readings
 *  on times at which others stand. */
const STEP_BACK_HIDDEN_MS = { devices: 1000, ours: 5000 };

/** ECMAScript's limit of a date. */
const EPOCH_MS_MAX = 8.64e15;

export type TimeVerdict = 0 | 1 | 2;
/** The time is the device's, or ours where it gave none. */
export const IN_ORDER = 0;
/** Older than a reading of the same tag that came before. */
export const OVERTAKEN = 1;
/** The device's clock is wrong: the row carries our time. */
export const CLOCK_WRONG = 2;

export interface SourceTimes {
  /** Puts the row's source time right and says what was found. The row is still raw. */
  settle(batch: ReadingBatch, row: number, monotonicNow: number): TimeVerdict;
  /** What the device's clock said, while it is too wrong to be believed; null when it is not, or said nothing usable. */
  deviceTime(tagIndex: number): EpochMs | null;
  readonly memory: Memory;
}

/** Keeps the source times of each tag unique and rising, as far as the clocks behind them rise. */
export function createSourceTimes(tags: readonly Tag[]): SourceTimes {
  const memory = createMemory(tags);
  /** What devices with a wrong clock said, by tag. */
  const wrongTimes = new Map<number, number>();
  return {
    settle(batch, row, monotonicNow) {
      const tag = batch.tag[row] as number;
      const received = batch.receivedTime[row] as number;
      const given = batch.sourceTime[row] as number;
      if (
        Math.abs(given - received) <= CLOCK_ERROR_MAX_MS ||
        isOldButTrue(memory, wrongTimes, tag, given, received)
      ) {
        if (wrongTimes.size > 0) wrongTimes.delete(tag);
        if (isOvertaken(memory, tag, given, received, monotonicNow)) return OVERTAKEN;
        remember(memory, batch, row, given, monotonicNow);
        memory.received[tag] = received;
        return IN_ORDER;
      }
      wrongTimes.set(tag, given);
      remember(memory, batch, row, received, monotonicNow);
      memory.received[tag] = received;
      return CLOCK_WRONG;
    },
    deviceTime(tagIndex) {
      const time = wrongTimes.get(tagIndex);
      return time !== undefined && Math.abs(time) <= EPOCH_MS_MAX ? time : null;
    },
    memory: { ...memory },
  };
}

/** The last reading of each tag, as it came and as it was settled. */
interface TimeColumns {
  readonly given: Float64Array;
  readonly settled: Float64Array;
  readonly received: Float64Array;
  /** When, by the monotonic clock. */
  readonly settledAt: Float64Array;
  /** The last time that a device itself put on a reading with a value. */
  readonly stamped: Float64Array;
  readonly raw: Float64Array;
  readonly status: Uint32Array;
  readonly hasExact: Uint8Array;
  readonly exact: (bigint | string | undefined)[];
}

function createMemory(tags: readonly Tag[]): TimeColumns {
  const never = (): Float64Array => new Float64Array(tags.length).fill(-Infinity);
  return {
    given: never(),
    settled: never(),
    received: never(),
    settledAt: never(),
    stamped: never(),
    raw: new Float64Array(tags.length),
    status: new Uint32Array(tags.length),
    hasExact: carriesExact(tags),
    exact: tags.map(() => undefined),
  };
}

/** A server that reports changes gives an unchanged value the time of its last change, hours ago or months. That alone
 *  says nothing against its clock. A *new* time that lies before our receipt of the reading before it does. */
function isOldButTrue(
  memory: TimeColumns,
  wrongTimes: ReadonlyMap<number, number>,
  tag: number,
  given: EpochMs,
  received: EpochMs,
): boolean {
  if (!(given >= DAWN && given < received) || wrongTimes.get(tag) === given) return false;
  return given === memory.given[tag] || given >= (memory.received[tag] as number) - CLOCK_ERROR_MAX_MS;
}

function isOvertaken(
  { stamped, settledAt }: TimeColumns,
  tag: number,
  given: EpochMs,
  received: EpochMs,
  monotonicNow: number,
): boolean {
  return (
    given < (stamped[tag] as number) &&
    given !== received && // our own clock set back is no overtaking
    monotonicNow - (settledAt[tag] as number) <= OVERTAKING_MAX_MS
  );
}

function remember(
  memory: TimeColumns,
  batch: ReadingBatch,
  row: number,
  given: EpochMs,
  monotonicNow: number,
): void {
  const tag = batch.tag[row] as number;
  const status = batch.status[row] as number;
  const before = memory.settled[tag] as number;
  const time = given > before ? given : disentangle(memory, batch, row, given);
  batch.sourceTime[row] = time;
  memory.given[tag] = given;
  memory.settled[tag] = time;
  memory.settledAt[tag] = monotonicNow;
  // A device's bad row may be newer than the value after it, which keeps the time of its last change.
  if (given !== batch.receivedTime[row] && !isBad(status)) memory.stamped[tag] = given;
  memory.raw[tag] = batch.value[row] as number;
  memory.status[tag] = status;
  if (memory.hasExact[tag] === 1) memory.exact[tag] = batch.exact.get(row);
}

/** The time for a reading that is not newer than the one before. */
function disentangle(memory: TimeColumns, batch: ReadingBatch, row: number, given: EpochMs): EpochMs {
  const before = memory.settled[batch.tag[row] as number] as number;
  if (isRepeated(memory, batch, row, given)) return before;
  const hiddenMs = given === batch.receivedTime[row] ? STEP_BACK_HIDDEN_MS.ours : STEP_BACK_HIDDEN_MS.devices;
  return before - given <= hiddenMs ? before + 1 : given;
}

/** The very same reading delivered twice keeps its time, so that storing it again changes nothing. */
function isRepeated(memory: TimeColumns, batch: ReadingBatch, row: number, given: EpochMs): boolean {
  const tag = batch.tag[row] as number;
  return (
    given === memory.given[tag] &&
    batch.status[row] === memory.status[tag] &&
    Object.is(batch.value[row], memory.raw[tag]) &&
    (memory.hasExact[tag] === 0 || batch.exact.get(row) === memory.exact[tag])
  );
}
