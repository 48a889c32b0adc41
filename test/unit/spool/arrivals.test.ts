import { describe, expect, it } from "vitest";
import { createArrivals } from "../../../src/store/spool/arrivals.ts";

describe("when readings came", () => {
  it("is known of each since a moment, and of none before anything came", () => {
    const arrivals = createArrivals(1_000);
    expect([arrivals.since(0), arrivals.at(0)]).toEqual([Infinity, 0]);
    arrivals.note({ from: 0, at: 100 });
    arrivals.note({ from: 50, at: 120 });
    arrivals.note({ from: 60, at: 200 });
    expect([0, 100, 101, 120, 200, 201].map((at) => arrivals.since(at))).toEqual([
      0,
      0,
      50,
      50,
      60,
      Infinity,
    ]);
    expect([0, 49, 50, 59, 60, 1_000].map((number) => arrivals.at(number))).toEqual([
      100, 100, 120, 120, 200, 200,
    ]);
  });

  it("is kept for as long as was asked, and forgotten after twice that time with steady readings", () => {
    const arrivals = createArrivals(1_000);
    for (let n = 0; n <= 10_000; n++) arrivals.note({ from: n, at: n });
    expect(arrivals.since(9_000)).toBe(9_000);
    expect(arrivals.since(0)).toBeGreaterThanOrEqual(10_000 - 2 * 1_000 - 2);
    expect(arrivals.at(9_000)).toBe(9_000);
    expect(arrivals.at(5_000)).toBe(0);
  });
});
