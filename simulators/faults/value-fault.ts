import type { Tag } from "../../src/domain/tag.ts";
import { Status } from "../../src/domain/status.ts";
import type { EpochMs } from "../../src/domain/time.ts";
import { engineeringOf, rawOf } from "../codec/raw.ts";
import type { RawValue } from "../codec/raw.ts";
import type { Outlet, ValueFault } from "../instruments/outlet.ts";
import type { FaultName, FaultRequest } from "./catalogue.ts";

/** Count of an input card whose loop is open. */
const WIRE_BREAK_COUNTS = 32_767;
/** NAMUR NE 43 failure currents as commonly set, mA. */
const FAILURE_LOW_MA = 3.2;
const FAILURE_HIGH_MA = 22;
const LIVE_ZERO_MA = 4;
const LOOP_SPAN_MA = 16;
const DEFAULT_SKEW_MS = 600_000;

type MakeFault = (tag: Tag, request: FaultRequest, outlet: Outlet, now: EpochMs) => ValueFault;

const VALUE_FAULTS: Readonly<Partial<Record<FaultName, MakeFault>>> = {
  frozen(tag, _request, outlet, now) {
    const { raw } = outlet.peek(tag, outlet.step(now));
    return { raw: () => raw };
  },
  "wire-break"(tag) {
    if (tag.scaling.loopRaw === null) throw noLoop(tag);
    return { raw: () => WIRE_BREAK_COUNTS };
  },
  "loop-low": (tag) => atCurrent(tag, FAILURE_LOW_MA),
  "loop-high": (tag) => atCurrent(tag, FAILURE_HIGH_MA),
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

/** Raw counts of the card where the tag has them, else the value that the PLC computes from the current. */
function atCurrent(tag: Tag, milliamperes: number): ValueFault {
  const share = (milliamperes - LIVE_ZERO_MA) / LOOP_SPAN_MA;
  const { loopRaw } = tag.scaling;
  if (loopRaw !== null) {
    const counts = Math.round(loopRaw.low + share * (loopRaw.high - loopRaw.low));
    return { raw: () => counts };
  }
  if (tag.range === null) throw noLoop(tag);
  const raw = rawOf(tag, tag.range.low + share * (tag.range.high - tag.range.low));
  return { raw: () => raw };
}

function reset(tag: Tag, outlet: Outlet, from: EpochMs): ValueFault {
  const start = Number(engineeringOf(tag, outlet.peek(tag, from).raw));
  if (tag.range !== null || Number.isNaN(start))
    throw new RangeError(`${tag.id} is no total: it has a range or is no number.`);
  const rollover = tag.rolloverCounts === null ? 0 : tag.rolloverCounts * Math.abs(tag.scaling.scale);
  return {
    raw(time): RawValue {
      const since = Number(engineeringOf(tag, outlet.healthy(tag, time))) - start;
      return rawOf(tag, since < 0 ? since + rollover : since);
    },
  };
}

function noLoop(tag: Tag): RangeError {
  return new RangeError(`${tag.id} is no signal of a current loop.`);
}
