import type { Said } from "./said.ts";
import type { AlarmMeasure, AlarmPriority, AlarmState, FirstOut } from "./alarm.ts";
import type { AssayState } from "./assay.ts";
import type { Entry, NoteBody } from "./entry.ts";
import type { MetricOutline, MetricRecord, MetricState } from "./metric.ts";
import type { EpochMs } from "./time.ts";

export const REPORT_KINDS = ["shift", "day"] as const;
export type ReportKind = (typeof REPORT_KINDS)[number];

/** One figure as it stands. */
export interface ReportFigure
  extends
    Pick<
      MetricRecord,
      "metric" | "unit" | "value" | "u" | "status" | "reason" | "coverage" | "state" | "version" | "cause"
    >,
    Pick<MetricOutline, "title" | "kind" | "area"> {
  /** What was planned for the period, in the unit; null where nothing was. */
  readonly plan: { readonly value: number; readonly better: "higher" | "lower" } | null;
}

/** A result of the laboratory for a sample that was cut within the period. */
export interface ReportAssay {
  readonly point: string;
  readonly title: string;
  readonly sample: string;
  readonly value: number | null;
  readonly u: number | null;
  readonly unit: string;
  readonly asReported: string;
  readonly state: AssayState;
  readonly version: number;
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

/** An alarm as it stood at the end of the period, or when it was put aside. */
export interface ReportAlarm {
  readonly alarm: string;
  readonly title: string;
  readonly area: string;
  readonly priority: AlarmPriority;
  readonly state: AlarmState;
  readonly since: EpochMs;
  readonly value: number | null;
  readonly limit: number | null;
  readonly unit: string | null;
  /** Who brought it there, and why; null for the gateway itself. */
  readonly by: string | null;
  readonly reason: string | null;
  /** When it is back: null while it still is as it is at the end of the period. */
  readonly until: EpochMs | null;
}

/** A call of priority 1 or 2. */
export interface ReportCall {
  readonly alarm: string;
  readonly title: string;
  readonly priority: AlarmPriority;
  readonly at: EpochMs;
  readonly acknowledged: { readonly at: EpochMs; readonly by: string | null } | null;
  /** When it went; null while it stood at the end of the period. */
  readonly gone: EpochMs | null;
  readonly firstOut: FirstOut | null;
}

/** What the alarm journal says of a period. */
export interface AlarmSummary {
  /** How often the operator was called, by priority. */
  readonly calls: Readonly<Record<AlarmPriority, number>>;
  readonly measures: readonly AlarmMeasure[];
  readonly floods: readonly { readonly from: EpochMs; readonly to: EpochMs; readonly alarms: number }[];
  readonly top: readonly { readonly alarm: string; readonly title: string; readonly alarms: number }[];
  /** Calls of priority 1 and 2, oldest first, and how many more there were. */
  readonly gravest: readonly ReportCall[];
  readonly gravestLeftOut: number;
  /** Alarms that stood at the end, the gravest first. */
  readonly standing: readonly ReportAlarm[];
  /** Alarms that people kept from calling at any time of the period. */
  readonly putAside: readonly ReportAlarm[];
  /** Alarms that were suppressed by design at the end, because they meant nothing then. */
  readonly suppressedByDesign: number;
}

/** What the people of a shift wrote down. */
export interface ReportNote extends NoteBody {
  readonly ref: string;
  readonly from: EpochMs;
  /** Null while it stood at the end of the period. */
  readonly to: EpochMs | null;
  /** Who wrote it first. */
  readonly by: string;
  /** Who changed what it says since; null where nobody did. */
  readonly changedBy: string | null;
}

export interface Signed {
  readonly by: string;
  readonly at: EpochMs;
  readonly note: string;
}

/** A change after both had signed. */
export interface ReportCorrection {
  readonly number: number;
  readonly by: string;
  readonly at: EpochMs;
  readonly reason: string;
}

export const REPORT_SECTIONS = [
  "figures",
  "downtime",
  "deliveries",
  "pours",
  "lots",
  "assays",
  "pending",
  "alarms",
  "notes",
  "open",
] as const;
export type ReportSection = (typeof REPORT_SECTIONS)[number];

/** How a shift was handed over. What was signed stays as it was; what changes after both is a numbered correction. */
export interface Handover {
  readonly out: Signed | null;
  readonly in: Signed | null;
  readonly isLocked: boolean;
  readonly corrections: readonly ReportCorrection[];
  /** Names what was signed or corrected last: who takes over says with it what was read. Null before the first signature. */
  readonly document: number | null;
  /** Sections that are otherwise by now than what was signed. */
  readonly changed: readonly ReportSection[];
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
  readonly assays: readonly ReportAssay[];
  readonly pending: readonly PendingAssay[];
  readonly alarms: AlarmSummary;
  readonly notes: readonly ReportNote[];
  /** Conditions, bypasses and permits that stood at the end. */
  readonly open: readonly ReportNote[];
  /** Null for what is no shift. */
  readonly handover: Handover | null;
}

export const REPORT_LANGUAGES = ["es-PE", "en"] as const;
export type ReportLanguage = (typeof REPORT_LANGUAGES)[number];

/** Who signs, and what. */
export interface HandoverRequest {
  readonly part: "out" | "in";
  readonly by: string;
  readonly note: string;
  /** The document that was read, by who takes over. */
  readonly document: number | null;
}

/** One line of the list of shifts. */
export interface ReportOutline {
  readonly key: string;
  readonly from: EpochMs;
  readonly to: EpochMs;
  readonly isOver: boolean;
  readonly state: MetricState | null;
  readonly out: Signed | null;
  readonly in: Signed | null;
  readonly corrections: number;
}

/** Null for a shift that there is not. */
export type HandoverAnswer = { readonly report: PlantReport } | { readonly refused: Said } | null;

/** Where reports are made. */
export interface ReportDesk {
  /** Null when there is no such period. */
  make(kind: ReportKind, key: string): PlantReport | null;
  /** The same as it would be made now, whatever was signed. */
  makeNow(kind: ReportKind, key: string): PlantReport | null;
  /** Shifts with any part within from ≤ t < to, newest first. */
  list(from: EpochMs, to: EpochMs): readonly ReportOutline[];
  sign(key: string, request: HandoverRequest): HandoverAnswer;
  correct(key: string, by: string, reason: string): HandoverAnswer;
  html(report: PlantReport, language: ReportLanguage): string;
  csv(report: PlantReport): string;
}
