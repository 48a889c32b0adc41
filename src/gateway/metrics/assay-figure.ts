import type { AssayPoint } from "../../config/metallurgy.ts";
import type { Assay } from "../../domain/assay.ts";
import type { Calendar } from "../../domain/calendar.ts";
import { unknown } from "../../domain/figure.ts";
import type { Figure } from "../../domain/figure.ts";
import type { MetricInput } from "../../domain/metric.ts";
import { quantity } from "../../domain/quantity.ts";
import { Status } from "../../domain/status.ts";
import type { StatusCode } from "../../domain/status.ts";
import { meanOfReplicates } from "../../metallurgy/duplicates.ts";
import type { Window } from "../../metallurgy/held.ts";
import type { Assays } from "../../store/journal/assays.ts";
import type { Source } from "./binding.ts";
import { errorsOf } from "./figures.ts";
import type { Taken } from "./figures.ts";
import type { Surroundings } from "./surroundings.ts";
import type { Span } from "./tallies.ts";
import { totalOrValue } from "./totals.ts";

const DAY_MS = 86_400_000;

/** How far back samples are looked for that may stand in for one that is not there. */
const SURROGATE_MS = 7 * DAY_MS;

/** How far back the last sample of a batch or a survey still counts. */
const SURVEY_MS = 400 * DAY_MS;

type AssaySource = Extract<Source, { from: "assay" }>;

export interface AssayContext {
  readonly assays: Pick<Assays, "cutWithin">;
  readonly calendar: Calendar;
  /** What now stands of a metric over a shift. */
  readonly record: Surroundings["record"];
}

/** What a sampling point says of a span: every period in which a sample is due counts by its length, with the mean of the
 *  samples cut in it. Where none is there, the mean of the seven days before stands in, and says so. */
export function takeAssay(source: AssaySource, span: Span, unit: string, context: AssayContext): Taken {
  const { every } = source.point;
  if (every === "batch" || every === "survey") return takeLast(source, span, unit, context);
  const mean = new MeanOfSamples(source, unit);
  for (const period of context.calendar.within(every, span.from, span.to)) {
    const share = (Math.min(period.to, span.to) - Math.max(period.from, span.from)) / (span.to - span.from);
    mean.add(samplesOf(source.point, period, context), share);
  }
  return mean.missing === 0 ? mean.taken() : standIn(mean, source, span, context);
}

function takeLast(source: AssaySource, span: Span, unit: string, context: AssayContext): Taken {
  const { point } = source;
  const samples = samplesOf(point, { from: span.to - SURVEY_MS, to: span.to }, context);
  const mean = new MeanOfSamples(source, unit);
  mean.add(samples.slice(-1), 1);
  return mean.taken();
}

/** Accepted samples whose middle lies in the window, in order. */
function samplesOf({ id }: AssayPoint, { from, to }: Window, { assays }: AssayContext): readonly Assay[] {
  return assays.cutWithin(id, from, to).filter(({ state, value, cutFrom, cutTo }) => {
    const middle = (cutFrom + cutTo) / 2;
    return state === "accepted" && value !== null && middle >= from && middle < to;
  });
}

/** Fills what is missing with the mean of the samples of the days before, each weighed by the ore that it stands for, as
 *  uncertain as they differ. */
function standIn(mean: MeanOfSamples, source: AssaySource, span: Span, context: AssayContext): Taken {
  const { point } = source;
  const before = samplesOf(point, { from: span.from - SURROGATE_MS, to: span.from }, context);
  if (before.length === 0) return mean.taken();
  const values = before.map(({ value }) => value as number);
  const weights = weightsOf(point, before, context);
  const usual = weights.reduce((sum, weight, i) => sum + weight * (values[i] ?? 0), 0);
  const { systematic, random } = errorsOf(point.error, usual);
  const spread = weights.reduce((sum, weight, i) => sum + weight * ((values[i] ?? 0) - usual) ** 2, 0);
  const draws = 1 / weights.reduce((sum, weight) => sum + weight ** 2, 0);
  const scatter = Math.sqrt((spread * values.length) / Math.max(1, values.length - 1));
  mean.substitute(usual, systematic, Math.hypot(scatter, random / Math.sqrt(draws)), span.key);
  return mean.taken();
}

/** Shares of the samples in their mean: by the dry tonnes of the period that each was cut in, which samples of one period
 *  share. Equal shares where nothing weighs the stream, or nothing is known of any of them. */
function weightsOf(
  { every, solids }: AssayPoint,
  samples: readonly Assay[],
  { calendar, record }: AssayContext,
): readonly number[] {
  const equal = samples.map(() => 1 / samples.length);
  if (solids === null || every === "batch" || every === "survey") return equal;
  const periods = samples.map(({ cutFrom, cutTo }) => calendar.periodAt(every, (cutFrom + cutTo) / 2));
  const counts = new Map<number, number>();
  for (const { from } of periods) counts.set(from, (counts.get(from) ?? 0) + 1);
  const masses = periods.map(({ from, to }) => {
    let tonnes = 0;
    for (const shift of calendar.within("shift", from, to))
      tonnes += totalOrValue(record(solids, shift)) ?? 0;
    return tonnes / (counts.get(from) ?? 1);
  });
  const all = masses.reduce((sum, tonnes) => sum + tonnes, 0);
  return all > 0 ? masses.map((tonnes) => tonnes / all) : equal;
}

class MeanOfSamples {
  /** Share of the span of which nothing is known. */
  missing = 0;
  readonly #source: AssaySource;
  readonly #unit: string;
  #value = 0;
  #isSubstituted = false;
  #isMissing = false;
  readonly #parts: Record<string, number> = {};
  readonly #inputs: MetricInput[] = [];

  constructor(source: AssaySource, unit: string) {
    this.#source = source;
    this.#unit = unit;
  }

  add(samples: readonly Assay[], share: number): void {
    if (samples.length === 0) {
      this.missing += share;
      this.#isMissing = true;
    }
    const cuts = Map.groupBy(samples, ({ cutFrom, cutTo }) => `${cutFrom} ${cutTo}`);
    for (const cut of cuts.values()) this.#addCut(cut, share / cuts.size);
  }

  /** A sample and its duplicates are one draw, as certain as they agree. */
  #addCut(cut: readonly Assay[], weight: number): void {
    const [first] = cut;
    const { error } = this.#source.point;
    const replicates = cut.map(({ value, u }) => {
      const own = value as number;
      return { value: own, u: u ?? errorsOf(error, own).random };
    });
    const mean = meanOfReplicates(replicates);
    if (mean === null || first === undefined) return;
    const { systematic } = errorsOf(error, mean.value);
    this.#count(mean.value, weight, systematic, mean.u, `${this.#source.id}@${first.sample}`);
    for (const [i, { sample, version }] of cut.entries()) {
      const { value, u } = replicates[i] ?? mean;
      this.#note("assay", `${this.#source.id}/${sample}`, value, Math.hypot(u, systematic), version);
    }
  }

  substitute(value: number, systematic: number, random: number, occasion: string): void {
    this.#count(value, this.missing, systematic, random, `${this.#source.id}@before ${occasion}`);
    this.#note("surrogate", this.#source.id, value, Math.hypot(random, systematic), null);
    this.missing = 0;
    this.#isSubstituted = true;
  }

  taken(): Taken {
    const isKnown = this.missing === 0;
    const status = this.#isSubstituted ? Status.UncertainSubstitute : Status.Good;
    const figure: Figure = isKnown ? this.#figure(status) : unknown("MISSING", Status.BadNoCommunication);
    return { figure, whole: figure, inputs: this.#inputs, coverage: 1, isPreliminary: this.#isMissing };
  }

  #figure(status: StatusCode): Figure {
    const { factor, offset } = this.#source;
    let variance = 0;
    for (const part of Object.values(this.#parts)) variance += part * part;
    return {
      value: quantity(this.#value * factor + offset, this.#unit),
      u: Math.sqrt(variance),
      status,
      parts: this.#parts,
    };
  }

  #count(value: number, weight: number, systematic: number, random: number, draw: string): void {
    const scale = weight * Math.abs(this.#source.factor);
    this.#value += weight * value;
    if (systematic > 0)
      this.#parts[this.#source.id] = (this.#parts[this.#source.id] ?? 0) + scale * systematic;
    if (random > 0) this.#parts[draw] = (this.#parts[draw] ?? 0) + scale * random;
  }

  #note(source: MetricInput["source"], id: string, value: number, u: number, version: number | null): void {
    const status = source === "surrogate" ? Status.UncertainSubstitute : Status.Good;
    this.#inputs.push({ name: "", source, id, value, u, unit: this.#source.point.unit, status, version });
  }
}
