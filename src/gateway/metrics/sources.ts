import { exactly } from "../../domain/figure.ts";
import type { MetricRecord } from "../../domain/metric.ts";
import { isBad } from "../../domain/status.ts";
import { takeAssay } from "./assay-figure.ts";
import type { BoundInput, BoundMetric, Source } from "./binding.ts";
import { takeEntry } from "./entry-figure.ts";
import { takeCalendar, takeConstant, takeRecord, takeTag } from "./figures.ts";
import type { Taken } from "./figures.ts";
import type { Surroundings } from "./surroundings.ts";
import type { Span } from "./tallies.ts";

/** Best source of every input, by name. */
export async function takeInputs(
  { inputs }: BoundMetric,
  span: Span,
  around: Surroundings,
): Promise<readonly (readonly [name: string, taken: Taken])[]> {
  const taken: [string, Taken][] = [];
  for (const input of inputs) {
    const chosen = await chooseSource(input, span, around);
    taken.push([input.name, asMoving(input, chosen.taken)]);
  }
  return taken;
}

/** Over a period a reading neither rises nor falls to speak of; what is wrong with it at all times cancels in its slope. */
function asMoving({ moving, unit }: BoundInput, taken: Taken): Taken {
  if (moving?.take !== "slope" || taken.figure.value === null) return taken;
  const { status } = taken.figure;
  return { ...taken, figure: { ...exactly(0, `${unit}/h`), status } };
}

/** The first source that is wholly there; else the first that says anything, and a sample that is missing makes whatever
 *  stands in for it preliminary. */
export async function chooseSource(input: BoundInput, span: Span, around: Surroundings): Promise<Chosen> {
  const seen: Chosen[] = [];
  for (const source of input.sources) {
    const chosen = { source, taken: await take(source, input, span, around) };
    if (!isWhole(chosen)) {
      seen.push(chosen);
      continue;
    }
    const { taken } = chosen;
    const lacksSample = seen.some((other) => other.source.from === "assay");
    return { source, taken: { ...taken, isPreliminary: taken.isPreliminary || lacksSample } };
  }
  const best = seen.find(({ taken }) => taken.figure.value !== null) ?? seen[0];
  if (best === undefined) throw new RangeError(`The input ${input.name} has no source.`);
  return best;
}

interface Chosen {
  readonly source: Source;
  readonly taken: Taken;
}

function isWhole({ source, taken: { figure, isPreliminary } }: Chosen): boolean {
  return figure.value !== null && !isBad(figure.status) && !(source.from === "assay" && isPreliminary);
}

async function take(source: Source, input: BoundInput, span: Span, around: Surroundings): Promise<Taken> {
  switch (source.from) {
    case "tag":
      return takeTag(source, span, await around.tallies.ofTag(source.tag, span), input.unit);
    case "assay":
      return takeAssay(source, span, input.unit, around);
    case "entry":
      return takeEntry(source, span, input.unit, around.entries);
    case "metric":
      return takeRecord(source, recordFor(source, span, around), input.unit);
    case "constant":
      return takeConstant(source, input.name, input.unit);
    case "calendar":
      return takeCalendar(source, span, input.unit);
  }
}

/** What a period began with is what the last one ended with: for a state the last shift, else the last such period. */
function recordFor(
  { metric, use }: Extract<Source, { from: "metric" }>,
  span: Span,
  around: Surroundings,
): MetricRecord | null {
  if (use !== "start") return around.record(metric, span);
  const { recipe } = around.metric(metric);
  const { calendar } = around;
  const isState = recipe.by !== "reading" && recipe.over === "last";
  const kind = isState || span.kind === "open" ? "shift" : span.kind;
  const own = calendar.periodAt(kind, span.from);
  return around.record(metric, { kind, from: calendar.periodAt(kind, own.from - 1).from });
}
