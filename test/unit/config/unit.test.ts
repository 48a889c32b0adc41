import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { editDistance, nearest } from "../../../src/domain/spelling.ts";
import { isUnit, nearestUnits, UNIT_CODES, unitOf, unitSymbol } from "../../../src/domain/unit.ts";

describe("units", () => {
  it.each([
    ["t/h", "t/h", "mass flow", "E18"],
    ["t", "t", "mass", "TNE"],
    ["m3/h", "m³/h", "volume flow", "MQH"],
    ["kg/m3", "kg/m³", "density", "KMQ"],
    ["%", "%", "ratio", "P1"],
    ["kW", "kW", "power", "KWT"],
    ["kW.h", "kWh", "energy", "KWH"],
    ["Cel", "°C", "temperature", "CEL"],
    ["um", "µm", "length", "4H"],
    ["/min", "rpm", "frequency", "RPM"],
    ["[pH]", "pH", "acidity", "Q30"],
    ["[ppm]", "ppm", "ratio", "59"],
    ["mg{NaCN}/L", "mg/L NaCN", "NaCN concentration", null],
    ["mg{CN}/L", "mg/L CN", "CN concentration", null],
    ["g/t", "g/t", "mass fraction", null],
    ["1", "", "ratio", "C62"],
  ])("%s is shown as %j, measures %s and is %s to OPC UA", (code, symbol, dimension, unece) => {
    expect(unitOf(code)).toEqual({ code, symbol, dimension, unece });
  });

  it("keeps no two units of the same UNECE code or the same symbol", () => {
    const units = UNIT_CODES.map((code) => unitOf(code));
    const codes = units.map((unit) => unit?.unece).filter((unece) => unece !== null);
    expect(new Set(codes).size).toBe(codes.length);
    expect(new Set(units.map((unit) => unit?.symbol)).size).toBe(units.length);
  });

  it("tells cyanide from cyanide", () => {
    expect(unitOf("mg{NaCN}/L")?.dimension).not.toBe(unitOf("mg{CN}/L")?.dimension);
  });

  it("is case sensitive", () => {
    expect(isUnit("kW")).toBe(true);
    expect(isUnit("KW")).toBe(false);
    expect(unitOf("constructor")).toBeNull();
  });

  it.each([
    ["KW", "kW"],
    ["kwh", "kW.h"],
    ["°C", "Cel"],
    ["degC", "Cel"],
    ["m³/h", "m3/h"],
    ["M3/H", "m3/h"],
    ["mg/l", "mg/L"],
    ["rpm", "/min"],
    ["ph", "[pH]"],
    ["ppm", "[ppm]"],
    ["tph", "t/h"],
    ["µm", "um"],
  ])("%s suggests %s", (written, meant) => {
    expect(nearestUnits(written)[0]).toBe(meant);
  });

  it("suggests nothing for a word that is like no unit", () => {
    expect(nearestUnits("furlong")).toEqual([]);
  });

  it("a number without a unit has no symbol, and an unknown code is its own", () => {
    expect([unitSymbol(null), unitSymbol("m3"), unitSymbol("furlong")]).toEqual(["", "m³", "furlong"]);
  });
});

describe("spelling", () => {
  it.each([
    ["", "abc", 3],
    ["adress", "address", 1],
    ["lien", "line", 1],
    ["kitten", "sitting", 3],
    ["same", "same", 0],
  ])("%j and %j are %i apart", (a, b, distance) => {
    expect(editDistance(a, b)).toBe(distance);
  });

  it("is the same both ways, nought only for the same word, and at most the longer length", () => {
    const word = fc.string({ maxLength: 12 });
    fc.assert(
      fc.property(word, word, (a, b) => {
        const distance = editDistance(a, b);
        expect(distance).toBe(editDistance(b, a));
        expect(distance === 0).toBe(a === b);
        expect(distance).toBeLessThanOrEqual(Math.max(a.length, b.length));
      }),
      { seed: 20_261_122 },
    );
  });

  it("prefers the right capitals and gives up beyond a third of the letters", () => {
    expect(nearest("kw", ["KW", "kW", "MW"])[0]).toBe("kW");
    expect(nearest("temperature", ["pressure", "flow"])).toEqual([]);
  });
});
