import { describe, expect, test } from "vitest";
import type { ModelOptions, PlantModel } from "../../simulators/plant/model.ts";
import { REFERENCE_LOT } from "../../simulators/plant/ore.ts";
import { createPlantModel } from "../../simulators/plant/model.ts";

/** The reference run, after what was done to it has had its time. */
function after(days: number, act: (model: PlantModel) => unknown, options: ModelOptions = {}): PlantModel {
  const model = createPlantModel({ hasBatches: false, ...options });
  act(model);
  model.step(days * 86_400);
  return model;
}

function figures(model: PlantModel) {
  const { flows, grades } = model.truth();
  const lastHour = model.truthBetween(model.timeS - 3600, model.timeS);
  return {
    p80: grades.p80Um,
    circulatingLoad: (100 * flows["cyclone-underflow"].solidsT) / flows["cyclone-overflow"].solidsT,
    cycloneFeed: model.signal("FT-207"),
    density: model.signal("DT-208"),
    leachFeed: grades.leachFeed ?? NaN,
    tails: grades.solids[6]!,
    solution: grades.solutions[6]!,
    carbon: grades.carbon[0]!,
    recovery: 100 * (lastHour.recovery ?? NaN),
  };
}

const dry = (tPerH: number) => (model: PlantModel) => model.set("FIC-201.SP", tPerH / (1 - 0.035));

describe("sensitivities of the reference run", () => {
  test.each<
    [
      string,
      number,
      (model: PlantModel) => unknown,
      ModelOptions,
      Partial<ReturnType<typeof figures>>,
      number,
    ]
  >([
    ["4.6 t/h grind coarser", 5, dry(4.6), {}, { p80: 120.6, circulatingLoad: 290, recovery: 95.4 }, 2],
    // The reference leaves out that the fuller mill draws more power: the mills give back 4 %.
    [
      "5.0 t/h within four hours",
      4 / 24,
      dry(5),
      {},
      { p80: 134, circulatingLoad: 351, cycloneFeed: 22.2 },
      5,
    ],
    [
      "harder ore grinds coarser",
      1,
      () => {},
      { lots: [{ ...REFERENCE_LOT, workIndex: 16 / 0.9 }] },
      { p80: 119.8, circulatingLoad: 298 },
      2,
    ],
    [
      "20 g/t load the carbon",
      12,
      () => {},
      { lots: [{ ...REFERENCE_LOT, headGrade: 20 }] },
      { tails: 0.53, carbon: 4473, recovery: 97.3 },
      3,
    ],
    [
      "without gravity everything goes to leaching",
      1,
      (model) => model.upset("gravity-feed-stopped"),
      {},
      { leachFeed: 12, p80: 99.2, circulatingLoad: 207 },
      2,
    ],
    [
      "less sump water makes a thicker, coarser overflow",
      1,
      (model) => model.set("FIC-205.SP", 1.5),
      {},
      { density: 1.354, p80: 115 },
      2,
    ],
    [
      "300 mg/L of NaCN leave more gold in the tails",
      5,
      (model) => model.set("AIC-401C.SP", 300),
      {},
      { tails: 0.578, recovery: 95.07 },
      3,
    ],
    ["slow carbon loses solution", 12, (model) => model.upset("carbon-fouled"), {}, { solution: 0.0151 }, 3],
  ])("%s", (_, days, act, options, expected, tolerancePercent) => {
    const got = figures(after(days, act, options));
    for (const [name, value] of Object.entries(expected)) {
      const off = 100 * Math.abs(got[name as keyof typeof got] / value - 1);
      if (!(off <= tolerancePercent))
        expect.fail(`${name} is ${got[name as keyof typeof got]}, not ${value}`);
    }
  });
});
