import type { Tag } from "../domain/tag.ts";
import type { EpochMs } from "../domain/time.ts";
import type { Memory } from "./carry.ts";

/** Margin over the largest rate that was ever seen. */
const RATE_MARGIN = 1.2;

/** Counts that a step may exceed its rate by, because a counter moves in whole counts. */
const QUANTISATION_COUNTS = 2;

/** Until a counter's rate is known it is taken to need at least this long for a full turn. */
const FULL_TURN_MS_MIN = 600_000;

/** Steps other than zero after which the largest rate seen is trusted. */
const LEARNING_STEPS = 10;

/** After a pause longer than this the rate may have been anything the counter can do. */
const PAUSE_MS = 60_000;

/** Events kept for the log between two drains; beyond it the oldest are dropped and counted. */
const EVENTS_MAX = 1000;

export type StepKind = "forward" | "rollover" | "reset" | "invalid";

/** Counts gained between two readings of a counter that starts again at zero after `modulus` counts; NaN when no
 *  step of at most `stepMax` explains them. A step back is a rollover if it can be, else a reset. */
export function totalizerStep(previous: number, counts: number, modulus: number, stepMax: number): number {
  const forward = counts - previous;
  if (forward >= 0) return forward <= stepMax ? forward : NaN;
  if (forward + modulus <= stepMax) return forward + modulus;
  return counts <= stepMax ? counts : NaN;
}

export function stepKind(previous: number, counts: number, step: number): StepKind {
  if (Number.isNaN(step)) return "invalid";
  if (counts >= previous) return "forward";
  return step === counts ? "reset" : "rollover";
}

/** A counter and what is known of it. */
export interface Totalizer {
  readonly modulus: number;
  readonly periodMs: number;
  /** Last reading, counts; NaN before the first. */
  counts: number;
  /** Source time of the last reading, and when it came by the monotonic clock. */
  time: EpochMs;
  readAt: number;
  /** Largest rate accepted so far, counts/ms, and the number of steps that taught it. */
  rateMax: number;
  lessons: number;
  /** The last step went forward too far: should the next one do so too, the plant has become faster. */
  isSuspect: boolean;
  /** Sum of all steps since the start, over rollovers and resets. */
  accumulatedCounts: number;
}

export function createTotalizer(modulus: number, periodMs: number): Totalizer {
  return {
    modulus,
    periodMs,
    counts: NaN,
    time: NaN,
    readAt: NaN,
    rateMax: 0,
    lessons: 0,
    isSuspect: false,
    accumulatedCounts: 0,
  };
}

/** Takes one reading into the totalizer and returns what its step was. An invalid one adds nothing and becomes the
 *  next baseline; counts outside 0…modulus cannot be one, so that the reading after them starts afresh. */
export function advanceTotalizer(
  totalizer: Totalizer,
  counts: number,
  time: EpochMs,
  monotonicNow: number,
): StepKind {
  const previous = totalizer.counts;
  const elapsedMs = elapsedSince(totalizer, time, monotonicNow);
  const isPossible = counts >= 0 && counts < totalizer.modulus;
  totalizer.counts = isPossible ? counts : NaN;
  totalizer.time = time;
  totalizer.readAt = monotonicNow;
  if (!isPossible) return "invalid";
  if (Number.isNaN(previous)) return "forward";
  const isForward = counts >= previous;
  const stepMax = largestStep(totalizer, elapsedMs, isForward);
  const step = totalizerStep(previous, counts, totalizer.modulus, stepMax);
  const kind = stepKind(previous, counts, step);
  totalizer.isSuspect = kind === "invalid" && isForward;
  if (kind === "invalid") return kind;
  totalizer.accumulatedCounts += step;
  if (kind !== "reset" && step > 0) {
    totalizer.lessons++;
    totalizer.rateMax = Math.max(totalizer.rateMax, step / elapsedMs);
  }
  return kind;
}

/** Readings that come in a bunch have their distance in their source times, and one period at least:
 *  a counter is not faster because it is read twice in quick succession. */
function elapsedSince(totalizer: Totalizer, time: EpochMs, monotonicNow: number): number {
  if (Number.isNaN(totalizer.counts)) return totalizer.periodMs;
  return Math.max(time - totalizer.time, monotonicNow - totalizer.readAt, totalizer.periodMs);
}

/** The largest believable step. A totalizer has no range that would tell its greatest rate, so the greatest one seen
 *  stands in for it. A step forward after a pause, or one as large as its refused predecessor, is only held against
 *  what the counter can do at all; a step back must stay close, or a reset would pass for a rollover. */
function largestStep(totalizer: Totalizer, elapsedMs: number, isForward: boolean): number {
  const { modulus, rateMax, lessons, isSuspect } = totalizer;
  const isKnown = lessons >= LEARNING_STEPS;
  const isExcused = isForward && (isSuspect || elapsedMs > PAUSE_MS);
  const rate = isKnown && !isExcused ? rateMax : modulus / FULL_TURN_MS_MIN;
  return Math.min(modulus / 2, RATE_MARGIN * rate * elapsedMs + QUANTISATION_COUNTS);
}

/** For the log: a step of a totalizer that was not simply forward. */
export interface TotalizerEvent {
  readonly tagIndex: number;
  readonly kind: Exclude<StepKind, "forward">;
  readonly previousCounts: number;
  readonly counts: number;
  readonly time: EpochMs;
}

export interface TotalizerEvents {
  readonly events: readonly TotalizerEvent[];
  /** Older ones that found no room since the last drain. */
  readonly dropped: number;
}

export interface Totalizers {
  /** One raw reading that is neither bad nor overtaken; false when its step is invalid. */
  advance(tagIndex: number, counts: number, time: EpochMs, monotonicNow: number): boolean;
  /** Counts since the start times the scale; null when the tag is no totalizer. */
  accumulated(tagIndex: number): number | null;
  drainEvents(): TotalizerEvents;
  readonly memory: Memory;
}

export function createTotalizers(tags: readonly Tag[]): Totalizers {
  const totalizers = tags.map(({ rolloverCounts, periodMs }) =>
    rolloverCounts === null ? null : createTotalizer(rolloverCounts, periodMs),
  );
  let events: TotalizerEvent[] = [];
  let dropped = 0;

  function note(event: TotalizerEvent): void {
    if (events.length >= EVENTS_MAX) {
      events.shift();
      dropped++;
    }
    events.push(event);
  }

  return {
    advance(tagIndex, counts, time, monotonicNow) {
      const totalizer = totalizers[tagIndex];
      if (totalizer === undefined || totalizer === null) return true;
      const previousCounts = totalizer.counts;
      const kind = advanceTotalizer(totalizer, counts, time, monotonicNow);
      if (kind !== "forward") note({ tagIndex, kind, previousCounts, counts, time });
      return kind !== "invalid";
    },
    accumulated(tagIndex) {
      const totalizer = totalizers[tagIndex];
      const tag = tags[tagIndex];
      if (totalizer === undefined || totalizer === null || tag === undefined) return null;
      return totalizer.accumulatedCounts * tag.scaling.scale;
    },
    drainEvents() {
      const drained = { events, dropped };
      events = [];
      dropped = 0;
      return drained;
    },
    memory: { totalizers },
  };
}
