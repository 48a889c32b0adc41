import fc from "fast-check";
import { parser } from "mqtt-packet";
import type { IPublishPacket } from "mqtt-packet";
import { describe, expect, test } from "vitest";
import { readingAt } from "../../../src/domain/batch.ts";
import type { ReadingBatch } from "../../../src/domain/batch.ts";
import { qualityOf, Status } from "../../../src/domain/status.ts";
import { FrameEncoder } from "../../../src/outputs/mqtt/frames.ts";
import type { FrameOptions, Frames } from "../../../src/outputs/mqtt/frames.ts";
import { messageFrames } from "../../../src/outputs/mqtt/messages.ts";
import { shortestFloat32 } from "../../../src/domain/number.ts";
import { batchOfRows, KINDS, TIME } from "../../support/outputs.ts";
import type { Row } from "../../support/outputs.ts";
import { tagOf } from "../../support/tags.ts";

const QOS1: FrameOptions = { qos: 1, retain: true, protocolVersion: 4, packetBytesMax: Infinity };

function encoderOf(options: FrameOptions = QOS1, tags = KINDS): FrameEncoder {
  return new FrameEncoder(tags, ({ area, id }) => `rocmec/puma/${area}/${id}`, options, 10_000);
}

/** Reads packets with the library that the brokers use. */
function parse({ bytes, ends, count }: Frames, protocolVersion: 4 | 5 = 4): IPublishPacket[] {
  const packets: IPublishPacket[] = [];
  const reader = parser({ protocolVersion });
  reader.on("packet", (packet) => packets.push(packet as IPublishPacket));
  reader.on("error", (error) => {
    throw error;
  });
  if (count > 0) reader.parse(bytes.subarray(0, ends[count - 1]));
  return packets;
}

function payloadOf(row: Row): string {
  return parse(encoderOf().encode(batchOfRows([row]), 0, 1))[0]!.payload.toString();
}

describe("a payload", () => {
  test.each<[string, Row, string]>([
    [
      "of a float",
      { tag: 0, value: Math.fround(16.4) },
      `{"t":${TIME},"v":16.4,"q":"good","s":0,"u":"m3/h"}`,
    ],
    ["of a bit", { tag: 1, value: 1 }, `{"t":${TIME},"v":true,"q":"good","s":0}`],
    ["of a bit that is off", { tag: 1, value: 0 }, `{"t":${TIME},"v":false,"q":"good","s":0}`],
    ["of a small 64-bit integer", { tag: 2, value: 12n }, `{"t":${TIME},"v":12,"q":"good","s":0,"u":"kW.h"}`],
    [
      "of the largest safe integer",
      { tag: 2, value: 2n ** 53n - 1n },
      `{"t":${TIME},"v":9007199254740991,"q":"good","s":0,"u":"kW.h"}`,
    ],
    [
      "of an integer beyond 2^53 − 1",
      { tag: 2, value: 2n ** 53n },
      `{"t":${TIME},"v":"9007199254740992","q":"good","s":0,"u":"kW.h"}`,
    ],
    [
      "of a text",
      { tag: 3, value: 'Año "7"\\\n' },
      `{"t":${TIME},"v":"Año \\"7\\"\\\\\\n","q":"good","s":0}`,
    ],
    [
      "of a bad reading",
      { tag: 0, value: null },
      `{"t":${TIME},"v":null,"q":"bad","s":2150694912,"u":"m3/h"}`,
    ],
    [
      "of a bad text",
      { tag: 3, value: "old", status: Status.BadStale },
      `{"t":${TIME},"v":null,"q":"bad","s":2158886912}`,
    ],
    [
      "of an uncertain reading",
      { tag: 0, value: 5, status: Status.UncertainStale },
      `{"t":${TIME},"v":5,"q":"uncertain","s":1083179008,"u":"m3/h"}`,
    ],
    [
      "of a number that is none",
      { tag: 0, value: Infinity },
      `{"t":${TIME},"v":null,"q":"good","s":0,"u":"m3/h"}`,
    ],
    [
      "of a reading without source time",
      { tag: 0, value: 5, time: NaN },
      `{"t":NaN,"v":5,"q":"good","s":0,"u":"m3/h"}`,
    ],
  ])("%s", (_name, row, text) => {
    if (Number.isNaN(row.time)) {
      const batch = batchOfRows([{ ...row, time: TIME }]);
      batch.sourceTime[0] = NaN;
      const [packet] = parse(encoderOf().encode(batch, 0, 1));
      expect(packet!.payload.toString()).toBe(text.replace("NaN", String(TIME + 7)));
    } else expect(payloadOf(row)).toBe(text);
  });

  test("changes its quality with the status and back again", () => {
    const rows = [Status.Good, Status.BadStale, Status.BadStale, Status.UncertainStuck, Status.Good].map(
      (status) => ({ tag: 0, value: 1, status }),
    );
    const frames = encoderOf().encode(batchOfRows(rows), 0, rows.length);
    const seen = parse(frames).map(({ payload }) => JSON.parse(payload.toString()) as { s: number });
    expect(seen.map(({ s }) => s)).toEqual(rows.map(({ status }) => status));
  });

  const row = fc.oneof(
    fc.record({ tag: fc.constantFrom(0), value: fc.float({ noNaN: true, noDefaultInfinity: true }) }),
    fc.record({ tag: fc.constantFrom(1), value: fc.constantFrom(0, 1) }),
    fc.record({ tag: fc.constantFrom(2), value: fc.bigInt({ min: -(2n ** 63n), max: 2n ** 64n - 1n }) }),
    fc.record({ tag: fc.constantFrom(3), value: fc.string({ unit: "binary", maxLength: 40_000 }) }),
    fc.record({ tag: fc.constantFrom(4, 5), value: fc.double({ noNaN: true, noDefaultInfinity: true }) }),
    fc.record({ tag: fc.nat({ max: 5 }), value: fc.constant(null) }),
  );
  const status = fc.constantFrom(Status.Good, Status.UncertainStale, Status.GoodLocalOverride, 0x40ff1234);

  test("parses to the value that the reading has, its time, quality and unit", () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(row, status), { maxLength: 20 }), (pairs) => {
        const rows = pairs.map(([one, good]) => (one.value === null ? one : { ...one, status: good }));
        const batch = batchOfRows(rows);
        const packets = parse(encoderOf().encode(batch, 0, batch.length));
        expect(packets).toHaveLength(rows.length);
        packets.forEach((packet, index) => expectEqualReading(batch, index, packet));
      }),
      { numRuns: 300 },
    );
  });

  function expectEqualReading(batch: ReadingBatch, index: number, packet: IPublishPacket): void {
    const reading = readingAt(batch, index, KINDS);
    const { tag, status: code, sourceTime } = reading;
    let { value } = reading;
    if (typeof value === "bigint")
      value = Number.isSafeInteger(Number(value)) ? Number(value) : String(value);
    if (typeof value === "number" && tag.type === "float32") value = shortestFloat32(value);
    if (value === 0) value = 0; // JSON readers do not agree on −0
    expect(packet.topic).toBe(`rocmec/puma/${tag.area}/${tag.id}`);
    expect(JSON.parse(packet.payload.toString())).toEqual({
      t: sourceTime,
      v: value,
      q: qualityOf(code),
      s: code,
      ...(tag.unit === null ? {} : { u: tag.unit }),
    });
  }
});

describe("PUBLISH packets", () => {
  const batch = batchOfRows(Array.from({ length: 700 }, (_, index) => ({ tag: index % 6, value: 1 })));

  test.each([
    [{ ...QOS1 }, { qos: 1, retain: true }],
    [
      { ...QOS1, retain: false },
      { qos: 1, retain: false },
    ],
    [
      { ...QOS1, qos: 0 },
      { qos: 0, retain: true },
    ],
    [
      { ...QOS1, protocolVersion: 5 },
      { qos: 1, retain: true },
    ],
    [
      { ...QOS1, qos: 0, protocolVersion: 5 },
      { qos: 0, retain: true },
    ],
  ] as [FrameOptions, object][])("carry what %j asks for and no duplicate flag", (options, expected) => {
    const packets = parse(encoderOf(options).encode(batch, 0, 700), options.protocolVersion);
    expect(packets).toHaveLength(700);
    for (const packet of packets) expect(packet).toMatchObject({ cmd: "publish", dup: false, ...expected });
  });

  test("number their ids from 1 on, whatever the first row is", () => {
    const frames = encoderOf().encode(batch, 100, 700);
    expect(parse(frames).map(({ messageId }) => messageId)).toEqual(
      Array.from({ length: 600 }, (_, i) => i + 1),
    );
    expect([...frames.rows.subarray(0, 3)]).toEqual([100, 101, 102]);
  });

  test.each([1, 20, 60, 120, 128, 200, 16_200, 16_384, 70_000, 2_200_000])(
    "state their length in as few bytes as possible with a text of %d characters [MQTT-1.5.5-1]",
    (length) => {
      const tags = [tagOf(0, { type: "string", unit: null, id: "X", area: "a" })];
      const encoder = new FrameEncoder(tags, () => "t", QOS1, 10);
      const text = "x".repeat(length);
      const frames = encoder.encode(
        batchOfRows([
          { tag: 0, value: text },
          { tag: 0, value: "end" },
        ]),
        0,
        2,
      );
      const [first, second] = parse(frames);
      expect(JSON.parse(first!.payload.toString())).toMatchObject({ v: text });
      expect(JSON.parse(second!.payload.toString())).toMatchObject({ v: "end" });
      const remaining = first!.length!;
      const lengthBytes = remaining < 128 ? 1 : remaining < 16_384 ? 2 : remaining < 2_097_152 ? 3 : 4;
      expect(frames.ends[0]).toBe(1 + lengthBytes + remaining);
    },
  );

  test("state it so with topics of any length, around a value of one digit or of many", () => {
    const tags = Array.from({ length: 200 }, (_, index) => tagOf(index, { unit: null }));
    const encoder = new FrameEncoder(tags, ({ index }) => "t".repeat(index + 1), QOS1, 400);
    const values = [1, Math.fround(123_456.79)];
    const rows = tags.flatMap(({ index }) => values.map((value) => ({ tag: index, value })));
    const frames = encoder.encode(batchOfRows(rows), 0, rows.length);
    const packets = parse(frames);
    let end = 0;
    for (const [index, packet] of packets.entries()) {
      end += 1 + (packet.length! < 128 ? 1 : 2) + packet.length!;
      expect(frames.ends[index]).toBe(end);
      expect(packet.topic).toHaveLength(1 + Math.floor(index / 2));
      expect(JSON.parse(packet.payload.toString())).toMatchObject({ v: [1, 123_456.79][index % 2] });
    }
    expect(packets).toHaveLength(rows.length);
  });

  test("larger than the broker takes are left out and told by their row", () => {
    const options = { ...QOS1, packetBytesMax: 200 };
    const rows = [
      { tag: 3, value: "short" },
      { tag: 3, value: "x".repeat(200) },
      { tag: 0, value: 2 },
    ];
    const frames = encoderOf(options).encode(batchOfRows(rows), 0, 3);
    expect(frames.oversize).toEqual([1]);
    expect(parse(frames).map(({ messageId }) => messageId)).toEqual([1, 2]);
    expect([...frames.rows.subarray(0, 2)]).toEqual([0, 2]);
  });

  test("of a status message carry its plain text", () => {
    const [packet] = parse(messageFrames([{ topic: "rocmec/puma/status", payload: "online" }], QOS1));
    expect(packet).toMatchObject({ topic: "rocmec/puma/status", messageId: 1, retain: true, qos: 1 });
    expect(packet!.payload.toString()).toBe("online");
  });

  test.each([4, 5] as const)(
    "of any other payloads in MQTT %i are whole, whatever their length",
    (protocolVersion) => {
      const payloads = [0, 1, 127, 128, 300, 16_384, 300_000].map((length) => Buffer.alloc(length, 0xc3));
      const messages = payloads.map((payload, index) => ({ topic: `spBv1.0/${index}`, payload }));
      const packets = parse(
        messageFrames(messages, { qos: 1, retain: false, protocolVersion }),
        protocolVersion,
      );
      expect(packets.map(({ topic }) => topic)).toEqual(messages.map(({ topic }) => topic));
      expect(packets.map(({ messageId }) => messageId)).toEqual([1, 2, 3, 4, 5, 6, 7]);
      for (const [index, { payload, retain }] of packets.entries()) {
        expect(retain).toBe(false);
        expect(payloads[index]!.equals(payload as Buffer)).toBe(true);
      }
    },
  );

  test("of a tag that the plant does not have are a bug, not a message", () => {
    expect(() => encoderOf().encode(batchOfRows([{ tag: 99, value: 1 }]), 0, 1)).toThrow(RangeError);
  });
});
