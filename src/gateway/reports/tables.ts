import type { PlantReport } from "../../domain/report.ts";
import { unitSymbol } from "../../domain/unit.ts";
import { amount, table } from "./grid.ts";
import { decimalsOf, shown } from "./numbers.ts";
import type { Pen } from "./pen.ts";

const HOUR_MS = 3_600_000;

/** The tables below the figures, in their order. */
export const TABLES: readonly ((report: PlantReport, pen: Pen) => string)[] = [
  lotTable,
  deliveryTable,
  pourTable,
  laboratoryTables,
];

/** Each stop with its part of the period, and the hours of each cause. */
export function downtimeTable({ downtime, from: start, to: end }: PlantReport, pen: Pen): string {
  const { words, time } = pen;
  const hours = ({ from, to }: (typeof downtime)[number]): number =>
    (Math.min(to, end) - Math.max(from, start)) / HOUR_MS;
  const rows = downtime.map((stop) => [
    stop.body?.equipment ?? "",
    time(stop.from),
    time(stop.to),
    amount(pen, hours(stop), 2),
    words.code[stop.body?.code ?? ""] ?? "",
    stop.body?.note ?? "",
  ]);
  const causes = Array.from(
    Map.groupBy(downtime, ({ body }) => body?.code ?? ""),
    ([code, stops]) =>
      `${words.code[code] ?? code} ${amount(
        pen,
        stops.reduce((sum, stop) => sum + hours(stop), 0),
        2,
      )} h`,
  );
  return table(pen, words.downtime, words.downtimeColumns, rows, causes.join(" · "));
}

function assayTable({ assays }: PlantReport, pen: Pen): string {
  const { words, language } = pen;
  const rows = assays.map(({ point, title, value, u, unit, asReported, state }) => {
    const expanded = u === null ? null : 2 * u;
    const decimals = value === null ? 0 : decimalsOf(value, expanded);
    return [
      point,
      title,
      value === null ? asReported : shown(value, decimals, language),
      value === null || expanded === null ? "" : shown(expanded, decimals, language),
      unitSymbol(unit),
      words.assayState[state],
    ];
  });
  return table(pen, words.assays, words.assayColumns, rows);
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

/** A sample of another stretch than the period says which. */
function pendingTable({ pending, from: start, to: end }: PlantReport, pen: Pen): string {
  const { words, time } = pen;
  const rows = pending.map(({ point, title, from, to, why }) => {
    const cut = from === start && to === end ? "" : ` (${time(from)} – ${time(to)})`;
    return [point, `${title}${cut}`, words.why[why]];
  });
  return table(pen, words.pending, words.pendingColumns, rows);
}

/** What the laboratory has told and what it owes, in two columns of the page. */
function laboratoryTables(report: PlantReport, pen: Pen): string {
  return `<div class="twice">${assayTable(report, pen)}${pendingTable(report, pen)}</div>`;
}
