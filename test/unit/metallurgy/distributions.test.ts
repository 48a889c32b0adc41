import { describe, expect, test } from "vitest";
import {
  chiSquareCdf,
  chiSquareQuantile,
  chiSquareTail,
  lnGamma,
  noncentralChiSquareTail,
  normalCdf,
  normalQuantile,
} from "../../../src/metallurgy/distributions.ts";
import { criticalZ } from "../../../src/metallurgy/gross-errors.ts";
import { expectNear } from "../../support/near.ts";

test.each([
  [0.1, Math.log(9.513507698668732)],
  [0.5, Math.log(Math.sqrt(Math.PI))],
  [1, 0],
  [10, Math.log(362_880)],
  [100.5, 361.4355404677776],
])("ln Γ(%d)", (x, expected) => {
  expect(lnGamma(x)).toBeCloseTo(expected, 9);
});

describe("the normal distribution", () => {
  test.each([
    [0.5, 0],
    [0.975, 1.959963984540054],
    [0.025, -1.959963984540054],
    [0.995, 2.5758293035489],
    [0.8413447460685429, 1],
    [1e-12, -7.034483825301131],
  ])("stays below the quantile with probability %d", (p, z) => {
    expect(normalQuantile(p)).toBeCloseTo(z, 9);
    expectNear(normalCdf(z), p, 1e-10);
  });

  test("has no quantile outside probabilities, and its ends at infinity", () => {
    expect(normalQuantile(0)).toBe(-Infinity);
    expect(normalQuantile(1)).toBe(Infinity);
    expect(normalQuantile(-0.1)).toBeNaN();
    expect(normalQuantile(NaN)).toBeNaN();
  });
});

describe("χ²", () => {
  test.each([
    [1, 3.8415],
    [2, 5.9915],
    [3, 7.8147],
    [4, 9.4877],
    [5, 11.07],
    [6, 12.592],
    [7, 14.067],
    [8, 15.507],
    [100, 124.342],
  ])("of %d degrees exceeds %d in 5 %% of cases", (freedom, critical) => {
    expectNear(chiSquareQuantile(0.95, freedom), critical, 5e-5);
    expectNear(chiSquareTail(chiSquareQuantile(0.95, freedom), freedom), 0.05, 1e-9);
  });

  test("of two degrees is an exponential distribution, far out as well", () => {
    for (const x of [0.01, 1, 10, 100]) {
      expectNear(chiSquareTail(x, 2), Math.exp(-x / 2), 1e-12);
      expectNear(chiSquareCdf(x, 2), -Math.expm1(-x / 2), 1e-11);
    }
    expect(chiSquareCdf(-1, 2)).toBe(0);
    expect(chiSquareTail(-1, 2)).toBe(1);
  });

  test("without a degree of freedom is zero, and its quantiles at the ends are found", () => {
    expect(chiSquareQuantile(0.95, 0)).toBe(0);
    expectNear(chiSquareCdf(chiSquareQuantile(0.0001, 3), 3), 0.0001, 1e-9);
    expectNear(chiSquareTail(chiSquareQuantile(0.999999, 1), 1), 1e-6, 1e-6);
  });
});

describe("non-central χ²", () => {
  // Noncentralities that give a power of 80 % at 5 %. Source: Cohen 1988, tables 7.3.
  test.each([
    [1, 7.849],
    [2, 9.635],
    [3, 10.903],
    [4, 11.935],
  ])("of %d degrees reaches a power of 80 %%", (freedom, noncentrality) => {
    const critical = chiSquareQuantile(0.95, freedom);
    expectNear(noncentralChiSquareTail(critical, freedom, noncentrality), 0.8, 1e-3);
  });

  test("of one degree is the square of a shifted normal number", () => {
    for (const shift of [0.5, 2, 6, 20])
      for (const z of [1, 1.96, 4])
        expectNear(
          noncentralChiSquareTail(z * z, 1, shift * shift),
          normalCdf(shift - z) + normalCdf(-shift - z),
          1e-9,
        );
  });

  test("without a shift is the central one", () => {
    expect(noncentralChiSquareTail(5, 3, 0)).toBe(chiSquareTail(5, 3));
  });
});

test.each([
  [4, 2.4909],
  [5, 2.5688],
  [6, 2.631],
  [10, 2.7996],
  [0, 1.96],
])("Šidák's critical z of %d tests", (count, z) => {
  expectNear(criticalZ(count), z, 5e-5);
});
