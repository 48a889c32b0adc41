import { describe, expect, test } from "vitest";
import {
  conversion,
  describePowers,
  isSameKind,
  measureOf,
  product,
  raise,
} from "../../../src/domain/unit-algebra.ts";
import type { Measure } from "../../../src/domain/unit-algebra.ts";
import { UNIT_CODES, unitOf } from "../../../src/domain/unit.ts";

function measure(code: string): Measure {
  const found = measureOf(code);
  if (found === null) throw new Error(code);
  return found;
}

test.each(UNIT_CODES.map((code) => [code]))("%s is understood", (code) => {
  expect(measureOf(code)).not.toBeNull();
});

test("units of one dimension can be converted into each other", () => {
  for (const a of UNIT_CODES)
    for (const b of UNIT_CODES)
      if (unitOf(a)?.dimension === unitOf(b)?.dimension)
        expect(conversion(a, b), `${a} to ${b}`).not.toBeNull();
});

test.each([
  ["t/h", "kg/h", 1_000],
  ["t/h", "t/d", 24],
  ["%", "1", 0.01],
  ["[ppm]", "%", 1e-4],
  ["mg/L", "g/m3", 1],
  ["mg/kg", "g/t", 1],
  ["g{NaCN}/L", "mg{NaCN}/L", 1_000],
  ["kg/L", "t/m3", 1],
  ["[oz_tr]", "g", 31.1034768],
  ["kW.h", "W.s", 3.6e6],
  ["kW.h/t", "J/kg", 3_600],
  ["/min", "Hz", 1 / 60],
  ["bar", "kPa", 100],
  ["m/s2", "mm/s2", 1_000],
  ["uS/cm", "S/m", 1e-4],
  ["deg", "1", Math.PI / 180],
  ["mol/L", "mol/m3", 1_000],
  ["kPa.s-1", "Pa/s", 1_000],
])("1 %s is so many %s", (from, to, factor) => {
  expect(conversion(from, to)?.factor).toBeCloseTo(factor, 9 - Math.ceil(Math.log10(factor)));
  expect(conversion(from, to)?.offset).toBe(0);
});

test("degrees Celsius start at 273.15 K, and multiplied they are kelvins", () => {
  expect(conversion("Cel", "K")).toEqual({ factor: 1, offset: 273.15 });
  expect(conversion("K", "Cel")).toEqual({ factor: 1, offset: -273.15 });
  expect(conversion("Cel", "Cel")).toEqual({ factor: 1, offset: 0 });
  expect(product(measure("Cel"), measure("W")).offset).toBe(0);
});

test.each([
  ["mg{NaCN}/L", "mg{CN}/L"],
  ["mg{NaCN}/L", "mg/L"],
  ["kV.A{reactive}", "kW"],
  ["[pH]", "1"],
  ["t/h", "m3/h"],
  ["kW", "kW.h"],
])("%s is something else than %s", (a, b) => {
  expect(conversion(a, b)).toBeNull();
  expect(isSameKind(measure(a), measure(b))).toBe(false);
});

test.each([
  "furlong",
  "kfurlong",
  "",
  "t//h",
  "h%",
  "kh",
  "{NaCN",
  "t/(h)",
  "m4",
  "3m",
  "toString",
  "__proto__",
])("%o is no unit", (code) => {
  const found = measureOf(code);
  // Nothing at all is the bare number.
  expect(found).toEqual(code === "" ? measureOf("1") : null);
  expect(conversion(code, "furlongs")).toBeNull();
});

describe("products and powers", () => {
  test("cancel what is above and below", () => {
    const gold = product(measure("t/h"), measure("g/t"));
    expect(isSameKind(gold, measure("g/h"))).toBe(true);
    expect(gold.factor).toBeCloseTo(measure("g/h").factor, 20);
    expect(product(measure("t"), raise(measure("t"), -1)).powers).toEqual({});
  });

  test("raise factors and exponents alike", () => {
    expect(raise(measure("km"), 2)).toEqual({ factor: 1e6, offset: 0, powers: { m: 2 } });
    expect(raise(measure("m2"), 0.5).powers).toEqual({ m: 1 });
    expect(raise(measure("m2"), 0).powers).toEqual({});
    const area = measure("m2");
    expect(raise(area, 1)).toBe(area);
  });

  test("are spelt for people", () => {
    expect(describePowers(measure("t/h").powers)).toBe("kg.s-1");
    expect(describePowers({})).toBe("1");
  });
});
