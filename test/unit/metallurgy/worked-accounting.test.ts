import { describe, expect, test } from "vitest";
import { exactly, measured, splitUncertainty } from "../../../src/domain/figure.ts";
import type { Known } from "../../../src/domain/figure.ts";
import * as accounting from "../../../src/metallurgy/accounting.ts";
import * as availability from "../../../src/metallurgy/availability.ts";
import { sumOf } from "../../../src/metallurgy/formula.ts";
import {
  concentrationRatio,
  goldInSolids,
  twoProductRecovery,
  twoProductYield,
} from "../../../src/metallurgy/recovery.ts";
import { singleNodeBalance } from "../../../src/metallurgy/single-node.ts";
import { dryMass } from "../../../src/metallurgy/throughput.ts";
import { meanOf } from "../../../src/metallurgy/uncertainty.ts";
import { expectAllNear, expectFigure, expectNear } from "../../support/near.ts";

test("W-16: three assays of a separator say how much gold the concentrate holds, and how badly they say it", () => {
  const assays = {
    feed: measured(12, "g/t", 0.36),
    concentrate: measured(1916, "g/t", 57.5),
    tails: measured(7.6, "g/t", 0.228),
  };
  expectFigure(twoProductYield(assays), 0.0023056, 0.000233706);
  expectFigure(twoProductRecovery(assays), 0.368127, 0.026946);
  expectFigure(concentrationRatio(assays), 433.727);
  // The usual approximation leaves the concentrate out and takes f and t as equally far from it.
  const lost = (1916 * 7.6) / (12 * (1916 - 7.6));
  expectNear(lost * Math.hypot(0.03, 0.03), 0.0269771);
  expectFigure(twoProductRecovery(assays), 0.368127, 0.0269771, 2e-3);
});

describe("W-17: a shaking table balanced on six assays", () => {
  // Sn, Fe, SiO2, S, As, TiO2
  const feed = [21.9, 3.46, 58, 0.11, 0.36, 4.91];
  const concentrate = [43, 5.5, 25.1, 0.12, 0.38, 9.24];
  const tails = [6.77, 1.76, 75.3, 0.09, 0.34, 2.07];
  const components = feed.map((f, i) => ({ feed: f, concentrate: concentrate[i]!, tails: tails[i]! }));
  const balance = singleNodeBalance(components);
  if (typeof balance === "string") throw new Error(balance);

  test("each assay alone gives a different split, and all together the best one", () => {
    expectAllNear(
      balance.splits.map((split) => 100 * (split ?? NaN)),
      [41.761, 45.4545, 34.4622, 66.6667, 50, 39.6095],
    );
    expectNear(balance.split, 0.370273);
  });

  test("the assays are adjusted until every component closes on that split", () => {
    const column = (name: "feed" | "concentrate" | "tails"): number[] =>
      balance.adjusted.map((component) => component[name]);
    expectAllNear(column("feed"), [20.7817, 3.25449, 57.1604, 0.104202, 0.356617, 4.78928]);
    expectAllNear(column("concentrate"), [43.4141, 5.57609, 25.4109, 0.122147, 0.381253, 9.2847]);
    expectAllNear(column("tails"), [7.4742, 1.88941, 75.8287, 0.093651, 0.342131, 2.14602]);
    for (const x of balance.adjusted)
      expect(balance.split * x.concentrate + (1 - balance.split) * x.tails).toBeCloseTo(x.feed, 12);
  });
});

test("W-18: a month of gold from what was fed, poured, stocked and lost", () => {
  const dry = exactly(3024, "t");
  const goldInFeed = goldInSolids({ dry, grade: exactly(12.1, "g/t") });
  const tails = accounting.tailsGold({
    dry,
    grade: exactly(0.53, "g/t"),
    water: exactly(4934, "m3"),
    solution: exactly(0.009, "g/m3"),
  });
  expectFigure(goldInFeed, 36590.4);
  expectFigure(tails, 1647.13);
  const out = {
    poured: exactly(33520, "g"),
    inventoryStart: exactly(2050, "g"),
    inventoryEnd: exactly(2510, "g"),
    tails,
  };
  expectFigure(accounting.goldRecovered(out), 33980, 0);
  expectFigure(accounting.goldAccounted(out), 35627.126, 0);
  expectFigure(accounting.calculatedHead({ ...out, dry }), 11.7815);
  expectFigure(accounting.checkOutRecovery(out), 95.3768);
  expectFigure(accounting.headTailsRecovery({ goldInFeed, tails }), 95.4985);
  expectFigure(accounting.unaccountedGold({ goldInFeed, ...out }), 963.274);
  expectFigure(accounting.unaccountedShare({ goldInFeed, ...out }), 2.63259);
  expectFigure(accounting.callFactor({ goldInFeed, ...out }), 0.973674);
});

test.each([
  ["a surrogate head grade", 12, 0.52, 601.2, 26.052, 0.956667],
  ["the head assay", 13.4, 0.52, 671.34, 26.052, 0.961194],
  ["a re-assay of the tails", 13.4, 0.58, 671.34, 29.058, 0.956716],
])("W-19: recovery of a shift of 50.1 t with %s", (_, head, tailsGrade, fed, lost, recovery) => {
  const dry = exactly(50.1, "t");
  const goldInFeed = goldInSolids({ dry, grade: exactly(head, "g/t") });
  const tails = goldInSolids({ dry, grade: exactly(tailsGrade, "g/t") });
  expectFigure(goldInFeed, fed);
  expectFigure(tails, lost);
  expectFigure(accounting.headTailsRecovery({ goldInFeed, tails }), 100 * recovery);
});

test("W-31: hours and tonnes of a month as effectiveness", () => {
  const hours = {
    calendar: exactly(720, "h"),
    planned: exactly(24, "h"),
    breakdown: exactly(31.5, "h"),
    standby: exactly(12.5, "h"),
  };
  const nameplate = exactly(4.5, "t/h");
  const dry = exactly(2860, "t");
  const dryOnSpecification = exactly(2745.6, "t");
  expectFigure(availability.availability(hours), 92.2917);
  expectFigure(availability.utilisation(hours), 98.1189);
  expectFigure(availability.runningShare(hours), 90.5556);
  expectFigure(availability.performance({ dry, runTime: exactly(652, "h"), nameplate }), 97.4778);
  expectFigure(availability.onSpecification({ dryOnSpecification, dry }), 96);
  expectFigure(availability.overallEffectiveness({ dryOnSpecification, nameplate, ...hours }), 84.7407);
});

describe("W-35: the uncertainty of tonnes over a day and over a month", () => {
  const DAY_MS = 86_400_000;
  const scale = {
    systematic: { relative: 0.01, absolute: 0 },
    random: { relative: 0.03, absolute: 0 },
    correlationMs: 300_000,
  };
  const moisture = measured(0.035, "1", 0.002, "MT-201");
  const dryOf = (hours: number, occasion: string): Known<"t"> => {
    const reading = { source: "WIT-201", occasion, coveredMs: hours * 3_600_000 };
    const wet = meanOf((4.2 / 0.965) * hours, "t", scale, reading);
    return dryMass({ wet, moisture }) as Known<"t">;
  };
  const expectParts = (figure: Known, systematic: number, random: number, u: number): void => {
    const parts = splitUncertainty(figure);
    expectNear(parts.systematic, systematic);
    expectNear(parts.random, random);
    expectNear(figure.u, u);
  };

  test("a day: the scale and the moisture stay, the noise averages over its 144 draws", () => {
    const day = dryOf(24, "day");
    expectFigure(day, 100.8);
    expectParts(day, 1.02942, 0.252, 1.05982);
  });

  test("a month, as a whole and as the sum of its days alike: what is systematic grows with the tonnes", () => {
    const days = Array.from({ length: 30 }, (_, i) => dryOf(24, String(i)));
    for (const month of [dryOf((30 * DAY_MS) / 3_600_000, "month"), sumOf("t", days) as Known<"t">]) {
      expectFigure(month, 3024);
      expectParts(month, 30.8826, 1.38026, 30.9135);
    }
  });
});
