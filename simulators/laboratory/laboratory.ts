import { normal, randomFor } from "../../src/domain/random.ts";
import type { Random } from "../../src/domain/random.ts";
import type { EpochMs } from "../../src/domain/time.ts";
import type { PlantModel } from "../plant/model.ts";
import type { TruthWindow } from "../plant/truth.ts";
import type { Assay } from "./assay.ts";
import { countGold } from "./count.ts";
import type { Count } from "./count.ts";
import { assay, createBench, report, rounded, streamOf } from "./fire-bench.ts";
import type { Bench } from "./fire-bench.ts";
import { METHODS } from "./methods.ts";
import type { Sampling } from "./methods.ts";
import { SAMPLE_PLANS } from "./samples.ts";
import type { SamplePlan } from "./samples.ts";

/** Cuts samples at the end of each shift and reports them hours later. */
export interface Laboratory {
  readonly bench: Bench;
  readonly startMs: EpochMs;
  /** Local time of day at the start, s. */
  readonly startOfDayS: number;
  /** Goes before its numbers: no two laboratories of a plant give a sample the same name. */
  readonly series: string;
  /** What people counted in the plant at the end of each shift. */
  readonly counts: Count[];
  readonly countingLuck: Random;
  lastCutS: number;
  /** Seconds of the model at which it is to be visited next. */
  nextS: number;
  samples: number;
  pours: number;
}

const DAY_S = 86_400;
const HOUR_MS = 3_600_000;
const MORNING_S = 7 * 3600;
const EVENING_S = 19 * 3600;
/** Somebody with a bucket takes so long from tank to tank: spot samples belong to the shift that ends. */
const ROUND_S = 600;
const DUPLICATE_EVERY = 10;
/** Certified, g/t. */
const STANDARD_GRADE = 5.05;
const FINENESS = 0.82;
const FINENESS_SIGMA = 0.01;
const POUR_REPORT_H = 4;

/** `turnaround`: how long its results take as a share of what is usual. */
export function createLaboratory(
  seed: number,
  startMs: EpochMs,
  startOfDayS: number,
  turnaround = 1,
): Laboratory {
  const startS = Math.floor(startMs / 1000);
  return {
    bench: createBench(seed, turnaround),
    // Shifts end on the second.
    startMs: 1000 * startS,
    startOfDayS,
    series: startS.toString(36).toUpperCase(),
    counts: [],
    countingLuck: randomFor("counts", seed),
    lastCutS: 0,
    nextS: secondsToCut(startOfDayS),
    samples: 0,
    pours: 0,
  };
}

/** What has been reported by this time, in the order of the reports. */
export function reportedBy({ bench }: Laboratory, now: EpochMs): readonly Assay[] {
  return bench.reports.filter(({ reportedMs }) => reportedMs <= now);
}

/** Cuts what is due when the model stands at `nextS`. */
export function visit(lab: Laboratory, model: PlantModel): void {
  if (model.timeS !== lab.nextS) return;
  const shift = model.truthBetween(lab.lastCutS, model.timeS);
  const secondOfDay = lab.startOfDayS + model.timeS;
  const isEvening = secondOfDay % DAY_S === EVENING_S;
  for (const plan of SAMPLE_PLANS)
    if (plan.every !== "day" || isEvening) cut(lab, plan, plan.truth(model, shift), shift);
  addControls(lab, shift.toS);
  weighDore(lab, model);
  lab.counts.push(...countGold(model, lab.startMs + 1000 * shift.toS, lab.countingLuck));
  lab.lastCutS = model.timeS;
  lab.nextS = model.timeS + secondsToCut(secondOfDay);
}

function cut(
  lab: Laboratory,
  { tag, unit, every, sampling, method }: SamplePlan,
  truth: number,
  { fromS, toS }: TruthWindow,
): void {
  if (!Number.isFinite(truth)) return;
  lab.samples += 1;
  const sample = `${lab.series}-S${lab.samples}`;
  const one = {
    tag,
    unit,
    kind: "sample" as const,
    sample,
    ...interval(lab, every === "shift" ? fromS : toS - ROUND_S, toS),
  };
  const stream = streamOf(lab.bench, tag);
  assay(lab.bench, one, method, taken(truth, sampling, stream));
  if (lab.samples % DUPLICATE_EVERY === 0)
    assay(
      lab.bench,
      { ...one, kind: "duplicate", sample: `${sample}D` },
      method,
      taken(truth, sampling, stream),
    );
}

/** What is in the bag, which is not quite what is in the plant. */
function taken(truth: number, { relative, absolute }: Sampling, stream: Random): number {
  return Math.max(0, truth * (1 + relative * normal(stream)) + absolute * normal(stream));
}

/** A standard and a blank go with every batch. */
function addControls(lab: Laboratory, atS: number): void {
  const one = { tag: "", unit: "g/t", ...interval(lab, atS, atS) };
  const standard = { ...one, kind: "standard" as const, sample: `${lab.series}-C${lab.samples}` };
  assay(lab.bench, standard, METHODS.FIRE, STANDARD_GRADE);
  assay(lab.bench, { ...one, kind: "blank", sample: `${lab.series}-B${lab.samples}` }, METHODS.FIRE, 0);
}

/** Bars are weighed and assayed on the spot. */
function weighDore(lab: Laboratory, { sheet, timeS }: PlantModel): void {
  const { carbon } = sheet.units;
  if (carbon.pours === lab.pours) return;
  lab.pours = carbon.pours;
  const fineness = FINENESS + FINENESS_SIGMA * normal(streamOf(lab.bench, "AY-954"));
  const cutTimes = interval(lab, timeS, timeS);
  const one = {
    kind: "sample" as const,
    sample: `${lab.series}-D${lab.pours}`,
    ...cutTimes,
    version: 1,
    reason: "",
    qualifier: "" as const,
    reportedMs: cutTimes.cutToMs + POUR_REPORT_H * HOUR_MS,
  };
  const mass = rounded(carbon.lastPourG / fineness, 1);
  report(lab.bench, { ...one, tag: "AY-954", unit: "g", method: "SCALE", value: mass });
  report(lab.bench, { ...one, tag: "AY-955", unit: "1", method: "FA-CUPEL", value: rounded(fineness, 4) });
}

function interval({ startMs }: Laboratory, fromS: number, toS: number) {
  return { cutFromMs: startMs + 1000 * fromS, cutToMs: startMs + 1000 * toS };
}

/** To the next 07:00 or 19:00, s. */
function secondsToCut(secondOfDay: number): number {
  const now = secondOfDay % DAY_S;
  if (now < MORNING_S) return MORNING_S - now;
  return now < EVENING_S ? EVENING_S - now : DAY_S + MORNING_S - now;
}
