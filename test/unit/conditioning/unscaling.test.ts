import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { heldValue } from "../../../src/conditioning/unscaling.ts";
import type { Tag } from "../../../src/domain/tag.ts";
import { tagOf } from "../../support/tags.ts";

const scaled = (type: Tag["type"], scale: number, offset = 0): Tag =>
  tagOf(0, { type, scaling: { scale, offset, loopRaw: null } });

describe("a value as the device will hold it", () => {
  test.each([
    ["a tenth of a unit in each count", scaled("uint16", 0.1), 12.34, { raw: 123, value: 12.3 }],
    ["an offset", scaled("int16", 0.5, -40), 10.2, { raw: 100, value: 10 }],
    ["a float as it is", scaled("float32", 1), 31.3, { raw: Math.fround(31.3), value: 31.3 }],
    ["a double as it is", scaled("float64", 1), 31.3, { raw: 31.3, value: 31.3 }],
    ["a 64-bit integer", scaled("int64", 1), -5, { raw: -5n, value: -5 }],
    ["a truth", tagOf(0, { type: "bool" }), true, { raw: 1, value: true }],
  ] as const)("has %s", (_what, tag, value, expected) => {
    const held = heldValue(tag, value);
    expect(held?.raw).toBe(expected.raw);
    if (typeof expected.value === "number") expect(held?.value).toBeCloseTo(expected.value, 12);
    else expect(held?.value).toBe(expected.value);
  });

  test("of a loop is in the counts of its range", () => {
    const range = { low: 0, high: 100 };
    const tag = tagOf(0, {
      type: "int16",
      range,
      scaling: { scale: 100 / 27_648, offset: 0, loopRaw: { low: 0, high: 27_648 } },
    });
    expect(heldValue(tag, 50)).toEqual({ raw: 13_824, value: 50 });
  });

  test.each([
    ["not a number", scaled("float32", 1), NaN],
    ["infinity", scaled("float64", 1), Infinity],
    ["more than single precision holds", scaled("float32", 1), 1e39],
    ["more than a register holds", scaled("uint16", 1), 65_536],
    ["less than an unsigned register holds", scaled("uint16", 1), -1],
    ["a number for a truth", tagOf(0, { type: "bool" }), 1],
    ["a truth for a number", scaled("float32", 1), true],
    ["a number for a text", tagOf(0, { type: "string" }), 1],
  ])("is none for %s", (_what, tag, value) => {
    expect(heldValue(tag, value)).toBeNull();
  });

  test("is never further from the wish than half a count", () => {
    const cases = fc.record({
      scale: fc.constantFrom(0.01, 0.1, 0.5, 2, -0.1),
      offset: fc.integer({ min: -100, max: 100 }),
      counts: fc.double({ min: -30_000, max: 30_000, noNaN: true }),
    });
    fc.assert(
      fc.property(cases, ({ scale, offset, counts }) => {
        const wish = counts * scale + offset;
        const held = heldValue(scaled("int16", scale, offset), wish);
        expect(Math.abs(Number(held?.value) - wish)).toBeLessThanOrEqual(Math.abs(scale) * 0.5 + 1e-9);
        expect(Number(held?.raw) * scale + offset).toBe(held?.value);
      }),
      { seed: 11, numRuns: 300 },
    );
  });
});
