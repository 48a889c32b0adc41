import { describe, expect, test } from "vitest";
import { FAULTS } from "../../../simulators/faults/catalogue.ts";
import type { FaultRequest } from "../../../simulators/faults/catalogue.ts";
import { inject } from "../../../simulators/faults/inject.ts";
import { createOutlet } from "../../../simulators/instruments/outlet.ts";
import type { ValueSource } from "../../../simulators/instruments/value-source.ts";
import { createWireRecord } from "../../../simulators/instruments/wire-record.ts";
import { createModbusLine } from "../../../simulators/servers/modbus-line.ts";
import { virtualClock } from "../../../simulators/virtual-clock.ts";
import {
  deviceOf,
  modbusTag,
  opcUaConnection,
  opcUaTag,
  plantOf,
  tcpConnection,
} from "../../support/simulated-plant.ts";

const loop = { scale: 100 / 27648, offset: 0, loopRaw: { low: 0, high: 27648 } };
const counts = { scale: 0.01, offset: 0, loopRaw: null };
const plant = plantOf(
  [tcpConnection("tcp"), opcUaConnection("ua")],
  [deviceOf("P", "tcp", 1), deviceOf("L", "ua", null)],
  [
    modbusTag({ id: "LT-801", device: "P", type: "int16", scaling: loop, source: { address: 0 } }),
    modbusTag({ id: "FT-207", device: "P", range: { low: 0, high: 40 }, source: { address: 2 } }),
    modbusTag({
      id: "WQT-201",
      device: "P",
      type: "uint32",
      range: null,
      rolloverCounts: 10_000_000,
      scaling: counts,
      source: { address: 4 },
    }),
    opcUaTag({ id: "LT-401" }),
  ],
);
const [level, flow, total, tank] = plant.tags as [never, never, never, never];

/** Values that count seconds, so that freezing and resetting show. */
function ground() {
  const clock = virtualClock(0);
  const source: ValueSource = {
    valueAt: (tag, time) => (tag.id === "WQT-201" ? 99_990 : 10) + time / 1000,
  };
  const outlet = createOutlet(source, createWireRecord(plant.tags.length), 100);
  const line = createModbusLine({
    framing: "mbap",
    devices: plant.devices.slice(0, 1),
    tags: plant.tags.slice(0, 3),
    outlet,
    clock,
    addressing: "span",
    msPerByte: 0,
  });
  const closing = new AbortController();
  return {
    plant,
    clock,
    outlet,
    line,
    lines: new Map([["tcp", line]]),
    listeners: new Map(),
    source: null,
    laboratory: null,
    closing: closing.signal,
    close: () => closing.abort(),
  };
}

describe("faults are refused with a sentence", () => {
  test.each<[string, FaultRequest, RegExp]>([
    [
      "when nobody knows them",
      { fault: "explode", device: "P" },
      /no fault "explode". Known faults: dead, refuse, slow/,
    ],
    ["without a target", { fault: "dead" }, /needs one target: connection or device/],
    ["with two targets", { fault: "dead", device: "P", connection: "tcp" }, /needs one target/],
    ["when the target is of the wrong kind", { fault: "wire-break", device: "P" }, /needs one target: tag/],
    ["when the target is not there", { fault: "dead", device: "X9" }, /no device "X9". Known ones: P, L/],
    [
      "when the protocol has no such thing",
      { fault: "corrupt-crc", device: "P" },
      /is for modbus-rtu, .* speaks modbus-tcp/,
    ],
    ["with a field that means nothing", { fault: "dead", device: "P", code: 4 }, /takes no "code"/],
    [
      "when the tag has no current loop",
      { fault: "wire-break", tag: "FT-207" },
      /FT-207 is no signal of a current loop/,
    ],
    ["when the tag is no total", { fault: "totalizer-reset", tag: "FT-207" }, /FT-207 is no total/],
    ["when the time is no time", { fault: "dead", device: "P", for: "soon" }, /"soon" is no duration/],
    ["when every n-th makes no sense", { fault: "slow", device: "P", every: 0 }, /whole number from 1/],
  ])("%s", (_, request, sentence) => {
    expect(() => inject(ground(), request)).toThrow(sentence);
  });
});

describe("faults of values", () => {
  const raw = ({ outlet, clock }: ReturnType<typeof ground>, tag: never) => outlet.peek(tag, clock.now()).raw;

  test("a wire break shows 32767, failure currents their counts, and clearing heals", async () => {
    const plantGround = ground();
    for (const [fault, expected] of [
      ["wire-break", 32767],
      ["loop-low", Math.round((27648 * (3.2 - 4)) / 16)],
      ["loop-high", 31104],
    ] as const) {
      const handle = inject(plantGround, { fault, tag: "LT-801" });
      expect(raw(plantGround, level)).toBe(expected);
      await handle.clear();
      expect(raw(plantGround, level)).toBe(2765);
    }
  });

  test("a PLC that computes values itself shows 3.2 mA as 5 % below the range", () => {
    const plantGround = ground();
    inject(plantGround, { fault: "loop-low", tag: "FT-207" });
    expect(raw(plantGround, flow)).toBe(-2);
  });

  test("a frozen device keeps its values until the fault ends by itself", async () => {
    const plantGround = ground();
    await plantGround.clock.advance(5000);
    inject(plantGround, { fault: "frozen", device: "P", for: "30s" });
    await plantGround.clock.advance(29_000);
    expect(raw(plantGround, flow)).toBe(15);
    await plantGround.clock.advance(1000);
    expect(raw(plantGround, flow)).toBe(45);
  });

  test("a total that is reset counts on from zero, over its rollover", async () => {
    const plantGround = ground();
    inject(plantGround, { fault: "totalizer-reset", tag: "WQT-201", at: "5s" });
    await plantGround.clock.advance(4000);
    expect(raw(plantGround, total)).toBe(9_999_400);
    await plantGround.clock.advance(3000);
    expect(raw(plantGround, total)).toBe(200);
    await plantGround.clock.advance(10_000);
    expect(raw(plantGround, total)).toBe(1200);
  });

  test("words in the other order read as another number, and only where there are several", async () => {
    const plantGround = ground();
    const handle = inject(plantGround, { fault: "word-swap", tag: "WQT-201" });
    expect(raw(plantGround, total)).toBe(((9_999_000 & 0xffff) * 65_536 + (9_999_000 >> 16)) >>> 0);
    await handle.clear();
    expect(raw(plantGround, total)).toBe(9_999_000);
    expect(() => inject(plantGround, { fault: "word-swap", tag: "LT-801" })).toThrow(
      /LT-801 is no number of several registers/,
    );
  });

  test.each([
    ["duplicate-samples", [1000, 1000, 3000, 3000, 5000, 5000]],
    ["out-of-order-samples", [1000, 2000, 1000, 4000, 5000, 4000]],
  ])("%s carry the source times of their values", (fault, times) => {
    const plantGround = ground();
    inject(plantGround, { fault, tag: "LT-401" });
    const shown = [1000, 2000, 3000, 4000, 5000, 6000].map((time) => plantGround.outlet.show(tank, time));
    expect(shown.map(({ sourceTime }) => sourceTime)).toEqual(times);
    expect(shown.map((one) => one.raw)).toEqual(times.map((time) => Math.fround(10 + time / 1000)));
  });

  test("source times and status are changed for OPC UA", () => {
    const { outlet, ...rest } = ground();
    inject({ outlet, ...rest }, { fault: "clock-skew", device: "L", skewMs: -3_600_000 });
    inject({ outlet, ...rest }, { fault: "bad-status", tag: "LT-401", status: 0x80_8c_00_00 });
    expect(outlet.show(tank, 7_200_000)).toMatchObject({ sourceTime: 3_600_000, status: 0x80_8c_00_00 });
  });
});

describe("faults of replies", () => {
  test("a fault that is to come stays away when it is cleared before or the plant closes", async () => {
    const plantGround = ground();
    const early = inject(plantGround, { fault: "dead", device: "P", at: "1s" });
    await early.clear();
    inject(plantGround, { fault: "dead", device: "P", at: "2s" });
    await plantGround.clock.advance(1500);
    plantGround.close();
    await plantGround.clock.advance(60_000);
    expect(plantGround.line.linkFaults.size).toBe(0);
    expect(early.isActive).toBe(false);
  });

  test("every n-th reply is struck when asked so", () => {
    const plantGround = ground();
    inject(plantGround, { fault: "dead", device: "P", every: 3 });
    const answered = Array.from({ length: 6 }, () => {
      let isAnswered = false;
      const request = { transaction: 1, unit: 1, pdu: Buffer.from([3, 0, 0, 0, 1]) };
      plantGround.line.receive(request, () => (isAnswered = true));
      return isAnswered;
    });
    expect(answered).toEqual([true, true, false, true, true, false]);
  });

  test("each fault of the catalogue says what it means", () => {
    for (const { meaning } of Object.values(FAULTS)) expect(meaning.length).toBeGreaterThan(10);
  });
});
