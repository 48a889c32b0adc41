import type {
  AssayPoint,
  ErrorConfig,
  InputConfig,
  InstrumentConfig,
  Take,
} from "../../config/metallurgy.ts";
import { ToldError } from "../../domain/errors.ts";
import { say } from "../../domain/said.ts";
import type { Said } from "../../domain/said.ts";
import type { Tag } from "../../domain/tag.ts";
import { conversion, isSameKind, measureOf, product } from "../../domain/unit-algebra.ts";
import { DEFAULT_ERRORS } from "../../metallurgy/uncertainty.ts";
import { addsUpOverTime } from "./binding.ts";
import type { BoundMetric, Source } from "./binding.ts";
import type { Recipe } from "./recipe.ts";

/** A source cannot be what the formula asks for. */
export class UnfitSource extends ToldError {
  readonly code = "UNFIT_SOURCE";
}

export interface SourceContext {
  readonly recipe: Recipe;
  /** Wanted. */
  readonly unit: string;
  readonly input: InputConfig;
  readonly tags: ReadonlyMap<string, Tag>;
  readonly points: ReadonlyMap<string, AssayPoint>;
  readonly instruments: Readonly<Record<string, InstrumentConfig>>;
  readonly metricOf: (id: string) => BoundMetric | null;
}

const SAME = { factor: 1, offset: 0 };

/** The sources of an input, the best first. Throws UnfitSource. */
export function bindSource(context: SourceContext): readonly Source[] {
  const { input, unit } = context;
  const sources = input.of.map((id) => bindOne(context, id));
  requireSense(input, sources);
  const { constant: value, constantU: u, errorOf } = input;
  if (value === null) return sources;
  const change = convert(input.unit ?? unit, unit, say("the-constant"));
  return [...sources, { from: "constant", id: "", value, u, errorOf, ...change }];
}

/** Only tags can be taken in several ways, and other metrics as what they were at the start. */
function requireSense({ take, of }: InputConfig, sources: readonly Source[]): void {
  const isTaken = (source: Source): boolean =>
    source.from === "tag" || (source.from === "metric" && source.use === "start");
  if (take === "auto" || sources.length === 0 || sources.some(isTaken)) return;
  throw new UnfitSource(say("take-idle", { take, names: of.join(", ") }));
}

function bindOne(context: SourceContext, id: string): Source {
  const tag = context.tags.get(id);
  if (tag !== undefined) return bindTag(context, tag);
  const point = context.points.get(id);
  if (point !== undefined) return { from: "assay", id, point, ...convert(point.unit, context.unit, id) };
  if (id === "calendar") return { from: "calendar", id, ...convert("h", context.unit, id) };
  if (id.startsWith("entry:")) return bindEntry(context, id);
  return bindMetric(context, id);
}

/** Units of what people enter, by the first word behind `entry:`. */
export const ENTRY_UNITS: Readonly<Record<string, string>> = {
  pour: "g",
  stocktake: "g",
  downtime: "h",
  lot: "t",
  screen: "um",
};

const ENTRIES = Object.keys(ENTRY_UNITS).map((one) => `entry:${one}`);

function bindEntry({ unit, recipe }: SourceContext, id: string): Source {
  const [, entry = "", ...words] = id.split(":");
  const own = ENTRY_UNITS[entry];
  if (own === undefined) throw new UnfitSource(say("no-entry", { name: id, known: ENTRIES.join(", ") }));
  if (isByMoment(recipe)) throw new UnfitSource(say("no-moment", { name: id }));
  return { from: "entry", id, entry, words, ...convert(own, unit, id) };
}

function bindMetric({ metricOf, unit, recipe, input }: SourceContext, id: string): Source {
  const metric = metricOf(id);
  if (metric === null) throw new UnfitSource(say("metric-unfit", { name: id }));
  const use = input.take === "start" ? "start" : "value";
  if (isByMoment(recipe) && metric.recipe.by !== "reading" && use !== "start")
    throw new UnfitSource(say("periods-not-moments", { name: id }));
  const plain = conversion(metric.unit, unit);
  const addsUp = use === "value" && addsUpOverTime(metric);
  if (plain !== null) return { from: "metric", id, metric: id, use, addsUp, ...plain };
  const total = metric.total === null ? null : conversion(metric.total.unit, unit);
  if (total === null) throw unlike(id, metric.unit, unit);
  return { from: "metric", id, metric: id, use: "total", addsUp: false, ...total };
}

function bindTag({ recipe, unit, input, instruments }: SourceContext, tag: Tag): Source {
  const { error, sameAs } = instruments[tag.id] ?? { error: null, sameAs: null };
  const errors = { error: error ?? usualError(tag), errorOf: sameAs ?? tag.id };
  const base = { from: "tag", id: tag.id, tag, ...errors } as const;
  if (isByMoment(recipe)) return { ...base, take: "mean", ...convert(unitOfTag(tag), unit, tag.id) };
  const take = input.take === "auto" ? takeByUnit(recipe, tag, unit) : input.take;
  return { ...base, take, ...changeFor(take, tag, unit) };
}

/** Whether it goes through readings, and not through what they came to. */
function isByMoment({ by }: Recipe): boolean {
  return by === "reading" || by === "course";
}

/** States and bits are bare numbers. */
function unitOfTag({ unit }: Tag): string {
  return unit ?? "1";
}

function takeByUnit(recipe: Recipe, tag: Tag, unit: string): Exclude<Take, "auto"> {
  if (recipe.by === "statistic")
    return recipe.take === "inBand" || recipe.take === "auto" ? "mean" : recipe.take;
  const isTime = conversion("h", unit) !== null;
  if (tag.type === "bool" && isTime) return "hours";
  const isCounter = tag.rolloverCounts !== null || tag.unit === "kW.h";
  if (conversion(unitOfTag(tag), unit) !== null) return isCounter ? "delta" : "mean";
  return "total";
}

function changeFor(take: Take, tag: Tag, unit: string): { factor: number; offset: number } {
  if (take === "total") return convertTotal(tag, unit);
  if (take === "hours") return convert("h", unit, tag.id);
  if (take === "count") return SAME;
  const change = convert(unitOfTag(tag), unit, tag.id);
  return take === "delta" ? { ...change, offset: 0 } : change;
}

function convertTotal(tag: Tag, unit: string): { factor: number; offset: number } {
  const rate = measureOf(unitOfTag(tag));
  const hour = measureOf("h");
  const wanted = measureOf(unit);
  const amount = rate === null || hour === null ? null : product(rate, hour);
  if (amount === null || wanted === null || !isSameKind(amount, wanted))
    throw new UnfitSource(say("adds-not-up", { name: tag.id, found: unitOfTag(tag), wanted: unit }));
  return { factor: amount.factor / wanted.factor, offset: 0 };
}

function convert(from: string, to: string, id: string | Said): { factor: number; offset: number } {
  const change = conversion(from, to);
  if (change === null) throw unlike(id, from, to);
  return change;
}

function unlike(name: string | Said, found: string, wanted: string): UnfitSource {
  return new UnfitSource(say("units-differ", { name, found, wanted }));
}

const EXACT: ErrorConfig = {
  systematic: { relative: 0, absolute: 0 },
  random: { relative: 0, absolute: 0 },
  correlationMs: 0,
};

const BY_UNIT: Readonly<Record<string, ErrorConfig>> = {
  "t/h": DEFAULT_ERRORS.beltScale,
  t: DEFAULT_ERRORS.beltScale,
  "kg/m": DEFAULT_ERRORS.beltScale,
  "t/m3": DEFAULT_ERRORS["densityGauge t/m3"],
  "m3/h": DEFAULT_ERRORS.magneticFlowmeter,
  kW: DEFAULT_ERRORS.power,
  "kW.h": DEFAULT_ERRORS.power,
};

/** What to assume of an instrument of which the plant file says nothing, by its unit. */
function usualError({ unit }: Tag): ErrorConfig {
  return BY_UNIT[unit ?? ""] ?? EXACT;
}
