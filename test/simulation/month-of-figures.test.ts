import { beforeAll, describe, expect, test } from "vitest";
import type { MetricRecord } from "../../src/domain/metric.ts";
import { reasonOf } from "../../src/domain/status.ts";
import type { DaysOfFigures } from "../support/figures/days-against-truth.ts";
import { runDays } from "../support/figures/days-against-truth.ts";

const DAYS = process.env["PUMA_SOAK"] === undefined ? 2 : 30;
const SEED = 15;

let days: DaysOfFigures;
beforeAll(async () => {
  days = await runDays(SEED, DAYS);
}, DAYS * 60_000);

const sum = (records: readonly MetricRecord[]): number =>
  records.reduce((total, { value }) => total + (value ?? NaN), 0);

function month(metric: string): MetricRecord {
  const [record] = days.of(metric, "month");
  if (record === undefined) throw new Error(`There is no ${metric} of the month.`);
  return record;
}

describe(`${DAYS} days with outages, a scale that sticks and results that come late`, () => {
  test("leave every shift and day with its figures, and nothing to be done", () => {
    expect(days.openWork).toBe(0);
    for (const metric of ["feed-tonnes", "feed-dry", "accounting.headTails", "accounting.accounted"]) {
      expect(days.of(metric, "shift")).toHaveLength(2 * DAYS);
      expect(days.of(metric, "day")).toHaveLength(DAYS);
      for (const { value, state, inputs } of days.of(metric, "shift")) {
        expect(value, `${metric} ${JSON.stringify(inputs)}`).not.toBeNull();
        expect(state).toBe("PROVISIONAL");
      }
    }
  });

  test("add up: the month is the sum of its shifts", () => {
    for (const metric of ["feed-tonnes", "gold-in-feed", "gold-in-tails", "concentrate"])
      expect(Math.abs(sum(days.of(metric, "shift")) / (month(metric).value ?? NaN) - 1)).toBeLessThan(1e-9);
  });

  test("show each outage in the coverage of the rate, and none of it in the total that was counted", () => {
    for (const [i, { coverage }] of days.of("feed-dry", "shift").entries())
      expect(Math.abs(coverage - (i % 2 === 0 ? 11 / 12 : 1))).toBeLessThan(0.01);
    for (const { coverage } of days.of("feed-tonnes", "shift")) expect(coverage).toBeGreaterThan(0.99);
  });

  test("mark the gold of tailings that nobody saw flow as substituted, in the shift of the outage and in no other", () => {
    for (const [i, { coverage, filled, value, status }] of days.of("gold-in-tails", "shift").entries()) {
      expect(coverage < 0.95).toBe(i % 2 === 0);
      expect(reasonOf(status)).toBe(i % 2 === 0 ? "SUBSTITUTED" : null);
      expect(filled).toBe(value);
    }
  });

  test("make new versions when results come late", () => {
    for (const { version, cause } of days.of("accounting.headTails", "shift").slice(0, -1)) {
      expect(version).toBeGreaterThan(1);
      expect(cause).toMatch(/^assay /);
    }
  });

  test("account for the month's tonnes and gold within 2 u of the truth", () => {
    const { dryT, gainedG, tailsG } = days.truth;
    for (const [metric, truth] of [
      ["feed-tonnes", dryT],
      ["gold-in-tails", tailsG],
      ["gold.recovered", gainedG],
      ["accounting.accounted", gainedG + tailsG],
    ] as const) {
      const { value, u } = month(metric);
      expect(Math.abs((value ?? NaN) - truth), `${metric} ${value} ± ${u}, truly ${truth}`).toBeLessThan(
        2 * (u ?? NaN),
      );
    }
  });

  test("balance: the flowsheet of the month closes", () => {
    expect(days.balance?.refused).toBeNull();
    expect(days.balance?.result?.isResolved).toBe(true);
  });
});
