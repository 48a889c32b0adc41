import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { topic, topicLevel } from "../../../src/outputs/mqtt/topic.ts";

describe("a topic", () => {
  test.each([
    ["FT-207", "FT-207"],
    ["A/B", "A%2FB"],
    ["A+", "A%2B"],
    ["#1", "%231"],
    ["50%", "50%25"],
    ["a\u0000b", "a%00b"],
    ["línea 1", "línea 1"],
    ["\u0085", "%C2%85"],
    ["", "_"],
  ])("has the level of the name %j as %j", (name, level) => {
    expect(topicLevel(name)).toBe(level);
  });

  test("never begins with $, which belongs to the broker [MQTT-4.7.2-1]", () => {
    expect(topic("$SYS", "puma", "status")).toBe("%24SYS/puma/status");
  });

  test("keeps different names apart, without wildcards and with as many levels as names", () => {
    const name = fc.string({ unit: "binary", minLength: 1 });
    fc.assert(
      fc.property(name, name, (a, b) => {
        const path = topic("g", a, b);
        expect(path.split("/")).toHaveLength(3);
        expect(path).not.toMatch(/[+#]|\0/u);
        expect(topicLevel(a) === topicLevel(b)).toBe(a === b);
      }),
      { numRuns: 500 },
    );
  });
});
