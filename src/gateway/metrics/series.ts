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
  const inputs: Record<string, SeriesInput> = {};
  for (const input of metric.inputs) {
    const found = await seriesInput(input, shift, around);
    if (found === null) return null;
    inputs[input.name] = found;
  }
  const made = Object.entries(inputs).map(([name, input]) => `${name}=${describe(input)}`);
  const name = `${metric.id} ${metric.kind} v${FORMULA_VERSION} ${made.join(" ")}`;
  return { name, formula: metric.recipe.formula, inputs };
}

async function seriesInput(
  input: BoundInput,
  shift: Span,
  around: Surroundings,
): Promise<SeriesInput | null> {
  // Tags and formulas over them are told reading by reading: whether they were there shows in the tally.
  const [only] = input.sources;
  const isOnly = input.sources.length === 1 && only !== undefined;
  const isMoving = isOnly && (only.from === "tag" || only.from === "metric");
  const source = isMoving ? only : null;
  if (source !== null) return movingInput(source, shift, around);
  const chosen = await chooseSource(input, shift, around);
  if (chosen.source.from === "tag" || chosen.source.from === "metric")
    return movingInput(chosen.source, shift, around);
  const { value } = chosen.taken.figure;
  return value === null ? null : { constant: value };
}

async function movingInput(source: Source, shift: Span, around: Surroundings): Promise<SeriesInput | null> {
  const { factor, offset } = source;
  if (source.from === "tag") return { tag: source.tag, factor, offset };
  if (source.from !== "metric") return null;
  const series = await seriesOf(around.metric(source.metric), shift, around);
  return series === null ? null : { series, factor, offset };
}

function describe(input: SeriesInput): string {
  if ("constant" in input) return `${input.constant}`;
  const change = input.factor === 1 && input.offset === 0 ? "" : `*${input.factor}+${input.offset}`;
  return "tag" in input ? `${input.tag.id}${change}` : `(${input.series.name})${change}`;
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
  const input = { tag: source.tag, factor: source.factor, offset: source.offset };
  return { name: `${id} ${source.tag.id} in ${low} to ${high}`, formula, inputs: { [name]: input } };
}
