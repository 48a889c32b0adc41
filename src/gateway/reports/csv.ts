import type { PlantReport } from "../../domain/report.ts";
import { qualityOf } from "../../domain/status.ts";
import { textCell } from "../../http/history-csv.ts";

/** Excel takes a file for UTF-8 only with this in front. */
const BYTE_ORDER_MARK = "\uFEFF";

const COLUMNS = [
  "period",
  "metric",
  "title",
  "area",
  "value",
  "u",
  "U",
  "unit",
  "quality",
  "coverage",
  "state",
  "version",
] as const;

/** The figures of a report as CSV (RFC 4180), numbers with a point and unrounded. */
export function reportCsv({ key, figures }: PlantReport): string {
  const lines = figures.map(({ metric, title, area, value, u, unit, status, coverage, state, version }) =>
    [
      textCell(key),
      textCell(metric),
      textCell(title),
      textCell(area),
      value === null ? "" : String(value),
      u === null ? "" : String(u),
      u === null ? "" : String(2 * u),
      textCell(unit),
      qualityOf(status),
      String(coverage),
      state,
      String(version),
    ].join(","),
  );
  return `${BYTE_ORDER_MARK}${[COLUMNS.join(","), ...lines].join("\r\n")}\r\n`;
}
