import fc from "fast-check";
import { generate } from "mqtt-packet";
import { describe, expect, test } from "vitest";
import { createPacketMeasure, createRetainedBound } from "../../../src/outputs/broker-bounds.ts";

describe("measuring packets", () => {
  const packets = [0, 1, 100, 127, 128, 300, 20_000].map((length) =>
    generate({ cmd: "publish", topic: "t", payload: "x".repeat(length), qos: 0, dup: false, retain: false }),
  );
  const bytes = Buffer.concat([...packets, generate({ cmd: "pingreq" })]);

  test("finds the largest announced length however the stream is cut", () => {
    fc.assert(
      fc.property(fc.array(fc.nat({ max: bytes.length }), { maxLength: 10 }), (cuts) => {
        const measure = createPacketMeasure();
        const places = [0, ...cuts.sort((a, b) => a - b), bytes.length];
        const largest = places.slice(1).map((end, index) => measure(bytes.subarray(places[index], end)));
        expect(Math.max(...largest)).toBe(20_003);
      }),
      { numRuns: 200 },
    );
  });

  test("knows a length of five bytes as no MQTT", () => {
    expect(createPacketMeasure()(Buffer.from([0x30, 0xff, 0xff, 0xff, 0xff, 0x01]))).toBe(Infinity);
  });

  test("announces the size with the header, before the packet has come", () => {
    expect(createPacketMeasure()(Buffer.from([0x30, 0xff, 0xff, 0xff, 0x7f]))).toBe(268_435_455);
  });
});

test("retained messages are bounded by the number of topics, and an empty one frees its topic", () => {
  const authorize = createRetainedBound(2);
  const answerTo = (topic: string, payload = "x", retain = true): string | null => {
    let message: string | null = null;
    authorize(null, { topic, retain, payload }, (error) => {
      message = error?.message ?? null;
    });
    return message;
  };
  expect([answerTo("a"), answerTo("b"), answerTo("a")]).toEqual([null, null, null]);
  expect(answerTo("c")).toMatch(/No more than 2 topics/u);
  expect(answerTo("c", "x", false)).toBeNull();
  expect(answerTo("a", "")).toBeNull();
  expect(answerTo("c")).toBeNull();
  expect(answerTo("$SYS/x")).toMatch(/belong to the broker/u);
});
