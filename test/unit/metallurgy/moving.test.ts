import { describe, expect, test } from "vitest";
import { randomFor } from "../../../src/domain/random.ts";
import { Status } from "../../../src/domain/status.ts";
import { movingColumns, MovingWindow, slopePerHour, standing } from "../../../src/metallurgy/moving.ts";
import { columnsOf, everyMinutes } from "../../support/history.ts";

const MINUTE = 60_000;
const HOLD = 5 * MINUTE;

describe("a slope", () => {
  const window = { from: 0, to: 40 * MINUTE };
  const hold = 10 * MINUTE;

  test("is that of the best straight line through what was held, per hour", () => {
    expect(slopePerHour(everyMinutes(10, [1, 2, 3, 4]), window, hold)).toBeCloseTo(6, 12);
    expect(slopePerHour(everyMinutes(10, [1, 3, 2, 4]), window, hold)).toBeCloseTo(4.8, 12);
  });

  test("leaves out what is bad or outside the window, and wants three stretches", () => {
    expect(slopePerHour(everyMinutes(10, [1, NaN, 3, 4, 100]), window, hold)).toBeCloseTo(6, 12);
    expect(slopePerHour(everyMinutes(10, [1, 2]), window, hold)).toBe("TOO_FEW");
  });

  test("keeps its digits however long ago and however far from zero it is", () => {
    const from = 1.8e12;
    const rows = Array.from({ length: 5_000 }, (_, i) => ({
      time: from + i * 1_000,
      value: 1e6 + i / 3_600,
      status: Status.Good,
    }));
    const late = { from, to: from + 5_000_000 };
    expect(slopePerHour(columnsOf(rows), late, 1_000)).toBeCloseTo(1, 6);
  });
});

/** Mean and slope of the last minutes by going through every second. */
function slow(values: readonly number[], end: number, span: number): { mean: number; slope: number } {
  const seconds = Array.from({ length: span * 60 }, (_, i) => end * 60 - span * 60 + i);
  const v = seconds.map((second) => values[Math.floor(second / 60)] as number);
  const t = seconds.map((second) => second / 3_600);
  const mean = v.reduce((a, b) => a + b, 0) / v.length;
  const meanT = t.reduce((a, b) => a + b, 0) / t.length;
  const products = t.reduce((sum, at, i) => sum + (at - meanT) * ((v[i] as number) - mean), 0);
  return { mean, slope: products / t.reduce((sum, at) => sum + (at - meanT) ** 2, 0) };
}

describe("a statistic of the last while", () => {
  const random = randomFor("course", 5);
  const values = Array.from({ length: 3_000 }, (_, i) => 50 + 0.02 * i + random());
  const spanMs = 10 * MINUTE;

  test("is that of the last ten minutes at every moment, however long it goes on", () => {
    const window = { from: 0, to: 3_000 * MINUTE };
    for (const take of ["mean", "slope"] as const) {
      const moving = movingColumns(everyMinutes(1, values), window, HOLD, { take, spanMs });
      for (const end of [10, 11, 57, 1_500, 2_999]) {
        const row = moving.time.indexOf(end * MINUTE);
        // Stretches count at their middles, a minute each: a line through seconds within them differs a little.
        expect(Math.abs((moving.value[row] as number) - slow(values, end, 10)[take])).toBeLessThan(
          take === "mean" ? 1e-9 : 0.05,
        );
      }
    }
  });

  test("is unknown before three quarters of it were measured, and where readings cease", () => {
    const readings = everyMinutes(1, [...Array<number>(20).fill(4), NaN, ...Array<number>(20).fill(4)]);
    const window = { from: 0, to: 41 * MINUTE };
    const moving = movingColumns(readings, window, HOLD, { take: "mean", spanMs });
    const at = (minute: number): number =>
      moving.value[moving.time.findLastIndex((time) => time <= minute * MINUTE)] as number;
    expect([at(7), at(8), at(19), at(20), at(20.5)]).toEqual([NaN, 4, 4, NaN, NaN]);
    // One minute of ten is missing.
    expect(at(22)).toBe(4);
  });

  test("of what stands still is that value, and does not rise", () => {
    const one = { from: 0, to: 60 * MINUTE };
    const still = columnsOf([{ time: 0, value: 7, status: Status.Good }]);
    const last = (take: "mean" | "slope") =>
      movingColumns(still, one, Infinity, { take, spanMs }).value.at(-2) as number;
    expect(last("mean")).toBeCloseTo(7, 12);
    expect(last("slope")).toBeCloseTo(0, 12);
  });

  test("forgets what is over, also while nothing comes", () => {
    const window = new MovingWindow(spanMs);
    window.hold(3, 0, 10 * MINUTE);
    expect(window.read("mean", 10 * MINUTE)).toBe(3);
    expect(window.read("mean", 12 * MINUTE)).toBe(3);
    expect(window.read("mean", 13 * MINUTE)).toBe("TOO_FEW");
  });
});

test("a verdict counts once it has stood for long enough, and what is unknown begins anew", () => {
  const verdict = everyMinutes(1, [0, 1, 1, 0, 1, NaN, 1, 1, 1, 1, 0]);
  const stood = standing(verdict, 2 * MINUTE);
  const at = (minute: number): number =>
    stood.value[stood.time.findLastIndex((time) => time <= minute * MINUTE)] as number;
  expect([0, 1, 2, 2.9, 3, 4, 5, 6, 7.9, 8, 9, 10].map(at)).toEqual([0, 0, 0, 0, 0, 0, NaN, 0, 0, 1, 1, 0]);
});
