import type { Plant } from "../../config/plant.ts";
import { createCalendar } from "../../domain/calendar.ts";
import type { Calendar, Period } from "../../domain/calendar.ts";
import type { Entry, EntryKind } from "../../domain/entry.ts";
import type { MetricRecord, MetricState } from "../../domain/metric.ts";
import type { PlantReport, ReportDesk, ReportFigure, ReportKind } from "../../domain/report.ts";
import type { EpochMs } from "../../domain/time.ts";
import type { Journal } from "../../store/journal/journal.ts";
import type { BoundMetric } from "../metrics/binding.ts";
import { compileMetrics } from "../metrics/compile.ts";
import { reportCsv } from "./csv.ts";
import { reportHtml } from "./html.ts";
import { lotsMilled } from "./lots.ts";
import { pendingAssays } from "./pending.ts";

type Books = Pick<Journal, "versions" | "assays" | "entries" | "signature">;

/** Makes reports from what the journal holds; needs no gateway that runs. */
export function createReportDesk(plant: Plant, journal: Books, now: () => EpochMs): ReportDesk {
  const calendar = createCalendar(plant);
  const { metrics } = compileMetrics(plant);
  return {
    make(kind, key) {
      const period = calendar.find(kind, key);
      return period === null ? null : makeReport({ plant, journal, calendar, metrics }, kind, period, now());
    },
    html: reportHtml,
    csv: reportCsv,
  };
}

interface Sources {
  readonly plant: Plant;
  readonly journal: Books;
  readonly calendar: Calendar;
  /** In the order of the plant file. */
  readonly metrics: readonly BoundMetric[];
}

function makeReport(
  { plant, journal, calendar, metrics }: Sources,
  kind: ReportKind,
  period: Period,
  madeAt: EpochMs,
): PlantReport {
  const { from, to, key } = period;
  const figures = figuresOf(metrics, kind, journal.versions.ofPeriod(kind, from));
  const signature = journal.signature(kind, from);
  const { id, title, timeZone, metallurgy } = plant;
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
    pending: pendingAssays(metallurgy?.assays ?? [], calendar, journal, period, madeAt),
  };
}

/** The published figures, in the order of the plant file. */
function figuresOf(
  metrics: readonly BoundMetric[],
  kind: ReportKind,
  records: readonly MetricRecord[],
): ReportFigure[] {
  const byMetric = new Map(records.map((record) => [record.metric, record]));
  return metrics
    .filter(({ periods }) => periods.includes(kind))
    .flatMap((metric) => {
      const record = byMetric.get(metric.id);
      return record === undefined ? [] : [figureOf(metric, record)];
    });
}

function figureOf({ id, title, kind, area }: BoundMetric, record: MetricRecord): ReportFigure {
  const { unit, value, u, status, reason, coverage, state, version, cause } = record;
  return { metric: id, title, kind, area, unit, value, u, status, reason, coverage, state, version, cause };
}

const ADVANCE: readonly MetricState[] = ["PRELIMINARY", "PROVISIONAL", "FINAL"];

function stateOf(figures: readonly ReportFigure[]): MetricState | null {
  const states = new Set(figures.map(({ state }) => state));
  const least = ADVANCE.find((state) => states.has(state)) ?? null;
  return states.has("RESTATED") && (least === null || least === "FINAL") ? "RESTATED" : least;
}
