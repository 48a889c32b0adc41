import { expect, test } from "vitest";
import { figuresOfADay } from "../support/figures/a-day-of-figures.ts";

test("every figure of the plant file has a value once the plant has run for a day and its samples are in", async () => {
  const { figures, expected } = await figuresOfADay();
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
