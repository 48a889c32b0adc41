import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { Status } from "../../../src/domain/status.ts";
import type { DataType, Tag } from "../../../src/domain/tag.ts";
import { asksForRebirth, readCommand } from "../../../src/outputs/sparkplug/command.ts";
import { readHostState } from "../../../src/outputs/sparkplug/host-state.ts";
import { metricOf, metricValue, sparkplugQuality } from "../../../src/outputs/sparkplug/metric.ts";
import { DataWriter, encodeBirth, encodeNodeDeath } from "../../../src/outputs/sparkplug/payload.ts";
import { decodePayload, property } from "../../support/sparkplug-payload.ts";
import { encodeRebirth } from "../../support/sparkplug-host.ts";
import { tagOf } from "../../support/tags.ts";

const NOW = 1_763_868_000_123;
const scaled = { scale: 0.01, offset: 0, loopRaw: null };

/** What a value of each type becomes on the wire (Sparkplug 3.0.0, 6.4.16). */
const VALUES: readonly {
  readonly type: DataType;
  readonly changes?: Partial<Tag>;
  readonly number: number;
  readonly exact?: bigint | string;
  readonly datatype: number;
  readonly field: string | undefined;
  readonly value?: unknown;
}[] = [
  { type: "bool", number: 1, datatype: 11, field: "booleanValue", value: true },
  { type: "bool", number: 0, datatype: 11, field: "booleanValue", value: false },
  { type: "bool", number: NaN, datatype: 11, field: undefined },
  { type: "int16", number: -3, datatype: 2, field: "intValue", value: 0xfffffffd },
  { type: "int16", number: 32_767, datatype: 2, field: "intValue", value: 32_767 },
  { type: "int16", number: 32_768, datatype: 2, field: undefined },
  { type: "int16", number: 1.5, datatype: 2, field: undefined },
  {
    type: "int16",
    changes: { scaling: scaled },
    number: -0.03,
    datatype: 10,
    field: "doubleValue",
    value: -0.03,
  },
  { type: "uint16", number: 65_535, datatype: 6, field: "intValue", value: 65_535 },
  { type: "uint16", number: -1, datatype: 6, field: undefined },
  { type: "int32", number: -(2 ** 31), datatype: 3, field: "intValue", value: 2 ** 31 },
  { type: "uint32", number: 2 ** 32 - 1, datatype: 7, field: "intValue", value: 2 ** 32 - 1 },
  { type: "uint32", number: 2 ** 32, datatype: 7, field: undefined },
  { type: "int64", number: -5, datatype: 4, field: "longValue", value: 2n ** 64n - 5n },
  { type: "int64", number: 0, exact: -(2n ** 63n), datatype: 4, field: "longValue", value: 2n ** 63n },
  { type: "int64", number: 0, exact: 2n ** 63n, datatype: 4, field: undefined },
  {
    type: "uint64",
    number: 0,
    exact: 2n ** 64n - 1n,
    datatype: 8,
    field: "longValue",
    value: 2n ** 64n - 1n,
  },
  { type: "uint64", number: -1, datatype: 8, field: undefined },
  { type: "uint64", number: 0.5, datatype: 8, field: undefined },
  { type: "float32", number: Math.fround(16.4), datatype: 9, field: "floatValue", value: Math.fround(16.4) },
  {
    type: "float32",
    changes: { scaling: scaled },
    number: 0.164,
    datatype: 10,
    field: "doubleValue",
    value: 0.164,
  },
  { type: "float64", number: 1 / 3, datatype: 10, field: "doubleValue", value: 1 / 3 },
  { type: "float64", number: NaN, datatype: 10, field: undefined },
  { type: "float64", number: Infinity, datatype: 10, field: undefined },
  { type: "string", number: NaN, exact: "año ✓", datatype: 12, field: "stringValue", value: "año ✓" },
  { type: "string", number: NaN, datatype: 12, field: undefined },
];

describe("a value", () => {
  test.each(VALUES)(
    "of $type, $number $exact, has type $datatype and stands in $field",
    ({ type, changes, number, exact, datatype, field, value }) => {
      const definition = metricOf(tagOf(3, { type, ...changes }));
      const state = { value: metricValue(definition.type, number, exact), status: Status.Good, time: NOW };
      const [born] = decodePayload(encodeBirth([{ definition, ...state }], NOW, 7)).metrics;
      expect(born).toMatchObject({ name: "FT-103", datatype, timestamp: NOW });
      expect([born?.field, born?.value]).toEqual([field, value]);
      expect(born?.isNull).toBe(field === undefined ? true : undefined);
      const writer = new DataWriter(NOW);
      writer.add(definition, state.value, Status.Good, NOW, false, false);
      const [told] = decodePayload(writer.finish(8)).metrics;
      expect(told).toEqual({
        alias: born?.alias,
        timestamp: NOW,
        ...(field === undefined ? { isNull: true } : { field, value }),
      });
    },
  );

  test.each([
    [Status.Good, 192],
    [Status.GoodLocalOverride, 192],
    [Status.UncertainStale, 500],
    [Status.UncertainRangeHigh, 500],
    [Status.BadSensorFailure, 0],
    [0xffffffff, 0],
  ])("of status %d has quality %d", (status, quality) => {
    expect(sparkplugQuality(status)).toBe(quality);
    const writer = new DataWriter(NOW);
    writer.add(metricOf(tagOf(0)), null, status, NOW, true, true);
    const [metric] = decodePayload(writer.finish(0)).metrics;
    expect(metric).toMatchObject({ isHistorical: true, isNull: true });
    expect([property(metric!, "Quality"), property(metric!, "StatusCode")]).toEqual([
      quality,
      BigInt(status),
    ]);
  });
});

test("a birth tells unit, range and title, where there are any", () => {
  const born = (changes: Partial<Tag>) => {
    const definition = metricOf(tagOf(0, changes));
    return decodePayload(encodeBirth([{ definition, value: 1, status: 0, time: NOW }], NOW, 0)).metrics[0]!;
  };
  const full = born({ title: "Caudal", unit: "m3/h", range: { low: -5, high: 40 } });
  const told = ["engUnit", "engLow", "engHigh", "documentation"].map((key) => property(full, key));
  expect(told).toEqual(["m3/h", -5, 40, "Caudal"]);
  expect(born({ unit: null, range: null }).properties?.keys).toEqual([
    "Quality",
    "StatusCode",
    "documentation",
  ]);
});

test("a death has its bdSeq and no number", () => {
  expect(decodePayload(encodeNodeDeath(255, NOW))).toEqual({
    timestamp: NOW,
    metrics: [{ name: "bdSeq", timestamp: NOW, datatype: 4, field: "longValue", value: 255n }],
  });
});

describe("a command", () => {
  const good = encodeRebirth("Node Control/Rebirth", true);

  test.each([
    ["asks for a rebirth", good, true],
    ["asks for it among others", Buffer.concat([encodeRebirth("Other", true), good]), true],
    [
      "asks for it with a time and an unknown field",
      Buffer.concat([Buffer.from([8, 1, 0x78, 1]), good]),
      true,
    ],
    ["says no", encodeRebirth("Node Control/Rebirth", false), false],
    ["names something else", encodeRebirth("Node Control/Reboot", true), false],
    ["is empty", Buffer.alloc(0), false],
    ["is cut short", good.subarray(0, good.length - 1), false],
    ["announces more than it brings", Buffer.from([0x12, 0x7f, 0x0a]), false],
    ["nests without end", Buffer.alloc(5000, 0x13), false],
    [
      "hides it behind a thousand others",
      Buffer.concat([...Array.from({ length: 1000 }, () => encodeRebirth("x", true)), good]),
      false,
    ],
  ])("that %s is understood", (_what, payload, asks) => {
    expect(asksForRebirth(readCommand(payload) ?? [])).toBe(asks);
  });

  test("of any bytes throws nothing", () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => readCommand(bytes) !== undefined));
  });
});

describe("a host's state", () => {
  test.each([
    ['{"online":true,"timestamp":12}', { isOnline: true, timestamp: 12 }],
    ['{"timestamp":12,"online":false,"more":1}', { isOnline: false, timestamp: 12 }],
    ["ONLINE", null],
    ["", null],
    ["null", null],
    ["[true,12]", null],
    ['{"online":"true","timestamp":12}', null],
    ['{"online":true}', null],
    ['{"online":true,"timestamp":"12"}', null],
    ['{"online":true,"timestamp":1e999}', null],
    ['{"__proto__":{"online":true,"timestamp":1}}', null],
  ])("%s means %o", (text, state) => {
    expect(readHostState(Buffer.from(text))).toEqual(state);
  });

  test("that is no UTF-8 means nothing", () => {
    expect(readHostState(Buffer.from([0x7b, 0xff, 0x7d]))).toBeNull();
  });
});
