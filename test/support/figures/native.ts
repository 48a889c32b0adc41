import { createRequire } from "node:module";
import type * as Days from "./days-against-truth.ts";
import type * as Day from "./a-day-of-figures.ts";
import type * as Shift from "./shift-against-truth.ts";

/** Plant and engine as Node itself loads them: see native-model.ts for why. */
const load = createRequire(import.meta.url);

export const { figuresOfADay } = load("./a-day-of-figures.ts") as typeof Day;
export const { compareShift } = load("./shift-against-truth.ts") as typeof Shift;
export const { runDays } = load("./days-against-truth.ts") as typeof Days;
