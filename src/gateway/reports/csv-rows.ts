import type { Entry } from "../../domain/entry.ts";
import type { PlantReport, ReportAlarm, ReportNote } from "../../domain/report.ts";
import { qualityOf } from "../../domain/status.ts";

const HOUR_MS = 3_600_000;

/** One line of a report. What a kind of line has nothing to say about stays empty. */
export interface CsvRow {
  /** What kind of line it is. */
  readonly section: string;
  readonly id: string;
  readonly title: string;
  readonly area?: string | null;
  /** Times, ms since 1970. */
  readonly from?: number | null;
  readonly to?: number | null;
  readonly value?: number | null;
  /** Standard uncertainty; U = 2u stands beside it. */
  readonly u?: number | null;
  readonly unit?: string | null;
  readonly quality?: string;
  readonly coverage?: number;
  readonly state?: string;
  readonly version?: number;
  readonly by?: string | null;
  readonly text?: string | null;
}

/** Everything that a report has, line by line. */
export function csvRows(report: PlantReport): CsvRow[] {
  return [
    ...figureRows(report),
    ...report.downtime.map((stop) => downtimeRow(stop, report)),
    ...report.deliveries.flatMap(deliveryRows),
    ...report.pours.flatMap(pourRows),
    ...report.lots.flatMap(lotRows),
    ...assayRows(report),
    ...alarmRows(report),
    ...report.open.map((note) => noteRow("open", note)),
    ...report.notes.map((note) => noteRow("note", note)),
  ];
}

function figureRows({ figures, from, to }: PlantReport): CsvRow[] {
  return figures.map(({ metric, title, area, value, u, unit, status, coverage, state, version }) => ({
    section: "figure",
    id: metric,
    title,
    area,
    from,
    to,
    value,
    u,
    unit,
    quality: qualityOf(status),
    coverage,
    state,
    version,
  }));
}

/** Who entered it, when, and which version of it. */
function enteredOf({
  ref,
  version,
  from,
  to,
  by,
}: Entry): Pick<CsvRow, "id" | "version" | "from" | "to" | "by"> {
  return { id: ref, version, from, to, by };
}

/** The hours are those within the period. */
function downtimeRow(stop: Entry<"downtime">, { from, to }: PlantReport): CsvRow {
  const hours = (Math.min(stop.to, to) - Math.max(stop.from, from)) / HOUR_MS;
  const { equipment = "", code = "", note = "" } = stop.body ?? {};
  const about = { section: "downtime", title: equipment, state: code, text: note };
  return { ...enteredOf(stop), ...about, value: hours, unit: "h" };
}

function deliveryRows(entry: Entry<"lot">): CsvRow[] {
  const { body } = entry;
  if (body === null) return [];
  const about = { ...enteredOf(entry), section: "delivery", title: body.vein };
  return [
    { ...about, text: "wet mass", value: body.wetT, unit: "t" },
    { ...about, text: "moisture", value: body.moisturePercent, unit: "%" },
    { ...about, text: "grade", value: body.gradeGPerT, unit: "g/t" },
  ];
}

function pourRows(entry: Entry<"pour">): CsvRow[] {
  const { body } = entry;
  if (body === null) return [];
  const about = { ...enteredOf(entry), section: "pour", title: "doré" };
  return [
    { ...about, text: "doré", value: body.doreG, unit: "g" },
    { ...about, text: "fineness", value: body.fineness, unit: "1" },
  ];
}

function lotRows({ lot, vein, dryT, goldG, recoveryPercent, u }: PlantReport["lots"][number]): CsvRow[] {
  const about = { section: "lot milled", id: lot ?? "", title: vein ?? "" };
  return [
    { ...about, text: "dry mass", value: dryT, unit: "t" },
    { ...about, text: "gold", value: goldG, unit: "g" },
    { ...about, text: "recovery", value: recoveryPercent, u, unit: "%" },
  ];
}

function assayRows({ assays, pending }: PlantReport): CsvRow[] {
  return [
    ...assays.map(({ point, title, sample, value, u, unit, asReported, state, version }) => ({
      section: "assay",
      id: point,
      title,
      value,
      u,
      unit,
      state,
      version,
      text: `${sample}: ${asReported}`,
    })),
    ...pending.map(({ point, title, from, to, why }) => ({
      section: "assay pending",
      id: point,
      title,
      from,
      to,
      state: why,
    })),
  ];
}

function alarmRows({ alarms, from, to }: PlantReport): CsvRow[] {
  const { calls, floods, gravest, standing, putAside } = alarms;
  return [
    ...([1, 2, 3, 4] as const).map((priority) => ({
      section: "alarm calls",
      id: `priority ${priority}`,
      title: "calls of the operator",
      from,
      to,
      value: calls[priority],
      unit: "1",
    })),
    ...floods.map((flood) => ({
      section: "alarm flood",
      id: "",
      title: "alarms",
      from: flood.from,
      to: flood.to,
      value: flood.alarms,
      unit: "1",
    })),
    ...gravest.map(({ alarm, title, priority, at, acknowledged, gone, firstOut }) => ({
      section: "alarm",
      id: alarm,
      title,
      from: at,
      to: gone,
      state: `priority ${priority}`,
      by: acknowledged?.by ?? null,
      text: firstOut,
    })),
    ...standing.map((alarm) => standingRow("alarm standing", alarm)),
    ...putAside.map((alarm) => standingRow("alarm put aside", alarm)),
  ];
}

function standingRow(section: string, alarm: ReportAlarm): CsvRow {
  const { alarm: id, title, area, since, until, value, unit, state, by, reason } = alarm;
  return { section, id, title, area, from: since, to: until, value, unit, state, by, text: reason };
}

function noteRow(section: string, { ref, topic, area, equipment, text, from, to, by }: ReportNote): CsvRow {
  return { section, id: ref, title: equipment ?? "", area, from, to, state: topic, by, text };
}
