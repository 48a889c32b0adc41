import { expect, test } from "vitest";
import type { MetricEntry } from "../../../src/config/metric-schema.ts";
import { resolveMetallurgy } from "../../../src/config/resolve-metallurgy.ts";
import { compileMetrics } from "../../../src/gateway/metrics/compile.ts";
import { BELT, POWER } from "../../support/gold-plant.ts";

const base = { title: "A figure", area: "grinding" } as const;
const dry: MetricEntry = {
  ...base,
  kind: "M-02",
  periods: ["shift"],
  inputs: { wet: "WIT-201", moisture: 0 },
};

function faultsOf(metrics: Record<string, MetricEntry>): string[] {
  const metallurgy = resolveMetallurgy({ metrics });
  return compileMetrics({ tags: [BELT, POWER], metallurgy }).faults.map(
    ({ path, told }) => `${path.join(".")}: ${told.sentence}`,
  );
}

test.each<[string, Record<string, MetricEntry>, RegExp]>([
  ["a kind that there is not", { a: { ...dry, kind: "M-99" } }, /^a\.kind: there is no formula M-99/u],
  [
    "an input that the formula does not take",
    { a: { ...dry, inputs: { ...dry.inputs, wett: 1 } } },
    /^a\.inputs\.wett: M-02 has no input wett; it takes wet, moisture/u,
  ],
  [
    "an input that is missing",
    { a: { ...dry, inputs: { wet: "WIT-201" } } },
    /^a\.inputs: moisture is missing/u,
  ],
  [
    "a unit that does not fit",
    { a: { ...dry, inputs: { wet: "JT-810", moisture: 0 } } },
    /^a\.inputs\.wet: JT-810 in kW cannot be taken in t\/h/u,
  ],
  [
    "a tag that there is not, whichever way it is taken",
    { a: { ...dry, inputs: { ...dry.inputs, wet: { of: "WIT-2O1", take: "mean" } } } },
    /^a\.inputs\.wet: the metric WIT-2O1 has no such result/u,
  ],
  [
    "a way of taking what people enter, which is what it is",
    { a: { ...base, kind: "M-43", periods: ["shift"], inputs: { b: { of: "entry:pour", take: "start" } } } },
    /^a\.inputs\.b: take: start changes nothing about entry:pour: leave it out/u,
  ],
  [
    "figures that are made of each other",
    {
      a: { ...base, kind: "M-43", periods: ["shift"], inputs: { b: "b" } },
      b: { ...base, kind: "M-43", periods: ["shift"], inputs: { a: "a" } },
    },
    /is made of itself/u,
  ],
  [
    "a figure of whole periods wanted at every moment",
    { a: { ...base, kind: "M-43", periods: ["instant"], inputs: {} } },
    /^a\.periods: it is known for whole periods only/u,
  ],
  [
    "an expression whose units do not add up",
    {
      a: {
        ...base,
        expression: "x + y",
        unit: "t/h",
        periods: ["shift"],
        inputs: { x: "WIT-201", y: "JT-810" },
      },
    },
    /^a\.expression: /u,
  ],
  [
    "an expression that leaves an input out",
    {
      a: { ...base, expression: "x", unit: "t/h", periods: ["shift"], inputs: { x: "WIT-201", y: "JT-810" } },
    },
    /^a\.expression: y is not used/u,
  ],
])("%s is told with its place", (_, metrics, sentence) => {
  expect(faultsOf(metrics).join("\n")).toMatch(sentence);
});

test("what is right has no fault, and comes behind what it is made of", () => {
  const metallurgy = resolveMetallurgy({
    metrics: {
      energy: { ...base, kind: "M-51", periods: ["shift"], inputs: { energy: "JT-810", dry: "dry" } },
      dry,
    },
  });
  const { metrics, faults } = compileMetrics({ tags: [BELT, POWER], metallurgy });
  expect(faults).toEqual([]);
  expect(metrics.map(({ id }) => id)).toEqual(["dry", "energy"]);
});
