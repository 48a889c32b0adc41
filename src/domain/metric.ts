import type { PeriodKind } from "./calendar.ts";
import type { Parts, Refusal } from "./figure.ts";
import type { StatusCode } from "./status.ts";
import type { EpochMs } from "./time.ts";

/** `instant` is the present, `rolling` the last hour. */
export type MetricPeriod = "instant" | "rolling" | PeriodKind;
export const METRIC_PERIODS: readonly MetricPeriod[] = [
  "instant",
  "rolling",
  "hour",
  "shift",
  "day",
  "week",
  "month",
];

/** How far a figure may be relied on. PRELIMINARY: an assay is missing and its usual value stands in. PROVISIONAL: all
 *  that it needs is in. FINAL: a competent person signed. RESTATED: changed since, by somebody and for a reason. */
export type MetricState = "PRELIMINARY" | "PROVISIONAL" | "FINAL" | "RESTATED";

/** What went into a figure, as it was at that time. */
export interface MetricInput {
  readonly name: string;
  /** `surrogate`: the usual value of an assay that is not there yet. */
  readonly source: "tag" | "metric" | "assay" | "surrogate" | "entry" | "constant" | "calendar";
  readonly id: string;
  readonly value: number | null;
  readonly u: number | null;
  readonly unit: string;
  readonly status: StatusCode;
  /** Of the metric, assay or entry; null for what has none. */
  readonly version: number | null;
}

/** One version of one figure. Never changed once written. */
export interface MetricRecord {
  readonly metric: string;
  readonly period: MetricPeriod;
  /** Name of the period, such as `2026-11-22/day`. */
  readonly key: string;
  readonly from: EpochMs;
  readonly to: EpochMs;
  /** Counts from 1. */
  readonly version: number;
  readonly unit: string;
  readonly value: number | null;
  /** Standard uncertainty, one sigma, in the same unit. */
  readonly u: number | null;
  readonly status: StatusCode;
  readonly reason: Refusal | null;
  /** Share of the period that was measured, 0…1. */
  readonly coverage: number;
  /** What a total would be had the unmeasured time been like the rest: a substitute, and no part of what was seen. What is
   *  made of the total is made of this, and says so. */
  readonly filled: number | null;
  /** Its standard uncertainty, that of what was not seen included; null where that was not told. */
  readonly filledU: number | null;
  /** Of a rate: what it adds up to, in `totalUnit`. */
  readonly total: number | null;
  readonly totalU: number | null;
  readonly totalUnit: string | null;
  readonly state: MetricState;
  /** Why this version was made. */
  readonly cause: string;
  /** Who made it necessary; null for the gateway itself. */
  readonly by: string | null;
  readonly formula: string;
  readonly inputs: readonly MetricInput[];
  readonly parts: Parts;
  /** Equal when everything that the figure was made of is equal. */
  readonly inputHash: string;
  readonly computedAt: EpochMs;
}

/** What a metric is, for those who only read. */
export interface MetricOutline {
  readonly id: string;
  readonly title: string;
  /** M-number of its formula, or the expression itself. */
  readonly kind: string;
  readonly unit: string;
  readonly area: string;
  readonly periods: readonly MetricPeriod[];
}

/** A figure as outputs carry it. Version 0 is of what is told anew all the time and never kept: the present and the last
 *  hour. */
export type PublishedFigure = Pick<
  MetricRecord,
  "metric" | "period" | "from" | "to" | "version" | "unit" | "value" | "u" | "status" | "coverage"
> &
  Pick<MetricOutline, "area">;

export function publishedFigure(record: MetricRecord, area: string): PublishedFigure {
  const { metric, period, from, to, version, unit, value, u, status, coverage } = record;
  return { metric, area, period, from, to, version, unit, value, u, status, coverage };
}
