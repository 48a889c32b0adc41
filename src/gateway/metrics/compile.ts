import type { AssayPoint, InputConfig, Metallurgy, MetricConfig } from "../../config/metallurgy.ts";
import type { Plant } from "../../config/plant.ts";
import type { MetricPeriod } from "../../domain/metric.ts";
import { say } from "../../domain/said.ts";
import type { Said } from "../../domain/said.ts";
import { hinting, nearest } from "../../domain/spelling.ts";
import type { Tag } from "../../domain/tag.ts";
import { balanceKind } from "./balance-kind.ts";
import { bindSource, UnfitSource } from "./bind-source.ts";
import type { BoundInput, BoundMetric } from "./binding.ts";
import { expressionKind } from "./expression-kind.ts";
import { BALANCE, KINDS } from "./kinds.ts";
import type { Moving } from "../../metallurgy/moving.ts";
import type { Kind, Recipe } from "./recipe.ts";
import { resultName } from "./result-names.ts";
import { totalOf } from "./totals.ts";

/** One thing wrong with a metric, by its path below `metrics`. */
export interface MetricFault {
  readonly path: readonly string[];
  readonly told: Said;
}

export interface Compiled {
  /** Each behind those that it is made of. */
  readonly metrics: readonly BoundMetric[];
  readonly faults: readonly MetricFault[];
}

/** Binds the metrics of a plant to formulas, tags and assays, and checks names and units. */
export function compileMetrics(plant: Pick<Plant, "tags" | "metallurgy">): Compiled {
  const faults: MetricFault[] = [];
  const metallurgy = plant.metallurgy;
  if (metallurgy === undefined) return { metrics: [], faults };
  const binder = createBinder(plant, metallurgy, faults);
  for (const config of metallurgy.metrics) binder.bind(config.id);
  return { metrics: binder.bound(), faults };
}

/** Everything that binding one metric looks up. */
interface Bench {
  readonly configs: ReadonlyMap<string, MetricConfig>;
  readonly tags: ReadonlyMap<string, Tag>;
  readonly points: ReadonlyMap<string, AssayPoint>;
  readonly instruments: Metallurgy["instruments"];
  readonly flowsheet: Metallurgy["flowsheet"];
  readonly faults: MetricFault[];
  readonly metricOf: (id: string) => BoundMetric | null;
}

interface Binder {
  bind(base: string): readonly BoundMetric[];
  bound(): readonly BoundMetric[];
}

function createBinder(plant: Pick<Plant, "tags">, metallurgy: Metallurgy, faults: MetricFault[]): Binder {
  const done = new Map<string, readonly BoundMetric[]>();
  const underWay = new Set<string>();
  const order: BoundMetric[] = [];
  const bench: Bench = {
    configs: new Map(metallurgy.metrics.map((config) => [config.id, config])),
    tags: new Map(plant.tags.map((tag) => [tag.id, tag])),
    points: new Map(metallurgy.assays.map((point) => [point.id, point])),
    instruments: metallurgy.instruments,
    flowsheet: metallurgy.flowsheet,
    faults,
    metricOf: (id) => bind(id.split(".", 1)[0] ?? "").find((result) => result.id === id) ?? null,
  };

  /** The results of a metric, bound before what needs them. */
  function bind(base: string): readonly BoundMetric[] {
    const known = done.get(base);
    const config = bench.configs.get(base);
    if (known !== undefined || config === undefined) return known ?? [];
    if (underWay.has(base)) {
      faults.push({ path: [base], told: say("metric-of-itself") });
      return [];
    }
    underWay.add(base);
    const results = bindResults(bench, config);
    underWay.delete(base);
    done.set(base, results);
    order.push(...results);
    return results;
  }

  return { bind, bound: () => order };
}

function bindResults(bench: Bench, config: MetricConfig): BoundMetric[] {
  const kind = config.expression === null ? namedKind(bench, config) : ownKind(bench, config);
  if (kind === null) return [];
  checkNames(bench, config, kind);
  const results = Object.entries(kind.results).flatMap(
    ([suffix, recipe]) => bindResult(bench, config, kind, suffix, recipe) ?? [],
  );
  if (results.length === 0) bench.faults.push(missingInputs(config, kind));
  else if (!results.some(({ recipe }) => recipe.by === "reading")) checkPeriods(bench, config);
  return results;
}

function namedKind({ faults, flowsheet }: Bench, { id, kind }: MetricConfig): Kind | null {
  const known = kind === BALANCE ? balanceKind(flowsheet) : KINDS[kind ?? ""];
  if (known !== undefined && known !== null) return known;
  if (known === null) faults.push({ path: [id, "kind"], told: say("no-flowsheet") });
  if (known === null) return null;
  const near = nearest(kind ?? "", Object.keys(KINDS)).join(", ");
  const told = say("no-kind", { kind: kind ?? "" });
  faults.push({
    path: [id, "kind"],
    told: near === "" ? told : hinting(told, say("kinds-near", { kinds: near })),
  });
  return null;
}

function ownKind(bench: Bench, config: MetricConfig): Kind | null {
  const kind = expressionKind(config, bench);
  if (!("sentence" in kind)) return kind;
  bench.faults.push({ path: [config.id, "expression"], told: kind });
  return null;
}

/** None of the results can be made: say what the first of them lacks. */
function missingInputs({ id, inputs }: MetricConfig, kind: Kind): MetricFault {
  const [first] = Object.values(kind.results);
  const wanted = first === undefined ? [] : namesOf(first);
  const missing = wanted.filter((name) => inputs[name] === undefined && !(name in (kind.defaults ?? {})));
  return { path: [id, "inputs"], told: say("inputs-missing", { inputs: missing.join(", ") }) };
}

function checkPeriods({ faults }: Bench, { id, periods }: MetricConfig): void {
  if (periods.includes("instant")) faults.push({ path: [id, "periods"], told: say("periods-only") });
}

function checkNames({ faults }: Bench, config: MetricConfig, kind: Kind): void {
  if (Object.values(kind.results).some(({ by }) => by === "several")) return;
  const known = Object.values(kind.results).flatMap(namesOf);
  for (const name of Object.keys(config.inputs))
    if (!known.includes(name)) {
      const takes = [...new Set(known)].join(", ");
      const told = say("no-input", { kind: config.kind ?? "", name, known: takes });
      faults.push({ path: [config.id, "inputs", name], told });
    }
}

/** A result none of whose own inputs are given is left out, so that one kind serves plants with fewer instruments. */
function bindResult(
  bench: Bench,
  config: MetricConfig,
  kind: Kind,
  suffix: string,
  recipe: Recipe,
): BoundMetric | null {
  const given = { ...defaultsOf(kind), ...config.inputs };
  const { id: base, title, area, periods } = config;
  const id = suffix === "" ? base : `${base}.${suffix}`;
  const wanted = wantedInputs(recipe, given, unitOfSingle(bench, config));
  const missing = wanted.filter(({ name }) => given[name] === undefined);
  if (missing.length > 0) return null;
  const inputs = wanted.map((one) => bindInput(bench, config, recipe, one, given[one.name] as InputConfig));
  if (recipe.by === "state") inputs.push(stateBefore(id, recipe));
  const unit = unitOf(recipe, inputs);
  return {
    id,
    base,
    title: suffix === "" ? title : `${title}: ${resultName(suffix)}`,
    kind: config.kind ?? config.expression ?? "",
    recipe,
    unit,
    total: recipe.by === "reading" ? totalOf(unit) : null,
    area,
    periods: periods.filter((one) => isToldOf(recipe, one)),
    inputs,
  };
}

/** Only formulas over readings have a value at every moment; what goes through the readings of hours does so once a period. */
function isToldOf({ by }: Recipe, period: MetricPeriod): boolean {
  if (period === "instant") return by === "reading";
  return period !== "rolling" || (by !== "course" && by !== "state");
}

function bindInput(
  bench: Bench,
  config: MetricConfig,
  recipe: Recipe,
  wanted: Wanted,
  input: InputConfig,
): BoundInput {
  try {
    const sources = bindSource({ ...bench, recipe, unit: wanted.unit, input });
    return { ...wanted, sources, band: input.band };
  } catch (error) {
    if (!(error instanceof UnfitSource)) throw error;
    bench.faults.push({ path: [config.id, "inputs", wanted.name], told: error.said });
    return { ...wanted, sources: [], band: null };
  }
}

/** What the last shift left behind, and in the first one what it begins with. */
function stateBefore(id: string, { formula, start }: Extract<Recipe, { by: "state" }>): BoundInput {
  const same = { factor: 1, offset: 0 };
  return {
    name: "before",
    unit: formula.unit,
    moving: null,
    band: null,
    sources: [
      { from: "metric", id, metric: id, use: "start", addsUp: false, ...same },
      { from: "constant", id: "", value: start, u: 0, errorOf: null, ...same },
    ],
  };
}

/** A statistic keeps the unit of what it is of. */
function unitOfSingle({ tags, points, metricOf }: Bench, { inputs }: MetricConfig): string {
  const id = inputs["of"]?.of[0] ?? "";
  return tags.get(id)?.unit ?? points.get(id)?.unit ?? metricOf(id)?.unit ?? "1";
}

function namesOf(recipe: Recipe): readonly string[] {
  return wantedInputs(recipe, {}, "1").map(({ name }) => name);
}

/** An input as the recipe wants it. */
interface Wanted {
  readonly name: string;
  readonly unit: string;
  readonly moving: Moving | null;
}

function wantedInputs(
  recipe: Recipe,
  given: Readonly<Record<string, InputConfig>>,
  unitOfTheOne: string,
): readonly Wanted[] {
  const plain = (units: Readonly<Record<string, string>>): Wanted[] =>
    Object.entries(units).map(([name, unit]) => ({ name, unit, moving: null }));
  switch (recipe.by) {
    case "statistic":
      return plain({ of: unitOfTheOne });
    case "several":
      return Object.keys(given).map((name) => ({ name, unit: recipe.unit, moving: null }));
    case "course":
      return plain(recipe.course.inputs);
    case "balance":
      return plain(recipe.inputs);
    case "state":
      return plain(recipe.formula.inputs).filter(({ name }) => name !== "before");
    case "reading":
      return plain(recipe.formula.inputs).map((one) => Object.assign(one, recipe.moving[one.name]));
    case "period":
      return plain(recipe.formula.inputs);
  }
}

function defaultsOf({ defaults = {} }: Kind): Record<string, InputConfig> {
  const plain = { take: "auto", constantU: 0, errorOf: null, unit: null, band: null } as const;
  return Object.fromEntries(
    Object.entries(defaults).map(([name, value]) => [
      name,
      typeof value === "number"
        ? { ...plain, of: [], constant: value }
        : { ...plain, of: [value], constant: null },
    ]),
  );
}

function unitOf(recipe: Recipe, inputs: readonly BoundInput[]): string {
  if (recipe.by === "statistic") return recipe.unit ?? inputs[0]?.unit ?? "1";
  if (recipe.by === "course") return recipe.course.unit;
  return recipe.by === "several" || recipe.by === "balance" ? recipe.unit : recipe.formula.unit;
}
