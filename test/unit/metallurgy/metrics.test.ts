import { describe, expect, test } from "vitest";
import { exactly, measured, unknown } from "../../../src/domain/figure.ts";
import type { Figure } from "../../../src/domain/figure.ts";
import * as accounting from "../../../src/metallurgy/accounting.ts";
import * as availability from "../../../src/metallurgy/availability.ts";
import * as carbon from "../../../src/metallurgy/carbon.ts";
import * as classification from "../../../src/metallurgy/classification.ts";
import * as comminution from "../../../src/metallurgy/comminution.ts";
import * as cyanide from "../../../src/metallurgy/cyanide.ts";
import * as gravity from "../../../src/metallurgy/gravity.ts";
import * as leach from "../../../src/metallurgy/leach.ts";
import * as millPower from "../../../src/metallurgy/mill-power.ts";
import * as reagents from "../../../src/metallurgy/reagents.ts";
import * as recovery from "../../../src/metallurgy/recovery.ts";
import { singleNodeBalance } from "../../../src/metallurgy/single-node.ts";
import * as throughput from "../../../src/metallurgy/throughput.ts";
import * as water from "../../../src/metallurgy/water.ts";
import { expectFigure, expectNear } from "../../support/near.ts";

/** Exact figures of a formula's own units. */
function apply<U extends string>(
  formula: { readonly inputs: Readonly<Record<string, string>> } & ((figures: never) => Figure<U>),
  values: Readonly<Record<string, number>>,
): Figure<U> {
  const figures = Object.fromEntries(
    Object.entries(formula.inputs).map(([name, unit]) => [name, exactly(values[name] ?? NaN, unit)]),
  );
  return formula(figures as never);
}

type AnyFormula = Parameters<typeof apply>[0];

describe("figures worked by hand", () => {
  test.each<[metric: string, formula: AnyFormula, inputs: Record<string, number>, value: number]>([
    ["M-01", throughput.beltRate, { load: 1.51, speed: 0.8 }, 4.3488],
    ["M-01 at rest", throughput.beltRate, { load: 1.51, speed: 0 }, 0],
    ["M-01 check", throughput.beltDisagreement, { rate: 4.5, load: 1.5, speed: 0.8 }, 0.04],
    ["M-04", throughput.dryMass, { wet: 52, moisture: 0.035 }, 50.18],
    ["M-04 check", throughput.totalDisagreement, { total: 51, integral: 50 }, 0.02],
    ["M-05 running", throughput.runningRate, { mass: 100, runTime: 22 }, 4.545454],
    ["M-05 calendar", throughput.calendarRate, { mass: 300, calendarTime: 3 }, 100],
    ["M-06", throughput.beltZeroDrift, { zero: 0.03, calibratedZero: 0.01, span: 5 }, 0.004],
    ["M-10", throughput.feedCrossCheck, { slurrySolids: 4.2, beltSolids: 4 }, 1.05],
    ["M-13 choke", availability.isChoked, { level: 91, current: 77, fullLoadCurrent: 80 }, 1],
    ["M-13 high only", availability.isChoked, { level: 91, current: 75, fullLoadCurrent: 80 }, 0],
    ["M-13 idle", availability.isIdling, { running: 1, current: 10.9, idleCurrent: 10 }, 1],
    ["M-13 loaded", availability.isIdling, { running: 1, current: 11.1, idleCurrent: 10 }, 0],
    ["M-13 blocked", availability.isChuteBlocked, { level: 95, downstreamSlope: -1 }, 1],
    ["M-13 flowing", availability.isChuteBlocked, { level: 95, downstreamSlope: 0 }, 0],
    ["M-11 working", availability.isWorking, { running: 1, load: 0.6, nameplate: 10 }, 1],
    ["M-11 empty", availability.isWorking, { running: 1, load: 0.5, nameplate: 10 }, 0],
    ["M-14", comminution.reductionRatio, { feed80: 120_000, product80: 12_000 }, 10],
    ["M-14 power", comminution.threePhasePower, { voltage: 440, current: 20, powerFactor: 0.85 }, 12.95575],
    ["M-15", comminution.specificEnergy, { energy: 900, dry: 50 }, 18],
    ["M-18 gross", millPower.grossPower, { net: 33.1714, driveEfficiency: 0.9 }, 36.8571],
    ["M-20", millPower.millCharge, { pressure: 2_340, emptyPressure: 1_500, pressurePerTonne: 150 }, 5.6],
    [
      "M-20 fill",
      millPower.millFill,
      { charge: 5, volume: 3.2, slurryVolume: 0.4, slurry: 1.8, voidFraction: 0.4, balls: 7.8 },
      (5 - 0.72) / (3.2 * 0.6 * 7.8),
    ],
    ["M-21", millPower.millOverload, { chargeSlope: 1, powerSlope: -1, soundSlope: -1, powerRatio: 0.94 }, 1],
    [
      "M-21 quiet",
      millPower.millOverload,
      { chargeSlope: 1, powerSlope: -1, soundSlope: 1, powerRatio: 0.94 },
      0,
    ],
    [
      "M-22 by sizes",
      classification.circulatingLoadFromSizes,
      { feed: 40, overflow: 80, underflow: 24 },
      250,
    ],
    ["M-23", classification.circulatingLoadFromFlows, { cycloneFeed: 14.7, overflow: 4.2 }, 250],
    ["M-24 estimate", classification.estimatedP80, { sizeFactor: 0.716, cut: 147.61 }, 105.68876],
    ...[
      [1.96, 0.5, 5, 5, 1],
      [1.9, 0.61, 5, 5, 1],
      [1.9, 0.5, 10, 5, 1],
      [1.9, 0.5, 9, 5, 0],
      [1.9, 0.5, 9, 0, 0],
    ].map(
      ([underflow, volume, coarse, usual, is]) =>
        [
          `M-25 ${underflow} ${volume} ${coarse}/${usual}`,
          classification.roping,
          {
            underflow: underflow!,
            underflowSolidsByVolume: volume!,
            overflowCoarse: coarse!,
            usualOverflowCoarse: usual!,
          },
          is!,
        ] satisfies [string, AnyFormula, Record<string, number>, number],
    ),
    [
      "M-25 plugging",
      classification.plugging,
      { pressure: 111, usualPressure: 100, flow: 14, usualFlow: 16 },
      1,
    ],
    [
      "M-25 flowing",
      classification.plugging,
      { pressure: 111, usualPressure: 100, flow: 15, usualFlow: 16 },
      0,
    ],
    ["M-26", gravity.massPull, { concentrate: 0.2, feed: 100 }, 0.2],
    ["M-26 flush", gravity.flushMass, { before: 100, after: 110 }, 10],
    [
      "M-27",
      gravity.gravityRecovery,
      { concentrate: 0.24, concentrateGrade: 1_900, leachRecovery: 97, goldInFeed: 1_200 },
      36.86,
    ],
    [
      "M-27 unit",
      gravity.unitGravityRecovery,
      { concentrate: 0.24, concentrateGrade: 1_900, goldToUnit: 4_560 },
      10,
    ],
    ["M-28", gravity.gravityRecoverableGold, { stage1: 30, stage2: 20, stage3: 13, total: 100 }, 63],
    ["M-28 effort", gravity.gravityEffort, { recovery: 36, recoverable: 60 }, 60],
    ["M-29 per day", gravity.cyclesPerDay, { cycles: 12, calendarTime: 0.5 }, 24],
    ["M-29 time", gravity.cycleTime, { runTime: 600, cycles: 10 }, 60],
    ["M-29 downtime", gravity.flushDowntime, { flushTime: 30, cycles: 10 }, 3],
    ["M-29 missed", gravity.missedFlush, { cycle: 91, setting: 60 }, 1],
    ["M-29 in time", gravity.missedFlush, { cycle: 90, setting: 60 }, 0],
    [
      "M-30",
      gravity.intensiveLeachRecovery,
      { residue: 0.23, residueGrade: 57, concentrate: 0.24, concentrateGrade: 1_900 },
      100 * (1 - (0.23 * 57) / (0.24 * 1_900)),
    ],
    [
      "M-33",
      leach.extractionOnProducts,
      { carbonGold: 700, solutionChange: 5, carbonChange: -20, solutionLoss: 1.2, tailsSolidsGold: 54 },
      (100 * 686.2) / 740.2,
    ],
    [
      "M-34 tank",
      reagents.dayTankUse,
      { levelStart: 0.7, levelEnd: 0.5, tankVolume: 1_000, refilled: 50 },
      250,
    ],
    ["M-34 dosing", reagents.dosingRate, { flow: 31.3, strength: 150 }, 4.695],
    ["M-35", reagents.reagentAdded, { product: 60, purity: 0.9, dry: 50 }, 1.08],
    ["M-37", carbon.carbonInventory, { concentration: 12, volume: 38 }, 456],
    ["M-37 gold", carbon.goldOnCarbon, { carbon: 0.456, loading: 2_000 }, 912],
    ["M-38 advance", carbon.carbonAdvance, { pulp: 23, concentration: 12 }, 0.276],
    ["M-38", carbon.metalByCarbon, { advance: 0.276, loaded: 2_441, stripped: 60 }, 657.156],
    ["M-38 upgrade", carbon.upgrade, { loading: 2_441, solution: 0.6286 }, 3_883.23],
    ["M-39", carbon.stageAdsorption, { before: 0.6, leached: 0.2, after: 0.1 }, 87.5],
    ["M-39 slope", carbon.loadingSlope, { loading: 430, nextLoading: 118 }, 3.644068],
    ["M-40", carbon.relativeActivity, { rate: 84, freshRate: 120 }, 70],
    ["M-40b", leach.solubleLoss, { lost: 44.4, goldInFeed: 36_590.4 }, 0.121343],
    [
      "M-43 solids",
      accounting.goldInTankSolids,
      { pulpVolume: 38, slurry: 1.31, solidsFraction: 0.38, grade: 2.2 },
      41.61608,
    ],
    [
      "M-43 solution",
      accounting.goldInTankSolution,
      { pulpVolume: 38, slurry: 1.31, solidsFraction: 0.38, solution: 1.5, liquor: 1 },
      46.2954,
    ],
    ["M-44", accounting.goldPoured, { dore: 4_000, fineness: 0.82 }, 3_280],
    ["M-44 ounces", accounting.troyOunces, { gold: 311.034768 }, 10],
    [
      "M-50",
      water.waterSurplus,
      { fresh: 46, oreMoisture: 3.6, reclaim: 115, lockedInTails: 90, evaporation: 10, tankChange: 60 },
      4.6,
    ],
    [
      "M-50 closure",
      water.waterClosure,
      { fresh: 46, oreMoisture: 3.6, reclaim: 115, lockedInTails: 90, evaporation: 10, tankChange: 60 },
      2.794654,
    ],
    ["M-50 make-up", water.makeUpWater, { fresh: 46, dry: 100 }, 0.46],
    ["M-50 reclaim", water.reclaimShare, { reclaim: 115, fresh: 46 }, 71.428571],
    ["M-52", reagents.reagentDaysLeft, { stock: 700, meanUse: 112 }, 6.25],
    ["M-53 at 10.5", cyanide.hydrogenCyanideShare, { pH: 10.5 }, 4.8787],
    ["M-53 at 10.0", cyanide.hydrogenCyanideShare, { pH: 10 }, 13.9558],
    ["M-53 at 9.5", cyanide.hydrogenCyanideShare, { pH: 9.5 }, 33.8995],
    ["M-55", cyanide.unpermittedDosing, { flow: 1, flowDeadBand: 0.5, permit: 0 }, 1],
    ["M-55 permitted", cyanide.unpermittedDosing, { flow: 1, flowDeadBand: 0.5, permit: 1 }, 0],
    ["M-55 leak of the meter", cyanide.unpermittedDosing, { flow: 0.4, flowDeadBand: 0.5, permit: 0 }, 0],
    ["M-57 load", reagents.wadLoad, { water: 6.852, wad: 140 }, 0.95928],
    ["M-57", reagents.sulphurDioxideRatio, { smbs: 5.88, wadCyanide: 0.95928 }, 4.13135],
    ["M-58", water.waterReturn, { decant: 33, sent: 82 }, 40.243902],
    ["M-58 head", water.piezometricHead, { pressure: 45 }, 4_588.72],
    ["M-58 trend", water.piezometricTrend, { pressureSlope: 0.01 }, 24.47319],
    ["off, inside the dead band", availability.rateWhenOff, { rate: 0.09, span: 10, running: 0 }, 0],
    ["off, beyond it", availability.rateWhenOff, { rate: 0.11, span: 10, running: 0 }, 0.11],
    ["running", availability.rateWhenOff, { rate: 0.09, span: 10, running: 1 }, 0.09],
  ])("%s", (_, formula, inputs, value) => {
    expectFigure(apply(formula, inputs), value, 0);
  });
});

describe("figures that have no value", () => {
  test.each<[why: string, formula: AnyFormula, inputs: Record<string, number>, reason: string]>([
    ["a belt running back", throughput.beltRate, { load: 1, speed: -0.1 }, "OUT_OF_DOMAIN"],
    ["ore of water only", throughput.dryRate, { wet: 4, moisture: 1 }, "OUT_OF_DOMAIN"],
    ["negative tonnes", throughput.dryMass, { wet: -1, moisture: 0.03 }, "OUT_OF_DOMAIN"],
    ["energy over hardly any ore", comminution.specificEnergy, { energy: 9, dry: 0.19 }, "LOW_DENOM"],
    ["rate of a mill that stood", throughput.runningRate, { mass: 0, runTime: 0.01 }, "LOW_DENOM"],
    [
      "cyclone feed as wet as its underflow",
      classification.circulatingLoadFromDilutions,
      { feed: 0.7, overflow: 2, underflow: 0.66 },
      "LOW_DENOM",
    ],
    [
      "tails richer than the feed",
      recovery.twoProductRecovery,
      { feed: 5, concentrate: 100, tails: 6 },
      "OUT_OF_DOMAIN",
    ],
    [
      "concentrate poorer than the feed",
      recovery.twoProductYield,
      { feed: 5, concentrate: 4, tails: 1 },
      "OUT_OF_DOMAIN",
    ],
    ["solids that gain gold by leaching", leach.extraction, { before: 1, after: 2 }, "OUT_OF_DOMAIN"],
    [
      "more gold in tails than in feed",
      accounting.headTailsRecovery,
      { goldInFeed: 10, tails: 11 },
      "OUT_OF_DOMAIN",
    ],
    ["recovery of no gold", accounting.headTailsRecovery, { goldInFeed: 0, tails: 0 }, "LOW_DENOM"],
    ["fineness beyond pure gold", accounting.goldPoured, { dore: 100, fineness: 1.01 }, "OUT_OF_DOMAIN"],
    [
      "more hours down than there are",
      availability.availability,
      { calendar: 24, planned: 20, breakdown: 5 },
      "OUT_OF_DOMAIN",
    ],
    [
      "utilisation of a machine that was down throughout",
      availability.utilisation,
      { calendar: 24, planned: 24, breakdown: 0, standby: 0 },
      "LOW_DENOM",
    ],
    [
      "standing longer than available",
      availability.utilisation,
      { calendar: 24, planned: 20, breakdown: 0, standby: 5 },
      "OUT_OF_DOMAIN",
    ],
    [
      "a product coarser than its feed",
      comminution.bondEnergy,
      { workIndex: 16, feed80: 100, product80: 100 },
      "OUT_OF_DOMAIN",
    ],
    ["a flush that weighs nothing", gravity.flushMass, { before: 100, after: 101 }, "OUT_OF_DOMAIN"],
    ["a flush that weighs too much", gravity.flushMass, { before: 100, after: 126 }, "OUT_OF_DOMAIN"],
    ["pH beyond the scale", cyanide.hydrogenCyanideShare, { pH: 14.1 }, "OUT_OF_DOMAIN"],
    ["acid that no pH balances", cyanide.equilibriumPH, { cyanide: 10, alkalinity: -5_000 }, "NO_BRACKET"],
    ["residence at no flow", leach.residence, { volume: 38, level: 0.9, flow: 0.4 }, "LOW_DENOM"],
    ["a stock that nobody uses", reagents.reagentDaysLeft, { stock: 100, meanUse: 0 }, "LOW_DENOM"],
    [
      "a tank that filled by itself",
      reagents.dayTankUse,
      { levelStart: 0.5, levelEnd: 0.6, tankVolume: 1_000, refilled: 0 },
      "OUT_OF_DOMAIN",
    ],
    [
      "a mill filled beyond its shell",
      millPower.millFill,
      { charge: 90, volume: 3.2, slurryVolume: 0.4, slurry: 1.8, voidFraction: 0.4, balls: 7.8 },
      "OUT_OF_DOMAIN",
    ],
    ["a cycle without a setting", gravity.missedFlush, { cycle: 60, setting: 0 }, "OUT_OF_DOMAIN"],
  ])("%s", (_, formula, inputs, reason) => {
    expect(apply(formula, inputs)).toMatchObject({ value: null, u: null, reason });
  });
});

describe("M-43: gold in circuit", () => {
  const solids = measured(300, "g", 15, "AY-911@day");
  const onCarbon = measured(2_000, "g", 200, "AY-941@day");

  test("is the sum of its components with their uncertainties", () => {
    const holdings = [
      { component: "solids", gold: solids },
      { component: "carbon", gold: onCarbon },
      { component: "safe", gold: exactly(210, "g") },
    ];
    expectFigure(accounting.goldInCircuit(holdings), 2_510, Math.hypot(15, 200));
  });

  test("is unknown while one of them is", () => {
    const holdings = [
      { component: "solids", gold: solids },
      { component: "carbon", gold: unknown("MISSING") },
    ];
    expect(accounting.goldInCircuit(holdings)).toMatchObject({ value: null, reason: "MISSING" });
  });

  test("on carbon, tank by tank: the error of a shared assay counts once for all", () => {
    const carbonOf = (t: number) => measured(t, "t", 0.1 * t, "carbon gauge");
    const tank = (t: number, loading: number) => ({ carbon: carbonOf(t), loading: exactly(loading, "g/t") });
    const total = carbon.totalGoldOnCarbon([tank(0.4, 2_000), tank(0.5, 400)]);
    expectFigure(total, 1_000, 100);
    expect(carbon.totalGoldOnCarbon([])).toMatchObject({ value: null, reason: "TOO_FEW" });
  });
});

test("M-41: gold in the feed of a day is that of its shifts, each with its own head", () => {
  const shift = (dry: number, grade: number, name: string) => ({
    dry: measured(dry, "t", 0.01 * dry, "WIT-201"),
    grade: measured(grade, "g/t", 0.03 * grade, `AY-901@${name}`),
  });
  const gold = recovery.goldInFeed([shift(50, 12, "day"), shift(48, 10, "night")]);
  expectFigure(gold, 1_080, Math.hypot(10.8, 18, 14.4));
});

test("M-24: each laboratory P80 moves the size factor three tenths of the way", () => {
  expect(classification.SIZE_FACTOR_START).toBe(0.716);
  const next = (product80: number, cut: number) =>
    classification.sizeFactor({
      before: exactly(0.716, "1"),
      product80: exactly(product80, "um"),
      cut: exactly(cut, "um"),
    });
  expectNear(next(120, 150).value, 0.716 + 0.3 * (0.8 - 0.716), 1e-12);
  expect(next(120, 0)).toMatchObject({ value: null, reason: "LOW_DENOM" });
});

describe("M-24: a size analysis", () => {
  const screens = (...rows: readonly (readonly [um: number, percent: number])[]) =>
    rows.map(([um, percent]) => ({ size: exactly(um, "um"), passing: measured(percent, "%", 0.5) }));

  test("gives the screen itself where its share is the wanted one", () => {
    expect(classification.passingSize(screens([200, 95], [100, 80], [50, 50]), 80).value).toBe(100);
    expect(classification.passingSize(screens([100, 80], [50, 50]), 80).value).toBe(100);
  });

  test("says nothing outside its screens, of unknown ones, and when finer ore weighs more", () => {
    expect(classification.passingSize(screens([100, 70], [50, 50]), 80)).toMatchObject({
      reason: "NO_BRACKET",
    });
    expect(classification.passingSize(screens([100, 95], [50, 90]), 80)).toMatchObject({
      reason: "NO_BRACKET",
    });
    expect(classification.passingSize([], 80)).toMatchObject({ reason: "NO_BRACKET" });
    expect(classification.passingSize(screens([100, 70], [50, 75]), 72)).toMatchObject({
      reason: "OUT_OF_DOMAIN",
    });
  });

  test("is less sure the flatter it is", () => {
    const steep = classification.passingSize(screens([200, 95], [100, 65]), 80);
    const flat = classification.passingSize(screens([200, 82], [100, 78]), 80);
    expect(flat.u!).toBeGreaterThan(3 * steep.u!);
  });

  test("leaves out a screen that was not weighed", () => {
    const some = [...screens([200, 95], [50, 50]), { size: exactly(100, "um"), passing: unknown("MISSING") }];
    expect(classification.passingSize(some, 80).value).toBeGreaterThan(100);
  });
});

describe("M-32: extraction from tank to tank", () => {
  test("starts from the feed; a stage may seem to give back", () => {
    const grades = [4, 2, 2.1].map((grade) => measured(grade, "g/t", 0.1));
    const stages = leach.stageExtractions(measured(8, "g/t", 0.24), grades);
    expect(stages.map(({ value }) => value)).toEqual([50, 50, expect.closeTo(-5, 9) as number]);
    expectNear(stages[0]?.u, 100 * 0.5 * Math.hypot(0.1 / 4, 0.03), 1e-6);
  });

  test("has no value behind a tank without gold", () => {
    const stages = leach.stageExtractions(exactly(8, "g/t"), [exactly(0, "g/t"), exactly(1, "g/t")]);
    expect(stages[1]).toMatchObject({ reason: "LOW_DENOM" });
  });

  test("M-31: tanks on one flow take its error together", () => {
    const tank = { volume: exactly(38, "m3"), level: exactly(0.9, "1") };
    const total = leach.totalResidence([tank, tank], measured(8, "m3/h", 0.08, "FT-208"));
    expectFigure(total, 8.55, 0.0855);
  });

  test("does not go on without a reaction", () => {
    expect(leach.leachProfile(7, 0.3, 0, 4, 2)).toEqual([7, 7]);
    expect(leach.leachProfile(0.2, 0.3, 1, 4, 1)).toEqual([0.3]);
  });
});

describe("M-40: the activity of carbon", () => {
  const point = (hours: number, loading: number) => ({
    hours,
    loading: exactly(loading, "g/t"),
    solution: exactly(2, "g/m3"),
  });

  test("needs two samples of different times that gained gold", () => {
    expect(carbon.carbonActivity([point(1, 240)])).toBe("TOO_FEW");
    expect(carbon.carbonActivity([point(1, 240), point(1, 250)])).toBe("TOO_FEW");
    expect(carbon.carbonActivity([point(0, 0), point(-1, 5), point(1, 240)])).toBe("TOO_FEW");
    const lost = { ...point(2, 300), loading: unknown("MISSING") };
    expect(carbon.carbonActivity([point(1, 240), lost])).toBe("TOO_FEW");
  });

  test("is fitted above what the carbon brought along", () => {
    const fit = carbon.carbonActivity([point(1, 340), point(2, 340 + 149.881)], 100);
    expect(fit).toEqual({
      rate: expect.closeTo(120, 2) as number,
      exponent: expect.closeTo(0.7, 4) as number,
    });
  });

  test("a cascade without stages has no state", () => {
    const none = {
      stages: 0,
      waterM3PerH: 7,
      feed: 4,
      carbonT: 0.4,
      advanceTPerH: 0.01,
      stripped: 60,
      rate: 0.005,
      equilibrium: 20_000,
    };
    expect(carbon.adsorptionCascade(none)).toBe("NOT_CONVERGED");
    // Carbon that takes nothing and stands still.
    expect(carbon.adsorptionCascade({ ...none, stages: 1, advanceTPerH: 0, rate: 0 })).toBe("NOT_CONVERGED");
  });
});

describe("M-55: the permit to dose cyanide as the controller gives it", () => {
  const start: cyanide.Permit = { isPermitted: false, fitSinceMs: null };
  const at = (
    permit: cyanide.Permit,
    timeS: number,
    probeA: number | null,
    probeB: number | null,
    rearm = false,
  ): cyanide.Permit => cyanide.followPermit(permit, { timeMs: 1_000 * timeS, probeA, probeB, rearm });

  test("is armed by a person once both probes have been fit for ten seconds at 10.3 or more", () => {
    let permit = at(start, 0, 10.5, 10.4, true);
    expect(permit.isPermitted).toBe(false);
    permit = at(permit, 9.9, 10.5, 10.4, true);
    expect(permit.isPermitted).toBe(false);
    expect(at(permit, 10, 10.5, 10.4).isPermitted).toBe(false);
    expect(at(permit, 10, 10.5, 10.29, true).isPermitted).toBe(false);
    expect(at(permit, 10, 10.5, 10.4, true).isPermitted).toBe(true);
  });

  test.each([
    ["a probe below 10.0", 9.99, 10.1],
    ["probes that differ by more than 0.3", 10.8, 10.45],
    ["a probe without a value", null, 10.5],
    ["the other without one", 10.5, null],
  ])("is lost at once by %s", (_, probeA, probeB) => {
    const armed: cyanide.Permit = { isPermitted: true, fitSinceMs: 0 };
    expect(at(armed, 100, 10.1, 10.2).isPermitted).toBe(true);
    expect(at(armed, 100, probeA, probeB)).toEqual(start);
  });
});

describe("a separator assayed for several things", () => {
  const assays = [
    { feed: 12, concentrate: 100, tails: 6, variance: { feed: 0.1, concentrate: 25, tails: 0.04 } },
    { feed: 3, concentrate: 20, tails: 2, variance: { feed: 4, concentrate: 4, tails: 4 } },
  ];

  test("goes by those that are sure, and moves those that are not", () => {
    const balance = singleNodeBalance(assays);
    if (typeof balance === "string") throw new Error(balance);
    expect(Math.abs(balance.split - 6 / 94)).toBeLessThan(Math.abs(balance.split - 1 / 18));
    for (const { feed, concentrate, tails } of balance.adjusted)
      expectNear(feed, balance.split * concentrate + (1 - balance.split) * tails, 1e-12);
    const [sure, unsure] = balance.adjusted;
    expect(Math.abs(sure!.feed - 12)).toBeLessThan(Math.abs(unsure!.feed - 3));
  });

  test("cannot be split by what is the same on both sides", () => {
    const alike = { feed: 5, concentrate: 7, tails: 7 };
    expect(singleNodeBalance([alike])).toBe("LOW_DENOM");
    expect(singleNodeBalance([{ ...alike, variance: { feed: 1, concentrate: 1, tails: 1 } }])).toBe(
      "LOW_DENOM",
    );
    const balance = singleNodeBalance([alike, { feed: 5, concentrate: 9, tails: 1 }]);
    expect(balance).toMatchObject({ split: 0.5, splits: [null, 0.5] });
  });
});
