import { periodName } from "../../domain/plant-words.ts";
import type { PlantReport, ReportFigure, ReportLanguage } from "../../domain/report.ts";
import { qualityOf } from "../../domain/status.ts";
import { unitSymbol } from "../../domain/unit.ts";
import { SHOWN_AS_WHOLE } from "../../metallurgy/unseen.ts";
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
  const title = `${words.kind[report.kind]} ${periodName(report.key, language)}`;
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

/** Every figure but those of reagents, by area, in two columns of the page. */
function figureTable({ figures: all, isOver }: PlantReport, pen: Pen): string {
  const { words } = pen;
  const figures = all.filter((figure) => !isReagent(figure));
  if (figures.length === 0) return `<h2>${words.figures}</h2><p>${isOver ? words.noFigures : words.none}</p>`;
  const tables = Array.from(
    Map.groupBy(figures, ({ area }) => area),
    ([area, own]) => areaTable(words.area[area] ?? area, own, pen),
  );
  return `<h2>${words.figures}</h2><div class="twice">${tables.join("\n")}</div>
<p class="note">${words.uncertainty} ${words.marks}</p>`;
}

function areaTable(area: string, figures: readonly ReportFigure[], pen: Pen): string {
  const [value, expanded, unit, state] = pen.words.columns;
  const names = `<th scope="col">${escaped(area)}</th><th scope="col" class="number">${value}</th>
<th scope="col" class="number">${expanded}</th><th scope="col">${unit}</th><th scope="col">${state}</th>`;
  const rows = figures.map((figure) => figureRow(figure, pen)).join("\n");
  return `<table class="figures"><thead><tr>${names}</tr></thead><tbody>${rows}</tbody></table>`;
}

/** Value and expanded uncertainty; in the place of both why there is none. */
function amountCells({ value, u, reason }: ReportFigure, { words, language }: Pen): string {
  if (value === null)
    return `<td class="number" colspan="2">${reason === null ? "–" : `<small>${words.reason[reason]}</small>`}</td>`;
  const expanded = u === null ? null : 2 * u;
  const decimals = decimalsOf(value, expanded);
  const around = expanded === null ? "" : shown(expanded, decimals, language);
  return `<td class="number">${shown(value, decimals, language)}</td><td class="number">${around}</td>`;
}

/** Marks behind the version, so that nothing hangs on colour alone in a copy. None of them can be taken for a sign. */
const MARKS = { good: "", uncertain: " ?", bad: " ×" } as const;

function figureRow(figure: ReportFigure, pen: Pen): string {
  const { title, unit, status, coverage, state, version } = figure;
  const { words, language } = pen;
  const quality = qualityOf(status);
  const measured =
    coverage > 0 && coverage < SHOWN_AS_WHOLE ? ` ${shown(100 * coverage, 0, language)} %` : "";
  return `<tr class="${quality}"><th scope="row">${escaped(title)}</th>
${amountCells(figure, pen)}
<td class="word">${escaped(unit === "1" ? "" : unitSymbol(unit))}</td><td class="word">${words.shortState[state]} ${version}${MARKS[quality]}${measured}</td></tr>`;
}
