import { join } from "node:path";
import { parseArgs } from "node:util";
import { readSteadyState } from "../../simulators/instruments/steady-state-table.ts";
import { instrumentSpecs } from "../../simulators/instruments/instrument-specs.ts";
import { createPlantModel } from "../../simulators/plant/model.ts";
import type { ModelOptions, PlantModel } from "../../simulators/plant/model.ts";
import { PUMA_LOTS } from "../../simulators/plant/ore.ts";
import { loadPlant } from "../../src/config/load.ts";

/** How many seconds of the plant one second of one processor simulates. Below the floor something is wrong with the inner loop. */
const FLOOR_PER_CPU_S = 20_000;
const WARM_UP_S = 3600;
const { values: pace } = parseArgs({ options: { quick: { type: "boolean", default: false } } });
const RUN_S = pace.quick ? 14_400 : 86_400;

interface ModelCase {
  readonly name: string;
  readonly plants: number;
  readonly options: ModelOptions;
}

const plant = loadPlant(join(import.meta.dirname, "../../devices/plants/puma.yaml"));
const instruments = instrumentSpecs(plant.tags, readSteadyState());
const varied: ModelOptions = {
  lots: PUMA_LOTS,
  disturbances: {
    "feed-grade": { sigma: 0.25, correlationH: 6 },
    hardness: { sigma: 0.05, correlationH: 24 },
  },
};

const CASES: readonly ModelCase[] = [
  { name: "model alone, batches averaged", plants: 1, options: { hasBatches: false } },
  { name: "model alone", plants: 1, options: {} },
  { name: "model and the instruments of all tags", plants: 1, options: { instruments } },
  { name: "the same with lots and disturbances", plants: 1, options: { instruments, ...varied } },
  { name: "ten such plants", plants: 10, options: { instruments, ...varied } },
];

function run({ plants, options }: ModelCase): number {
  const models = Array.from({ length: plants }, (_, i) => createPlantModel({ ...options, seed: i + 1 }));
  stepAll(models, WARM_UP_S);
  const before = process.cpuUsage();
  stepAll(models, RUN_S / plants);
  const { user, system } = process.cpuUsage(before);
  return RUN_S / ((user + system) / 1e6);
}

/** A minute at a time, so that ten plants share the caches as they would behind one clock. */
function stepAll(models: readonly PlantModel[], seconds: number): void {
  for (let second = 0; second < seconds; second += 60) for (const model of models) model.step(60);
}

let isFast = true;
console.log("simulated plant seconds per CPU second\n");
for (const one of CASES) {
  const perCpuS = run(one);
  isFast &&= perCpuS >= FLOOR_PER_CPU_S;
  console.log(`${one.name.padEnd(42)}${Math.round(perCpuS).toLocaleString("en").padStart(10)}`);
}
console.log(`\nfloor ${FLOOR_PER_CPU_S.toLocaleString("en")}: ${isFast ? "held" : "MISSED"}`);
process.exitCode = isFast ? 0 : 1;
