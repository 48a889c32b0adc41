import type { Tag } from "../../src/domain/tag.ts";
import type { InstrumentSpec } from "../plant/instruments.ts";
import { SIGNAL, SIGNALS } from "../plant/signal-list.ts";
import type { SignalId } from "../plant/signal-list.ts";
import { TOTALS } from "../plant/signals.ts";
import { limitsOf, rowOf, sigmaOf } from "./steady-state.ts";
import type { NoiseClass, SteadyStateRow, SteadyStateTable } from "./steady-state-table.ts";

/** Converters of transmitters have 16 bits over their range. */
const ADC_COUNTS = 65_536;

/** The instruments of the process model for these tags: noise, lag and limits as the table and the tags' ranges say. Throws
 *  RangeError when a signal has no tag. */
export function instrumentSpecs(tags: readonly Tag[], table: SteadyStateTable): readonly InstrumentSpec[] {
  const known = new Map(tags.map((tag) => [tag.id, tag]));
  return SIGNALS.map((id) => {
    const tag = known.get(id);
    if (tag === undefined) throw new RangeError(`The process model needs the tag ${id}.`);
    return specOf(tag, table);
  });
}

function specOf(tag: Tag, table: SteadyStateTable): InstrumentSpec {
  const rate = TOTALS.find(([, total]) => total === SIGNAL[tag.id as SignalId])?.[0] ?? -1;
  const exact = { tag: tag.id, sigma: 0, tauS: 0, low: 0, high: 0, step: 0, everyS: 1, delayS: 0, rate };
  if (rate >= 0) return { ...exact, kind: "total" };
  const row = rowOf(tag.id, table);
  if (row?.kind === "ramp") return { ...exact, ...analog(tag, row.to, row.noise) };
  return row?.kind === "noisy" ? { ...exact, ...noisyInstrument(tag, row) } : { ...exact, kind: "exact" };
}

type NoisyRow = Extract<SteadyStateRow, { kind: "noisy" }>;

function noisyInstrument(tag: Tag, row: NoisyRow) {
  return row.everyMs === null ? analog(tag, row.value, row.noise) : batch(tag, row, row.everyMs);
}

function batch(tag: Tag, row: NoisyRow, everyMs: number) {
  const sigma = row.noise.sigma / row.value;
  const times = { everyS: everyMs / 1000, delayS: row.delayMs / 1000 };
  return { kind: "batch" as const, sigma, ...limitsOf(tag, tag.range), ...times };
}

function analog(tag: Tag, middle: number, noise: NoiseClass) {
  const step = tag.range === null ? 0 : (tag.range.high - tag.range.low) / ADC_COUNTS;
  const sigma = sigmaOf(tag, middle, noise);
  return { kind: "analog" as const, sigma, tauS: noise.tauMs / 1000, ...limitsOf(tag, tag.range), step };
}
