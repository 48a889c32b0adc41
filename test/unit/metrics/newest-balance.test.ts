import { expect, test } from "vitest";
import type { MetallurgyEntry } from "../../../src/config/metric-schema.ts";
import { resolveMetallurgy } from "../../../src/config/resolve-metallurgy.ts";
import { balanceOf } from "../../../src/gateway/metrics/balance.ts";
import { course, HOUR, metricBench, MORNING } from "../../support/metric-bench.ts";
import { tagOf } from "../../support/tags.ts";

const SHIFT = 12 * HOUR;
const BELT = tagOf(0, { id: "WIT-201", unit: "t/h", range: { low: 0, high: 10 } });
const tonnes = {
  title: "Dry ore",
  area: "grinding",
  kind: "M-04",
  inputs: { wet: "WIT-201", moisture: 0 },
  periods: ["shift" as const],
};

const PLANT: MetallurgyEntry = {
  metrics: { feed: tonnes, tails: tonnes },
  flowsheet: {
    nodes: { N1: { title: "Mill", area: "grinding" } },
    streams: {
      F: { from: null, to: "N1", solids: "feed" },
      T: { from: "N1", to: null, solids: "tails" },
    },
  },
};

test("without a time the balance is that of the last shift, and of the one before until that has its figures", async () => {
  using bench = metricBench([BELT], PLANT);
  bench.history.add(
    0,
    course(MORNING, MORNING + 2 * SHIFT, 60_000, () => 4),
  );
  const { flowsheet } = resolveMetallurgy(PLANT);
  const keyOf = (at: number | null): string | undefined =>
    balanceOf({ flowsheet, points: new Map(), engine: bench.engine }, "shift", at)?.key;
  expect(keyOf(null)).toBeUndefined();
  await bench.settle(MORNING + SHIFT + 60_000);
  expect(keyOf(null)).toBe("2026-11-22/day");
  bench.engine.close(MORNING + 2 * SHIFT + 60_000, MORNING);
  expect(keyOf(MORNING + SHIFT)).toBeUndefined();
  expect(keyOf(null)).toBe("2026-11-22/day");
  await bench.engine.settle();
  expect(keyOf(null)).toBe("2026-11-22/night");
});
