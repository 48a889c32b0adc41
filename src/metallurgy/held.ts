import type { HistoryColumns } from "../domain/history.ts";
import { isBad, severity, Status } from "../domain/status.ts";
import type { StatusCode } from "../domain/status.ts";
import type { EpochMs } from "../domain/time.ts";

/** Readings of one tag in time order. A row without a value (bad, or not a number) ends what was held before it. */
export type Columns = Pick<HistoryColumns, "length" | "time" | "value" | "status">;

/** Half open: from ≤ t < to. */
export interface Window {
  readonly from: EpochMs;
  readonly to: EpochMs;
}

const HOLD_MAX_MS = 300_000;

/** How long a reading stands for what comes after it: ten polls, at most five minutes. */
export function holdFor(pollMs: number): number {
  return Math.min(HOLD_MAX_MS, 10 * pollMs);
}

/** A stretch in which a reading is held: its value, how long within the window, its severity (0 good, 1 uncertain). */
export interface HeldVisitor {
  held(value: number, fromMs: EpochMs, lengthMs: number, severity: number): void;
}

/** Goes through readings that come page by page. The state is the last row seen. */
export interface HeldWalk {
  readonly window: Window;
  readonly holdMs: number;
  lastTime: EpochMs;
  lastValue: number;
  lastStatus: StatusCode;
}

/** To count right from the start of the window, the first row given is the last one at or before it, where there is one. */
export function openWalk(window: Window, holdMs: number): HeldWalk {
  return { window, holdMs, lastTime: -Infinity, lastValue: NaN, lastStatus: Status.BadWaitingForInitialData };
}

/** Takes more rows, in time order. Makes no objects. */
export function walk(state: HeldWalk, columns: Columns, visitor: HeldVisitor): void {
  const { time, value, status, length } = columns;
  for (let row = 0; row < length; row++) {
    const at = time[row] as number;
    if (at < state.lastTime) continue;
    emit(state, at, visitor);
    state.lastTime = at;
    state.lastValue = value[row] as number;
    state.lastStatus = status[row] as number;
  }
}

/** The last row is held to the end of the window or of its hold. */
export function closeWalk(state: HeldWalk, visitor: HeldVisitor): void {
  emit(state, Infinity, visitor);
  state.lastValue = NaN;
}

function emit(
  { window, holdMs, lastTime, lastValue, lastStatus }: HeldWalk,
  until: EpochMs,
  visitor: HeldVisitor,
): void {
  if (Number.isNaN(lastValue) || isBad(lastStatus)) return;
  const from = lastTime > window.from ? lastTime : window.from;
  const held = lastTime + holdMs;
  const end = until < held ? until : held;
  const to = end < window.to ? end : window.to;
  if (to > from) visitor.held(lastValue, from, to - from, severity(lastStatus));
}

/** What a window of readings comes to. Additive: the tally of a window is the sum of those of its pieces. */
export class HeldTally implements HeldVisitor {
  /** Σ value × ms. */
  integral = 0;
  /** Rounding that the sum has lost so far (Kahan), so that a month of seconds keeps all its digits. */
  private lost = 0;
  coveredMs = 0;
  uncertainMs = 0;
  min = Infinity;
  max = -Infinity;

  held(value: number, _from: EpochMs, lengthMs: number, severityOfValue: number): void {
    const term = value * lengthMs - this.lost;
    const sum = this.integral + term;
    this.lost = sum - this.integral - term;
    this.integral = sum;
    this.coveredMs += lengthMs;
    if (severityOfValue === 1) this.uncertainMs += lengthMs;
    if (value < this.min) this.min = value;
    if (value > this.max) this.max = value;
  }
}

/** The tally of a window whose readings are all at hand. */
export function tally(columns: Columns, window: Window, holdMs: number): HeldTally {
  const result = new HeldTally();
  visitHeld(columns, window, holdMs, result);
  return result;
}

export function visitHeld(columns: Columns, window: Window, holdMs: number, visitor: HeldVisitor): void {
  const state = openWalk(window, holdMs);
  walk(state, columns, visitor);
  closeWalk(state, visitor);
}

/** Share of a window that was measured, and how well. */
export interface Covered {
  readonly coverage: number;
  readonly status: StatusCode;
}

const GOOD_FROM = 0.95;
const UNCERTAIN_FROM = 0.75;
const UNCERTAIN_SHARE_MAX = 0.05;

/** Quality of an aggregate: good from 95 % coverage with at most 5 % of it uncertain, bad below 75 %. */
export function coveredBy(
  { coveredMs, uncertainMs }: Pick<HeldTally, "coveredMs" | "uncertainMs">,
  windowMs: number,
): Covered {
  const coverage = windowMs > 0 ? Math.min(1, coveredMs / windowMs) : 0;
  if (coverage < UNCERTAIN_FROM) return { coverage, status: Status.BadNoCommunication };
  const isGood = coverage >= GOOD_FROM && uncertainMs <= UNCERTAIN_SHARE_MAX * coveredMs;
  return { coverage, status: isGood ? Status.Good : Status.UncertainSubstitute };
}

const MS_PER_HOUR = 3_600_000;

export interface Aggregate extends Covered {
  /** Over covered time only, and never scaled up; in the unit of the tag × h. */
  readonly total: number;
  /** The total that the mean would give over the whole window: a substitute, to be shown as one. Null without coverage. */
  readonly filled: number | null;
  /** Mean over covered time; null without any. */
  readonly mean: number | null;
  readonly min: number | null;
  readonly max: number | null;
  readonly coveredMs: number;
}

/** What is published of a window. A bad aggregate keeps its numbers here; its published value is null. */
export function aggregateOf(held: HeldTally, { from, to }: Window): Aggregate {
  const total = held.integral / MS_PER_HOUR;
  const covered = coveredBy(held, to - from);
  const hasAny = held.coveredMs > 0;
  return {
    ...covered,
    total,
    filled: hasAny ? total / covered.coverage : null,
    mean: hasAny ? held.integral / held.coveredMs : null,
    min: hasAny ? held.min : null,
    max: hasAny ? held.max : null,
    coveredMs: held.coveredMs,
  };
}
