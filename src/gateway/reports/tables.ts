import type { PlantReport } from "../../domain/report.ts";
import { shown } from "./numbers.ts";
import { escaped } from "./pen.ts";
import type { Pen } from "./pen.ts";

const HOUR_MS = 3_600_000;

/** The tables below the figures, in their order. */
export const TABLES: readonly ((report: PlantReport, pen: Pen) => string)[] = [
  downtimeTable,
  lotTable,
  deliveryTable,
  pourTable,
  pendingTable,
];

function downtimeTable({ downtime, from: start, to: end }: PlantReport, pen: Pen): string {
  const { words, time } = pen;
  const rows = downtime.map(({ from, to, body }) => [
    body?.equipment ?? "",
    time(from),
    time(to),
    amount(pen, (Math.min(to, end) - Math.max(from, start)) / HOUR_MS, 2),
    words.code[body?.code ?? ""] ?? "",
    body?.note ?? "",
  ]);
  return table(pen, words.downtime, words.downtimeColumns, rows);
}

function lotTable({ lots }: PlantReport, pen: Pen): string {
  const { words } = pen;
  const rows = lots.map(({ lot, vein, dryT, goldG, recoveryPercent, u }) => [
    lot ?? words.noLot,
    vein ?? "",
    amount(pen, dryT, 2),
    amount(pen, goldG, 0),
    amount(pen, recoveryPercent, 1),
    amount(pen, u === null ? null : 2 * u, 1),
  ]);
  return table(pen, words.lots, words.lotColumns, rows, words.lotRule);
}

function deliveryTable({ deliveries }: PlantReport, pen: Pen): string {
  const { words, time } = pen;
  const rows = deliveries.map(({ ref, from, body }) => [
    ref,
    time(from),
    body?.vein ?? "",
    amount(pen, body?.wetT, 2),
    amount(pen, body?.moisturePercent, 1),
    amount(pen, body?.gradeGPerT, 2),
  ]);
  return table(pen, words.deliveries, words.deliveryColumns, rows);
}

function pourTable({ pours }: PlantReport, pen: Pen): string {
  const { words, time } = pen;
  const rows = pours.map(({ ref, from, body }) => [
    ref,
    time(from),
    amount(pen, body?.doreG, 1),
    amount(pen, body?.fineness, 4),
    amount(pen, body === null ? null : body.doreG * body.fineness, 1),
  ]);
  return table(pen, words.pours, words.pourColumns, rows);
}

function pendingTable({ pending }: PlantReport, pen: Pen): string {
  const { words, time } = pen;
  const rows = pending.map(({ point, title, from, to, why }) => [
    point,
    title,
    `${time(from)} – ${time(to)}`,
    words.why[why],
  ]);
  return table(pen, words.pending, words.pendingColumns, rows);
}

function amount({ language }: Pen, value: number | null | undefined, decimals: number): string {
  return value === null || value === undefined ? "–" : shown(value, decimals, language);
}

const NUMERIC = /^[-–\d.,]+$/u;

function table(
  { words }: Pen,
  title: string,
  columns: readonly string[],
  rows: readonly (readonly string[])[],
  note = "",
): string {
  const heading = `<h2>${title}</h2>`;
  if (rows.length === 0) return `${heading}<p>${words.none}</p>`;
  const cell = (text: string): string =>
    `<td${NUMERIC.test(text) ? ' class="number"' : ""}>${escaped(text)}</td>`;
  const isNumber = columns.map((_, i) => rows.every((row) => NUMERIC.test(row[i] ?? "")));
  const head = columns
    .map((name, i) => `<th scope="col"${isNumber[i] === true ? ' class="number"' : ""}>${name}</th>`)
    .join("");
  const body = rows.map((row) => `<tr>${row.map(cell).join("")}</tr>`).join("\n");
  const foot = note === "" ? "" : `<p class="note">${note}</p>`;
  return `${heading}<table><thead><tr>${head}</tr></thead><tbody>${body}</tbody></table>${foot}`;
}
