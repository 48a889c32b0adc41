import { didYouMean, nearest } from "../domain/spelling.ts";
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
  faultInPlant(
    draft,
    ["data", "historyDays"],
    "the metrics of this plant are computed from its history, so that it has to keep one; " +
      "write at least the days over which figures may still change, or take `metrics` out",
  );
}

function checkPlan(draft: PlantDraft, { metrics }: Names): void {
  for (const [result, plan] of Object.entries(draft.plan ?? {})) {
    const id = result.split(".", 1)[0] ?? "";
    if (metrics.has(id)) checkPlanned(draft, result, plan, draft.metrics?.[id]?.periods ?? []);
    else lacks(draft, ["plan", result], "metric", result, metrics, "key");
  }
}

type Planned = Readonly<Partial<Record<"shift" | "day", number>>>;

function checkPlanned(draft: PlantDraft, result: string, plan: Planned, told: readonly string[]): void {
  for (const period of ["shift", "day"] as const)
    if (plan[period] !== undefined && !told.includes(period))
      faultInPlant(draft, ["plan", result, period], `${result} is not told by the ${period}`, "key");
}

function checkInstruments(draft: PlantDraft, { tags }: Names): void {
  const instruments = draft.instruments ?? {};
  for (const [id, { sameAs }] of Object.entries(instruments)) {
    if (!tags.has(id)) lacks(draft, ["instruments", id], "tag", id, tags, "key");
    if (sameAs === undefined) continue;
    const path = ["instruments", id, "sameAs"];
    if (!tags.has(sameAs)) lacks(draft, path, "tag", sameAs, tags, "value");
    else if (sameAs === id || instruments[sameAs]?.sameAs !== undefined)
      faultInPlant(
        draft,
        path,
        `${sameAs} has a \`sameAs\` of its own; name the tag that all share`,
        "value",
      );
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
    if (tags.has(id)) faultInPlant(draft, ["assays", id], `${id} is the name of a tag already`, "key");
  for (const id of Object.keys(draft.metrics ?? {}))
    if (tags.has(id) || assays.has(id))
      faultInPlant(draft, ["metrics", id], `${id} is the name of a tag or an assay already`, "key");
}

function checkMetric(draft: PlantDraft, names: Names, id: string, metric: Partial<MetricEntry>): void {
  const { kind, expression, unit, inputs = {} } = metric;
  const path = ["metrics", id];
  if ((kind === undefined) === (expression === undefined))
    faultInPlant(draft, path, "give either the kind of a formula or an expression", "key");
  if (expression !== undefined && unit === undefined)
    faultInPlant(draft, path, "the key `unit` is missing; an expression has the unit that you say", "key");
  if (expression === undefined && unit !== undefined)
    faultInPlant(draft, [...path, "unit"], "the unit follows from the kind; leave it out", "key");
  for (const [name, input] of Object.entries(inputs))
    checkInput(draft, names, [...path, "inputs", name], input);
}

function checkInput(draft: PlantDraft, names: Names, path: Path, input: InputEntry): void {
  const { of, constant, constantU, errorOf } = sourcesOf(input);
  if (of.length === 0 && constant === null)
    faultInPlant(draft, path, "give `of`, or `value`, or both where the value stands in", "key");
  if (errorOf !== null && (constant === null || constantU === 0)) {
    const only = "only a constant with an `sd` has an error: leave it out";
    faultInPlant(draft, [...path, "errorOf"], only, "key");
  }
  checkSources(draft, names, path, of);
}

function checkSources(draft: PlantDraft, names: Names, path: Path, of: readonly string[]): void {
  const known = new Set([...names.tags, ...names.assays, ...names.metrics]);
  for (const one of of)
    if (!OUTSIDE.test(one) && !known.has(one) && !names.metrics.has(one.split(".", 1)[0] ?? ""))
      lacks(draft, path, "tag, assay or metric", one, known, "value");
}

function checkFlowsheet(draft: PlantDraft, names: Names): void {
  for (const [id, { stream }] of Object.entries(draft.assays ?? {}))
    if (stream !== undefined && !names.streams.has(stream))
      lacks(draft, ["assays", id, "stream"], "stream", stream, names.streams, "value");
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
      faultInPlant(draft, [...path, of], `the stream does not carry ${of}`, "key");
    const mayBeAssay = of === "gold" && carries.includes("solids");
    checkMeasure(draft, names, [...path, of], stream[of], mayBeAssay);
  }
}

type Ends = Readonly<Partial<Record<"from" | "to", string | null>>>;

function checkEnds(draft: PlantDraft, nodes: ReadonlySet<string>, path: Path, ends: Ends): void {
  for (const side of ["from", "to"] as const) {
    const node = ends[side];
    if (typeof node === "string" && !nodes.has(node))
      lacks(draft, [...path, side], "node", node, nodes, "value");
  }
  if (ends.from === null && ends.to === null)
    faultInPlant(draft, path, "a stream begins or ends at a node", "key");
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
    const what = mayBeAssay ? "assay or metric" : "metric";
    lacks(
      draft,
      path,
      what,
      measure,
      new Set([...names.metrics, ...(mayBeAssay ? names.assays : [])]),
      "value",
    );
  }
}

function lacks(
  draft: PlantDraft,
  path: Path,
  what: string,
  name: string,
  known: ReadonlySet<string>,
  at: "key" | "value",
): void {
  faultInPlant(draft, path, `the plant has no ${what} ${name}${didYouMean(nearest(name, known))}`, at);
}
