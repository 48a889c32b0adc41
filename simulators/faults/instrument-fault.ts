import type { Tag } from "../../src/domain/tag.ts";
import { engineeringOf } from "../codec/raw.ts";
import type { InstrumentFault } from "../plant/instruments.ts";
import { atCurrent, spanOf, USUAL_GAIN, WIRE_BREAK_COUNTS } from "./value-fault.ts";
import type { FaultName, FaultRequest } from "./catalogue.ts";

const USUAL_SPIKES_PERH = 12;

type MakeFault = (tag: Tag, request: FaultRequest) => InstrumentFault;

/** What a fault does to the instrument itself, so that the PLC behind it is deceived as well as we are. */
const INSTRUMENT_FAULTS: Readonly<Partial<Record<FaultName, MakeFault>>> = {
  bias: (tag, { amount }) => ({ bias: amount ?? 0.05 * spanOf(tag) }),
  gain: (_tag, { amount }) => ({ gain: amount ?? USUAL_GAIN }),
  drift: (tag, { amount }) => ({ driftPerDay: ((amount ?? 1) / 100) * spanOf(tag) }),
  spike: (tag, { amount }) => ({ spikesPerH: USUAL_SPIKES_PERH, spike: amount ?? 0.3 * spanOf(tag) }),
  frozen: () => ({ isStuck: true }),
  "wire-break": (tag) => ({ shows: Number(engineeringOf(tag, WIRE_BREAK_COUNTS)) }),
  "loop-low": (tag) => ({ shows: Number(engineeringOf(tag, atCurrent(tag, "low"))) }),
  "loop-high": (tag) => ({ shows: Number(engineeringOf(tag, atCurrent(tag, "high"))) }),
};

/** Null when the fault lies behind the instrument. */
export function instrumentFault(name: FaultName, request: FaultRequest, tag: Tag): InstrumentFault | null {
  return INSTRUMENT_FAULTS[name]?.(tag, request) ?? null;
}
