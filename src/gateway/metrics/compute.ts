import { exactly, unknown } from "../../domain/figure.ts";
import type { Figure, Known } from "../../domain/figure.ts";
import type { MetricInput } from "../../domain/metric.ts";
import { quantity } from "../../domain/quantity.ts";
import { isBad, Status, worse } from "../../domain/status.ts";
import type { Course } from "../../metallurgy/courses.ts";
import type { DerivedInput } from "../../metallurgy/derived.ts";
import type { Formula } from "../../metallurgy/formula.ts";
import { coveredBy } from "../../metallurgy/held.ts";
import { unseenOfRateU } from "../../metallurgy/unseen.ts";
import type { BoundInput, BoundMetric } from "./binding.ts";
import { asWrongAs, filledFrom } from "./figures.ts";
import type { Taken } from "./figures.ts";
import { overShifts } from "./long-periods.ts";
import type { Recipe } from "./recipe.ts";
import { bandSeries, courseInputs, seriesOf } from "./series.ts";
import { chooseSource, takeInputs } from "./sources.ts";
import type { Outcome, Surroundings } from "./surroundings.ts";
import type { Span } from "./tallies.ts";
import type { Tally } from "./tally.ts";

const HOUR_MS = 3_600_000;

/** What is made of what its inputs come to. */
type ByInputs = Extract<Recipe, { by: "several" | "state" | "period" | "balance" }>;

/** What a state was before. */
const BEFORE = "before";

/** A metric over a span, from what is known now. */
export async function computeFigure(metric: BoundMetric, span: Span, around: Surroundings): Promise<Outcome> {
  const { recipe } = metric;
  if (recipe.by === "reading") return byReading(metric, recipe.formula, span, around);
  const isLong = span.kind === "day" || span.kind === "week" || span.kind === "month";
  if (isLong && recipe.over !== "again") return overShifts(metric, recipe.over, span, around);
  if (recipe.by === "statistic") return byStatistic(metric, span, around);
  const taken = await takeInputs(metric, span, around);
  if (recipe.by === "course") return byCourse(metric, recipe.course, span, taken, around);
  return byInputs(recipe, taken);
}

function byInputs(recipe: ByInputs, taken: readonly (readonly [string, Taken])[]): Outcome {
  const whole = taken.map(([name, one]) => [name, asWhole(one)] as const);
  if (recipe.over === "sum") {
    const own = isPlainSum(recipe) ? taken : whole;
    return amountOf(figureFrom(recipe, own), figureFrom(recipe, whole), own);
  }
  const outcome = outcomeOf(figureFrom(recipe, whole), whole);
  return recipe.by === "state" ? { ...outcome, isPreliminary: false } : outcome;
}

/** What tags add up to is what was seen of it. What is made of that, such as its gold, is of the whole. */
function isPlainSum(recipe: ByInputs): boolean {
  return recipe.by === "several" || (recipe.by === "period" && recipe.isPlain);
}

/** Gold, a ratio or a state is of the whole period: of each input all of it, seen or not. */
function asWhole(taken: Taken): Taken {
  const { figure, whole } = taken;
  if (whole === null || whole === figure) return taken;
  const { value, u, status } = whole;
  return { ...taken, figure: whole, inputs: taken.inputs.map((input) => ({ ...input, value, u, status })) };
}

function figureFrom(recipe: ByInputs, taken: readonly (readonly [string, Taken])[]): Figure {
  if (recipe.by === "several") return recipe.of(taken.map(([, { figure }]) => figure));
  if (recipe.by === "balance") return recipe.reconcile(measuredOnly(taken));
  const figure = recipe.formula(Object.fromEntries(taken.map(([name, one]) => [name, one.figure])));
  if (recipe.by === "period") return figure;
  // Without a sample of its own a shift changes nothing: a usual value is no news.
  const isNews = figure.value !== null && taken.every(([name, one]) => name === BEFORE || !one.isPreliminary);
  return isNews ? figure : (taken.find(([name]) => name === BEFORE)?.[1].figure ?? figure);
}

/** What stands in for a sample that is missing is no measurement. */
function measuredOnly(taken: readonly (readonly [string, Taken])[]): Readonly<Record<string, Figure>> {
  const figures = taken.map(([name, { figure, inputs }]) => {
    const isSubstituted = inputs.some(({ source }) => source === "surrogate");
    return [name, isSubstituted ? unknown("MISSING") : figure] as const;
  });
  return Object.fromEntries(figures);
}

/** What readings come to as a whole. */
async function byCourse(
  metric: BoundMetric,
  { of, beforeMs, isAsWrong }: Course,
  span: Span,
  taken: readonly (readonly [string, Taken])[],
  around: Surroundings,
): Promise<Outcome> {
  const inputs = await courseInputs(metric, span, around);
  if (inputs === null) return outcomeOf(unknown("MISSING", Status.BadNoCommunication), taken);
  const wide = { from: span.from - beforeMs, to: span.to };
  const readings: Record<string, DerivedInput> = {};
  for (const [name, input] of Object.entries(inputs))
    readings[name] = await around.tallies.readingsOf(input, wide);
  const value = of(readings, span);
  if (typeof value === "string") return outcomeOf(unknown(value), taken);
  const [source] = metric.inputs[0]?.sources ?? [];
  const isOfTag = isAsWrong && source?.from === "tag";
  const figure = isOfTag ? asWrongAs(source, value, metric.unit, span.key) : exactly(value, metric.unit);
  return outcomeOf(figure, taken);
}

async function byReading(
  metric: BoundMetric,
  formula: Formula,
  span: Span,
  around: Surroundings,
): Promise<Outcome> {
  const tally = await around.tallies.ofSeries((shift) => seriesOf(metric, shift, around), span);
  const taken = await takeInputs(metric, span, around);
  return readingOutcome(metric, formula, span, tally, taken);
}

/** The mean of a formula over readings. How uncertain it is follows from the formula at the means of its inputs. */
export function readingOutcome(
  { unit, total }: BoundMetric,
  formula: Formula,
  { from, to }: Span,
  tally: Tally,
  taken: readonly (readonly [string, Taken])[],
): Outcome {
  const { coverage, status } = coveredBy(tally, to - from);
  const atMeans = formula(Object.fromEntries(taken.map(([name, one]) => [name, one.figure])));
  const inputs = inputsOf(taken);
  const isPreliminary = taken.some(([, one]) => one.isPreliminary);
  if (tally.coveredMs === 0 || atMeans.value === null) {
    const figure = unknown(atMeans.reason ?? "MISSING", Status.BadNoCommunication);
    return { figure, coverage, ...NO_TOTALS, inputs, isPreliminary };
  }
  const mean = tally.integral / tally.coveredMs;
  const figure: Known = {
    value: quantity(mean, unit),
    u: atMeans.u,
    status: worse(status, isBad(atMeans.status) ? Status.Good : atMeans.status),
    parts: atMeans.parts,
  };
  const totals = totalsOf(figure, tally, to - from, total);
  return { figure, coverage, ...totals, inputs, isPreliminary };
}

type Totals = Pick<Outcome, "filled" | "filledU" | "total" | "totalU">;

const NO_TOTALS: Totals = { filled: null, filledU: null, total: null, totalU: null };

/** What a rate adds up to over the time that was measured, and what it would have over the whole. */
function totalsOf(
  { value, u, status }: Known,
  tally: Tally,
  spanMs: number,
  total: BoundMetric["total"],
): Totals {
  if (total === null) return { filled: value, filledU: u, total: null, totalU: null };
  const perHour = total.factor / HOUR_MS;
  const wholeMs = Math.max(spanMs, tally.coveredMs);
  const unseenU = unseenOfRateU(tally, wholeMs - tally.coveredMs) * total.factor;
  const filled = value * wholeMs * perHour;
  const filledU = Math.hypot(u * wholeMs * perHour, unseenU);
  const hours = tally.coveredMs * perHour;
  return isBad(status)
    ? { filled, filledU, total: null, totalU: null }
    : { filled, filledU, total: value * hours, totalU: u * hours };
}

async function byStatistic(metric: BoundMetric, span: Span, around: Surroundings): Promise<Outcome> {
  const { recipe, inputs, unit } = metric;
  const [input] = inputs;
  if (input === undefined || recipe.by !== "statistic") throw new RangeError(`${metric.id} has no input.`);
  if (recipe.take === "inBand") return shareInBand(metric, input, span, around);
  const { taken } = await chooseSource(input, span, around);
  const figure = relabelled(taken.figure, unit);
  const all = [[input.name, taken]] as const;
  return recipe.over === "sum" ? amountOf(figure, figure, all) : outcomeOf(figure, all);
}

function relabelled(figure: Figure, unit: string): Figure {
  return figure.value === null ? figure : { ...figure, value: quantity(figure.value, unit) };
}

async function shareInBand(
  metric: BoundMetric,
  input: BoundInput,
  span: Span,
  around: Surroundings,
): Promise<Outcome> {
  const series = bandSeries(metric.id, input);
  const tally = await around.tallies.ofSeries(async () => series, span);
  const { coverage, status } = coveredBy(tally, span.to - span.from);
  const { taken } = await chooseSource(input, span, around);
  const figure: Figure =
    tally.coveredMs === 0
      ? unknown("MISSING", Status.BadNoCommunication)
      : { value: quantity((100 * tally.integral) / tally.coveredMs, "%"), u: 0, status, parts: {} };
  return { ...outcomeOf(figure, [[input.name, taken]]), coverage };
}

/** What adds up: what was seen of it, and beside that what it would be over the whole. */
function amountOf(figure: Figure, whole: Figure, taken: readonly (readonly [string, Taken])[]): Outcome {
  const known = Math.min(1, ...taken.map(([, one]) => (one.whole === null ? one.coverage : 1)));
  const outcome = outcomeOf(figure, taken);
  if (figure.value === null || whole.value === null || known === 0) return outcome;
  return { ...outcome, ...filledFrom(whole, known) };
}

function outcomeOf(figure: Figure, taken: readonly (readonly [string, Taken])[]): Outcome {
  return {
    figure,
    coverage: Math.min(1, ...taken.map(([, one]) => one.coverage)),
    filled: figure.value,
    filledU: figure.u,
    total: null,
    totalU: null,
    inputs: inputsOf(taken),
    isPreliminary: taken.some(([, one]) => one.isPreliminary),
  };
}

function inputsOf(taken: readonly (readonly [string, Taken])[]): MetricInput[] {
  return taken.flatMap(([name, { inputs }]) => inputs.map((input) => ({ ...input, name })));
}
