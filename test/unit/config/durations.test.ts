import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { formatDuration, parseDuration, parseSize } from "../../../src/config/durations.ts";

describe("durations", () => {
  it.each([
    ["1ms", 1],
    ["250ms", 250],
    ["1s", 1000],
    ["0.5s", 500],
    ["1.001s", 1001],
    ["90s", 90_000],
    ["10m", 600_000],
    ["8h", 28_800_000],
    ["7d", 604_800_000],
    ["007s", 7000],
  ])("%s is %i ms", (text, ms) => {
    expect(parseDuration(text)).toBe(ms);
  });

  it.each([
    "",
    "1",
    "s",
    "1 s",
    "-1s",
    "1e3s",
    "0s",
    "0.0s",
    "0.0001s",
    "0.5m",
    "1w",
    "1s ",
    "1S",
    "1h30m",
    "١s",
  ])("%j is none", (text) => {
    expect(() => parseDuration(text)).toThrow(RangeError);
  });

  it("any whole number of milliseconds comes back from its text", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 10 ** 12 }), (ms) => {
        expect(parseDuration(formatDuration(ms))).toBe(ms);
      }),
      { seed: 20_261_122 },
    );
  });

  it("any seconds with three decimals are exact", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 10 ** 9 }), (ms) => {
        expect(parseDuration(`${(ms / 1000).toFixed(3)}s`)).toBe(ms);
      }),
      { seed: 20_261_122 },
    );
  });

  it("is written in the largest unit that is exact", () => {
    expect([1, 1500, 60_000, 90_000, 3_600_000, 86_400_000].map(formatDuration)).toEqual([
      "1ms",
      "1500ms",
      "1m",
      "90s",
      "1h",
      "1d",
    ]);
    expect(() => formatDuration(0.5)).toThrow(RangeError);
  });
});

describe("sizes", () => {
  it.each([
    ["1B", 1],
    ["64KiB", 65_536],
    ["512MiB", 536_870_912],
    ["1GiB", 1_073_741_824],
    ["2TiB", 2_199_023_255_552],
  ])("%s is %i bytes", (text, bytes) => {
    expect(parseSize(text)).toBe(bytes);
  });

  it.each(["1GB", "1", "0MiB", "1.5GiB", "GiB", "-1B"])("%j is none", (text) => {
    expect(() => parseSize(text)).toThrow(RangeError);
  });
});
