import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { ByteWriter } from "../../../src/outputs/byte-writer.ts";
import { keepsFloat32, shortestFloat32 } from "../../../src/domain/number.ts";
import { tagOf } from "../../support/tags.ts";

const float32 = fc.float({ noNaN: true, noDefaultInfinity: true });
const float64 = fc.double({ noNaN: true, noDefaultInfinity: true });

function written(value: number, isFloat32: boolean): string {
  const writer = new ByteWriter(1);
  writer.number(value, isFloat32);
  return writer.bytes.toString("latin1", 0, writer.length);
}

/** The definition, without any cleverness: the first precision that reads back as the same float32. */
function fewestDigits(value: number): number {
  for (let digits = 1; digits < 9; digits++)
    if (Math.fround(Number(value.toPrecision(digits))) === value) return digits;
  return 9;
}

function significantDigits(text: string): number {
  const digits = text.replace(/e.*$/u, "").replace(/[-.]/gu, "").replace(/^0+/u, "").replace(/0+$/u, "");
  return digits.length;
}

describe("the shortest decimal of a float32", () => {
  test.each([
    [4.2, "4.2"],
    [16.4, "16.4"],
    [0.1, "0.1"],
    [-273.15, "-273.15"],
    [1 / 3, "0.33333334"],
    [16_777_215, "16777215"],
    [8_388_607.5, "8388607.5"],
    [1e-7, "1e-7"],
    [1.5e-45, "1e-45"],
    [3.4028234663852886e38, "3.4028234663852886e+38"],
    [0, "0"],
    [-0, "0"],
    [100, "100"],
  ])("of the number nearest to %d is %s", (value, text) => {
    expect(written(Math.fround(value), true)).toBe(text);
  });

  test("reads back as the same float32", () => {
    fc.assert(
      fc.property(float32, (value) => {
        expect(Math.fround(shortestFloat32(value))).toBe(value);
        expect(Number(written(value, true))).toBe(shortestFloat32(value) + 0);
      }),
      { numRuns: 3000 },
    );
  });

  test("has no more digits than it needs below 2^24, from where a float32 is a whole number and written as such", () => {
    fc.assert(
      fc.property(float32, (value) => {
        fc.pre(value !== 0 && Math.abs(value) < 2 ** 24 && !Number.isInteger(value));
        expect(significantDigits(written(value, true))).toBe(fewestDigits(value));
      }),
      { numRuns: 3000 },
    );
  });

  test("leaves a number alone that is no float32, for instance a value rebuilt by a formula", () => {
    expect(shortestFloat32(0.1)).toBe(0.1);
    expect(written(0.1 + 0.2, true)).toBe("0.30000000000000004");
  });
});

describe("a float64 in text", () => {
  test("is what JavaScript itself prints", () => {
    fc.assert(
      fc.property(float64, (value) => {
        expect(written(value, false)).toBe(String(value));
      }),
      { numRuns: 3000 },
    );
  });

  test("is what JavaScript itself prints also for scaled counts", () => {
    const scaled = fc
      .tuple(fc.integer(), fc.constantFrom(0.1, 0.01, 0.001, 1e-6, 1e-7, 10))
      .map(([n, s]) => n * s);
    fc.assert(
      fc.property(scaled, (value) => {
        expect(written(value, false)).toBe(String(value));
      }),
      { numRuns: 3000 },
    );
  });
});

test("a tag keeps float32 only when nothing is multiplied or added", () => {
  expect(keepsFloat32(tagOf(0))).toBe(true);
  expect(keepsFloat32(tagOf(0, { type: "float64" }))).toBe(false);
  expect(keepsFloat32(tagOf(0, { scaling: { scale: 0.1, offset: 0, loopRaw: null } }))).toBe(false);
  expect(keepsFloat32(tagOf(0, { scaling: { scale: 1, offset: -1, loopRaw: null } }))).toBe(false);
});
