import type { ReadingBatch } from "../domain/batch.ts";
import { isBad, Status, worse } from "../domain/status.ts";
import type { StatusCode } from "../domain/status.ts";
import type { Tag } from "../domain/tag.ts";
import type { EpochMs } from "../domain/time.ts";
import type { Memory } from "./carry.ts";
import { linearOf, loopStatus, rangeLimits, rangeStatus, stateStatus, statesOf } from "./scaling.ts";
import { CLOCK_WRONG, createSourceTimes, IN_ORDER, OVERTAKEN } from "./source-times.ts";
import type { SourceTimes, TimeVerdict } from "./source-times.ts";
import { createStuckWatch } from "./stuck.ts";
import type { StuckWatch } from "./stuck.ts";
import { createTotalizers } from "./totalizer.ts";
import type { TotalizerEvents, Totalizers } from "./totalizer.ts";

/** What a good reading of a tag in its range needs beside scaling: nothing, mostly. */
const NONE = 0;
const WATCHED = 1; // for repeating itself
const FULL = 2;

/** Turns raw readings into engineering values with a status and a time that can be believed. */
export interface Conditioner {
  /** Works on the rows in place. Returns the rows, mostly none, that are older than an earlier reading of their tag;
   *  the set is the conditioner's own and valid until the next call. */
  apply(batch: ReadingBatch, monotonicNow: number): ReadonlySet<number>;
  /** What the device's clock said, while it is too wrong to be believed; else null. */
  deviceTime(tagIndex: number): EpochMs | null;
  /** A totalizer's counts since the start times its scale, over rollovers and resets; null for other tags. */
  accumulated(tagIndex: number): number | null;
  /** Rollovers, resets and invalid steps since the last drain, for the log. */
  drainEvents(): TotalizerEvents;
  readonly memories: readonly Memory[];
}

/** A status of the driver's or the server's stays unless a rule here finds something worse. A bad row has no value. */
export function createConditioner(tags: readonly Tag[]): Conditioner {
  const { scale, offset, low, high, careOf, rules } = prepare(tags);
  const { overtaken } = rules;
  return {
    apply(batch, monotonicNow) {
      if (overtaken.size > 0) overtaken.clear();
      for (let row = 0; row < batch.length; row++) {
        const tag = batch.tag[row] as number;
        const verdict = rules.times.settle(batch, row, monotonicNow);
        const value = (batch.value[row] as number) * (scale[tag] as number) + (offset[tag] as number);
        const care = careOf[tag] as number;
        const isInRange = value >= (low[tag] as number) && value <= (high[tag] as number);
        if (isInRange && care !== FULL && batch.status[row] === Status.Good && verdict === IN_ORDER) {
          if (care === WATCHED && rules.stuck.isStuck(tag, batch.value[row] as number, monotonicNow))
            batch.status[row] = Status.UncertainStuck;
          batch.value[row] = value;
          continue;
        }
        conditionWithCare(rules, batch, row, value, verdict, monotonicNow);
      }
      return overtaken;
    },
    deviceTime: (tagIndex) => rules.times.deviceTime(tagIndex),
    accumulated: (tagIndex) => rules.totalizers.accumulated(tagIndex),
    drainEvents: () => rules.totalizers.drainEvents(),
    memories: [rules.times.memory, rules.stuck.memory, rules.totalizers.memory],
  };
}

interface Rules {
  readonly tags: readonly Tag[];
  readonly states: readonly (ReadonlySet<number> | null)[];
  readonly times: SourceTimes;
  readonly stuck: StuckWatch;
  readonly totalizers: Totalizers;
  readonly overtaken: Set<number>;
}

function prepare(tags: readonly Tag[]) {
  const lines = tags.map(linearOf);
  const limits = tags.map(({ range }) => rangeLimits(range));
  const stuck = createStuckWatch(tags);
  const rules: Rules = {
    tags,
    states: tags.map(statesOf),
    times: createSourceTimes(tags),
    stuck,
    totalizers: createTotalizers(tags),
    overtaken: new Set(),
  };
  return {
    rules,
    scale: Float64Array.from(lines, (line) => line.scale),
    offset: Float64Array.from(lines, (line) => line.offset),
    low: Float64Array.from(limits, (limit) => limit.low),
    high: Float64Array.from(limits, (limit) => limit.high),
    careOf: Uint8Array.from(tags, (tag) => {
      if (needsFullCare(tag)) return FULL;
      return stuck.concerns(tag.index) ? WATCHED : NONE;
    }),
  };
}

/** All rules, for the readings that are not plain ones. */
function conditionWithCare(
  rules: Rules,
  batch: ReadingBatch,
  row: number,
  value: number,
  verdict: TimeVerdict,
  monotonicNow: number,
): void {
  const tag = rules.tags[batch.tag[row] as number];
  if (tag === undefined) throw new RangeError(`row ${row} names no tag of this plant`);
  if (verdict === OVERTAKEN) rules.overtaken.add(row);
  const raw = batch.value[row] as number;
  const status = worse(batch.status[row] as number, statusOfOne(rules, batch, row, tag, value));
  if (isBad(status)) {
    batch.value[row] = NaN;
    batch.status[row] = status;
    batch.exact.delete(row);
    if (verdict !== OVERTAKEN) rules.stuck.interrupt(tag.index);
    return;
  }
  batch.value[row] = value;
  if (isRescaled(tag)) batch.exact.delete(row);
  batch.status[row] = worse(status, statusInTime(rules, batch, row, raw, verdict, monotonicNow));
}

/** What one reading says by itself. */
function statusOfOne(rules: Rules, batch: ReadingBatch, row: number, tag: Tag, value: number): StatusCode {
  if (tag.type === "string") return batch.exact.has(row) ? Status.Good : Status.BadSensorFailure;
  if (!Number.isFinite(value)) return Status.BadSensorFailure;
  // The ends of a loop's range are 4 and 20 mA: NE 43 says how far beyond them the signal still measures.
  const { loopRaw } = tag.scaling;
  if (loopRaw !== null) return loopStatus(batch.value[row] as number, loopRaw, tag.type);
  const states = rules.states[tag.index] ?? null;
  if (states !== null) return stateStatus(value, states);
  return tag.range === null || tag.type === "bool" ? Status.Good : rangeStatus(value, tag.range);
}

/** What the readings before it, and the clock, say about a reading. */
function statusInTime(
  { totalizers, stuck }: Rules,
  batch: ReadingBatch,
  row: number,
  raw: number,
  verdict: TimeVerdict,
  monotonicNow: number,
): StatusCode {
  if (verdict === OVERTAKEN) return Status.Good;
  const tag = batch.tag[row] as number;
  const isValid = totalizers.advance(tag, raw, batch.sourceTime[row] as number, monotonicNow);
  const isStuck = stuck.isStuck(tag, raw, monotonicNow);
  // The counter is what it is; what cannot be known from it is the quantity since the reading before.
  if (!isValid) return Status.UncertainSubstitute;
  if (isStuck) return Status.UncertainStuck;
  return verdict === CLOCK_WRONG ? Status.UncertainClock : Status.Good;
}

function needsFullCare(tag: Tag): boolean {
  return (
    tag.type === "string" ||
    tag.scaling.loopRaw !== null ||
    tag.rolloverCounts !== null ||
    statesOf(tag) !== null ||
    isRescaled(tag)
  );
}

/** A 64-bit integer that is scaled has become a plain number. */
function isRescaled({ type, scaling }: Tag): boolean {
  return (type === "int64" || type === "uint64") && (scaling.scale !== 1 || scaling.offset !== 0);
}
