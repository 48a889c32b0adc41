import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { createBatch } from "../../../src/domain/batch.ts";
import type { DataType, WordOrder } from "../../../src/domain/tag.ts";
import { encodeRaw } from "../../../src/drivers/modbus/encoding.ts";
import { compileColumns, decodeColumns } from "../../../src/drivers/modbus/registers.ts";
import { replyBytes, writeRequest } from "../../../src/drivers/modbus/request.ts";
import { modbusTags } from "../../support/modbus-tags.ts";
import type { TagSketch } from "../../support/modbus-tags.ts";

function tagOf(sketch: TagSketch) {
  const [tag] = modbusTags([sketch]);
  if (tag === undefined) throw new Error("there is no tag");
  return tag;
}

function readBack(sketch: TagSketch, words: readonly number[]): number | bigint | undefined {
  const view = new DataView(new ArrayBuffer(2 * words.length));
  for (const [i, word] of words.entries()) view.setUint16(2 * i, word);
  const batch = createBatch(1);
  decodeColumns(compileColumns([tagOf(sketch)], 0, 0), view, 0, batch);
  return (batch.exact.get(0) as bigint | undefined) ?? batch.value[0];
}

describe("registers out of values", () => {
  // 4.2 is 40 86 66 66 and 123456789 is 07 5B CD 15, by hand.
  test.each([
    ["float32", "ABCD", 4.2, [0x4086, 0x6666]],
    ["float32", "CDAB", 4.2, [0x6666, 0x4086]],
    ["float32", "BADC", 4.2, [0x8640, 0x6666]],
    ["float32", "DCBA", 4.2, [0x6666, 0x8640]],
    ["uint32", "ABCD", 123_456_789, [0x075b, 0xcd15]],
    ["uint32", "CDAB", 123_456_789, [0xcd15, 0x075b]],
    ["uint32", "BADC", 123_456_789, [0x5b07, 0x15cd]],
    ["uint32", "DCBA", 123_456_789, [0x15cd, 0x5b07]],
    ["int64", "ABCD", -2n, [0xffff, 0xffff, 0xffff, 0xfffe]],
    ["int64", "DCBA", -2n, [0xfeff, 0xffff, 0xffff, 0xffff]],
    ["int16", "ABCD", -2, [0xfffe]],
    ["uint16", "BADC", 1, [0x0100]],
  ] as const)("a %s goes out as %s says", (type, wordOrder, raw, expected) => {
    expect(encodeRaw(tagOf({ type, wordOrder }), raw)).toEqual(expected);
  });

  const numbers: Readonly<Partial<Record<DataType, fc.Arbitrary<number | bigint>>>> = {
    int16: fc.integer({ min: -32_768, max: 32_767 }),
    uint16: fc.integer({ min: 0, max: 65_535 }),
    int32: fc.integer(),
    uint32: fc.integer({ min: 0, max: 2 ** 32 - 1 }),
    int64: fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
    uint64: fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }),
    float32: fc.float({ noNaN: true }),
    float64: fc.double({ noNaN: true }),
  };
  const written = fc
    .tuple(
      fc.constantFrom(...(Object.keys(numbers) as DataType[])),
      fc.constantFrom<WordOrder>("ABCD", "CDAB", "BADC", "DCBA"),
    )
    .chain(([type, wordOrder]) => (numbers[type] ?? fc.constant(0)).map((raw) => ({ type, wordOrder, raw })));

  test("what is written is what is read, bit for bit, in every type and word order", () => {
    fc.assert(
      fc.property(written, ({ type, wordOrder, raw }) => {
        const sketch = { type, wordOrder };
        expect(readBack(sketch, encodeRaw(tagOf(sketch), raw))).toBe(raw);
      }),
      { seed: 7, numRuns: 500 },
    );
  });

  test("one bit of a register and a text are not written by themselves", () => {
    expect(() => encodeRaw(tagOf({ type: "bool", bit: 3 }), 1)).toThrow(TypeError);
    expect(() => encodeRaw(tagOf({ type: "string" }), 1)).toThrow(TypeError);
  });
});

describe("a write request", () => {
  test.each([
    ["one coil by function 5", "coil", [1], false, { functionCode: 5, quantity: 0xff00 }],
    ["a coil that is switched off", "coil", [0], false, { functionCode: 5, quantity: 0 }],
    ["one register by function 6", "holding", [77], false, { functionCode: 6, quantity: 77 }],
    [
      "two registers by function 16",
      "holding",
      [1, 2],
      false,
      { functionCode: 16, quantity: 2, data: [1, 2] },
    ],
    [
      "one register by 16 where the device wants it so",
      "holding",
      [7],
      true,
      { functionCode: 16, quantity: 1, data: [7] },
    ],
    [
      "one coil by 15 where the device wants it so",
      "coil",
      [1],
      true,
      { functionCode: 15, quantity: 1, data: [1] },
    ],
  ] as const)("carries %s [V1.1b3, 6]", (_what, table, data, isMultiple, expected) => {
    const request = writeRequest(9, { table, address: 40 }, data, isMultiple);
    expect(request).toEqual({ unit: 9, address: 40, ...expected });
    expect(replyBytes(request)).toBe(6);
  });
});
