import type { MetricPeriod } from "../domain/metric.ts";
import type { Substance } from "../domain/substance.ts";

/** The parts of a plant file that turn readings and assays into figures. */
export interface Metallurgy {
  readonly metrics: readonly MetricConfig[];
  readonly flowsheet: Flowsheet;
  readonly assays: readonly AssayPoint[];
  /** What is known of the errors of instruments, by tag. */
  readonly instruments: Readonly<Record<string, InstrumentConfig>>;
  readonly laboratory: Laboratory;
  /** By the result of a metric. */
  readonly plan: Readonly<Record<string, Plan>>;
}

/** What the plant means to reach, in the unit of the figure; null where nobody has said. */
export interface Plan {
  readonly shift: number | null;
  readonly day: number | null;
  readonly better: "higher" | "lower";
}

/** A figure of the plant file. */
export interface MetricConfig {
  readonly id: string;
  readonly title: string;
  /** M-number; null where `expression` is given. */
  readonly kind: string | null;
  /** A formula of its own over its inputs, and the unit of its result. */
  readonly expression: string | null;
  readonly unit: string | null;
  readonly area: string;
  readonly periods: readonly MetricPeriod[];
  readonly inputs: Readonly<Record<string, InputConfig>>;
}

/** How a tag, an assay or another metric is taken over a period. `auto`: as the units say. */
export const TAKES = [
  "auto",
  "mean",
  "total",
  "delta",
  "hours",
  "start",
  "end",
  "min",
  "max",
  "count",
] as const;
export type Take = (typeof TAKES)[number];

export interface InputConfig {
  /** Tags, assays or metrics, the best first; empty for a constant. */
  readonly of: readonly string[];
  readonly take: Take;
  readonly constant: number | null;
  /** Standard uncertainty of a constant. */
  readonly constantU: number;
  /** Whose error a constant has; null: all constants of the same input name, value and uncertainty are one number. */
  readonly errorOf: string | null;
  /** Unit of a constant; null: that of the formula. */
  readonly unit: string | null;
  /** Bounds of a band, in the input's unit, where the kind asks for one. */
  readonly band: readonly [low: number, high: number] | null;
}

export interface InstrumentConfig {
  /** Null: the usual one of its unit. */
  readonly error: ErrorConfig | null;
  /** Another tag of the same instrument, such as the counter of a scale: their systematic errors are one and the same. */
  readonly sameAs: string | null;
}

/** Standard uncertainties: a share of the value and an amount in its unit, of which the larger counts. */
export interface ErrorConfig {
  readonly systematic: Spread;
  readonly random: Spread;
  /** Autocorrelation time of the random part, ms. */
  readonly correlationMs: number;
}

export interface Spread {
  readonly relative: number;
  readonly absolute: number;
}

export interface AssayPoint {
  readonly id: string;
  readonly title: string;
  readonly unit: string;
  readonly stream: string | null;
  /** Metric of the dry tonnes of its stream: a mean of its samples over days weighs each by them. Null where nothing
   *  measures them. */
  readonly solids: string | null;
  /** How often a sample is cut. */
  readonly every: "shift" | "day" | "week" | "month" | "batch" | "survey";
  readonly error: ErrorConfig;
  /** Results beyond these are slips of the pen, in the unit of the point. */
  readonly range: readonly [low: number, high: number] | null;
}

export interface Laboratory {
  /** Reference materials by name: certified value, and the standard deviation that the laboratory shows on it. */
  readonly standards: Readonly<Record<string, { readonly value: number; readonly sd: number }>>;
  /** A blank with more than this has failed. */
  readonly blankMax: number;
}

/** What flows where. Streams from or to null come from or go outside. */
export interface Flowsheet {
  readonly nodes: readonly { readonly id: string; readonly title: string; readonly area: string }[];
  readonly streams: readonly StreamConfig[];
}

export interface StreamConfig {
  readonly id: string;
  readonly title: string;
  readonly from: string | null;
  readonly to: string | null;
  readonly carries: readonly Substance[];
  /** Metric of its dry tonnes; null where nothing measures them. */
  readonly solids: string | null;
  /** Metric of its water, m3; null where nothing measures it. */
  readonly water: string | null;
  /** Assay or metric of its gold grade, or metric of its gold where it carries no solids; null where nothing measures it. */
  readonly gold: string | null;
}
