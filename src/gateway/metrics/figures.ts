import type { ErrorConfig } from "../../config/metallurgy.ts";
import { exactly, measured, unknown } from "../../domain/figure.ts";
import type { Figure, Known } from "../../domain/figure.ts";
import type { MetricInput, MetricRecord } from "../../domain/metric.ts";
import { quantity } from "../../domain/quantity.ts";
import { Status, worse } from "../../domain/status.ts";
import type { Tag } from "../../domain/tag.ts";
import { coveredBy } from "../../metallurgy/held.ts";
import { effectiveDraws, sizeOf } from "../../metallurgy/uncertainty.ts";
import { filledUp, unseenOfAmountU, unseenOfRateU } from "../../metallurgy/unseen.ts";
import type { Source } from "./binding.ts";
import type { Span } from "./tallies.ts";
import type { Tally } from "./tally.ts";

const HOUR_MS = 3_600_000;

/** A figure of one input with all that the record of the result says about it. */
export interface Taken {
  readonly figure: Figure;
  /** The same had the time that was not seen been like the rest; null where that is not known, as of a counter, which needs it
   *  only for what it did before and after all its readings. */
  readonly whole: Figure | null;
  readonly inputs: readonly MetricInput[];
  /** Share of the period that it stands for, 0…1. */
  readonly coverage: number;
  /** A usual value stands in for an assay that is not there. */
  readonly isPreliminary: boolean;
}

type TagSource = Extract<Source, { from: "tag" }>;

/** What a tag came to over a span, with the errors of its instrument. */
export function takeTag(source: TagSource, span: Span, tally: Tally, unit: string): Taken {
  const { coverage, status } = coverageOf(source, span, tally);
  const raw = rawOf(source, tally);
  if (raw === null) {
    const figure = unknown("MISSING", Status.BadNoCommunication);
    const inputs = [inputOf(source.id, "tag", unit, figure)];
    return { figure, whole: figure, inputs, coverage, isPreliminary: false };
  }
  const isSubstituted = tally.invalidSteps > 0 && source.take === "delta";
  const value = raw.value * source.factor + source.offset;
  const spread = {
    systematic: sizeOf(source.error.systematic, raw.base) * raw.perBase * source.factor,
    random:
      (sizeOf(source.error.random, raw.base) * raw.perBase * source.factor) /
      Math.sqrt(effectiveDraws(tally.coveredMs, source.error.correlationMs)),
  };
  const figure = withErrors(
    value,
    unit,
    spread,
    { systematic: source.errorOf, random: `${source.id}@${span.key}` },
    isSubstituted ? worse(status, Status.UncertainSubstitute) : status,
  );
  const whole = wholeOfTag(source, span, tally, figure);
  return { figure, whole, inputs: [inputOf(source.id, "tag", unit, figure)], coverage, isPreliminary: false };
}

/** What adds up over time is filled up; a mean or a state at a moment stands for the whole as it is. */
function wholeOfTag({ take, id, factor }: TagSource, span: Span, tally: Tally, seen: Known): Figure | null {
  if (take === "delta" || take === "count") return null;
  const spanMs = span.to - span.from;
  if ((take !== "total" && take !== "hours") || tally.coveredMs >= spanMs) return seen;
  return filledUp(seen, {
    coverage: tally.coveredMs / spanMs,
    unseenU: unseenOfRateU(tally, spanMs - tally.coveredMs) * Math.abs(factor),
    source: unseenOf(id, span.key),
  });
}

function unseenOf(id: string, occasion: string): string {
  return `${id} unseen@${occasion}`;
}

/** The value, and the reading with its error that it is made of: value = base × perBase. */
interface Raw {
  readonly value: number;
  readonly base: number;
  readonly perBase: number;
}

function rawOf({ take, tag }: TagSource, tally: Tally): Raw | null {
  if (take === "mean" || take === "total" || take === "hours") return rawOverTime(take, tally);
  if (take === "delta" || take === "count") return rawOfCounter(take, tag, tally);
  return plain({ start: tally.first, end: tally.last, min: tally.min, max: tally.max }[take]);
}

function rawOverTime(take: "mean" | "total" | "hours", { integral, coveredMs }: Tally): Raw | null {
  if (coveredMs === 0) return null;
  const mean = integral / coveredMs;
  if (take === "mean") return plain(mean);
  const hours = coveredMs / HOUR_MS;
  const value = mean * hours;
  return take === "total" ? { value, base: mean, perBase: hours } : { value, base: 0, perBase: 0 };
}

function rawOfCounter(take: "delta" | "count", tag: Tag, { counts, countedMs }: Tally): Raw | null {
  if (countedMs === 0) return null;
  return take === "delta" ? plain(counts * tag.scaling.scale) : { value: counts, base: 0, perBase: 0 };
}

function plain(value: number | null): Raw | null {
  return value === null ? null : { value, base: value, perBase: 1 };
}

/** A counter says what happened while nobody listened; a state at a moment needs no more than that moment. */
function coverageOf({ take }: TagSource, { from, to }: Span, tally: Tally): ReturnType<typeof coveredBy> {
  if (take === "start" || take === "end") return { coverage: 1, status: Status.Good };
  const coveredMs = take === "delta" || take === "count" ? tally.countedMs : tally.coveredMs;
  return coveredBy({ coveredMs, uncertainMs: Math.min(tally.uncertainMs, coveredMs) }, to - from);
}

export function withErrors(
  value: number,
  unit: string,
  spread: { readonly systematic: number; readonly random: number },
  of: { readonly systematic: string; readonly random: string },
  status: number,
): Known {
  const parts: Record<string, number> = {};
  if (spread.systematic !== 0) parts[of.systematic] = spread.systematic;
  if (spread.random !== 0) parts[of.random] = spread.random;
  const u = Math.hypot(spread.systematic, spread.random);
  return { value: quantity(value, unit), u, status, parts };
}

/** A value as wrong as one reading of a tag's instrument. */
export function asWrongAs(
  { error, errorOf, id, factor }: TagSource,
  value: number,
  unit: string,
  occasion: string,
): Known {
  const own = errorsOf(error, value / factor);
  const spread = { systematic: own.systematic * factor, random: own.random * factor };
  return withErrors(value, unit, spread, { systematic: errorOf, random: `${id}@${occasion}` }, Status.Good);
}

export function errorsOf(error: ErrorConfig, value: number): { systematic: number; random: number } {
  return { systematic: sizeOf(error.systematic, value), random: sizeOf(error.random, value) };
}

/** A constant is one number wherever it stands, like the density of the ore: its error is the same in all figures. Two numbers
 *  that merely have one name are not; nor are two of one size, where the plant file says that each has an error of its own. */
export function takeConstant(
  { value: given, u: givenU, errorOf, factor, offset }: Extract<Source, { from: "constant" }>,
  name: string,
  unit: string,
): Taken {
  const value = given * factor + offset;
  const u = givenU * factor;
  const whose = errorOf === null ? `${name} ${value}±${u}` : `constant ${errorOf}`;
  const figure = u === 0 ? exactly(value, unit) : measured(value, unit, u, whose);
  const inputs = [inputOf(name, "constant", unit, figure)];
  return { figure, whole: figure, inputs, coverage: 1, isPreliminary: false };
}

export function takeCalendar(source: Source, { from, to }: Span, unit: string): Taken {
  const figure = exactly(((to - from) / HOUR_MS) * source.factor, unit);
  const inputs = [inputOf("calendar", "calendar", unit, figure)];
  return { figure, whole: figure, inputs, coverage: 1, isPreliminary: false };
}

/** Another metric's figure of the same span, or of the one before. An amount that was added up over time is taken as what it
 *  is over the whole of it: what is made of it speaks of the whole period. */
export function takeRecord(
  source: Extract<Source, { from: "metric" }>,
  record: MetricRecord | null,
  unit: string,
): Taken {
  if (record === null) {
    const missing = unknown("MISSING", Status.BadNoCommunication);
    const inputs = [inputOf(source.id, "metric", unit, missing)];
    return { figure: missing, whole: missing, inputs, coverage: 0, isPreliminary: false };
  }
  const isFilled = source.use === "total" || source.addsUp;
  const figure = isFilled ? filledFigureOf(record, source) : figureOf(record, source);
  return {
    figure,
    whole: isFilled || isWhole(record) ? figure : null,
    inputs: [inputOf(source.id, "metric", unit, figure, record.version)],
    coverage: record.coverage,
    isPreliminary: record.state === "PRELIMINARY",
  };
}

/** A mean, or an amount of which nothing is missing. */
function isWhole({ totalUnit, value, filled }: MetricRecord): boolean {
  return totalUnit !== null || filled === value;
}

/** An amount over the whole period of a record: `filled`, with the sources of error of what was seen and that of what was
 *  not, and marked as a substitute. A record without the uncertainty of what was not seen may be wrong by all of it. */
export function filledFigureOf(
  record: MetricRecord,
  source: { readonly use: "value" | "total" | "start"; readonly factor: number; readonly offset: number },
): Figure {
  const figure = figureOf(record, source);
  const seen = source.use === "total" ? record.total : record.value;
  const { filled, filledU, metric, key } = record;
  const isKnown = figure.value !== null && seen !== null && filled !== null;
  if (!isKnown || seen === filled || seen === 0) return figure;
  const coverage = seen / filled;
  const unseenU =
    filledU === null
      ? unseenOfAmountU((filled - seen) * source.factor)
      : Math.sqrt(Math.max(0, (filledU * source.factor) ** 2 - (figure.u / coverage) ** 2));
  return filledUp(figure, { coverage, unseenU, source: unseenOf(metric, key) });
}

/** `filled` of an amount of which a share is known, and its uncertainty: of the rest nothing but that share is known. */
export function filledFrom({ value, u }: Known, share: number): { filled: number; filledU: number } {
  const filled = value / share;
  return { filled, filledU: Math.hypot(u / share, unseenOfAmountU(filled - value)) };
}

/** The figure that a record was made from, with its sources of error, in the wanted unit. */
export function figureOf(
  record: MetricRecord,
  {
    use,
    factor,
    offset,
  }: { readonly use: "value" | "total" | "start"; readonly factor: number; readonly offset: number },
): Figure {
  const { status, parts, reason, value: own } = record;
  const value = use === "total" ? record.total : own;
  const u = use === "total" ? record.totalU : record.u;
  if (value === null || u === null) return unknown(reason ?? "MISSING", status);
  // The parts are those of the value; a total is the value times a time.
  const scale = use === "total" && record.u !== null && record.u > 0 ? (u / record.u) * factor : factor;
  const scaled = Object.fromEntries(Object.entries(parts).map(([source, part]) => [source, part * scale]));
  return {
    value: quantity(value * factor + offset, record.unit),
    u: u * Math.abs(factor),
    status,
    parts: scaled,
  };
}

export function inputOf(
  id: string,
  source: MetricInput["source"],
  unit: string,
  figure: Figure,
  version: number | null = null,
): MetricInput {
  const { value, u, status } = figure;
  return { name: "", source, id, value, u, unit, status, version };
}
