import type { Formula } from "../../metallurgy/formula.ts";
import type { BoundInput, BoundMetric, Source } from "./binding.ts";
import { chooseSource } from "./sources.ts";
import type { Surroundings } from "./surroundings.ts";
import type { Series, SeriesInput, Span } from "./tallies.ts";

/** Counts up whenever a formula gives other numbers than before: what was tallied with the old one is not used again. */
export const FORMULA_VERSION = 1;

/** A formula over readings as it was in a shift, with the assays of that shift; null where an input has no source that
 *  says anything. */
export async function seriesOf(
  metric: BoundMetric,
  shift: Span,
  around: Surroundings,
): Promise<Series | null> {
  if (metric.recipe.by !== "reading") return null;
  const inputs = await courseInputs(metric, shift, around);
  if (inputs === null) return null;
  const made = Object.entries(inputs).map(([name, input]) => `${name}=${describe(input)}`);
  const { formula, standsMs } = metric.recipe;
  const stands = standsMs === 0 ? "" : ` for ${standsMs}`;
  const name = `${metric.id} ${metric.kind} v${FORMULA_VERSION} ${made.join(" ")}${stands}`;
  return { name, formula, inputs, standsMs };
}

/** The inputs of what is taken over readings as a whole; null where one of them has no source that says anything. */
export async function courseInputs(
  { inputs }: BoundMetric,
  span: Span,
  around: Surroundings,
): Promise<Readonly<Record<string, SeriesInput>> | null> {
  const found: Record<string, SeriesInput> = {};
  for (const input of inputs) {
    const one = await seriesInput(input, span, around);
    if (one === null) return null;
    found[input.name] = one;
  }
  return found;
}

async function seriesInput(
  input: BoundInput,
  shift: Span,
  around: Surroundings,
): Promise<SeriesInput | null> {
  // Tags and formulas over them are told reading by reading: whether they were there shows in the tally.
  const [only] = input.sources;
  const isOnly = input.sources.length === 1 && only !== undefined;
  if (isOnly && isToldByMoment(only)) return readingInput(only, input, shift, around);
  const { source, taken } = await chooseSource(input, shift, around);
  if (isToldByMoment(source)) return readingInput(source, input, shift, around);
  const { value } = taken.figure;
  return value === null ? null : { constant: value };
}

/** What is read all the time, and no figure of a period. */
export function isToldByMoment(source: Source): boolean {
  return source.from === "tag" || (source.from === "metric" && source.use !== "start");
}

async function readingInput(
  source: Source,
  { moving }: BoundInput,
  shift: Span,
  around: Surroundings,
): Promise<SeriesInput | null> {
  const { factor, offset } = source;
  if (source.from === "tag") return { tag: source.tag, factor, offset, moving };
  if (source.from !== "metric") return null;
  const series = await seriesOf(around.metric(source.metric), shift, around);
  return series === null ? null : { series, factor, offset, moving };
}

function describe(input: SeriesInput): string {
  if ("constant" in input) return `${input.constant}`;
  const { factor, offset, moving } = input;
  const change = factor === 1 && offset === 0 ? "" : `*${factor}+${offset}`;
  const plain = "tag" in input ? `${input.tag.id}${change}` : `(${input.series.name})${change}`;
  return moving === null ? plain : `${moving.take} of ${moving.spanMs} of ${plain}`;
}

/** 1 while a tag is within a band, 0 while it is not. */
export function bandSeries(id: string, { sources, band, name, unit }: BoundInput): Series | null {
  const [source] = sources;
  if (source?.from !== "tag" || band === null) return null;
  const [low, high] = band;
  const formula = {
    unit: "1",
    inputs: { [name]: unit },
    of: (x: Readonly<Record<string, number>>) => {
      const value = x[name] ?? NaN;
      return Number(value >= low && value <= high);
    },
  } as unknown as Formula;
  const input = { tag: source.tag, factor: source.factor, offset: source.offset, moving: null };
  const what = `${id} ${source.tag.id} in ${low} to ${high}`;
  return { name: what, formula, inputs: { [name]: input }, standsMs: 0 };
}
