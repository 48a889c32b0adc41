import { expect } from "vitest";
import type { Figure } from "../../src/domain/figure.ts";

/** Relative tolerance of the worked examples, which are given to six digits. */
const DIGITS = 1e-4;

/** The number agrees with the expected one to a relative tolerance; 0 must be 0. */
export function expectNear(actual: unknown, expected: number, tolerance = DIGITS): void {
  expect(actual).toBeTypeOf("number");
  expect(Math.abs((actual as number) - expected)).toBeLessThanOrEqual(tolerance * Math.abs(expected));
}

export function expectAllNear(
  actual: readonly unknown[] | string,
  expected: readonly number[],
  tolerance = DIGITS,
): void {
  expect(actual).toHaveLength(expected.length);
  for (const [i, value] of expected.entries()) expectNear(actual[i], value, tolerance);
}

/** A figure's value and, where given, its standard uncertainty. */
export function expectFigure(figure: Figure, value: number, u?: number, tolerance = DIGITS): void {
  expectNear(figure.value, value, tolerance);
  if (u !== undefined) expectNear(figure.u, u, tolerance);
}
