import { expect, test } from "vitest";
import type { MetallurgyEntry } from "../../../src/config/metric-schema.ts";
import { course, HOUR, metricBench, MORNING } from "../../support/metric-bench.ts";
import { tagOf } from "../../support/tags.ts";

const SHIFT = 12 * HOUR;
const FLOW = tagOf(0, { id: "FT-208", unit: "m3/h" });
const DENSITY = tagOf(1, { id: "DT-208", unit: "t/m3" });
const DAM = tagOf(2, { id: "LT-709", unit: "m" });

const point = (unit: string) => ({ title: unit, unit, every: "shift" as const, random: "5%" });
const common = { area: "leach", periods: ["shift" as const] };

/** One tank with carbon, and the dam, as the Puma plant has them. */
const PLANT: MetallurgyEntry = {
  assays: {
    "AY-912": point("g/t"),
    "AY-913": point("g/t"),
    "AY-922": point("mg/L"),
    "AY-923": point("mg/L"),
    "AY-933": point("g/t"),
    "AY-934": point("g/t"),
  },
  metrics: {
    overflow: {
      ...common,
      title: "Overflow",
      kind: "M-09",
      inputs: { flow: "FT-208", slurry: "DT-208", solids: 2.65 },
    },
    leached: {
      ...common,
      title: "Leached",
      expression: "(before - after) * solids / water",
      unit: "g/m3",
      inputs: { before: "AY-912", after: "AY-913", solids: "overflow.solids", water: "overflow.liquor" },
    },
    adsorption: {
      ...common,
      title: "Adsorption",
      kind: "M-39",
      inputs: {
        before: "AY-922",
        leached: "leached",
        after: "AY-923",
        loading: "AY-933",
        nextLoading: "AY-934",
      },
    },
    dam: { ...common, title: "Dam", kind: "M-58", inputs: { of: "LT-709" } },
  },
};

test("a stage's adsorption counts what is leached in it; a dam's freeboard is the least of the shift", async () => {
  using bench = metricBench([FLOW, DENSITY, DAM], PLANT);
  const until = MORNING + SHIFT;
  const fill = (tag: number, value: (time: number) => number): void =>
    bench.history.add(tag, course(MORNING - 60_000, until + 60_000, 30_000, value));
  fill(0, () => 8.437);
  fill(1, () => 1.31);
  fill(2, (time) => (time === MORNING + HOUR ? 1.9 : 2.2));
  const grades = {
    "AY-912": 1.6,
    "AY-913": 1.1,
    "AY-922": 0.5,
    "AY-923": 0.08,
    "AY-933": 2400,
    "AY-934": 430,
  };
  for (const [id, value] of Object.entries(grades)) bench.assay(id, MORNING, until, value);
  await bench.settle(until + 60_000);
  // Solids 2.65 (1.31 - 1) / 1.65 t per m3 of pulp; the rest of its volume is liquor.
  const solids = (2.65 * 0.31) / 1.65;
  const leached = (0.5 * solids) / (1 - solids / 2.65);
  expect(bench.latest("leached", "shift", MORNING).value).toBeCloseTo(leached, 9);
  const stage = bench.latest("adsorption", "shift", MORNING);
  expect(stage.value).toBeCloseTo((100 * (0.5 + leached - 0.08)) / (0.5 + leached), 9);
  expect(stage.state).toBe("PROVISIONAL");
  expect(bench.latest("adsorption.slope", "shift", MORNING).value).toBeCloseTo(2400 / 430, 9);
  expect(bench.latest("dam.freeboard", "shift", MORNING).value).toBe(1.9);
});
