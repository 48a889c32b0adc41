import type { Said } from "../domain/said.ts";
import type { Flowsheet } from "../config/metallurgy.ts";
import type { PeriodKind } from "../domain/calendar.ts";
import type { MetricOutline, MetricPeriod, MetricRecord, PublishedFigure } from "../domain/metric.ts";
import type { Substance } from "../domain/substance.ts";
import type { EpochMs } from "../domain/time.ts";

/** A figure that differs from what was signed, and waits for somebody to say why. */
export interface HeldFigure {
  readonly metric: string;
  readonly period: PeriodKind;
  readonly key: string;
  readonly cause: string;
}

/** Why something cannot be done, in a sentence. */
export interface Refused {
  readonly refused: Said;
}

/** A flowsheet over a period, raw and reconciled side by side. */
export interface Balance {
  readonly period: PeriodKind;
  readonly key: string;
  readonly from: EpochMs;
  readonly to: EpochMs;
  readonly flowsheet: Flowsheet;
  /** How far the raw numbers close, of each node and of the whole plant. */
  readonly closures: readonly BalanceClosure[];
  /** Why it cannot be balanced; null where it can. */
  readonly refused: string | null;
  readonly result: BalanceResult | null;
}

export interface BalanceClosure {
  /** Null: the whole plant. */
  readonly node: string | null;
  readonly of: Substance;
  /** (out − in) / in; null while something of it is not measured. */
  readonly percent: number | null;
  readonly u: number | null;
  /** Streams that are not measured. */
  readonly missing: readonly string[];
}

export interface BalanceResult {
  readonly streams: readonly {
    readonly stream: string;
    readonly of: Substance;
    readonly unit: string;
    readonly raw: { readonly value: number; readonly u: number } | null;
    readonly value: number | null;
    readonly u: number | null;
    readonly kind: string;
    readonly z: number | null;
  }[];
  readonly nodes: readonly { readonly node: string; readonly of: Substance; readonly z: number | null }[];
  readonly test: {
    readonly statistic: number;
    readonly freedom: number;
    readonly critical: number;
    readonly probability: number;
    readonly isRejected: boolean;
  };
  readonly criticalZ: number;
  readonly suspects: readonly {
    readonly stream: string;
    readonly of: Substance;
    readonly z: number;
    readonly alternatives: readonly { readonly stream: string; readonly of: Substance }[];
  }[];
  readonly isResolved: boolean;
}

/** What HTTP may see of figures and do with them. */
export interface FigureView {
  outlines(): readonly MetricOutline[];
  /** The newest of a period that is known; of the present, what the readings of now come to. */
  latest(metric: string, period: MetricPeriod): MetricRecord | PublishedFigure | null;
  /** Periods that start within from ≤ t < to, in order; their last versions, or all of them. */
  between(
    metric: string,
    period: PeriodKind,
    from: EpochMs,
    to: EpochMs,
    all: boolean,
  ): readonly MetricRecord[];
  /** Null while there are no figures of the period, or no flowsheet. */
  balance(period: PeriodKind, at: EpochMs | null): Balance | null;
  held(): readonly HeldFigure[];
  /** Makes every figure of a period FINAL. */
  sign(period: PeriodKind, key: string, by: string, note: string): { readonly signed: number } | Refused;
  /** Lets what is held of a period become RESTATED, for a reason. */
  restate(
    period: PeriodKind,
    key: string,
    by: string,
    reason: string,
  ): { readonly restated: number } | Refused;
  counts(): FigureCounts;
}

export interface FigureCounts {
  /** Since the start. */
  readonly computed: number;
  readonly versionsAdded: number;
  /** Figures on the list of work. */
  readonly pending: number;
  readonly held: number;
  /** Versions that an output has not taken, by output. */
  readonly unpublished: Readonly<Record<string, number>>;
}
