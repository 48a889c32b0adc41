import type { PlantReport } from "../../domain/report.ts";
import { createZone } from "../../domain/zone.ts";
import type { Zone } from "../../domain/zone.ts";
import { textCell, valueCell } from "../../http/history-csv.ts";
import { isoTime } from "../../http/tag-object.ts";
import { csvRows } from "./csv-rows.ts";
import type { CsvRow } from "./csv-rows.ts";

/** Excel takes a file for UTF-8 only with this in front. */
const BYTE_ORDER_MARK = "\uFEFF";

type Column = readonly [name: string, cell: (row: CsvRow, zone: Zone) => string];

const text = (value: string | null | undefined): string => textCell(value ?? "");
const number = (value: number | null | undefined): string => valueCell(value ?? null);
const time = (value: number | null | undefined): string => (typeof value === "number" ? isoTime(value) : "");
const local = (value: number | null | undefined, zone: Zone): string =>
  typeof value === "number" ? time(zone.toLocal(value)).slice(0, -1).replace("T", " ") : "";

const COLUMNS: readonly Column[] = [
  ["section", ({ section }) => text(section)],
  ["id", ({ id }) => text(id)],
  ["title", ({ title }) => text(title)],
  ["area", ({ area }) => text(area)],
  ["from_utc", ({ from }) => time(from)],
  ["from_local", ({ from }, zone) => local(from, zone)],
  ["to_utc", ({ to }) => time(to)],
  ["to_local", ({ to }, zone) => local(to, zone)],
  ["value", ({ value }) => number(value)],
  ["u", ({ u }) => number(u)],
  ["U", ({ u }) => number(typeof u === "number" ? 2 * u : null)],
  ["unit", ({ unit }) => text(unit)],
  ["quality", ({ quality }) => text(quality)],
  ["coverage", ({ coverage }) => number(coverage)],
  ["state", ({ state }) => text(state)],
  ["version", ({ version }) => number(version)],
  ["by", ({ by }) => text(by)],
  ["text", (row) => text(row.text)],
];

/** A report as one table of CSV (RFC 4180): figures, what people entered, results of the laboratory, alarms and the log, each
 *  with its kind in `section`. Numbers have a point and are not rounded. */
export function reportCsv(report: PlantReport): string {
  const zone = createZone(report.plant.timeZone);
  const head = ["period", ...COLUMNS.map(([name]) => name)].join(",");
  const lines = csvRows(report).map((row) =>
    [text(report.key), ...COLUMNS.map(([, cell]) => cell(row, zone))].join(","),
  );
  return `${BYTE_ORDER_MARK}${[head, ...lines].join("\r\n")}\r\n`;
}
