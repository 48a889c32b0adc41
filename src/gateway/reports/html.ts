import type { PlantReport, ReportFigure, ReportLanguage } from "../../domain/report.ts";
import { qualityOf } from "../../domain/status.ts";
import { unitSymbol } from "../../domain/unit.ts";
import { alarmTables } from "./alarm-tables.ts";
import { handoverNote, logTables, signatures } from "./log-tables.ts";
import { decimalsOf, shown } from "./numbers.ts";
import { escaped } from "./pen.ts";
import type { Pen } from "./pen.ts";
import { REPORT_STYLE } from "./style.ts";
import { TABLES } from "./tables.ts";
import { REPORT_WORDS } from "./languages.ts";
import { isReagent, planTable, reagentTable } from "./plan-tables.ts";

/** A report as one HTML file that needs nothing else, laid out for A4 paper. */
export function reportHtml(report: PlantReport, language: ReportLanguage): string {
  const words = REPORT_WORDS[language];
  const format = new Intl.DateTimeFormat(language, {
    timeZone: report.plant.timeZone,
    dateStyle: "short",
    timeStyle: "short",
    hourCycle: "h23",
  });
  const pen: Pen = { words, language, time: (time) => format.format(time) };
  const title = `${words.kind[report.kind]} ${report.key}`;
  return [
    `<!doctype html><html lang="${language}"><head><meta charset="utf-8">`,
    `<meta name="viewport" content="width=device-width, initial-scale=1">`,
    `<title>${escaped(title)}</title><style>${REPORT_STYLE}</style></head><body>`,
    head(report, title, pen),
    handoverNote(report, pen),
    planTable(report, pen),
    logTables(report, pen),
    alarmTables(report, pen),
    reagentTable(report, pen),
    figureTable(report, pen),
    ...TABLES.map((table) => table(report, pen)),
    signatures(report, pen),
    "</body></html>\n",
  ].join("\n");
}

function head(report: PlantReport, title: string, { words, time }: Pen): string {
  const { plant, from, to, madeAt, state, signature, isOver } = report;
  const signed =
    signature === null
      ? ""
      : `<p>${escaped(words.signedBy(signature.by, time(signature.at)))}${signature.note === "" ? "" : `: ${escaped(signature.note)}`}</p>`;
  return `<header><div><p class="plant">${escaped(plant.title)}</p><h1>${escaped(title)}</h1>
<p>${time(from)} – ${time(to)} (${escaped(plant.timeZone)})</p></div>
<div class="right"><p class="state ${(state ?? "none").toLowerCase()}">${words.state[state ?? "none"]}</p>
<p>${words.madeAt}: ${time(madeAt)}</p>${signed}</div></header>
${isOver ? "" : `<p class="note">${words.notOver}</p>`}`;
}

/** Columns of numbers: value, U, coverage and version. */
const NUMBERS: ReadonlySet<number> = new Set([1, 2, 5, 7]);

function figureTable({ figures: all, isOver }: PlantReport, pen: Pen): string {
  const { words } = pen;
  const figures = all.filter((figure) => !isReagent(figure));
  if (figures.length === 0) return `<h2>${words.figures}</h2><p>${isOver ? words.noFigures : words.none}</p>`;
  const rows: string[] = [];
  for (const [area, own] of Map.groupBy(figures, (figure) => figure.area)) {
    rows.push(
      `<tr class="area"><th colspan="8" scope="colgroup">${escaped(words.area[area] ?? area)}</th></tr>`,
    );
    rows.push(...own.map((figure) => figureRow(figure, pen)));
  }
  const columns = words.columns
    .map((name, i) => `<th scope="col"${NUMBERS.has(i) ? ' class="number"' : ""}>${name}</th>`)
    .join("");
  return `<h2>${words.figures}</h2><table class="figures"><thead><tr>${columns}</tr></thead>
<tbody>${rows.join("\n")}</tbody></table><p class="note">${words.uncertainty}</p>`;
}

/** Marks beside the words, so that nothing hangs on colour alone in a copy. */
const MARKS = { good: "", uncertain: "~ ", bad: "× " } as const;

function figureRow(figure: ReportFigure, { words, language }: Pen): string {
  const { title, value, u, unit, status, reason, coverage, state, version } = figure;
  const quality = qualityOf(status);
  const expanded = u === null ? null : 2 * u;
  const decimals = value === null ? 0 : decimalsOf(value, expanded);
  const cells = [
    value === null
      ? `– <small>${reason === null ? "" : words.reason[reason]}</small>`
      : shown(value, decimals, language),
    value === null || expanded === null ? "" : shown(expanded, decimals, language),
  ];
  return `<tr class="${quality}"><th scope="row">${escaped(title)}</th><td class="number">${cells[0]}</td>
<td class="number">${cells[1]}</td><td>${escaped(unit === "1" ? "" : unitSymbol(unit))}</td>
<td>${MARKS[quality]}${words.quality[quality]}</td><td class="number">${shown(100 * coverage, 0, language)} %</td>
<td>${words.state[state]}</td><td class="number">${version}</td></tr>`;
}
