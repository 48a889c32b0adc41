import { quantised } from "../../simulators/codec/raw.ts";
import { steadyState } from "../../simulators/instruments/steady-state.ts";
import { readSteadyState } from "../../simulators/instruments/steady-state-table.ts";
import { SAMPLE_PLANS } from "../../simulators/laboratory/samples.ts";
import { createPlantModel } from "../../simulators/plant/model.ts";
import type { Plant } from "../../src/config/plant.ts";
import type { Tag } from "../../src/domain/tag.ts";

/** What a tag shows at a second of the plant. */
export interface Course {
  readonly tag: number;
  readonly everyS: number;
  readonly at: (second: number) => number;
}

/** A prime number of seconds of noise, which is then repeated: no period of the plant is a multiple of it. */
const NOISE_S = 3607;
const SOME_TIME = Date.UTC(2026, 10, 1);
/** Counts an hour. */
const COUNTS_PER_H = 420;

/** Every tag at its own period: noise of its instrument, bits and states at rest, totals that count. */
export function coursesOf(plant: Plant): readonly Course[] {
  const source = steadyState(plant, 1, readSteadyState());
  return plant.tags.map((tag) => ({
    tag: tag.index,
    everyS: Math.max(1, Math.round(tag.periodMs / 1000)),
    at: isCounter(tag)
      ? counterOf(tag)
      : noiseOf((time) => Number(quantised(tag, source.valueAt(tag, time)))),
  }));
}

function isCounter({ rolloverCounts, unit }: Tag): boolean {
  return rolloverCounts !== null || unit === "kW.h";
}

function counterOf({ rolloverCounts, scaling }: Tag): Course["at"] {
  const rollover = rolloverCounts ?? Infinity;
  return (second) => (Math.floor(((second + 600) * COUNTS_PER_H) / 3600) % rollover) * scaling.scale;
}

function noiseOf(valueAt: (time: number) => number): Course["at"] {
  const values = Float64Array.from({ length: NOISE_S }, (_, i) => valueAt(SOME_TIME + 1000 * i));
  return (second) => values[(second + 600) % NOISE_S] as number;
}

/** What each sampling point finds in the steady plant. */
export function gradesOf(): ReadonlyMap<string, number> {
  const model = createPlantModel();
  model.step(4 * 3600);
  const hours = model.truthBetween(0, model.timeS);
  return new Map(SAMPLE_PLANS.map(({ tag, truth }) => [tag, truth(model, hours)]));
}
