import { beforeAll, expect, test } from "vitest";
import { figuresOfADay } from "../support/figures/a-day-of-figures.ts";
import type { FiguresOfADay } from "../support/figures/a-day-of-figures.ts";

let day: FiguresOfADay;
beforeAll(async () => {
  day = await figuresOfADay();
}, 300_000);

test("every figure of the plant file has a value once the plant has run for a day and its samples are in", () => {
  const { figures, expected } = day;
  expect(expected.length).toBeGreaterThan(150);
  const missing = expected.filter(
    (id) => !figures.some(({ metric, value }) => metric === id && value !== null),
  );
  const why = figures
    .filter(({ metric }) => missing.includes(metric))
    .map(({ metric, period, reason }) => `${metric} ${period} ${reason}`);
  expect(why).toEqual([]);
  expect(missing).toEqual([]);
});

test("what the laboratory tests apart finds the ore, the carbon and the circulating load of the plant", () => {
  const { figures } = day;
  const latest = (metric: string) => {
    const { value, u } = figures.findLast((one) => one.metric === metric && one.period === "day") ?? {};
    return { value: value ?? NaN, u: u ?? NaN };
  };
  // The reference ore, and carbon that fouls by half a percent a day.
  expect(Math.abs(latest("bond-test").value - 16)).toBeLessThan(1.6);
  expect(latest("carbon-activity").value).toBeGreaterThan(80);
  expect(latest("carbon-activity").value).toBeLessThan(110);
  const [sizes, densities] = [latest("circulating-load-sizes"), latest("circulating-load")];
  expect(Math.abs(sizes.value - densities.value)).toBeLessThan(3 * Math.hypot(sizes.u, densities.u));
  expect(sizes.u).toBeLessThan(0.3 * sizes.value);
});
