import { join } from "node:path";
import { describe, expect, test } from "vitest";
import type { PlantModel } from "../../simulators/plant/model.ts";
import type { SignalId } from "../../simulators/plant/signal-list.ts";
import { UPSETS } from "../../simulators/plant/upsets.ts";
import type { UpsetName } from "../../simulators/plant/upsets.ts";
import { loadPlant } from "../../src/config/load.ts";
import { readSteadyState } from "../../simulators/instruments/steady-state-table.ts";
import { createPlantModel } from "../../simulators/plant/model.ts";
import { instrumentSpecs } from "../../simulators/instruments/instrument-specs.ts";

const plant = loadPlant(join(import.meta.dirname, "../../devices/plants/puma.yaml"));
const instruments = instrumentSpecs(plant.tags, readSteadyState());
const MINUTE = 60;
const HOUR = 3600;

const reference = () => createPlantModel({ hasBatches: false });

function upset(name: UpsetName, amount?: number): PlantModel {
  const model = reference();
  model.step(MINUTE);
  model.upset(name, amount);
  return model;
}

/** Minutes from now until it is so; Infinity when it is not so in time. */
function minutesUntil(model: PlantModel, isSo: (model: PlantModel) => boolean, limitS = 6 * HOUR): number {
  const fromS = model.timeS;
  while (model.timeS - fromS < limitS) {
    model.step(1);
    if (isSo(model)) return (model.timeS - fromS) / MINUTE;
  }
  return Infinity;
}

const above = (tag: SignalId, value: number) => (model: PlantModel) => model.signal(tag) > value;
const below = (tag: SignalId, value: number) => (model: PlantModel) => model.signal(tag) < value;

function expectNear(got: number, expected: number, tolerance: number): void {
  expect(Math.abs(got - expected), `${got} is not ${expected} ± ${tolerance}`).toBeLessThanOrEqual(tolerance);
}

describe("upsets of the process leave their signatures", () => {
  test("a slipping belt is slower than its drive, carries more per metre, and starves the mill", () => {
    const model = upset("belt-slip");
    model.step(10 * MINUTE);
    expect(model.signal("ST-201")).toBeCloseTo(0.56, 6);
    expect(model.signal("WT-201")).toBeCloseTo(1.8, 6);
    expect(model.signal("WIT-201")).toBeLessThan(3.7);
    const rates = model.truth().flows;
    expect(rates["cyclone-overflow"].solidsT).toBeGreaterThan(rates["mill-feed"].solidsT);
  });

  test("a slipping crushed ore belt sets the slip switch", () => {
    const model = upset("crusher-belt-slip");
    model.step(1);
    expect(model.signal("SSL-105")).toBe(1);
    expect(model.signal("ST-105")).toBeCloseTo(0.56, 6);
  });

  test("a blocked chute fills the crusher in two minutes, empties the belt in 25 s and trips the line", () => {
    const model = reference();
    model.step(MINUTE);
    const end = model.upset("blocked-chute");
    expectNear(60 * minutesUntil(model, below("WIT-105", 0.01)), 25, 2);
    expect(minutesUntil(model, above("LT-108", 99.9)) + 25 / 60).toBeLessThan(2);
    expect(minutesUntil(model, (it) => it.sheet.plc.motors.romFeeder.isTripped)).toBeLessThan(1);
    expect([model.signal("ST-102"), model.signal("XS-103")]).toEqual([0, 0]);
    end();
    expect(minutesUntil(model, above("WIT-105", 9))).toBeLessThan(15);
  });

  test("without feed the overflow thins out and gets fine", () => {
    const model = upset("feed-loss");
    model.step(15 * MINUTE);
    expectNear(model.signal("DT-208"), 1.23, 0.01);
    model.step(15 * MINUTE);
    expectNear(model.signal("DT-208"), 1.145, 0.01);
    expectNear(model.signal("AT-208"), 41, 2);
    model.step(90 * MINUTE);
    expectNear(model.signal("DT-208"), 1.05, 0.01);
  });

  test("a blocked mill draws more and then less power while its bearing pressure only rises", () => {
    const model = upset("mill-overload");
    const usual = model.signal("JT-204");
    let [pressure, most] = [model.signal("PT-204"), 0];
    for (let minute = 0; minute < 150; minute++) {
      model.step(MINUTE);
      expect(model.signal("PT-204")).toBeGreaterThan(pressure);
      pressure = model.signal("PT-204");
      most = Math.max(most, model.signal("JT-204"));
    }
    expectNear(most / usual, 1.15, 0.01);
    expect(model.signal("JT-204") / usual).toBeLessThan(1.01);
    expect(model.sheet.units.mill2.volumeM3).toBeGreaterThan(1.7);
    expect(model.signal("AT-204")).toBeLessThan(40);
  });

  test("a roping apex gives a dense underflow and a coarse overflow, and lets go when it is free again", () => {
    const model = reference();
    const end = model.upset("roping");
    model.step(30 * MINUTE);
    expectNear(model.signal("DT-209"), 1.944, 0.002);
    expect(model.signal("AT-208")).toBeGreaterThan(140);
    end();
    model.step(HOUR);
    expectNear(model.signal("DT-209"), 1.8126, 0.002);
  });

  test("a plugged cyclone shows high pressure, less flow and a coarse overflow", () => {
    const model = upset("cyclone-plug");
    model.step(15 * MINUTE);
    expect(model.signal("PT-207")).toBeGreaterThan(150);
    expect(model.signal("FT-207")).toBeLessThan(0.76 * 16.4);
    for (let minute = 0; minute < 60; minute++) {
      model.step(MINUTE);
      expect(model.signal("AT-208")).toBeGreaterThan(140);
    }
  });

  test("without gravity the leach feed is 13 % richer after an hour and 37 % after four", () => {
    const model = upset("gravity-feed-stopped");
    const grade = () => model.truth().grades.leachFeed! / 7.575;
    model.step(HOUR);
    expectNear(grade(), 1.13, 0.02);
    model.step(3 * HOUR);
    expectNear(grade(), 1.37, 0.02);
  });

  test("without dosing NaCN falls below 300 mg/L in 2.73 h, and the tails rise the next day", () => {
    const model = upset("nacn-pump-trip");
    expectNear(minutesUntil(model, below("AT-401C", 300)) / 60, 2.73, 0.05);
    const tails = model.truth().grades.solids[6]!;
    model.step(86_400);
    expect(model.truth().grades.solids[6]!).toBeGreaterThan(1.01 * tails);
  });

  test("without lime pH falls through the interlock, which stops the cyanide, while HCN rises", () => {
    const model = upset("lime-feeder-trip");
    // The mills hold the lime of a quarter of an hour: everything comes that much later than in the first tank alone.
    expectNear(minutesUntil(model, below("AT-401A", 10.5)), 17 + 17, 3);
    expectNear(model.timeS / 60 - 1 + minutesUntil(model, above("AT-491", 4.7)), 29 + 19, 3);
    expectNear(model.timeS / 60 - 1 + minutesUntil(model, below("AT-401A", 10)), 45 + 19, 3);
    expect(60 * minutesUntil(model, below("XS-602P", 0.5))).toBeLessThan(15);
    expectNear(model.timeS / 60 - 1 + minutesUntil(model, above("AT-491", 10)), 59 + 19, 3);
    expect(model.signal("FT-602")).toBe(0);
  });

  test("the permit comes back only by hand and only from pH 10.3 on", () => {
    const model = reference();
    const end = model.upset("lime-feeder-trip");
    model.step(90 * MINUTE);
    expect(model.signal("XS-602P")).toBe(0);
    end();
    model.set("XS-602P.ARM", 1);
    model.step(MINUTE);
    expect(model.signal("XS-602P")).toBe(0);
    model.set("FFIC-603.SP", 1.7);
    expect(minutesUntil(model, above("AT-401A", 10.35))).toBeLessThan(180);
    expect(model.signal("XS-602P")).toBe(0);
    model.set("XS-602P.ARM", 1);
    model.step(MINUTE);
    expect(model.signal("XS-602P")).toBe(1);
    expect(model.signal("FT-602")).toBeGreaterThan(10);
  });

  test.each([
    ["fails low", { shows: -0.7 }],
    ["is off by more than the other allows", { bias: -0.5 }],
  ])("a pH probe that %s costs the cyanide its permit until both are right again", (_, fault) => {
    const model = createPlantModel({ instruments });
    model.step(MINUTE);
    const heal = model.strike("AT-401A", fault);
    model.step(15);
    expect([model.signal("XS-602P"), model.signal("XS-602")]).toEqual([0, 0]);
    heal();
    model.step(15);
    expect(model.signal("XS-602P")).toBe(0);
    model.set("XS-602P.ARM", 1);
    model.step(2);
    expect(model.signal("XS-602P")).toBe(1);
  });

  test("a pH probe that is stuck deceives the interlock only until the other one leaves it behind", () => {
    const model = createPlantModel({ instruments });
    model.strike("AT-401A", { isStuck: true });
    model.upset("lime-feeder-trip");
    model.step(20 * MINUTE);
    expect(model.signal("XS-602P")).toBe(1);
    model.step(20 * MINUTE);
    expect(model.reading("AT-401A")).toBeGreaterThan(10.8);
    expect(model.signal("XS-602P")).toBe(0);
  });

  test("a scale that reads high starves the mill of as much", () => {
    const model = createPlantModel({ instruments });
    model.strike("WIT-201", { gain: 1.04 });
    model.step(4 * HOUR);
    const { totals } = model.truthBetween(3 * HOUR, 4 * HOUR);
    expectNear(totals["mill-feed"].solidsT, 4.2 / 1.04, 0.02);
  });

  test("without metabisulphite WAD cyanide passes 25 mg/L in 11 min and 50 in 28", () => {
    const model = upset("smbs-pump-trip");
    expectNear(minutesUntil(model, above("AT-703", 25)), 11, 1);
    expectNear(model.timeS / 60 - 1 + minutesUntil(model, above("AT-703", 50)), 28, 1.5);
  });

  test("without air the first tank has no oxygen and the others 1.9 to 4.4 mg/L", () => {
    const model = upset("air-blower-off");
    model.step(6 * HOUR);
    expect(model.signal("AT-401B")).toBe(0);
    expectNear(model.signal("AT-402B"), 1.9, 0.02);
    expectNear(model.signal("AT-406B"), 4.4, 0.02);
  });

  test("a hole in a screen turns the carbon profile over", () => {
    const model = upset("screen-hole", 0.3);
    model.step(2 * 86_400);
    const [, second, third] = model.truth().grades.carbon;
    expect(third!).toBeGreaterThan(0.95 * second!);
    expect(model.sheet.units.leach.carbons[3]![0]!).toBeLessThan(model.sheet.units.leach.carbons[4]![0]!);
  });

  test("a hole in the last screen puts gold on carbon into the tailings", () => {
    const model = upset("tail-screen-hole");
    model.step(86_400);
    expect(model.sheet.units.carbon.lost[1]!).toBeGreaterThan(1);
  });

  test("carbon that is not moved loads up, and gold slowly gets past it", () => {
    const model = upset("carbon-advance-stopped");
    const before = model.truth().grades;
    model.step(3 * 86_400);
    const { carbon, solutions } = model.truth().grades;
    expect(carbon[0]!).toBeGreaterThan(2 * before.carbon[0]!);
    expect(solutions[6]!).toBeGreaterThan(1.1 * before.solutions[6]!);
  });

  test("lost lube oil pressure trips the mill and the feeder with it", () => {
    const model = upset("lube-failure");
    expect(60 * minutesUntil(model, above("XA-203", 0.5))).toBeLessThan(8);
    model.step(1);
    expect(model.signal("XS-203")).toBe(0);
    expect(model.signal("JT-203")).toBe(0);
    expect(model.signal("WIT-201")).toBe(0);
  });

  test("a power cut stops everything, and the plant comes back by itself", () => {
    const model = reference();
    model.step(MINUTE);
    const end = model.upset("power-cut");
    model.step(5 * MINUTE);
    expect(
      ["XS-201", "XS-203", "XS-206", "XS-401", "XS-103"].map((tag) => model.signal(tag as SignalId)),
    ).toEqual([0, 0, 0, 0, 0]);
    expect([model.signal("XS-811"), model.signal("XS-812")]).toEqual([1, 1]);
    end();
    model.step(2 * MINUTE);
    expect([model.signal("XS-401"), model.signal("XS-203")]).toEqual([1, 0]);
    model.step(HOUR);
    expect(model.signal("WIT-201")).toBeGreaterThan(4);
    expect(model.signal("FT-208")).toBeGreaterThan(8);
    expect(model.signal("XS-812")).toBe(0);
  });

  test.each(Object.keys(UPSETS) as UpsetName[])(
    "%s goes away without a trace in the running of the plant",
    (name) => {
      const model = createPlantModel();
      model.step(MINUTE);
      const end = model.upset(name);
      model.step(5 * MINUTE);
      end();
      model.step(40 * MINUTE);
      for (const value of model.signals) expect(Number.isFinite(value)).toBe(true);
      expect(model.signal("WIT-201")).toBeGreaterThan(4);
      expect(model.signal("XS-602P")).toBe(1);
    },
  );
});
