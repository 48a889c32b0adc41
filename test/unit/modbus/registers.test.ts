import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { createBatch } from "../../../src/domain/batch.ts";
import type { DataType, Tag, WordOrder } from "../../../src/domain/tag.ts";
import { compileColumns, decodeColumns } from "../../../src/drivers/modbus/registers.ts";
import { modbusTags } from "../../support/modbus-tags.ts";
import type { TagSketch } from "../../support/modbus-tags.ts";

const ORDERS: readonly WordOrder[] = ["ABCD", "CDAB", "BADC", "DCBA"];

/** Decodes reply data that begin at an odd offset of a larger buffer, as they do behind a header. */
function decode(tags: readonly Tag[], data: Uint8Array, address = 0): readonly (number | bigint | string)[] {
  const memory = Buffer.concat([Buffer.alloc(9, 0xee), data, Buffer.alloc(5, 0xee)]);
  const view = new DataView(memory.buffer, memory.byteOffset, memory.length);
  const batch = createBatch(tags.length);
  decodeColumns(compileColumns(tags, address, 0), view, 9, batch);
  return tags.map((_, row) => batch.exact.get(row) ?? (batch.value[row] as number));
}

function decodeOne(sketch: TagSketch, data: Uint8Array): number | bigint | string {
  return decode(modbusTags([{ address: 0, ...sketch }]), data)[0] as number | bigint | string;
}

function registers(...words: readonly number[]): Uint8Array {
  return Uint8Array.from(words.flatMap((word) => [word >>> 8, word & 0xff]));
}

/** The inverse, written apart from the driver: bytes A B C … of the value, reordered as the name of the order says. */
function encode(type: DataType, order: WordOrder, value: number | bigint): Uint8Array {
  const view = new DataView(new ArrayBuffer(8));
  const writers: Partial<Record<DataType, () => number>> = {
    int16: () => (view.setInt16(0, Number(value)), 2),
    uint16: () => (view.setUint16(0, Number(value)), 2),
    int32: () => (view.setInt32(0, Number(value)), 4),
    uint32: () => (view.setUint32(0, Number(value)), 4),
    float32: () => (view.setFloat32(0, Number(value)), 4),
    float64: () => (view.setFloat64(0, Number(value)), 8),
    int64: () => (view.setBigInt64(0, BigInt(value)), 8),
    uint64: () => (view.setBigUint64(0, BigInt(value)), 8),
  };
  const bytes = [...new Uint8Array(view.buffer, 0, writers[type]?.() ?? 0)];
  let words: number[][] = [];
  for (let i = 0; i < bytes.length; i += 2) words.push(bytes.slice(i, i + 2));
  if (order === "CDAB" || order === "DCBA") words = words.toReversed();
  if (order === "BADC" || order === "DCBA") words = words.map((word) => word.toReversed());
  return Uint8Array.from(words.flat());
}

describe("values out of registers", () => {
  test.each([
    ["float32", "ABCD", registers(16518, 26214), Math.fround(4.2)],
    ["float32", "CDAB", registers(26214, 16518), Math.fround(4.2)],
    ["float32", "BADC", Uint8Array.of(0x86, 0x40, 0x66, 0x66), Math.fround(4.2)],
    ["float32", "DCBA", Uint8Array.of(0x66, 0x66, 0x86, 0x40), Math.fround(4.2)],
    ["uint32", "ABCD", registers(1883, 52501), 123456789],
    ["uint32", "CDAB", registers(52501, 1883), 123456789],
    ["uint32", "BADC", Uint8Array.of(0x5b, 0x07, 0x15, 0xcd), 123456789],
    ["uint32", "DCBA", Uint8Array.of(0x15, 0xcd, 0x5b, 0x07), 123456789],
    ["int32", "ABCD", Uint8Array.of(0xff, 0xff, 0xff, 0xfe), -2],
    ["int32", "CDAB", Uint8Array.of(0xff, 0xfe, 0xff, 0xff), -2],
    ["int32", "BADC", Uint8Array.of(0xff, 0xff, 0xfe, 0xff), -2],
    ["int32", "DCBA", Uint8Array.of(0xfe, 0xff, 0xff, 0xff), -2],
    ["int16", "ABCD", Uint8Array.of(0xed, 0x00), -4864],
    ["int16", "CDAB", Uint8Array.of(0xed, 0x00), -4864],
    ["int16", "BADC", Uint8Array.of(0x00, 0xed), -4864],
    ["int16", "DCBA", Uint8Array.of(0x00, 0xed), -4864],
    ["uint16", "ABCD", Uint8Array.of(0x53, 0xfc), 21500],
    ["uint16", "CDAB", Uint8Array.of(0x53, 0xfc), 21500],
    ["uint16", "BADC", Uint8Array.of(0xfc, 0x53), 21500],
    ["uint16", "DCBA", Uint8Array.of(0xfc, 0x53), 21500],
    ["float64", "ABCD", Uint8Array.of(0x40, 0x09, 0x21, 0xfb, 0x54, 0x44, 0x2d, 0x18), Math.PI],
    ["float64", "CDAB", Uint8Array.of(0x2d, 0x18, 0x54, 0x44, 0x21, 0xfb, 0x40, 0x09), Math.PI],
    ["float64", "BADC", Uint8Array.of(0x09, 0x40, 0xfb, 0x21, 0x44, 0x54, 0x18, 0x2d), Math.PI],
    ["float64", "DCBA", Uint8Array.of(0x18, 0x2d, 0x44, 0x54, 0xfb, 0x21, 0x09, 0x40), Math.PI],
    ["int64", "ABCD", Uint8Array.of(0x80, 0, 0, 0, 0, 0, 0, 1), -9223372036854775807n],
    ["int64", "CDAB", Uint8Array.of(0, 1, 0, 0, 0, 0, 0x80, 0), -9223372036854775807n],
    ["int64", "BADC", Uint8Array.of(0, 0x80, 0, 0, 0, 0, 1, 0), -9223372036854775807n],
    ["int64", "DCBA", Uint8Array.of(1, 0, 0, 0, 0, 0, 0, 0x80), -9223372036854775807n],
    ["uint64", "ABCD", Uint8Array.of(0xff, 0xfe, 0xfd, 0xfc, 0xfb, 0xfa, 0xf9, 0xf8), 0xfffefdfcfbfaf9f8n],
    ["uint64", "CDAB", Uint8Array.of(0xf9, 0xf8, 0xfb, 0xfa, 0xfd, 0xfc, 0xff, 0xfe), 0xfffefdfcfbfaf9f8n],
    ["uint64", "BADC", Uint8Array.of(0xfe, 0xff, 0xfc, 0xfd, 0xfa, 0xfb, 0xf8, 0xf9), 0xfffefdfcfbfaf9f8n],
    ["uint64", "DCBA", Uint8Array.of(0xf8, 0xf9, 0xfa, 0xfb, 0xfc, 0xfd, 0xfe, 0xff), 0xfffefdfcfbfaf9f8n],
  ] as const)("%s %s from golden bytes", (type, wordOrder, data, expected) => {
    expect(decodeOne({ type, wordOrder }, data)).toBe(expected);
  });

  test("the reading example of the protocol: registers 107 to 109 hold 555, 0, 100 [V1.1b3, 6.3]", () => {
    const tags = modbusTags([107, 108, 109].map((address) => ({ type: "uint16" as const, address })));
    expect(decode(tags, Uint8Array.of(0x02, 0x2b, 0x00, 0x00, 0x00, 0x64), 107)).toEqual([555, 0, 100]);
  });

  test("the reading example of the protocol: coils 19 to 37, first in the least significant bit [V1.1b3, 6.1]", () => {
    const tags = modbusTags(
      Array.from({ length: 19 }, (_, i) => ({
        table: "coil" as const,
        type: "bool" as const,
        address: 19 + i,
      })),
    );
    expect(decode(tags, Uint8Array.of(0xcd, 0x6b, 0x05), 19).join("")).toBe("1011001111010110101");
  });

  test("a float that is not a number, or infinite, is passed on as it is", () => {
    expect(decodeOne({ type: "float32" }, registers(0x7fc0, 0))).toBeNaN();
    expect(decodeOne({ type: "float32", wordOrder: "CDAB" }, registers(0, 0xff80))).toBe(-Infinity);
    expect(decodeOne({ type: "float64" }, registers(0x7ff0, 0, 0, 0))).toBe(Infinity);
  });

  test("bits are counted from the least significant one of the register, in the device's byte order", () => {
    const word = Uint8Array.of(0x80, 0x02);
    const bits = (wordOrder: WordOrder): readonly unknown[] =>
      decode(modbusTags([0, 1, 7, 15].map((bit) => ({ type: "bool", bit, wordOrder }))), word);
    expect(bits("ABCD")).toEqual([0, 1, 0, 1]);
    expect(bits("BADC")).toEqual([0, 0, 1, 0]);
  });

  test("a whole register as a bool is true when it is not zero", () => {
    expect(decodeOne({ type: "bool" }, registers(0))).toBe(0);
    expect(decodeOne({ type: "bool" }, registers(0x0100))).toBe(1);
  });

  test("a 64-bit integer is exact, and the nearest number stands in the column", () => {
    const tags = modbusTags([{ type: "uint64" }]);
    const batch = createBatch(1);
    const data = encode("uint64", "ABCD", 2n ** 53n + 1n);
    decodeColumns(compileColumns(tags, 0, 0), new DataView(data.buffer), 0, batch);
    expect(batch.exact.get(0)).toBe(9007199254740993n);
    expect(batch.value[0]).toBe(2 ** 53);
  });
});

describe("text out of registers", () => {
  const mill = Buffer.from("Mill 2\0\u0001junk    ");

  test.each([
    ["ABCD", mill],
    ["CDAB", mill],
    ["BADC", Buffer.from(mill).swap16()],
    ["DCBA", Buffer.from(mill).swap16()],
  ] as const)("%s ends at NUL", (wordOrder, data) => {
    expect(decodeOne({ type: "string", width: 8, wordOrder }, data)).toBe("Mill 2");
  });

  test("fills its registers when there is no NUL", () => {
    expect(decodeOne({ type: "string", width: 2 }, Buffer.from("SAG1"))).toBe("SAG1");
  });

  test("is UTF-8 where it can be and Latin-1 where it cannot", () => {
    expect(decodeOne({ type: "string", width: 3 }, Buffer.from("año\0\0"))).toBe("año");
    expect(decodeOne({ type: "string", width: 2 }, Buffer.from("año\0", "latin1"))).toBe("año");
  });

  test("keeps no control characters", () => {
    expect(decodeOne({ type: "string", width: 3 }, Buffer.from("a\u001b[3\nb"))).toBe("a[3b");
  });
});

const VALUES: Readonly<Partial<Record<DataType, fc.Arbitrary<number | bigint>>>> = {
  int16: fc.integer({ min: -32768, max: 32767 }),
  uint16: fc.integer({ min: 0, max: 65535 }),
  int32: fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 }),
  uint32: fc.integer({ min: 0, max: 2 ** 32 - 1 }),
  float32: fc.float(),
  float64: fc.double(),
  int64: fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
  uint64: fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }),
};

describe("decode after encode is identity", () => {
  test.each(Object.entries(VALUES))("%s in every word order", (type, values) => {
    fc.assert(
      fc.property(fc.constantFrom(...ORDERS), values, (wordOrder, value) => {
        const data = encode(type as DataType, wordOrder, value);
        expect(decodeOne({ type: type as DataType, wordOrder }, data)).toBe(value);
      }),
      { seed: 20_240_601, numRuns: 300 },
    );
  });

  test("any mixture of types, orders and holes in one block comes out row by row", () => {
    const field = fc.record({
      type: fc.constantFrom(...(Object.keys(VALUES) as DataType[])),
      wordOrder: fc.constantFrom(...ORDERS),
      hole: fc.integer({ min: 0, max: 3 }),
      seed: fc.bigInt({ min: 0n, max: 2n ** 31n - 1n }),
    });
    fc.assert(
      fc.property(fc.array(field, { minLength: 1, maxLength: 25 }), (fields) => {
        const sketches: TagSketch[] = [];
        const parts: Uint8Array[] = [];
        const expected: (number | bigint)[] = [];
        let address = 0;
        for (const { type, wordOrder, hole, seed } of fields) {
          address += hole;
          parts.push(new Uint8Array(hole * 2).fill(0xaa));
          const value = type.endsWith("64") && type !== "float64" ? seed : Number(seed % 30_000n);
          const bytes = encode(type, wordOrder, value);
          sketches.push({ type, wordOrder, address });
          parts.push(bytes);
          expected.push(value);
          address += bytes.length / 2;
        }
        expect(decode(modbusTags(sketches), Buffer.concat(parts))).toEqual(expected);
      }),
      { seed: 20_240_602, numRuns: 300 },
    );
  });
});
