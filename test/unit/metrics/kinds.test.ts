import { expect, test } from "vitest";
import type { InputConfig, Metallurgy, MetricConfig } from "../../../src/config/metallurgy.ts";
import type { Tag } from "../../../src/domain/tag.ts";
import { compileMetrics } from "../../../src/gateway/metrics/compile.ts";
import type { Compiled } from "../../../src/gateway/metrics/compile.ts";
import { KINDS } from "../../../src/gateway/metrics/kinds.ts";
import type { Kind, Recipe } from "../../../src/gateway/metrics/recipe.ts";
import { metallurgyOf } from "../../support/laboratory.ts";
import { constantOf } from "../../support/records.ts";
import { tagOf } from "../../support/tags.ts";

/** The handbook's numbers; there is no M-49. */
const NUMBERS = Array.from({ length: 58 }, (_, i) => `M-${`${i + 1}`.padStart(2, "0")}`).filter(
  (number) => number !== "M-49",
);

const nameOf = (kind: string): string => kind.toLowerCase();

/** Units of the inputs of a recipe, by name. */
function unitsOf(recipe: Recipe): Readonly<Record<string, string>> {
  switch (recipe.by) {
    case "statistic":
      return { of: "[ppm]" };
    case "several":
      return { one: recipe.unit, other: recipe.unit };
    case "course":
      return recipe.course.inputs;
    case "balance":
      return {};
    case "period":
    case "state":
    case "reading": {
      const own = Object.entries(recipe.formula.inputs).map(([name, unit]) => [
        name,
        recipe.by === "reading" ? (recipe.moving[name]?.unit ?? unit) : unit,
      ]);
      return Object.fromEntries(own.filter(([name]) => recipe.by !== "state" || name !== "before"));
    }
  }
}

/** A plant that has an instrument for every input of a kind. */
function compileWithInstruments(id: string, kind: Kind): Compiled {
  const units = Object.assign({}, ...Object.values(kind.results).map(unitsOf)) as Record<string, string>;
  const tags: Tag[] = [];
  const inputs: Record<string, InputConfig> = {};
  for (const [name, unit] of Object.entries(units)) {
    const tag = tagOf(tags.length, { id: `T-${tags.length}`, unit });
    tags.push(tag);
    inputs[name] = { ...constantOf(0), constant: null, of: [tag.id] };
  }
  return compileMetrics({ tags, metallurgy: metallurgyOf({ metrics: [metricOf(id, inputs)] }) });
}

function metricOf(kind: string, inputs: MetricConfig["inputs"]): MetricConfig {
  const expression = { expression: null, unit: null };
  return { ...expression, id: nameOf(kind), title: kind, kind, area: "leach", periods: ["shift"], inputs };
}

test.each(Object.entries(KINDS))("%s can be bound to instruments, with all its results", (id, kind) => {
  const { metrics, faults } = compileWithInstruments(id, kind);
  expect(faults).toEqual([]);
  const wanted = Object.keys(kind.results).map((suffix) =>
    suffix === "" ? nameOf(id) : `${nameOf(id)}.${suffix}`,
  );
  expect(metrics.map((metric) => metric.id).toSorted()).toEqual(wanted.toSorted());
  for (const { inputs } of metrics)
    for (const { name, sources } of inputs) expect(sources, `${id} ${name}`).not.toEqual([]);
});

/** Two metrics and two samples on a flowsheet of one node. */
const ORE = ["solids", "gold"] as const;
const FLOWSHEET: Metallurgy["flowsheet"] = {
  nodes: [{ id: "N1", title: "Mill", area: "grinding" }],
  streams: [
    { id: "F", title: "Feed", from: null, to: "N1", solids: "in", gold: "AY-901", water: null, carries: ORE },
    {
      id: "T",
      title: "Tails",
      from: "N1",
      to: null,
      solids: "out",
      gold: "AY-903",
      water: null,
      carries: ORE,
    },
    {
      id: "C",
      title: "Carbon",
      from: "N1",
      to: null,
      solids: null,
      water: null,
      gold: null,
      carries: ["gold"],
    },
  ],
};

const balance = metricOf("M-48", {});

test("M-48 has a result for the solids and the gold of each stream of the flowsheet", () => {
  const tonnes = (id: string): MetricConfig => ({
    ...metricOf("M-04", { wet: { ...constantOf(0), constant: null, of: ["T-0"] }, moisture: constantOf(0) }),
    id,
  });
  const metallurgy = metallurgyOf({
    metrics: [balance, tonnes("in"), tonnes("out")],
    flowsheet: FLOWSHEET,
  });
  const { metrics, faults } = compileMetrics({ tags: [tagOf(0, { id: "T-0", unit: "t/h" })], metallurgy });
  expect(faults).toEqual([]);
  const results = metrics.filter(({ kind }) => kind === "M-48");
  expect(results.map(({ id, unit }) => `${id} ${unit}`)).toEqual([
    "m-48.F t",
    "m-48.F-gold g/t",
    "m-48.T t",
    "m-48.T-gold g/t",
    "m-48.C-gold g",
  ]);
});

test("M-48 without a flowsheet is told", () => {
  const { faults } = compileMetrics({ tags: [], metallurgy: metallurgyOf({ metrics: [balance] }) });
  expect(faults.map(({ told }) => told.sentence)).toEqual(["there is no flowsheet to be balanced"]);
});

test("there is a kind for every number of the handbook", () => {
  const numbers = new Set(["M-48", ...Object.keys(KINDS)].map((kind) => kind.slice(0, 4)));
  expect([...numbers].toSorted()).toEqual(NUMBERS);
});
