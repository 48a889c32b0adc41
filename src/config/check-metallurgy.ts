import { say } from "../domain/said.ts";
import type { SentenceCode } from "../domain/said.ts";
import { nearest, suggesting } from "../domain/spelling.ts";
import { SUBSTANCES } from "../domain/substance.ts";
import { carriedBy, sourcesOf } from "./resolve-metallurgy.ts";
import type { InputEntry, MetricEntry } from "./metric-schema.ts";
import { faultInPlant } from "./plant-draft.ts";
import type { PlantDraft } from "./plant-draft.ts";
import type { Path } from "./source-file.ts";

/** Metrics, assays and flowsheet: every name that one of them uses is one of the plant. Which inputs a formula takes, and in
 *  which units, is for those to check who know the formulas. */
export function checkMetallurgy(draft: PlantDraft): void {
  const names = namesOf(draft);
  checkKeeping(draft);
  checkUniqueness(draft, names);
  for (const [id, metric] of Object.entries(draft.metrics ?? {})) checkMetric(draft, names, id, metric);
  checkInstruments(draft, names);
  checkFlowsheet(draft, names);
  checkPlan(draft, names);
}

/** A figure is made of the readings of its period. */
function checkKeeping(draft: PlantDraft): void {
  if (draft.data.historyDays > 0 || Object.keys(draft.metrics ?? {}).length === 0) return;
  faultInPlant(draft, ["data", "historyDays"], say("metrics-need-history"));
}

function checkPlan(draft: PlantDraft, { metrics }: Names): void {
  for (const [result, plan] of Object.entries(draft.plan ?? {})) {
    const id = result.split(".", 1)[0] ?? "";
    if (metrics.has(id)) checkPlanned(draft, result, plan, draft.metrics?.[id]?.periods ?? []);
    else lacks(draft, ["plan", result], "plant-no-metric", result, metrics, "key");
  }
}

type Planned = Readonly<Partial<Record<"shift" | "day", number>>>;

function checkPlanned(draft: PlantDraft, result: string, plan: Planned, told: readonly string[]): void {
  for (const period of ["shift", "day"] as const)
    if (plan[period] !== undefined && !told.includes(period))
      faultInPlant(draft, ["plan", result, period], say("plan-not-told", { result, period }), "key");
}

function checkInstruments(draft: PlantDraft, { tags }: Names): void {
  const instruments = draft.instruments ?? {};
  for (const [id, { sameAs }] of Object.entries(instruments)) {
    if (!tags.has(id)) lacks(draft, ["instruments", id], "plant-no-tag", id, tags, "key");
    if (sameAs === undefined) continue;
    const path = ["instruments", id, "sameAs"];
    if (!tags.has(sameAs)) lacks(draft, path, "plant-no-tag", sameAs, tags, "value");
    else if (sameAs === id || instruments[sameAs]?.sameAs !== undefined)
      faultInPlant(draft, path, say("same-as-chain", { tag: sameAs }), "value");
  }
}

/** Values that are neither measured nor computed: the length of the period, and what people enter. */
const OUTSIDE = /^(calendar$|entry:)/u;

interface Names {
  readonly tags: ReadonlySet<string>;
  readonly assays: ReadonlySet<string>;
  readonly metrics: ReadonlySet<string>;
  readonly streams: ReadonlySet<string>;
}

function namesOf({ instances, assays, metrics, flowsheet }: PlantDraft): Names {
  return {
    tags: new Set(instances.map(({ id }) => id)),
    assays: new Set(Object.keys(assays ?? {})),
    metrics: new Set(Object.keys(metrics ?? {})),
    streams: new Set(Object.keys(flowsheet?.streams ?? {})),
  };
}

function checkUniqueness(draft: PlantDraft, { tags, assays }: Names): void {
  for (const id of assays)
    if (tags.has(id)) faultInPlant(draft, ["assays", id], say("name-of-tag", { name: id }), "key");
  for (const id of Object.keys(draft.metrics ?? {}))
    if (tags.has(id) || assays.has(id))
      faultInPlant(draft, ["metrics", id], say("name-of-tag-or-assay", { name: id }), "key");
}

function checkMetric(draft: PlantDraft, names: Names, id: string, metric: Partial<MetricEntry>): void {
  const { kind, expression, unit, inputs = {} } = metric;
  const path = ["metrics", id];
  if ((kind === undefined) === (expression === undefined))
    faultInPlant(draft, path, say("kind-or-expression"), "key");
  if (expression !== undefined && unit === undefined)
    faultInPlant(draft, path, say("expression-unit-missing"), "key");
  if (expression === undefined && unit !== undefined)
    faultInPlant(draft, [...path, "unit"], say("kind-has-unit"), "key");
  for (const [name, input] of Object.entries(inputs))
    checkInput(draft, names, [...path, "inputs", name], input);
}

function checkInput(draft: PlantDraft, names: Names, path: Path, input: InputEntry): void {
  const { of, constant, constantU, errorOf } = sourcesOf(input);
  if (of.length === 0 && constant === null) faultInPlant(draft, path, say("input-of-nothing"), "key");
  if (errorOf !== null && (constant === null || constantU === 0))
    faultInPlant(draft, [...path, "errorOf"], say("error-without-constant"), "key");
  checkSources(draft, names, path, of);
}

function checkSources(draft: PlantDraft, names: Names, path: Path, of: readonly string[]): void {
  const known = new Set([...names.tags, ...names.assays, ...names.metrics]);
  for (const one of of)
    if (!OUTSIDE.test(one) && !known.has(one) && !names.metrics.has(one.split(".", 1)[0] ?? ""))
      lacks(draft, path, "plant-no-measure", one, known, "value");
}

function checkFlowsheet(draft: PlantDraft, names: Names): void {
  for (const [id, { stream }] of Object.entries(draft.assays ?? {}))
    if (stream !== undefined && !names.streams.has(stream))
      lacks(draft, ["assays", id, "stream"], "plant-no-stream", stream, names.streams, "value");
  const nodes = new Set(Object.keys(draft.flowsheet?.nodes ?? {}));
  for (const [id, stream] of Object.entries(draft.flowsheet?.streams ?? {})) {
    const path = ["flowsheet", "streams", id];
    checkEnds(draft, nodes, path, stream);
    checkMeasures(draft, names, path, stream);
  }
}

type StreamEntry = NonNullable<PlantDraft["flowsheet"]>["streams"][string];

function checkMeasures(draft: PlantDraft, names: Names, path: Path, stream: StreamEntry): void {
  const carries = carriedBy(stream);
  for (const of of SUBSTANCES) {
    if (stream[of] !== undefined && !carries.includes(of))
      faultInPlant(draft, [...path, of], say("stream-carries-not", { substance: of }), "key");
    const mayBeAssay = of === "gold" && carries.includes("solids");
    checkMeasure(draft, names, [...path, of], stream[of], mayBeAssay);
  }
}

type Ends = Readonly<Partial<Record<"from" | "to", string | null>>>;

function checkEnds(draft: PlantDraft, nodes: ReadonlySet<string>, path: Path, ends: Ends): void {
  for (const side of ["from", "to"] as const) {
    const node = ends[side];
    if (typeof node === "string" && !nodes.has(node))
      lacks(draft, [...path, side], "plant-no-node", node, nodes, "value");
  }
  if (ends.from === null && ends.to === null) faultInPlant(draft, path, say("stream-without-node"), "key");
}

function checkMeasure(
  draft: PlantDraft,
  names: Names,
  path: Path,
  measure: string | undefined,
  mayBeAssay: boolean,
): void {
  if (measure === undefined || (mayBeAssay && names.assays.has(measure))) return;
  if (!names.metrics.has(measure.split(".", 1)[0] ?? "")) {
    const code = mayBeAssay ? "plant-no-grade" : "plant-no-metric";
    lacks(
      draft,
      path,
      code,
      measure,
      new Set([...names.metrics, ...(mayBeAssay ? names.assays : [])]),
      "value",
    );
  }
}

type Lack = Extract<SentenceCode, `plant-no-${string}`>;

function lacks(
  draft: PlantDraft,
  path: Path,
  code: Lack,
  name: string,
  known: ReadonlySet<string>,
  at: "key" | "value",
): void {
  faultInPlant(draft, path, suggesting(say(code, { name }), nearest(name, known)), at);
}
