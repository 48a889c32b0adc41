import { Status } from "../domain/status.ts";
import type { StatusCode } from "../domain/status.ts";
import type { EuRange, Tag } from "../domain/tag.ts";

/** Share of the span by which a value may lie outside its range and still be shown, as uncertain. */
const RANGE_TOLERANCE = 0.025;

/** Rounding of 32-bit floats and of scaled integers is no excursion: an instrument at exactly 100 % stays good. */
const ROUNDING = 1e-7;

/** NAMUR NE 43, mA: at and beyond the outer limits the transmitter reports its own failure,
 *  between the inner limits it measures, and in between it is saturated. */
const LOOP = { failLow: 3.6, measureLow: 3.8, measureHigh: 20.5, failHigh: 21 } as const;

/** What analogue input cards report for an open circuit in a signed 16-bit register. */
const WIRE_BREAK = 32767;

/** value = raw × scale + offset. A loop signal with a range goes from its counts straight to that range. */
export function linearOf(tag: Tag): { readonly scale: number; readonly offset: number } {
  const { scale, offset, loopRaw } = tag.scaling;
  if (loopRaw === null || tag.range === null) return { scale, offset };
  const slope = (tag.range.high - tag.range.low) / (loopRaw.high - loopRaw.low);
  return { scale: slope, offset: tag.range.low - loopRaw.low * slope };
}

/** The current of a loop, mA, from the raw counts at 4 and 20 mA. */
function loopCurrent(raw: number, loopRaw: EuRange): number {
  return 4 + (raw - loopRaw.low) * (16 / (loopRaw.high - loopRaw.low));
}

/** Status of a loop signal by its raw counts. */
export function loopStatus(raw: number, loopRaw: EuRange, type: Tag["type"]): StatusCode {
  if (raw === WIRE_BREAK && type === "int16" && loopRaw.high < WIRE_BREAK) return Status.BadSensorFailure;
  const current = loopCurrent(raw, loopRaw);
  if (current >= LOOP.measureLow && current <= LOOP.measureHigh) return Status.Good;
  if (!(current > LOOP.failLow && current < LOOP.failHigh)) return Status.BadSensorFailure;
  return current < LOOP.measureLow ? Status.UncertainLoopLow : Status.UncertainLoopHigh;
}

/** Between these a value is in range; a tag without one allows every finite number. */
export function rangeLimits(range: EuRange | null): EuRange {
  if (range === null) return { low: -Number.MAX_VALUE, high: Number.MAX_VALUE };
  const slack = roundingSlack(range);
  return { low: range.low - slack, high: range.high + slack };
}

/** Status of an engineering value against its range: uncertain up to 2.5 % of span outside, bad beyond. */
export function rangeStatus(value: number, range: EuRange): StatusCode {
  const slack = roundingSlack(range);
  const tolerance = (range.high - range.low) * RANGE_TOLERANCE + slack;
  if (value < range.low - slack)
    return value >= range.low - tolerance ? Status.UncertainRangeLow : Status.BadOutOfRange;
  if (value > range.high + slack)
    return value <= range.high + tolerance ? Status.UncertainRangeHigh : Status.BadOutOfRange;
  return Status.Good;
}

function roundingSlack(range: EuRange): number {
  return Math.max(Math.abs(range.low), Math.abs(range.high)) * ROUNDING;
}

/** The numbers that name a state of an enumeration; null when the tag is none. */
export function statesOf(tag: Tag): ReadonlySet<number> | null {
  if (tag.values === null || tag.type === "bool") return null;
  return new Set(Object.keys(tag.values).map(Number));
}

/** A state number that the profile does not list is shown, because the device means something by it,
 *  but as uncertain: nobody here knows what. */
export function stateStatus(value: number, states: ReadonlySet<number>): StatusCode {
  if (states.has(value)) return Status.Good;
  return value < Math.min(...states) ? Status.UncertainRangeLow : Status.UncertainRangeHigh;
}
