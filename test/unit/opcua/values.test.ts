import { describe, expect, test } from "vitest";
import { createBatch } from "../../../src/domain/batch.ts";
import type { DataType } from "../../../src/domain/tag.ts";
import {
  BAD_NO_DATA,
  BAD_TYPE_MISMATCH,
  BuiltIn,
  hasOverflowed,
  plainText,
  storeValue,
  timeOf,
} from "../../../src/drivers/opcua/values.ts";

const FLOAT = 10;
const DOUBLE = 11;
const INT32 = 6;

function store(type: DataType, dataType: number, value: unknown, arrayType = 0): readonly unknown[] {
  const batch = createBatch(1);
  batch.value[0] = NaN;
  const status = storeValue(batch, 0, type, { dataType, arrayType, value }, 0);
  return [status, batch.value[0], batch.exact.get(0)];
}

describe("storeValue", () => {
  test.each<[string, DataType, number, unknown, readonly unknown[]]>([
    ["a float", "float32", FLOAT, 1.5, [0, 1.5, undefined]],
    ["not a number stays so, with its status", "float64", DOUBLE, NaN, [0, NaN, undefined]],
    ["infinity stays so", "float64", DOUBLE, -Infinity, [0, -Infinity, undefined]],
    ["an enumeration's number", "uint16", INT32, 2, [0, 2, undefined]],
    ["truth as one", "bool", BuiltIn.Boolean, true, [0, 1, undefined]],
    ["a number that is not zero as truth", "bool", INT32, 8, [0, 1, undefined]],
    ["a boolean in a number's place", "uint16", BuiltIn.Boolean, false, [0, 0, undefined]],
    ["the smallest int64 exactly", "int64", BuiltIn.Int64, [0x80000000, 0], [0, -(2 ** 63), -(2n ** 63n)]],
    ["minus one in 64 bits", "int64", BuiltIn.Int64, [0xffffffff, 0xffffffff], [0, -1, -1n]],
    ["2⁵³ + 1 exactly", "int64", BuiltIn.Int64, [0x00200000, 1], [0, 2 ** 53, 2n ** 53n + 1n]],
    [
      "the greatest uint64 exactly",
      "uint64",
      BuiltIn.UInt64,
      [0xffffffff, 0xffffffff],
      [0, 2 ** 64, 2n ** 64n - 1n],
    ],
    ["an int32 where 64 bits are expected", "int64", INT32, -5, [0, -5, -5n]],
    ["a uint64 where a number is expected, rounded", "float64", BuiltIn.UInt64, [0, 7], [0, 7, undefined]],
    ["text", "string", BuiltIn.String, "fill", [0, NaN, "fill"]],
    ["a number as text", "string", INT32, 12, [0, NaN, "12"]],
    ["a localised text", "string", BuiltIn.LocalizedText, { text: "lleno" }, [0, NaN, "lleno"]],
    ["a time as its milliseconds", "float64", BuiltIn.DateTime, new Date(5), [0, 5, undefined]],
  ])("keeps %s", (_, type, dataType, value, expected) => {
    expect(store(type, dataType, value)).toEqual(expected);
  });

  test.each<[string, DataType, number, unknown, number, number]>([
    ["text for a number", "float32", BuiltIn.String, "12", 0, BAD_TYPE_MISMATCH],
    ["a fraction for 64 bits", "int64", DOUBLE, 1.5, 0, BAD_TYPE_MISMATCH],
    ["an array", "float32", FLOAT, new Float32Array([1, 2]), 1, BAD_TYPE_MISMATCH],
    ["a structure for text", "string", 22, {}, 0, BAD_TYPE_MISMATCH],
    ["no value", "float32", BuiltIn.Null, null, 0, BAD_NO_DATA],
  ])("refuses %s", (_, type, dataType, value, arrayType, status) => {
    expect(store(type, dataType, value, arrayType)).toEqual([status, NaN, undefined]);
  });
});

describe("timeOf", () => {
  const first = new Date("1601-01-01T00:00:00Z");
  test.each([
    ["the source's", new Date(1), new Date(2), 1],
    ["the server's when the source gives none", null, new Date(2), 2],
    ["the server's when the source's is the zero of its scale", first, new Date(2), 2],
    ["ours when a time is no time", new Date(NaN), null, 3],
    ["ours when there is none at all", null, null, 3],
  ])("takes %s", (_, source, server, expected) => {
    expect(timeOf(source, server, 3)).toBe(expected);
  });
});

test.each([
  [0x00000480, true],
  [0x40930480, true],
  [0x00000080, false],
  [0x00000400, false],
  [0, false],
])("status %i says overflow: %s [OPC 10000-4, 7.39.1]", (status, expected) => {
  expect(hasOverflowed(status)).toBe(expected);
});

test("a foreign text loses control and direction characters and everything past 256 characters", () => {
  expect(plainText("a\u0000b\u202Ec\nd")).toBe("abcd");
  expect(plainText("e\u0301")).toBe("é");
  expect(plainText("x".repeat(10_000))).toHaveLength(256);
});
