import type { Entry } from "./entry.ts";
import type { Refusal } from "./figure.ts";
import type { MetricState } from "./metric.ts";
import type { StatusCode } from "./status.ts";
import type { EpochMs } from "./time.ts";

export const REPORT_KINDS = ["shift", "day"] as const;
export type ReportKind = (typeof REPORT_KINDS)[number];

/** One figure as it stands. */
export interface ReportFigure {
  readonly metric: string;
  readonly title: string;
  /** M-number of its formula. */
  readonly kind: string;
  readonly area: string;
  readonly unit: string;
  readonly value: number | null;
  /** Standard uncertainty; U = 2u goes beside the value. */
  readonly u: number | null;
  readonly status: StatusCode;
  readonly reason: Refusal | null;
  readonly coverage: number;
  readonly state: MetricState;
  readonly version: number;
  readonly cause: string;
}

/** A sample that is due and does not count yet. */
export interface PendingAssay {
  readonly point: string;
  readonly title: string;
  readonly from: EpochMs;
  readonly to: EpochMs;
  /** `missing`: nothing was reported. */
  readonly why: "missing" | "held" | "over-limit" | "withdrawn";
}

/** A lot in what was milled. */
export interface ReportLot {
  /** Null for ore that no delivery accounts for. */
  readonly lot: string | null;
  readonly vein: string | null;
  readonly dryT: number;
  /** Null while the recovery of its shifts is not known. */
  readonly goldG: number | null;
  readonly recoveryPercent: number | null;
  readonly u: number | null;
}

/** What a superintendent signs. */
export interface PlantReport {
  readonly plant: { readonly id: string; readonly title: string; readonly timeZone: string };
  readonly kind: ReportKind;
  readonly key: string;
  readonly from: EpochMs;
  readonly to: EpochMs;
  readonly madeAt: EpochMs;
  /** Whether the period is over; figures come when it is. */
  readonly isOver: boolean;
  /** That of the least advanced figure, unless one was restated; null without figures. */
  readonly state: MetricState | null;
  readonly signature: { readonly by: string; readonly at: EpochMs; readonly note: string } | null;
  readonly figures: readonly ReportFigure[];
  readonly downtime: readonly Entry<"downtime">[];
  readonly deliveries: readonly Entry<"lot">[];
  readonly pours: readonly Entry<"pour">[];
  readonly lots: readonly ReportLot[];
  readonly pending: readonly PendingAssay[];
}

export const REPORT_LANGUAGES = ["es-PE", "en"] as const;
export type ReportLanguage = (typeof REPORT_LANGUAGES)[number];

/** Where reports are made. */
export interface ReportDesk {
  /** Null when there is no such period. */
  make(kind: ReportKind, key: string): PlantReport | null;
  html(report: PlantReport, language: ReportLanguage): string;
  csv(report: PlantReport): string;
}
