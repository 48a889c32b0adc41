import { say } from "../../domain/said.ts";
import type { Said } from "../../domain/said.ts";
import { isDeepStrictEqual } from "node:util";
import type { Calendar, Period } from "../../domain/calendar.ts";
import { REPORT_SECTIONS } from "../../domain/report.ts";
import type {
  Handover,
  HandoverAnswer,
  HandoverRequest,
  PlantReport,
  ReportDesk,
  ReportSection,
  Signed,
} from "../../domain/report.ts";
import type { EpochMs } from "../../domain/time.ts";
import type { HandoverStep } from "../../store/journal/handovers.ts";
import type { Journal } from "../../store/journal/journal.ts";
import type { EntryChange } from "../laboratory/entry-desk.ts";

/** A report but for how it was handed over: what is signed. */
export type ReportContent = Omit<PlantReport, "handover">;

export interface HandoverContext {
  readonly journal: Pick<Journal, "handovers" | "durably">;
  readonly calendar: Calendar;
  readonly now: () => EpochMs;
  /** The report of a period as the journal has it now. */
  readonly content: (period: Period) => ReportContent;
}

/** Hands shifts over: who goes signs the report, who comes signs that very report, and from then on it only changes by
 *  numbered corrections. */
export interface HandoverDesk extends Pick<ReportDesk, "sign" | "correct"> {
  /** As it was signed or last corrected; as it is now while nobody has signed. */
  report(period: Period): PlantReport;
  now(period: Period): PlantReport;
  steps(shift: EpochMs): Omit<Handover, "changed">;
  /** People have entered or changed something: corrects the reports that it belongs to and that are locked. */
  entriesChanged(changes: readonly EntryChange[]): void;
}

/** What people enter, in which a change makes a correction by itself; the rest is recomputed all the time. */
const ENTERED: ReadonlySet<ReportSection> = new Set(["downtime", "deliveries", "pours", "notes", "open"]);

export function createHandoverDesk(context: HandoverContext): HandoverDesk {
  const { journal, calendar } = context;
  const inShift = (key: string, work: (period: Period) => Said | null): HandoverAnswer => {
    const period = calendar.find("shift", key);
    if (period === null) return null;
    return journal.durably(() => {
      const refused = work(period);
      return refused === null ? { report: reportOf(context, period, false) } : { refused };
    });
  };
  return {
    report: (period) => reportOf(context, period, false),
    now: (period) => reportOf(context, period, true),
    steps: (shift) => standingOf(journal.handovers.of(shift)),
    sign: (key, request) => inShift(key, (period) => sign(context, period, request)),
    correct: (key, by, reason) =>
      inShift(key, (period) => {
        const { isLocked, changed } = handoverOf(context, period);
        if (!isLocked) return say("shift-not-handed-over");
        if (changed.length === 0) return say("nothing-changed");
        correct(context, period, by, reason);
        return null;
      }),
    entriesChanged(changes) {
      for (const { from, to, by, reason, kind } of changes)
        for (const shift of journal.handovers.shifts(calendar.periodAt("shift", from).from, to)) {
          const period = calendar.periodAt("shift", shift);
          const { isLocked, changed } = handoverOf(context, period);
          if (isLocked && changed.some((section) => ENTERED.has(section)))
            correct(context, period, by, reason ?? `${kind} entered afterwards`);
        }
    },
  };
}

function reportOf({ journal, content }: HandoverContext, period: Period, isNow: boolean): PlantReport {
  const present = content(period);
  const steps = journal.handovers.of(period.from);
  const signed = documentOf(steps);
  const changed = signed === null ? [] : changesBetween(signed.content, present);
  const body = isNow || signed === null ? present : signed.content;
  return { ...body, handover: { ...standingOf(steps), changed } };
}

function handoverOf(context: HandoverContext, period: Period): Pick<Handover, "isLocked" | "changed"> {
  return reportOf(context, period, false).handover ?? { isLocked: false, changed: [] };
}

/** Why a signature cannot be taken, in a sentence; null when it was. */
function sign(context: HandoverContext, period: Period, request: HandoverRequest): Said | null {
  const { journal, now, content } = context;
  const refused = refusalOf(journal.handovers.of(period.from), period, request, now());
  if (refused !== null) return refused;
  const report = request.part === "out" ? JSON.stringify(content(period)) : null;
  const { part: step, by, note } = request;
  journal.handovers.append({ shift: period.from, step, number: 0, by, note, at: now(), report });
  return null;
}

function correct(
  { journal, now, content }: HandoverContext,
  period: Period,
  by: string,
  reason: string,
): void {
  const shift = period.from;
  const number = standingOf(journal.handovers.of(shift)).corrections.length + 1;
  const report = JSON.stringify(content(period));
  journal.handovers.append({ shift, step: "correction", number, by, note: reason, at: now(), report });
}

/** The steps as people see them. */
function standingOf(steps: readonly HandoverStep[]): Omit<Handover, "changed"> {
  const out = steps.findLast(({ step }) => step === "out");
  const taken = steps.find(({ step }) => step === "in");
  const corrections = steps
    .filter(({ step }) => step === "correction")
    .map(({ number, by, at, note }) => ({ number, by, at, reason: note }));
  return {
    out: signedOf(out),
    in: signedOf(taken),
    isLocked: taken !== undefined,
    corrections,
    document: documentOf(steps)?.id ?? null,
  };
}

function signedOf(step: HandoverStep | undefined): Signed | null {
  return step === undefined ? null : { by: step.by, at: step.at, note: step.note };
}

function documentOf(
  steps: readonly HandoverStep[],
): { readonly id: number; readonly content: ReportContent } | null {
  const last = steps.findLast(({ report }) => report !== null);
  return last?.report == null ? null : { id: last.id, content: JSON.parse(last.report) as ReportContent };
}

/** Compared as they are written down, where there is no `undefined`. */
function changesBetween(signed: ReportContent, present: ReportContent): ReportSection[] {
  const written = JSON.parse(JSON.stringify(present)) as ReportContent;
  return REPORT_SECTIONS.filter((section) => !isDeepStrictEqual(signed[section], written[section]));
}

/** Why a signature cannot be taken, in a sentence; null when it can. */
function refusalOf(
  steps: readonly HandoverStep[],
  period: Period,
  { part, by, document }: HandoverRequest,
  now: EpochMs,
): Said | null {
  const { out, isLocked, document: last } = standingOf(steps);
  if (isLocked) return say("handed-over");
  if (part === "out") return period.to > now ? say("shift-not-over") : null;
  if (out === null) return say("out-signs-first");
  if (out.by === by) return say("in-is-another");
  return document === last ? null : say("report-signed-anew");
}
