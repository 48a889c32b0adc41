import { normal, randomFor } from "../../src/domain/random.ts";
import type { Random } from "../../src/domain/random.ts";
import type { Assay } from "./assay.ts";
import type { Method } from "./methods.ts";

/** Where samples are measured, and the pile of results, reported and yet to come. */
export interface Bench {
  readonly seed: number;
  /** How long results take as a share of what is usual. */
  readonly turnaround: number;
  readonly streams: Map<string, Random>;
  /** In the order of their reports. */
  readonly reports: Assay[];
  /** Everything takes so many hours more. */
  delayH: number;
  /** Results are corrected a day later, by this factor; 1 for no correction. */
  correction: number;
}

/** A sample as it arrives. */
export type Sample = Pick<Assay, "sample" | "tag" | "kind" | "unit" | "cutFromMs" | "cutToMs">;

const HOUR_MS = 3_600_000;
/** Beyond so many the oldest results are forgotten: more than a year. */
const REPORTS_MAX = 40_000;
/** Share of the results that the laboratory corrects of its own accord, and how far it was off, relative. */
const RESTATED_SHARE = 0.02;
const RESTATED_SIGMA = 0.08;
const RESTATED_AFTER_H = 26;

export function createBench(seed: number, turnaround: number): Bench {
  return { seed, turnaround, streams: new Map(), reports: [], delayH: 0, correction: 1 };
}

/** Each kind of sample has its own luck. */
export function streamOf({ streams, seed }: Bench, tag: string): Random {
  const known = streams.get(tag) ?? randomFor(`laboratory ${tag}`, seed);
  streams.set(tag, known);
  return known;
}

/** Measures `truth`, again by the heavier method where the first cannot tell, and sometimes takes it back later. */
export function assay(bench: Bench, sample: Sample, method: Method, truth: number): void {
  const stream = streamOf(bench, sample.tag);
  const first = measure(bench, sample, method, truth, stream);
  const isOwnMistake = stream() < RESTATED_SHARE && sample.kind === "sample" && first.qualifier === "";
  // What it takes back was wrong; what it says then is as good as any other result.
  const slip = isOwnMistake ? 1 + RESTATED_SIGMA * normal(stream) : 1;
  report(bench, isOwnMistake ? { ...first, value: rounded(first.value * slip, 4) } : first);
  const final = first.qualifier === ">" ? reassay(bench, first, method, truth, stream) : first;
  if ((bench.correction === 1 && !isOwnMistake) || sample.kind !== "sample") return;
  report(bench, {
    ...final,
    version: final.version + 1,
    value: rounded(final.value * bench.correction, 4),
    reportedMs: final.reportedMs + RESTATED_AFTER_H * HOUR_MS,
    reason: "corrected by the laboratory",
  });
}

export function report({ reports }: Bench, result: Assay): void {
  reports.push(result);
  reports.sort((one, other) => one.reportedMs - other.reportedMs);
  if (reports.length > REPORTS_MAX) reports.shift();
}

function measure(bench: Bench, sample: Sample, method: Method, truth: number, stream: Random): Assay {
  const noisy = truth * (1 + method.relative * normal(stream)) + method.absolute * normal(stream);
  const usualH = method.fromH + (method.toH - method.fromH) * stream();
  const hours = usualH * bench.turnaround + bench.delayH;
  const reportedMs = sample.cutToMs + Math.round(hours * HOUR_MS);
  return { ...sample, version: 1, reason: "", method: method.name, reportedMs, ...limited(noisy, method) };
}

function reassay(bench: Bench, first: Assay, { above }: Method, truth: number, stream: Random): Assay {
  if (above === null) return first;
  const { sample, tag, kind, unit, cutFromMs, cutToMs } = first;
  const again = measure(bench, { sample, tag, kind, unit, cutFromMs, cutToMs }, above, truth, stream);
  const second = { ...again, version: 2, reason: "above the limit of the first method" };
  report(bench, second);
  return second;
}

function limited(value: number, { low, high, digits }: Method): Pick<Assay, "value" | "qualifier"> {
  if (value < low) return { value: low, qualifier: "<" };
  if (value > high) return { value: high, qualifier: ">" };
  return { value: rounded(value, digits), qualifier: "" };
}

export function rounded(value: number, digits: number): number {
  return Number(value.toFixed(digits));
}
