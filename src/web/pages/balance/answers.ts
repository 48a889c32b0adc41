import type { Refusal } from "../../../domain/figure.ts";
import type { MetricState } from "../../../domain/metric.ts";
import type { Substance } from "../../../domain/substance.ts";

export interface StreamAnswer {
  readonly stream: string;
  readonly title: string;
  readonly of: Substance;
  readonly unit: string;
  readonly from: string | null;
  readonly to: string | null;
  /** What measures it: an assay or a metric; null where nothing does. */
  readonly by: { readonly kind: "assay" | "metric"; readonly id: string } | null;
  readonly raw: number | null;
  readonly rawSd: number | null;
  readonly reconciled: number | null;
  readonly sd: number | null;
  readonly z: number | null;
}

export interface ClosureAnswer {
  /** Null: the whole plant. */
  readonly node: string | null;
  readonly title: string | null;
  readonly of: Substance;
  readonly percent: number | null;
  readonly sd: number | null;
  readonly missing: readonly string[];
}

/** The balance as the gateway tells it, as far as this page reads it. */
export interface BalanceAnswer {
  readonly period: PeriodName;
  readonly key: string;
  readonly from: string;
  readonly to: string;
  readonly refused: Refusal | null;
  readonly streams: readonly StreamAnswer[];
  readonly closures: readonly ClosureAnswer[];
  readonly nodes: readonly { readonly node: string; readonly title: string; readonly of: Substance }[];
  readonly test: { readonly statistic: number; readonly critical: number; readonly rejected: boolean } | null;
  readonly criticalZ: number | null;
  readonly suspects: readonly {
    readonly stream: string;
    readonly of: Substance;
    readonly z: number;
    readonly alternatives: readonly { readonly stream: string; readonly of: Substance }[];
  }[];
}

export const PERIODS = ["shift", "day", "week", "month"] as const;
export type PeriodName = (typeof PERIODS)[number];

export interface VersionAnswer {
  readonly metric: string;
  readonly title: string;
  readonly version: number;
  readonly value: number | null;
  readonly sd: number | null;
  readonly unit: string;
  readonly state: MetricState;
  readonly cause: string;
  readonly by: string | null;
  readonly computedAt: string;
}
