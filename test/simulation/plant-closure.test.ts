import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { readSteadyState } from "../../simulators/instruments/steady-state-table.ts";
import { takeInventory } from "../../simulators/plant/inventory.ts";
import type { PlantModel } from "../../simulators/plant/model.ts";
import { PUMA_LOTS } from "../../simulators/plant/ore.ts";
import { UPSETS } from "../../simulators/plant/upsets.ts";
import type { UpsetName } from "../../simulators/plant/upsets.ts";
import { loadPlant } from "../../src/config/load.ts";
import { randomFor } from "../../src/domain/random.ts";
import { createPlantModel } from "../../simulators/plant/model.ts";
import { instrumentSpecs } from "../../simulators/instruments/instrument-specs.ts";

const DAYS = process.env["PUMA_SOAK"] === undefined ? 3 : 30;
const plant = loadPlant(join(import.meta.dirname, "../../devices/plants/puma.yaml"));
const instruments = instrumentSpecs(plant.tags, readSteadyState());

const disturbed = (seed: number) =>
  createPlantModel({
    seed,
    instruments,
    lots: PUMA_LOTS,
    disturbances: {
      "feed-grade": { sigma: 0.25, correlationH: 6 },
      moisture: { sigma: 0.1, correlationH: 12 },
      hardness: { sigma: 0.05, correlationH: 24 },
    },
  });

/** Every hour something else goes wrong, for up to an hour. */
function runBadly(model: PlantModel, days: number, seed: number): void {
  const random = randomFor("what goes wrong", seed);
  const names = Object.keys(UPSETS) as UpsetName[];
  for (let hour = 0; hour < 24 * days; hour++) {
    const end = model.upset(names[Math.floor(random() * names.length)]!);
    model.step(Math.floor(random() * 3600));
    end();
    model.set("XS-602P.ARM", 1);
    model.step(3600 * (hour + 1) - model.timeS);
  }
}

describe(`over ${DAYS} days with flushes, batches and an upset every hour`, () => {
  const model = disturbed(11);
  const before = takeInventory(model.sheet.units);
  runBadly(model, DAYS, 11);
  const after = takeInventory(model.sheet.units);
  const { totals } = model.truth();

  test.each([
    ["ore", after.solidsT - before.solidsT, totals["ore-delivered"].solidsT, after.solidsT],
    [
      "water",
      after.waterT - before.waterT,
      totals["ore-delivered"].waterT + totals["fresh-water"].waterT,
      after.waterT,
    ],
    ["gold", after.goldG - before.goldG, totals["ore-delivered"].goldG - totals.poured.goldG, after.goldG],
    ["carbon", after.carbonT - before.carbonT, 0, after.carbonT],
  ])("%s in is what is out and what is there, to 1e-9", (_, accumulated, net, held) => {
    expect(Math.abs(accumulated - net) / held).toBeLessThan(1e-9);
  });

  test("a good deal has happened meanwhile", () => {
    expect(totals["mill-feed"].solidsT).toBeGreaterThan(60 * DAYS);
    expect(totals["gravity-leached"].goldG).toBeGreaterThan(100 * DAYS);
    expect(totals.eluted.goldG).toBeGreaterThan(100);
    expect(totals.plated.goldG).toBeGreaterThan(100);
    expect(totals["crushed-ore"].solidsT).toBeGreaterThan(50 * DAYS);
  });

  test("no vessel holds less than nothing", () => {
    const { mill1, mill2, sump, gravity, leach, fineOre } = model.sheet.units;
    const pulps = [mill1.pulp, mill2.pulp, sump.pulp, gravity.hopper].map((row) => row.subarray(0, 31));
    const tanks = leach.tanks.map((tank) => tank.subarray(0, 6));
    for (const row of [...pulps, ...tanks, ...leach.carbons, fineOre.content])
      for (const amount of row) expect(amount).toBeGreaterThan(-1e-9);
  });

  test("the books of its parts add up to the books of the whole", () => {
    const half = Math.floor(model.timeS / 2);
    const [first, second, whole] = [
      model.truthBetween(0, half),
      model.truthBetween(half, model.timeS),
      model.truthBetween(0, model.timeS),
    ];
    for (const stream of ["mill-feed", "tails", "adsorbed"] as const)
      expect(first.totals[stream].goldG + second.totals[stream].goldG).toBeCloseTo(
        whole.totals[stream].goldG,
        6,
      );
    expect(first.productsG + second.productsG).toBeCloseTo(whole.productsG, 6);
  });
});

describe("the same seed", () => {
  test("gives the same readings at every second, upsets and all; another seed gives others", () => {
    const [one, same, other] = [disturbed(5), disturbed(5), disturbed(6)];
    let differences = 0;
    for (const model of [one, same, other]) model.upset("roping");
    for (let second = 0; second < 2 * 3600; second++) {
      for (const model of [one, same, other]) model.step(1);
      for (let place = 0; place < one.readings.length; place++) {
        if (one.readings[place] !== same.readings[place])
          expect.fail(`tag ${place} differs after ${second} s`);
        if (one.readings[place] !== other.readings[place]) differences++;
      }
    }
    expect(differences).toBeGreaterThan(100_000);
  });

  test("gives every tag its own stream: striking one instrument changes no other", () => {
    const [whole, struck] = [createPlantModel({ instruments }), createPlantModel({ instruments })];
    struck.strike("AT-703", { bias: 3, spikesPerH: 100, spike: 2 });
    for (let minute = 0; minute < 120; minute++) {
      whole.step(60);
      struck.step(60);
      const others = (model: PlantModel) =>
        plant.tags.slice(0, 100).map((tag) => model.reading(tag.id as "FT-207"));
      if (minute % 30 === 0) expect(others(struck)).toEqual(others(whole));
    }
    expect(struck.reading("AT-703")).not.toBe(whole.reading("AT-703"));
  });
});

test("an empty plant fills up and comes to the steady state", () => {
  const model = createPlantModel({ profile: "empty", hasBatches: false });
  model.step(12 * 3600);
  const { grades } = model.truth();
  expect(model.signal("FT-208")).toBeGreaterThan(8);
  expect(Math.abs(grades.leachFeed! / 7.575 - 1)).toBeLessThan(0.03);
  model.step(10 * 86_400);
  const late = model.truth().grades;
  expect(Math.abs(late.solids[6]! / 0.5202 - 1)).toBeLessThan(0.03);
  expect(Math.abs(late.carbon[0]! / 2632 - 1)).toBeLessThan(0.05);
});
