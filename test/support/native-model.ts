import { createRequire } from "node:module";
import type * as Specs from "../../simulators/instruments/instrument-specs.ts";
import type * as Model from "../../simulators/plant/model.ts";

/** The process model as Node itself loads it. The test runner's own loading puts a look-up before every call from one file to
 *  another, which makes the model ten times slower. */
const load = createRequire(import.meta.url);

export const { createPlantModel } = load("../../simulators/plant/model.ts") as typeof Model;
export const { instrumentSpecs } = load("../../simulators/instruments/instrument-specs.ts") as typeof Specs;
