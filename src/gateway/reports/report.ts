import type { Metallurgy } from "../../config/metallurgy.ts";
import type { Plant } from "../../config/plant.ts";
import type { AlarmOutline } from "../../domain/alarm.ts";
import { createCalendar } from "../../domain/calendar.ts";
import type { Calendar, Period } from "../../domain/calendar.ts";
import type { Entry, EntryKind } from "../../domain/entry.ts";
import type { MetricRecord, MetricState } from "../../domain/metric.ts";
import { createTranslator, translated } from "../../domain/phrases.ts";
import type {
  Handover,
  PlantReport,
  ReportDesk,
  ReportFigure,
  ReportKind,
  ReportLanguage,
  ReportOutline,
} from "../../domain/report.ts";
import type { EpochMs } from "../../domain/time.ts";
import type { Journal } from "../../store/journal/journal.ts";
import { compileAlarms } from "../alarms/compile.ts";
import type { EntryChange } from "../laboratory/entry-desk.ts";
import type { BoundMetric } from "../metrics/binding.ts";
import { compileMetrics } from "../metrics/compile.ts";
import { outlinesOf } from "../metrics/outlines.ts";
import { alarmSummary } from "./alarm-summary.ts";
import { assaysOf } from "./assays.ts";
import { reportCsv } from "./csv.ts";
import { createHandoverDesk } from "./handover.ts";
import type { ReportContent } from "./handover.ts";
import { reportHtml } from "./html.ts";
import { lotsMilled } from "./lots.ts";
import { notesOf } from "./notes.ts";
import { pendingAssays } from "./pending.ts";

type Books = Pick<
  Journal,
  "versions" | "assays" | "entries" | "signature" | "alarms" | "handovers" | "durably"
>;

/** A report desk, and who tells it of what people enter. */
export interface PlantReportDesk extends ReportDesk {
  entriesChanged(changes: readonly EntryChange[]): void;
}

/** Makes reports from what the journal holds; needs no gateway that runs. */
export function createReportDesk(plant: Plant, journal: Books, now: () => EpochMs): PlantReportDesk {
  const calendar = createCalendar(plant);
  const { metrics } = compileMetrics(plant);
  const { outlines } = compileAlarms(plant, outlinesOf(metrics));
  const sources = { plant, journal, calendar, metrics, outlines };
  const content = (period: Period): ReportContent => makeContent(sources, period, now());
  const handovers = createHandoverDesk({ journal, calendar, now, content });
  return {
    make(kind, key) {
      const period = calendar.find(kind, key);
      if (period === null) return null;
      return kind === "shift" ? handovers.report(period) : { ...content(period), handover: null };
    },
    makeNow(kind, key) {
      const period = calendar.find(kind, key);
      if (period === null) return null;
      return kind === "shift" ? handovers.now(period) : { ...content(period), handover: null };
    },
    list: (from, to) => {
      const shifts = calendar.within("shift", from, to).toReversed();
      return shifts.map((shift) => outlineOf(sources, shift, handovers.steps(shift.from), now()));
    },
    sign: (key, request) => handovers.sign(key, request),
    correct: (key, by, reason) => handovers.correct(key, by, reason),
    entriesChanged: (changes) => handovers.entriesChanged(changes),
    html: (report, language) => reportHtml(inLanguage(report, plant, language), language),
    csv: reportCsv,
  };
}

/** With the plant's titles as its file of texts says them. */
function inLanguage(report: PlantReport, { texts = {} }: Plant, language: ReportLanguage): PlantReport {
  const phrases = texts[language];
  return phrases === undefined ? report : translated(report, createTranslator(phrases));
}

interface Sources {
  readonly plant: Plant;
  readonly journal: Books;
  readonly calendar: Calendar;
  /** In the order of the plant file. */
  readonly metrics: readonly BoundMetric[];
  readonly outlines: readonly AlarmOutline[];
}

function outlineOf(
  sources: Sources,
  shift: Period,
  { out, in: taken, corrections }: Pick<Handover, "out" | "in" | "corrections">,
  now: EpochMs,
): ReportOutline {
  const { key, from, to } = shift;
  const state = stateOf(figuresOf(sources, shift));
  return { key, from, to, isOver: to <= now, state, out, in: taken, corrections: corrections.length };
}

function makeContent(sources: Sources, period: Period, madeAt: EpochMs): ReportContent {
  const { plant, journal, calendar, outlines } = sources;
  const { from, to, key } = period;
  const kind = period.kind as ReportKind;
  const figures = figuresOf(sources, period);
  const signature = journal.signature(kind, from);
  const { id, title, timeZone, metallurgy } = plant;
  const points = metallurgy?.assays ?? [];
  const starting = <K extends EntryKind>(entries: readonly Entry<K>[]): Entry<K>[] =>
    entries.filter((entry) => entry.from >= from);
  return {
    plant: { id, title, timeZone },
    kind,
    key,
    from,
    to,
    madeAt,
    isOver: to <= madeAt,
    state: stateOf(figures),
    signature: signature === null ? null : { by: signature.by, at: signature.at, note: signature.note },
    figures,
    downtime: journal.entries.within("downtime", from, to),
    deliveries: starting(journal.entries.within("lot", from, to)),
    pours: starting(journal.entries.within("pour", from, to)),
    lots: metallurgy === undefined ? [] : lotsMilled(metallurgy, journal, from, to),
    assays: assaysOf(points, journal, from, to),
    pending: pendingAssays(points, calendar, journal, period, madeAt),
    alarms: alarmSummary(outlines, journal, from, to),
    ...notesOf(journal, from, to),
  };
}

/** The published figures, in the order of the plant file. */
function figuresOf({ plant, journal, metrics }: Sources, { kind, from }: Period): ReportFigure[] {
  const records = journal.versions.ofPeriod(kind, from);
  const byMetric = new Map(records.map((record) => [record.metric, record]));
  return metrics
    .filter(({ periods }) => periods.includes(kind))
    .flatMap((metric) => {
      const record = byMetric.get(metric.id);
      return record === undefined ? [] : [figureOf(metric, record, plant.metallurgy)];
    });
}

function figureOf(
  { id, title, kind, area }: BoundMetric,
  record: MetricRecord,
  metallurgy: Metallurgy | undefined,
): ReportFigure {
  const { unit, value, u, status, reason, coverage, state, version, cause, period } = record;
  const planned = metallurgy?.plan[id];
  const amount = planned === undefined || (period !== "shift" && period !== "day") ? null : planned[period];
  const plan = planned === undefined || amount === null ? null : { value: amount, better: planned.better };
  const base = { metric: id, title, kind, area, unit, value, u, status, reason, coverage };
  return { ...base, state, version, cause, plan };
}

const ADVANCE: readonly MetricState[] = ["PRELIMINARY", "PROVISIONAL", "FINAL"];

function stateOf(figures: readonly ReportFigure[]): MetricState | null {
  const states = new Set(figures.map(({ state }) => state));
  const least = ADVANCE.find((state) => states.has(state)) ?? null;
  return states.has("RESTATED") && (least === null || least === "FINAL") ? "RESTATED" : least;
}
