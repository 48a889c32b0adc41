import { describe, expect, test } from "vitest";
import { exactly, measured, splitUncertainty } from "../../../src/domain/figure.ts";
import type { Known } from "../../../src/domain/figure.ts";
import { normal, randomFor } from "../../../src/domain/random.ts";
import { circulatingLoadFromDensities, surer } from "../../../src/metallurgy/classification.ts";
import { evaluate, sumOf } from "../../../src/metallurgy/formula.ts";
import type { Formula } from "../../../src/metallurgy/formula.ts";
import { twoProductRecovery } from "../../../src/metallurgy/recovery.ts";
import { solidsFlow } from "../../../src/metallurgy/slurry.ts";
import { dryMass, dryTotal, feedCrossCheck } from "../../../src/metallurgy/throughput.ts";
import {
  DEFAULT_ERRORS,
  effectiveDraws,
  gradientOf,
  meanOf,
  sizeOf,
  standsOut,
} from "../../../src/metallurgy/uncertainty.ts";
import { expectFigure, expectNear } from "../../support/near.ts";

const DRAWS = 40_000;

/** Standard deviation of a function of numbers that are drawn afresh each time. */
function spreadOf(draw: () => number): number {
  let mean = 0;
  let squares = 0;
  for (let n = 1; n <= DRAWS; n++) {
    const x = draw();
    const off = x - mean;
    mean += off / n;
    squares += off * (x - mean);
  }
  return Math.sqrt(squares / (DRAWS - 1));
}

describe("the uncertainty of a formula is the scatter that drawing its inputs gives", () => {
  const cases: readonly [string, Formula, Readonly<Record<string, readonly [number, number]>>][] = [
    [
      "recovery by two products",
      twoProductRecovery as unknown as Formula,
      { feed: [12, 0.36], concentrate: [1916, 57.5], tails: [7.6, 0.228] },
    ],
    [
      "solids of a pulp flow",
      solidsFlow as unknown as Formula,
      { flow: [8.437, 0.042], slurry: [1.31, 0.003], solids: [2.65, 0.02], liquor: [1, 0] },
    ],
    [
      "circulating load by densities",
      circulatingLoadFromDensities as unknown as Formula,
      {
        feed: [1.554, 0.003],
        overflow: [1.31, 0.003],
        underflow: [1.813, 0.003],
        solids: [2.65, 0.02],
        liquor: [1, 0],
      },
    ],
  ];

  test.each(cases)("%s", (name, formula, inputs) => {
    const figures = Object.fromEntries(
      Object.entries(inputs).map(([input, [value, u]]) => [
        input,
        measured(value, formula.inputs[input] ?? "1", u),
      ]),
    );
    const random = randomFor(name, 11);
    const scatter = spreadOf(() => {
      const x = Object.fromEntries(
        Object.entries(inputs).map(([input, [value, u]]) => [input, value + u * normal(random)]),
      );
      return Number(formula.of(x as never));
    });
    const { u } = formula(figures) as Known;
    expect(Math.abs(u / scatter - 1)).toBeLessThan(0.03);
  });

  test("tonnes of two shifts over one belt scale, whose error they share", () => {
    const shift = (wet: number, occasion: string): { wet: Known<"t">; moisture: Known<"1"> } => ({
      wet: measured(wet, "t", 0.01 * wet, "WIT-201"),
      moisture: measured(0.035, "1", 0.003, `AY-950@${occasion}`),
    });
    const shifts = [shift(52, "day"), shift(48, "night")];
    const random = randomFor("shifts", 12);
    const scatter = spreadOf(() => {
      const scale = 1 + 0.01 * normal(random);
      return [52, 48].reduce((sum, wet) => sum + wet * scale * (1 - 0.035 - 0.003 * normal(random)), 0);
    });
    const total = dryTotal(shifts) as Known;
    expect(Math.abs(total.u / scatter - 1)).toBeLessThan(0.03);
    const { systematic, random: averaged } = splitUncertainty(total);
    expectNear(systematic, 0.965);
    expectNear(averaged, Math.hypot(0.156, 0.144));
  });
});

describe("errors that figures share", () => {
  const belt = measured(100, "t", 1, "WIT-201");

  test("cancel in a difference and in a ratio", () => {
    expect(sumOf("t", [belt, belt], [1, -1])).toMatchObject({ value: 0, u: 0 });
    const rate = { slurrySolids: measured(4, "t/h", 0.04, "x"), beltSolids: measured(4, "t/h", 0.04, "x") };
    expect(feedCrossCheck(rate).u).toBeCloseTo(0, 10);
  });

  test("add up in a sum, while independent ones add in quadrature", () => {
    expectFigure(sumOf("t", [belt, belt]), 200, 2);
    expectFigure(sumOf("t", [measured(100, "t", 1), measured(100, "t", 1)]), 200, Math.SQRT2);
    expectFigure(sumOf("t", [belt, measured(100, "t", 1, "WIT-105")]), 200, Math.SQRT2);
  });

  test("are kept through a chain of formulas, next to the unnamed rest", () => {
    const dry = dryMass({ wet: belt, moisture: measured(0.04, "1", 0.002) }) as Known<"t">;
    expectFigure(dry, 96, Math.hypot(0.96, 0.2));
    expect(dry.parts).toEqual({ "WIT-201": 0.96 });
    expectFigure(sumOf("t", [dry, belt], [1, -0.96]), 0, 0.2);
  });

  test("a sum of nothing is an exact zero, and one unknown term makes the sum unknown", () => {
    expect(sumOf("t", [])).toMatchObject({ value: 0, u: 0 });
    const nothing = evaluate(() => "TOO_FEW", "t", [], 0);
    expect(sumOf("t", [belt, nothing])).toMatchObject({ value: null, reason: "MISSING" });
  });
});

test("a slope at the end of a domain is taken from the side that has values", () => {
  const root = ([x = NaN]: readonly number[]): number => (x < 1 ? NaN : 2 * x);
  const mirrored = ([x = NaN]: readonly number[]): number => (x > 1 ? NaN : 2 * x);
  expectNear(gradientOf(root, [1], [0.1])[0], 2, 1e-6);
  expectNear(gradientOf(mirrored, [1], [0.1])[0], 2, 1e-6);
  expect(gradientOf(root, [5], [0])).toEqual([0]);
});

describe("what an instrument contributes over a time", () => {
  test("noise averages over twice its correlation time, never below one draw", () => {
    expect(effectiveDraws(86_400_000, 300_000)).toBe(144);
    expect(effectiveDraws(60_000, 300_000)).toBe(1);
    expect(effectiveDraws(86_400_000, 0)).toBe(1);
  });

  test("of a share and an amount the larger counts", () => {
    const { random } = DEFAULT_ERRORS["tailsAssay g/t"];
    expect(sizeOf(random, 0.1)).toBe(0.02);
    expect(sizeOf(random, -2)).toBeCloseTo(0.1, 12);
  });

  test("a mean names its systematic and its random error apart", () => {
    const assay = meanOf(0.1, "g/t", DEFAULT_ERRORS["tailsAssay g/t"], {
      source: "AY-903",
      occasion: "2026-11-22/day",
      coveredMs: 0,
    });
    expect(assay.parts).toEqual({ "AY-903@2026-11-22/day": 0.02 });
    const scale = meanOf(4, "t/h", DEFAULT_ERRORS.beltScale, {
      source: "WIT-201",
      occasion: "x",
      coveredMs: 1,
    });
    expect(scale.parts).toEqual({ "WIT-201": 0.04 });
  });

  test("a figure stands out beyond twice its uncertainty; nothing is said of an unknown one", () => {
    expect(standsOut(measured(1.03, "1", 0.01), 1)).toBe(true);
    expect(standsOut(measured(0.97, "1", 0.01), 1)).toBe(true);
    expect(standsOut(measured(1.019, "1", 0.01), 1)).toBe(false);
    expect(
      standsOut(
        evaluate(() => "LOW_DENOM", "1", [], 0),
        1,
      ),
    ).toBeNull();
  });
});

test("of two estimates the surer one is taken, and one alone where the other has none", () => {
  const rough = measured(250, "%", 20);
  const fine = measured(240, "%", 8);
  const none = evaluate(() => "LOW_DENOM", "%", [exactly(1, "1")], 0);
  expect(surer(rough, fine)).toBe(fine);
  expect(surer(fine, rough)).toBe(fine);
  expect(surer(none, rough)).toBe(rough);
  expect(surer(rough, none)).toBe(rough);
});
