import { formula, ratio } from "./formula.ts";

/** M-09. Liquor of a pulp flow, m3/h: the flow less the volume of its solids. No value for a pulp lighter than its liquor or
 *  heavier than its solids. */
export const liquorFlow = formula({
  unit: "m3/h",
  inputs: { flow: "m3/h", slurry: "t/m3", solids: "t/m3", liquor: "t/m3" },
  of: ({ flow, slurry, solids, liquor }) => {
    if (slurry < liquor || slurry > solids || flow < 0) return "OUT_OF_DOMAIN";
    const share = ratio(slurry - liquor, solids - liquor, 0.1);
    return typeof share === "string" ? share : flow * (1 - share);
  },
});

/** M-40b. Gold that leaves dissolved, g. */
export const goldInLiquor = formula({
  unit: "g",
  inputs: { liquor: "m3", solution: "g/m3" },
  of: ({ liquor, solution }) => (liquor < 0 || solution < 0 ? "OUT_OF_DOMAIN" : liquor * solution),
});
