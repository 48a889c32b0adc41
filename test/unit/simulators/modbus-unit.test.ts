import { describe, expect, test } from "vitest";
import { createOutlet } from "../../../simulators/instruments/outlet.ts";
import type { ValueSource } from "../../../simulators/instruments/value-source.ts";
import { createWireRecord } from "../../../simulators/instruments/wire-record.ts";
import { createModbusUnit } from "../../../simulators/servers/modbus-unit.ts";
import type { Addressing } from "../../../simulators/servers/register-table.ts";
import type { Device } from "../../../src/config/plant.ts";
import { deviceOf, modbusTag, plantOf } from "../../support/simulated-plant.ts";

const word = { type: "uint16", range: null, unit: null } as const;
const { tags } = plantOf(
  [],
  [],
  [
    modbusTag({ id: "A", ...word, source: { address: 10 } }),
    modbusTag({ id: "B", ...word, source: { address: 14 } }),
    modbusTag({ id: "C", ...word, source: { address: 3, table: "input" } }),
    ...Array.from({ length: 10 }, (_, i) =>
      modbusTag({ id: `D${i}`, type: "bool", source: { address: 100 + i, table: "discrete" } }),
    ),
    modbusTag({ id: "E", type: "bool", source: { address: 7, table: "coil" } }),
    modbusTag({ id: "F", ...word, source: { address: 0xffff } }),
  ],
);
const VALUES: Record<string, number | boolean> = {
  A: 0x1234,
  B: 7,
  C: 9,
  D0: true,
  D3: true,
  D9: true,
  E: true,
};
const source: ValueSource = { valueAt: (tag) => VALUES[tag.id] ?? 0 };

function answer(
  request: readonly number[],
  limits: Partial<Device["modbus"]> = {},
  addressing: Addressing = "span",
): string {
  const device = deviceOf("P", "c", 1);
  const outlet = createOutlet(source, createWireRecord(tags.length), 100);
  const unit = createModbusUnit(
    { ...device, modbus: { ...device.modbus, ...limits } },
    tags,
    outlet,
    addressing,
  );
  return unit.answer(Buffer.from(request), 0, []).toString("hex");
}

const read = (code: number, start: number, quantity: number): number[] => [
  code,
  start >> 8,
  start & 255,
  quantity >> 8,
  quantity & 255,
];

describe("a simulated Modbus device", () => {
  test.each([
    ["holding registers", read(3, 10, 5), "030a12340000000000000007"],
    ["input registers", read(4, 3, 1), "04020009"],
    ["discrete inputs, first in the lowest bit", read(2, 100, 10), "02020902"],
    ["discrete inputs from the middle", read(2, 103, 7), "020141"],
    ["coils", read(1, 7, 1), "010101"],
    ["the last register there is", read(3, 0xffff, 1), "03020000"],
  ])("answers a read of %s", (_, request, expected) => {
    expect(answer(request)).toBe(expected);
  });

  test.each([
    ["a function it does not have", [0x2b, 14, 1, 0], "ab01"],
    ["a write to what is no setpoint", [6, 0, 10, 0, 1], "8602"],
    ["no registers at all", read(3, 10, 0), "8303"],
    ["126 registers", read(3, 10, 126), "8303"],
    ["2001 bits", read(2, 100, 2001), "8203"],
    ["a request that is too short", [3, 0, 10], "8303"],
    ["addresses below the first tag", read(3, 9, 2), "8302"],
    ["addresses beyond the last tag", read(4, 3, 2), "8402"],
    ["addresses beyond 65535", read(3, 0xffff, 2), "8302"],
  ])("refuses %s [V1.1b3, 7]", (_, request, expected) => {
    expect(answer(request)).toBe(expected);
  });

  test("refuses more registers than the device takes at once", () => {
    expect(answer(read(3, 10, 5), { registersMax: 4 })).toBe("8303");
  });

  test("refuses reads that touch a forbidden range and no others", () => {
    const limits = { forbidden: [[12, 13]] as const };
    expect(answer(read(3, 10, 2), limits)).toBe("030412340000");
    expect(answer(read(3, 11, 2), limits)).toBe("8302");
    expect(answer(read(3, 13, 2), limits)).toBe("8302");
    expect(answer(read(3, 14, 1), limits)).toBe("03020007");
  });

  test("refuses gaps where it is strict", () => {
    expect(answer(read(3, 10, 1), {}, "strict")).toBe("03021234");
    expect(answer(read(3, 10, 5), {}, "strict")).toBe("8302");
  });
});
