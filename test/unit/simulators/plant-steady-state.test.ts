import { describe, expect, test } from "vitest";
import { rowDensity, wadMgPerL } from "../../../simulators/plant/detox.ts";
import {
  LIVE_M3,
  TANKS,
  T_OXYGEN,
  T_PH,
  tankDeckPpm,
  tankNaCn,
  tankVolume,
} from "../../../simulators/plant/leach.ts";
import { grossKw } from "../../../simulators/plant/mill.ts";
import type { Mill } from "../../../simulators/plant/mill.ts";
import { profileRows } from "../../../simulators/plant/start-profile.ts";
import { densityOf, goldOf, SOLIDS, solidsOf, volumeOf, WATER } from "../../../simulators/plant/pulp.ts";
import { passing80Um, passingShare } from "../../../simulators/plant/sizes.ts";
import { createPlantModel } from "../../../simulators/plant/model.ts";

/** The reference run: batches as time-averages, two hours after the start from the profile. */
const model = createPlantModel({ hasBatches: false });
model.step(2 * 3600);
const { units, plc } = model.sheet;
const { mill1, mill2, sump, cyclone, leach, tailings, water } = units;
const truth = model.truth();
const { flows, grades, inventory } = truth;

const solidsPercent = (row: Float64Array) => (100 * solidsOf(row)) / (solidsOf(row) + row[WATER]!);
const grade = (row: Float64Array) => goldOf(row) / solidsOf(row);
const holdUp = [mill1, mill2].reduce((sum, { pulp }: Mill) => sum + solidsOf(pulp), solidsOf(sump.pulp));
const tank = (index: number) => leach.tanks[index]!;
const perTank = (of: (row: Float64Array) => number) => leach.tanks.map(of);
const naCnKgPerH = units.reagents.naCnLPerH * 0.15;
const tailNaCnKgPerH = (flows.tails.waterT * tankNaCn(tank(6))) / 1000;
const gold = flows["mill-feed"].goldG;
const so2KgPerH = tailings.so2KgPerH;

/** Quantity, what the model gives, what the reference says, and the tolerance in %. */
const TABLE: readonly (readonly [string, number, number, number])[] = [
  ["feed wet, t/h", units.feed.wetTPerH, 4.3523, 2],
  ["feed dry, t/h", units.feed.dryTPerH, 4.2, 2],
  ["feed gold, g/h", gold, 50.4, 2],
  ["mill 1 discharge, % solids", solidsPercent(mill1.pulp), 69.97, 2],
  ["mill 1 P80, um", passing80Um(mill1.pulp, SOLIDS), 1171, 2],
  ["mill 1 volume, m3", mill1.volumeM3, 0.643, 2],
  ["mill 1 hold-up, t", mill1.holdUpT, 0.797, 2],
  ["mill 2, % solids", solidsPercent(mill2.pulp), 72, 2],
  ["mill 2 P80, um", passing80Um(mill2.pulp, SOLIDS), 378, 2],
  ["mill 2 volume, m3", mill2.volumeM3, 0.719, 2],
  ["mill 2 hold-up, t", mill2.holdUpT, 0.938, 2],
  ["net power of mill 1, kW", mill1.netKw, 33.2, 2],
  ["net power of mill 2, kW", mill2.netKw, 33.2, 2],
  ["both gross, kW", grossKw(mill1) + grossKw(mill2), 73.8, 2],
  ["specific energy, kW.h/t", (grossKw(mill1) + grossKw(mill2)) / units.feed.dryTPerH, 17.57, 2],
  ["cyclone feed, t/h", flows["cyclone-feed"].solidsT, 14.58, 2],
  ["cyclone feed, % solids", solidsPercent(sump.pumped), 57.25, 2],
  ["cyclone feed density, t/m3", densityOf(sump.pumped), 1.5539, 2],
  ["cyclone feed, m3/h", cyclone.feedM3PerH, 16.39, 2],
  ["underflow, t/h", flows["cyclone-underflow"].solidsT, 10.38, 2],
  ["underflow, % solids", solidsPercent(cyclone.underflow), 72, 2],
  ["underflow density, t/m3", densityOf(cyclone.underflow), 1.8126, 2],
  ["underflow gold, g/t", grade(cyclone.underflow), 14.32, 3],
  [
    "circulating load of ore, %",
    (100 * flows["cyclone-underflow"].solidsT) / flows["cyclone-overflow"].solidsT,
    247,
    2,
  ],
  [
    "circulating load of gold, %",
    (100 * flows["cyclone-underflow"].goldG) / flows["cyclone-overflow"].goldG,
    467,
    2,
  ],
  ["cut size, um", cyclone.d50cUm, 147.6, 2],
  ["water to underflow", cyclone.waterToUnderflow, 0.371, 2],
  ["overflow, % solids", solidsPercent(cyclone.overflow), 38, 2],
  ["overflow water, m3/h", flows["cyclone-overflow"].waterT, 6.852, 2],
  ["overflow density, t/m3", densityOf(cyclone.overflow), 1.31, 2],
  ["overflow P80, um", grades.p80Um, 105.7, 2],
  ["overflow passing 200 um, %", 100 * passingShare(cyclone.overflow, SOLIDS, 6), 97, 2],
  ["overflow passing 100 um, %", 100 * passingShare(cyclone.overflow, SOLIDS, 7), 78.52, 2],
  ["overflow passing 50 um, %", 100 * passingShare(cyclone.overflow, SOLIDS, 8), 56.16, 2],
  ["overflow passing 25 um, %", 100 * passingShare(cyclone.overflow, SOLIDS, 9), 38.14, 2],
  ["grinding hold-up, t", holdUp, 2.423, 2],
  ["gold in grinding, g", inventory.goldInGrindingG, 31.5, 2],
  ["gravity feed, t/h", flows["gravity-feed"].solidsT, 3.115, 2],
  ["concentrate, kg/h", 1000 * flows["gravity-concentrate"].solidsT, 10, 2],
  ["concentrate, g/t", flows["gravity-concentrate"].goldG / flows["gravity-concentrate"].solidsT, 1916, 3],
  [
    "gravity unit recovery, %",
    (100 * flows["gravity-concentrate"].goldG) / flows["gravity-feed"].goldG,
    43,
    2,
  ],
  ["gravity recovery, %", (100 * flows["gravity-leached"].goldG) / gold, 36.88, 2],
  ["leach feed, g/t", grades.leachFeed ?? NaN, 7.575, 3],
  ["leach feed, g/h", flows["cyclone-overflow"].goldG, 31.81, 2],
  ["residence in a tank, h", LIVE_M3 / volumeOf(cyclone.overflow) / 3600, 4.504, 2],
  ...stages("solids, g/t", grades.solids, [2.144, 1.144, 0.8195, 0.6754, 0.5981, 0.5511, 0.5202], 3),
  ...stages("solution, mg/L", grades.solutions, [3.329, 3.942, 0.6553, 0.1213, 0.0301, 0.0121, 0.0073], 3),
  ...stages("carbon, g/t", grades.carbon, [2632, 555.5, 184.6, 102, 74.19], 3),
  ...stages("NaCN, mg/L", perTank(tankNaCn), [600, 526, 461, 405, 355, 311, 273], 2),
  ...stages(
    "oxygen, mg/L",
    perTank((one) => one[T_OXYGEN]!),
    [5.65, 6.07, 6.23, 6.32, 6.4, 6.48, 6.48],
    2,
  ),
  ["NaCN added, kg/t", naCnKgPerH / units.feed.dryTPerH, 1.118, 2],
  ["NaCN consumed, kg/t", (naCnKgPerH - tailNaCnKgPerH) / units.feed.dryTPerH, 0.673, 2],
  ["HCN at the leach deck, ppm", tankDeckPpm(tank(0)), 1.09, 2],
  ["HCN at the last tank, ppm", tankDeckPpm(tank(6)), 0.62, 2],
  ["WAD cyanide into detox, mg/L", wadMgPerL(tank(6)), 144.8, 3],
  ["WAD cyanide out of detox, mg/L", wadMgPerL(tailings.detox), 4.73, 3],
  ["SO2, kg/h", so2KgPerH, 3.97, 2],
  ["SMBS, kg/t", so2KgPerH / 0.674 / units.feed.dryTPerH, 1.4, 2],
  ["leach extraction, %", 100 * (1 - grades.solids[6]! / (grades.leachFeed ?? NaN)), 93.13, 2],
  ["leach recovery, %", (100 * flows.adsorbed.goldG) / gold, 58.69, 2],
  ["total recovery, %", 100 * (truth.recovery ?? NaN), 95.57, 2],
  ["loss in solids, %", (100 * flows.tails.solidsT * grades.solids[6]!) / gold, 4.33, 3],
  ["loss in solution, %", (100 * flows.tails.waterT * grades.solutions[6]!) / gold, 0.099, 3],
  ["gold produced, g/d", 24 * (flows["gravity-leached"].goldG + flows.eluted.goldG), 1156, 2],
  ["gold in leach solids, g", inventory.goldInLeachSolidsG, 122, 2],
  ["gold in solution, g", inventory.goldInSolutionG, 250, 2],
  ["gold on carbon in the tanks, g", perTank((one) => one[8]!).reduce((a, b) => a + b), 1618, 2],
  ["thickener overflow, m3/h", tailings.overflowM3PerH, 3.42, 2],
  ["decant, m3/h", tailings.decantM3PerH, 1.37, 2],
  ["fresh water, m3/h", water.intakeM3PerH, 1.91, 2],
  ["tailings density, t/m3", rowDensity(tailings.discharge), 1.309, 2],
];

function stages(name: string, got: readonly number[], expected: readonly number[], tolerance: number) {
  return expected.map((value, i) => [`${name}, ${i + 1}`, got[i]!, value, tolerance] as const);
}

describe("the steady state of the reference ore", () => {
  test.each(TABLE)("%s is %f where the reference has %f", (_name, got, expected, tolerancePercent) => {
    expect(Math.abs(got / expected - 1) * 100).toBeLessThanOrEqual(tolerancePercent);
  });

  test("pH falls from 10.90 in the first tank to 10.80 in the last", () => {
    const pH = perTank((one) => one[T_PH]!);
    expect(pH[0]).toBeCloseTo(10.9, 2);
    expect(pH[TANKS - 1]).toBeCloseTo(10.8, 2);
    expect([...pH].sort((a, b) => b - a)).toEqual(pH);
  });

  test("every tank holds its 38 m3", () => {
    for (const one of leach.tanks) expect(tankVolume(one)).toBeCloseTo(LIVE_M3, 1);
  });

  test("the profile that the model starts from stands still for a day", () => {
    const day = createPlantModel({ hasBatches: false });
    const before = Object.entries(profileRows(day.sheet.units)).map(
      ([name, one]) => [name, [...one]] as const,
    );
    day.step(86_400);
    const after = profileRows(day.sheet.units) as Readonly<Record<string, Float64Array>>;
    for (const [name, values] of before)
      for (const [i, value] of values.entries()) {
        const scale = Math.max(1e-6, Math.abs(value));
        if (Math.abs(after[name]![i]! - value) > 2e-3 * scale)
          expect.fail(`${name} ${i}: ${value} → ${after[name]![i]}`);
      }
    expect(plc.hasPermit).toBe(true);
  });
});
