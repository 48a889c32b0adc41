import { describe, expect, it } from "vitest";
import { en } from "../../../src/web/i18n/en.ts";
import { esPE } from "../../../src/web/i18n/es-PE.ts";
import {
  decimalsFor,
  formatAge,
  formatOffset,
  formatTime,
  formatValue,
  positionInRange,
} from "../../../src/web/format.ts";
import type { Value } from "../../../src/web/api.ts";
import { valueLabels } from "../../../src/web/widgets/chart/value-labels.ts";

describe("the labels beside a chart", () => {
  it.each([
    [[10.85, 10.9, 10.95], 0.05, ["10.85", "10.90", "10.95"]],
    [[16.75, 17, 17.25], 0.25, ["16.75", "17.00", "17.25"]],
    [[2250, 2300], 50, ["2,250", "2,300"]],
    [[0.1, 0.2, 0.3], 0.1, ["0.1", "0.2", "0.3"]],
  ])("%j in steps of %d have the same decimals", (splits, step, labels) => {
    expect(valueLabels(splits, step, "es-PE")).toEqual(labels);
  });
});

describe("the decimals of a value", () => {
  it.each([
    [0, 1, 3],
    [1, 1.8, 3],
    [1, 2.4, 3],
    [0, 0.01, 4],
    [0, 14, 2],
    [0, 40, 1],
    [0, 100, 1],
    [0, 1000, 0],
    [0, 10000, 0],
    [-500, 500, 0],
  ])("show about a thousandth of the range %d to %d: %d", (low, high, decimals) => {
    expect(decimalsFor({ range: [low, high], unit: "%" }, 1.5)).toBe(decimals);
  });

  it.each([
    [12, null, 0],
    [12, "1", 0],
    [12.5, "1", 2],
    [12, "t", 2],
    [999_999.99, "t", 2],
    [3_484_585.12, "kW.h", 0],
  ])("of %d %s without a range are %d", (value, unit, decimals) => {
    expect(decimalsFor({ range: null, unit }, value)).toBe(decimals);
  });
});

describe("a value on the page", () => {
  const plain = { range: null, unit: null };

  it.each<[Value, string]>([
    [1234.56, "1,234.56"],
    [-1234567, "-1,234,567"],
    [-0, "0"],
    [NaN, "- - -"],
    [Infinity, "- - -"],
    [-Infinity, "- - -"],
    [1e308, "1.000e+308"],
    [null, "- - -"],
    ["18446744073709551615", "18,446,744,073,709,551,615"],
    ["free text", "free text"],
    ["", ""],
  ])("%s reads %s in both languages", (value, text) => {
    expect(formatValue(value, plain, esPE)).toBe(text);
    expect(formatValue(value, plain, en)).toBe(text);
  });

  it("is a word for a bit", () => {
    expect(formatValue(true, plain, esPE)).toBe("sí");
    expect(formatValue(false, plain, en)).toBe("off");
  });

  it("is the name of a state, and its number where it has none", () => {
    const shown = { range: null, unit: null, states: { 0: "idle", 1: "run" } };
    expect(formatValue(1, shown, esPE)).toBe("run");
    expect(formatValue(7, shown, esPE)).toBe("7");
    expect(formatValue("constructor", shown, esPE)).toBe("constructor");
  });
});

it.each([
  [-5, "0 s"],
  [NaN, "0 s"],
  [999, "0 s"],
  [59_999, "59 s"],
  [60_000, "1 min"],
  [3_600_000, "1 h"],
  [47 * 3_600_000, "47 h"],
  [49 * 3_600_000, "2 d"],
])("an age of %d ms reads %s", (ms, text) => {
  expect(formatAge(ms)).toBe(text);
});

it("shows the plant's time over 24 hours, whatever zone this machine is in", () => {
  const time = Date.UTC(2026, 10, 22, 4, 5, 6);
  expect(formatTime(time, "America/Lima", "es-PE")).toBe("23:05:06");
  expect(formatTime(Date.UTC(2026, 10, 22, 5, 0, 0), "America/Lima", "en")).toBe("00:00:00");
  expect(formatOffset(time, "America/Lima")).toBe("UTC-5");
});

it("keeps a value outside its range inside the bar", () => {
  expect(positionInRange(150, [0, 100])).toBe(1);
  expect(positionInRange(-1, [0, 100])).toBe(0);
  expect(positionInRange(25, [0, 100])).toBe(0.25);
  expect(positionInRange(25, [5, 5])).toBeNull();
  expect(positionInRange(true, [0, 1])).toBeNull();
});

/** All texts of a dictionary, functions with sample arguments. */
function textsOf(words: object): string[] {
  return Object.values(words).flatMap((entry: unknown) => {
    if (typeof entry === "string") return [entry];
    if (typeof entry === "function") return [String((entry as (...args: string[]) => unknown)("7", "9"))];
    return textsOf(entry as object);
  });
}

it.each([
  ["es-PE", esPE],
  ["en", en],
])("the dictionary %s has a text everywhere", (_name, words) => {
  expect(textsOf(words).filter((text) => text.trim() === "" || text.includes("undefined"))).toEqual([]);
});
