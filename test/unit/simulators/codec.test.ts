import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { engineeringOf, quantised, rawOf } from "../../../simulators/codec/raw.ts";
import type { RawValue } from "../../../simulators/codec/raw.ts";
import { registerWriter } from "../../../simulators/codec/registers.ts";
import type { DataType, Tag, WordOrder } from "../../../src/domain/tag.ts";
import { everyTypeAndOrder, modbusTag, WORD_ORDERS } from "../../support/simulated-plant.ts";

/** A reader written from the meaning of the letters: byte n of the value, A first, is found at this place on the wire. */
const WIRE_PLACES: Record<WordOrder, (byte: number, bytes: number) => number> = {
  ABCD: (byte) => byte,
  DCBA: (byte, bytes) => bytes - 1 - byte,
  CDAB: (byte, bytes) => bytes - 2 - (byte & ~1) + (byte & 1),
  BADC: (byte) => byte ^ 1,
};

const READERS: Record<DataType, (view: DataView) => RawValue> = {
  bool: (view) => view.getUint16(0) !== 0,
  int16: (view) => view.getInt16(0),
  uint16: (view) => view.getUint16(0),
  int32: (view) => view.getInt32(0),
  uint32: (view) => view.getUint32(0),
  int64: (view) => view.getBigInt64(0),
  uint64: (view) => view.getBigUint64(0),
  float32: (view) => view.getFloat32(0),
  float64: (view) => view.getFloat64(0),
  string: () => "",
};

function registersOf(tag: Tag, raw: RawValue, count: number): Uint16Array {
  const registers = new Uint16Array(count);
  if (tag.source.protocol === "modbus") registerWriter({ ...tag.source, type: tag.type })(raw, registers, 0);
  return registers;
}

function decoded(type: DataType, order: WordOrder, registers: Uint16Array): RawValue {
  const wire = new Uint8Array(registers.length * 2);
  registers.forEach((word, i) => new DataView(wire.buffer).setUint16(2 * i, word));
  const value = wire.map((_, byte) => wire[WIRE_PLACES[order](byte, wire.length)] ?? 0);
  return READERS[type](new DataView(value.buffer));
}

const RAW_VALUES: Record<Exclude<DataType, "string">, fc.Arbitrary<RawValue>> = {
  bool: fc.boolean(),
  int16: fc.integer({ min: -32768, max: 32767 }),
  uint16: fc.integer({ min: 0, max: 65535 }),
  int32: fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 }),
  uint32: fc.integer({ min: 0, max: 2 ** 32 - 1 }),
  int64: fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
  uint64: fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }),
  float32: fc.float(),
  float64: fc.double(),
};
const WIDTHS: Partial<Record<DataType, number>> = {
  bool: 1,
  int16: 1,
  uint16: 1,
  int64: 4,
  uint64: 4,
  float64: 4,
};

describe("the simulators' register encoder", () => {
  for (const [type, values] of Object.entries(RAW_VALUES) as [DataType, fc.Arbitrary<RawValue>][])
    for (const wordOrder of WORD_ORDERS)
      test(`${type} in order ${wordOrder} is read back by a decoder of its own`, () => {
        const tag = modbusTag({ type, source: { wordOrder } });
        fc.assert(
          fc.property(values, (raw) => {
            expect(decoded(type, wordOrder, registersOf(tag, raw, WIDTHS[type] ?? 2))).toEqual(raw);
          }),
          { seed: 7 },
        );
      });

  test.each([
    ["ABCD", [0x4048, 0xf5c3]],
    ["CDAB", [0xf5c3, 0x4048]],
    ["BADC", [0x4840, 0xc3f5]],
    ["DCBA", [0xc3f5, 0x4840]],
  ] as const)("3.14 as float32 %s is these registers", (wordOrder, expected) => {
    const registers = registersOf(modbusTag({ source: { wordOrder } }), 3.14, 2);
    expect([...registers]).toEqual(expected);
  });

  test("a text fills its registers two bytes each, cut between characters", () => {
    const tag = modbusTag({ type: "string", source: { width: 2 } });
    expect(rawOf(tag, "PÚMA")).toBe("PÚM");
    expect(
      Buffer.from(registersOf(tag, "PÚM", 2).buffer)
        .swap16()
        .toString("utf8"),
    ).toBe("PÚM");
  });

  test("bits of one register are written without touching their neighbours", () => {
    const registers = new Uint16Array([0b1010]);
    const write = (bit: number, wordOrder: WordOrder, raw: boolean): void =>
      registerWriter({ type: "bool", width: 1, wordOrder, bit })(raw, registers, 0);
    write(0, "ABCD", true);
    write(3, "CDAB", false);
    expect(registers[0]).toBe(0b0011);
    write(0, "BADC", true);
    expect(registers[0]).toBe(0b1_0000_0011);
  });
});

describe("quantisation", () => {
  test("a scaled integer is rounded to whole counts and held within its type", () => {
    const tag = modbusTag({
      type: "uint16",
      scaling: { scale: 0.001, offset: 0, loopRaw: null },
      source: {},
    });
    expect(rawOf(tag, 0.8004)).toBe(800);
    expect(rawOf(tag, 0.8005)).toBe(801);
    expect(rawOf(tag, -5)).toBe(0);
    expect(rawOf(tag, 70)).toBe(65535);
    expect(quantised(tag, 0.8004)).toBe(800 * 0.001);
  });

  test("a loop signal of 0–27648 counts comes back within half a count", () => {
    const scaling = { scale: 100 / 27648, offset: 0, loopRaw: { low: 0, high: 27648 } };
    const tag = modbusTag({ type: "int16", scaling, source: {} });
    expect(rawOf(tag, 100)).toBe(27648);
    expect(rawOf(tag, 50)).toBe(13824);
    expect(quantised(tag, 70.0001)).toBeCloseTo(70.0001, 2);
  });

  test("a totalizer starts again at its rollover", () => {
    const tag = modbusTag({
      type: "uint32",
      rolloverCounts: 10_000_000,
      scaling: { scale: 0.01, offset: 0, loopRaw: null },
      source: {},
    });
    expect(rawOf(tag, 100_000)).toBe(0);
    expect(rawOf(tag, 100_001.25)).toBe(125);
  });

  test("64-bit integers without scaling stay exact beyond 2^53", () => {
    const tag = modbusTag({ type: "uint64", source: {} });
    expect(quantised(tag, 2n ** 63n + 1n)).toBe(2n ** 63n + 1n);
  });

  test("quantising twice changes nothing", () => {
    for (const tag of everyTypeAndOrder()) {
      const once = quantised(tag, tag.type === "string" ? "ready" : 12.34);
      expect(quantised(tag, once)).toEqual(once);
      expect(engineeringOf(tag, rawOf(tag, once))).toEqual(once);
    }
  });
});
