import type { Tag } from "../../src/domain/tag.ts";
import { say } from "../../src/domain/said.ts";
import { UnfitWish } from "../../src/domain/simulation.ts";
import { Status } from "../../src/domain/status.ts";
import type { EpochMs } from "../../src/domain/time.ts";
import { engineeringOf, rawOf } from "../codec/raw.ts";
import type { RawValue } from "../codec/raw.ts";
import { correlatedNoise } from "../instruments/noise.ts";
import type { Outlet, ValueFault } from "../instruments/outlet.ts";
import type { FaultName, FaultRequest } from "./catalogue.ts";
import { misordered, repeatSamples, shuffleSamples } from "./sample-order.ts";
import { wordSwapper } from "./word-swap.ts";

/** Count of an input card whose loop is open. */
export const WIRE_BREAK_COUNTS = 32_767;
/** NAMUR NE 43 failure currents as commonly set, mA. */
const FAILURE_LOW_MA = 3.2;
const FAILURE_HIGH_MA = 22;
const LIVE_ZERO_MA = 4;
const LOOP_SPAN_MA = 16;
const DEFAULT_SKEW_MS = 600_000;
const MS_PER_DAY = 86_400_000;
export const USUAL_GAIN = 1.04;
/** About twelve in an hour of seconds. */
const SPIKE_SIGMAS = 2.71;

type MakeFault = (tag: Tag, request: FaultRequest, outlet: Outlet, now: EpochMs) => ValueFault;

const VALUE_FAULTS: Readonly<Partial<Record<FaultName, MakeFault>>> = {
  frozen(tag, _request, outlet, now) {
    const { raw } = outlet.peek(tag, outlet.step(now));
    return { raw: () => raw };
  },
  dropout(tag, _request, outlet, now) {
    const since = outlet.step(now);
    const { raw } = outlet.peek(tag, since);
    return { raw: () => raw, sourceTime: () => since };
  },
  "wire-break"(tag) {
    if (tag.scaling.loopRaw === null) throw noLoop(tag);
    return { raw: () => WIRE_BREAK_COUNTS };
  },
  "loop-low": (tag) => constant(atCurrent(tag, "low")),
  "loop-high": (tag) => constant(atCurrent(tag, "high")),
  bias: (tag, { amount = 0.05 * spanOf(tag) }, outlet) => deviating(tag, outlet, (value) => value + amount),
  gain: (tag, { amount = USUAL_GAIN }, outlet) => deviating(tag, outlet, (value) => value * amount),
  drift: (tag, { amount = 1 }, outlet, now) =>
    deviating(
      tag,
      outlet,
      (value, time) => value + (((amount / 100) * spanOf(tag)) / MS_PER_DAY) * (time - now),
    ),
  spike(tag, { amount = 0.3 * spanOf(tag) }, outlet) {
    const isSpike = correlatedNoise(`${tag.id} spikes`, 1, 1000, 0);
    return deviating(tag, outlet, (value, time) => (isSpike(time) > SPIKE_SIGMAS ? value + amount : value));
  },
  "word-swap"(tag, _request, outlet) {
    const swapped = wordSwapper(tag.type);
    if (swapped === null) throw new UnfitWish(say("no-words", { tag: tag.id }));
    return { raw: (time) => swapped(outlet.healthy(tag, time)) };
  },
  "duplicate-samples": (tag, _request, outlet) =>
    misordered((time) => outlet.healthy(tag, time), repeatSamples),
  "out-of-order-samples": (tag, _request, outlet) =>
    misordered((time) => outlet.healthy(tag, time), shuffleSamples),
  "totalizer-reset": (tag, _request, outlet, now) => reset(tag, outlet, outlet.step(now)),
  "clock-skew": (_tag, { skewMs = DEFAULT_SKEW_MS }) => ({ sourceTime: (time) => time + skewMs }),
  "bad-status": (_tag, { status = Status.BadSensorFailure }) => ({ status }),
};

/** How a value fault changes one tag from `now` on; null when the fault is none of values.
 *  Throws RangeError when the tag has no current loop, or is no total. */
export function valueFault(
  name: FaultName,
  request: FaultRequest,
  tag: Tag,
  outlet: Outlet,
  now: EpochMs,
): ValueFault | null {
  return VALUE_FAULTS[name]?.(tag, request, outlet, now) ?? null;
}

/** What stands in the register at a failure current: counts of the card where the tag has them, else the value that the PLC
 *  computes from the current. Throws RangeError when the tag has no range to compute it from. */
export function atCurrent(tag: Tag, failure: "low" | "high"): RawValue {
  const milliamperes = failure === "low" ? FAILURE_LOW_MA : FAILURE_HIGH_MA;
  const share = (milliamperes - LIVE_ZERO_MA) / LOOP_SPAN_MA;
  const { loopRaw } = tag.scaling;
  if (loopRaw !== null) return Math.round(loopRaw.low + share * (loopRaw.high - loopRaw.low));
  if (tag.range === null) throw noLoop(tag);
  return rawOf(tag, tag.range.low + share * (tag.range.high - tag.range.low));
}

function constant(raw: RawValue): ValueFault {
  return { raw: () => raw };
}

/** A reading that is off: by a factor, by an amount, by more every day, or now and then. */
function deviating(tag: Tag, outlet: Outlet, deviate: (value: number, time: EpochMs) => number): ValueFault {
  if (tag.type === "bool" || tag.type === "string")
    throw new UnfitWish(say("no-measurement", { tag: tag.id }));
  return { raw: (time) => rawOf(tag, deviate(Number(engineeringOf(tag, outlet.healthy(tag, time))), time)) };
}

function reset(tag: Tag, outlet: Outlet, from: EpochMs): ValueFault {
  const start = Number(engineeringOf(tag, outlet.peek(tag, from).raw));
  if (tag.range !== null || Number.isNaN(start)) throw new UnfitWish(say("no-total", { tag: tag.id }));
  const rollover = tag.rolloverCounts === null ? 0 : tag.rolloverCounts * Math.abs(tag.scaling.scale);
  return {
    raw(time): RawValue {
      const since = Number(engineeringOf(tag, outlet.healthy(tag, time))) - start;
      return rawOf(tag, since < 0 ? since + rollover : since);
    },
  };
}

function noLoop(tag: Tag): UnfitWish {
  return new UnfitWish(say("no-loop", { tag: tag.id }));
}

/** The range, or 1 for what has none. */
export function spanOf(tag: Tag): number {
  return tag.range === null ? 1 : tag.range.high - tag.range.low;
}
