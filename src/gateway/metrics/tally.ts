import { advanceTotalizer, createTotalizer } from "../../conditioning/totalizer.ts";
import { isBad } from "../../domain/status.ts";
import type { Tag } from "../../domain/tag.ts";
import { HeldTally, visitHeld } from "../../metallurgy/held.ts";
import type { Columns, Window } from "../../metallurgy/held.ts";

/** What a tag or a formula came to in a window. That of a longer window is the sum of those of its pieces. */
export interface Tally {
  /** Σ value × ms. */
  readonly integral: number;
  readonly coveredMs: number;
  readonly uncertainMs: number;
  /** Null when nothing was measured. */
  readonly min: number | null;
  readonly max: number | null;
  /** What held at the start and at the end; null where nothing did. */
  readonly first: number | null;
  readonly last: number | null;
  /** Counts of a counter, over rollovers and resets, and how long it was followed. */
  readonly counts: number;
  readonly countedMs: number;
  /** Steps that no rate explains. */
  readonly invalidSteps: number;
}

export const NOTHING: Tally = Object.freeze({
  integral: 0,
  coveredMs: 0,
  uncertainMs: 0,
  min: null,
  max: null,
  first: null,
  last: null,
  counts: 0,
  countedMs: 0,
  invalidSteps: 0,
});

/** Held values of a window. */
export function tallyHeld(columns: Columns, window: Window, holdMs: number): Tally {
  const held = new HeldTally();
  let first: number | null = null;
  let last: number | null = null;
  visitHeld(columns, window, holdMs, {
    held(value, from, lengthMs, severity) {
      held.held(value, from, lengthMs, severity);
      if (from === window.from) first = value;
      if (from + lengthMs === window.to) last = value;
    },
  });
  const { integral, coveredMs, uncertainMs, min, max } = held;
  const isEmpty = coveredMs === 0;
  return {
    ...NOTHING,
    integral,
    coveredMs,
    uncertainMs,
    min: isEmpty ? null : min,
    max: isEmpty ? null : max,
    first,
    last,
  };
}

/** A counter without a rollover of its own may count as far as a double can. */
const ENDLESS = 2 ** 53;

/** Counts of a window. Readings before it teach the counter's rate, so that a reset is told from a rollover; a step
 *  belongs to the window of its later reading. In whole counts, so that pauses and replays change no digit. */
export function tallyCounts(tag: Tag, columns: Columns, window: Window, holdMs: number): Tally {
  const { scale, offset } = tag.scaling;
  const isWhole = tag.rolloverCounts !== null;
  const counter = createTotalizer(tag.rolloverCounts ?? ENDLESS, tag.periodMs);
  let before = 0;
  let invalidSteps = 0;
  let firstAt = NaN;
  let lastAt = NaN;
  for (let row = 0; row < columns.length; row++) {
    const at = columns.time[row] as number;
    const value = columns.value[row] as number;
    if (Number.isNaN(value) || isBad(columns.status[row] as number)) continue;
    const raw = (value - offset) / scale;
    const kind = advanceTotalizer(counter, isWhole ? Math.round(raw) : raw, at, at);
    if (at < window.from) before = counter.accumulatedCounts;
    else if (kind === "invalid") invalidSteps++;
    if (Number.isNaN(firstAt)) firstAt = at;
    lastAt = at;
  }
  const countedMs = Math.min(window.to, lastAt + holdMs) - Math.max(window.from, firstAt);
  return {
    ...tallyHeld(columns, window, holdMs),
    counts: counter.accumulatedCounts - before,
    countedMs: Number.isNaN(countedMs) ? 0 : Math.max(0, countedMs),
    invalidSteps,
  };
}

/** Of two neighbouring windows, the earlier one first. */
export function addTallies(a: Tally, b: Tally): Tally {
  return {
    integral: a.integral + b.integral,
    coveredMs: a.coveredMs + b.coveredMs,
    uncertainMs: a.uncertainMs + b.uncertainMs,
    min: extreme(Math.min, a.min, b.min),
    max: extreme(Math.max, a.max, b.max),
    first: a === NOTHING ? b.first : a.first,
    last: b.last,
    counts: a.counts + b.counts,
    countedMs: a.countedMs + b.countedMs,
    invalidSteps: a.invalidSteps + b.invalidSteps,
  };
}

function extreme(
  choose: (a: number, b: number) => number,
  a: number | null,
  b: number | null,
): number | null {
  if (a === null) return b;
  return b === null ? a : choose(a, b);
}
