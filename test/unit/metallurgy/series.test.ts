import { describe, expect, test } from "vitest";
import { beltZero, hasFault, highestMean } from "../../../src/metallurgy/series.ts";
import { everyMinutes } from "../../support/history.ts";

const MINUTE = 60_000;
const HOLD = 5 * MINUTE;

describe("the highest mean of a detector", () => {
  const window = { from: 0, to: 30 * MINUTE };
  const peak = [...Array<number>(10).fill(1), ...Array<number>(5).fill(13), ...Array<number>(15).fill(1)];

  test("over fifteen minutes catches a peak of five wherever it falls", () => {
    expect(highestMean(everyMinutes(1, peak), window, HOLD, { spanMs: 15 * MINUTE })).toBeCloseTo(5, 12);
  });

  test("agrees with a slow search over every second", () => {
    const jagged = peak.map((value, i) => value + ((i * 7) % 5));
    const columns = everyMinutes(1, jagged);
    const spanMs = 7.5 * MINUTE;
    let slow = -Infinity;
    for (let end = spanMs; end <= window.to; end += 1_000) {
      let area = 0;
      for (let at = end - spanMs; at < end; at += 1_000) area += jagged[Math.floor(at / MINUTE)]! * 1_000;
      slow = Math.max(slow, area / spanMs);
    }
    expect(highestMean(columns, window, HOLD, { spanMs })).toBeCloseTo(slow, 9);
  });

  test("wants three quarters of a stretch measured", () => {
    const half = everyMinutes(1, [...Array<number>(15).fill(4), ...Array<number>(15).fill(NaN)]);
    expect(highestMean(half, window, HOLD, { spanMs: 30 * MINUTE })).toBe("TOO_FEW");
    expect(highestMean(half, window, HOLD, { spanMs: 18 * MINUTE })).toBeCloseTo(4, 12);
  });

  test("a detector that is out of order at any time counts as an alarm, not as zero", () => {
    expect(hasFault(everyMinutes(1, peak), window, HOLD)).toBe(false);
    expect(hasFault(everyMinutes(1, [...peak.slice(0, 29), NaN]), window, HOLD)).toBe(true);
    expect(hasFault(everyMinutes(1, []), window, HOLD)).toBe(true);
  });
});

describe("the zero of a belt scale", () => {
  const speed = { columns: everyMinutes(1, [0.3, 0.3, 0.3, 0.3, 0.3, 0.3]), holdMs: HOLD };
  const loads = (values: readonly number[]) => ({ columns: everyMinutes(1, values), holdMs: HOLD });
  const window = { from: 0, to: 6 * MINUTE };
  // At 0.3 m/s a belt of 36 m takes two minutes for a turn.
  const zero = (values: readonly number[], beltLength: number) =>
    beltZero({ load: loads(values), speed }, { emptyLoad: 0.2, beltLength }, window);
  const load = [0.02, 0.03, 0.01, 0.02, 0.02, 0.02];

  test("is the mean of an empty belt over at least three turns on end", () => {
    expect(zero(load, 36)).toBeCloseTo(0.02, 12);
    expect(zero(load, 36.01)).toBe("TOO_FEW");
  });

  test("leaves out ore, and what is too short between it", () => {
    expect(zero([3, 0.03, 0.01, 0.02, 0.02, 0.02], 30)).toBeCloseTo(0.02, 12);
    expect(zero([0.03, 0.01, 3, 0.02, 0.02, 0.02], 18)).toBeCloseTo(0.02, 12);
    expect(zero([0.03, 0.01, 3, 0.02, 0.02, 0.02], 20)).toBe("TOO_FEW");
  });

  test("is unknown while the belt stands or the scale is not read", () => {
    const still = { columns: everyMinutes(1, [0]), holdMs: Infinity };
    expect(beltZero({ load: loads(load), speed: still }, { emptyLoad: 0.2, beltLength: 1 }, window)).toBe(
      "TOO_FEW",
    );
    expect(zero([NaN], 1)).toBe("TOO_FEW");
  });
});
