/** The process model: how many seconds of the plant one second of a processor simulates, next to a yardstick measured in the same
 *  run, and what ten plants cost.
 *
 *      node test/bench/model.ts [--quick] */
import { join } from "node:path";
import { parseArgs } from "node:util";
import { instrumentSpecs } from "../../simulators/instruments/instrument-specs.ts";
import { readSteadyState } from "../../simulators/instruments/steady-state-table.ts";
import { createPlantModel } from "../../simulators/plant/model.ts";
import type { ModelOptions } from "../../simulators/plant/model.ts";
import { PUMA_LOTS } from "../../simulators/plant/ore.ts";
import { loadPlant } from "../../src/config/load.ts";
import { mulberry32, normal } from "../../src/domain/random.ts";

/** Seconds of the plant that one second of a processor must simulate, instruments and all; below it the inner loop is spoilt. */
const FLOOR_PER_CPU_S = 20_000;
const WARM_UP_S = 7200;
const { values: pace } = parseArgs({ options: { quick: { type: "boolean", default: false } } });
/** Plant time of each subject, s. */
const RUN_S = pace.quick ? 43_200 : 259_200;

/** What is made to pass a second of plant time: the yardstick, or so many plants. */
interface Subject {
  readonly name: string;
  readonly plants: number;
  readonly start: (seed: number) => (seconds: number) => void;
}

const WHOLE = "model and the instruments of every tag";

function subjects(): readonly Subject[] {
  const { tags } = loadPlant(join(import.meta.dirname, "../../devices/plants/puma.yaml"));
  const instruments = instrumentSpecs(tags, readSteadyState());
  const varied: ModelOptions = {
    instruments,
    lots: PUMA_LOTS,
    disturbances: {
      "feed-grade": { sigma: 0.25, correlationH: 6 },
      hardness: { sigma: 0.05, correlationH: 24 },
    },
  };
  return [
    { name: "yardstick: a normal draw per instrument", plants: 1, start: () => draws(instruments.length) },
    { name: "model alone, batches averaged", plants: 1, start: model({ hasBatches: false }) },
    { name: "model alone", plants: 1, start: model({}) },
    { name: WHOLE, plants: 1, start: model({ instruments }) },
    { name: "the same with lots and disturbances", plants: 1, start: model(varied) },
    { name: "ten such plants, seconds of all ten", plants: 10, start: model(varied) },
  ];
}

/** The least that noise on every instrument costs. */
function draws(count: number): (seconds: number) => void {
  const random = mulberry32(1);
  const values = new Float64Array(count);
  return (seconds) => {
    for (let second = 0; second < seconds; second++)
      for (let place = 0; place < count; place++) values[place] = normal(random);
  };
}

function model(options: ModelOptions): Subject["start"] {
  return (seed) => {
    const plant = createPlantModel({ ...options, seed });
    return (seconds) => plant.step(seconds);
  };
}

/** Seconds of plant time per CPU second: of ten plants, seconds in which all ten have moved on. A minute at a time, so that the ten
 *  share the caches as they would behind one clock. */
function measure({ plants, start }: Subject): number {
  const steps = Array.from({ length: plants }, (_, i) => start(i + 1));
  const run = (untilS: number): void => {
    for (let second = 0; second < untilS; second += 60) for (const step of steps) step(60);
  };
  run(WARM_UP_S);
  const before = process.cpuUsage();
  run(RUN_S / plants);
  const { user, system } = process.cpuUsage(before);
  return RUN_S / plants / ((user + system) / 1e6);
}

const rows = subjects().map((subject) => ({ name: subject.name, perCpuS: measure(subject) }));
const yardstick = rows[0]?.perCpuS ?? NaN;
console.log("\nprocess model: seconds of plant time per CPU second, and times the yardstick's cost\n");
for (const { name, perCpuS } of rows) {
  const rate = Math.round(perCpuS).toLocaleString("en").padStart(10);
  console.log(`${name.padEnd(46)}${rate}${(yardstick / perCpuS).toFixed(1).padStart(8)}`);
}
const isFast = (rows.find(({ name }) => name === WHOLE)?.perCpuS ?? 0) >= FLOOR_PER_CPU_S;
console.log(`\nfloor ${FLOOR_PER_CPU_S.toLocaleString("en")}: ${isFast ? "held" : "MISSED"}`);
process.exitCode = isFast ? 0 : 1;
