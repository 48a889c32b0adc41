import type { PlantReport, ReportFigure } from "../../domain/report.ts";
import { qualityOf } from "../../domain/status.ts";
import { unitSymbol } from "../../domain/unit.ts";
import { table } from "./grid.ts";
import { decimalsOf, shown } from "./numbers.ts";
import type { Pen } from "./pen.ts";

/** Formulas of reagents: M-34 cyanide, M-35 lime, M-52 stock. */
const REAGENT_KINDS: ReadonlySet<string> = new Set(["M-34", "M-35", "M-52"]);

/** What is told of reagents: doses per tonne and stocks. */
export function isReagent({ kind, area, unit }: ReportFigure): boolean {
  return REAGENT_KINDS.has(kind) || area === "reagents" || unit === "kg/t";
}

/** The figures that were planned, beside the plan. A mark says which fall short of it. */
export function planTable({ figures }: PlantReport, pen: Pen): string {
  const { words } = pen;
  const rows = figures.flatMap((figure) => (figure.plan === null ? [] : [planRow(figure, figure.plan, pen)]));
  return rows.length === 0 ? "" : table(pen, words.plan, words.planColumns, rows);
}

function planRow(
  figure: ReportFigure,
  { value: plan, better }: NonNullable<ReportFigure["plan"]>,
  pen: Pen,
): string[] {
  const { words, language } = pen;
  const { title, value, u, unit, status } = figure;
  const symbol = unit === "1" ? "" : unitSymbol(unit);
  const quality = words.quality[qualityOf(status)];
  const expanded = u === null ? null : 2 * u;
  const decimals = decimalsOf(value ?? plan, expanded);
  const planned = shown(plan, decimals, language);
  if (value === null) return [title, "–", "", planned, symbol, "–", "", quality];
  const actual = shown(value, decimals, language);
  const verdict = verdictOf(value, plan, better, expanded ?? 0, pen);
  const around = expanded === null ? "" : shown(expanded, decimals, language);
  return [title, actual, around, planned, symbol, differenceOf(value, plan, language), verdict, quality];
}

function differenceOf(value: number, plan: number, language: string): string {
  if (plan === 0) return "–";
  const percent = (100 * (value - plan)) / plan;
  return `${percent > 0 ? "+" : ""}${shown(percent, 1, language)} %`;
}

/** Within its expanded uncertainty of the plan a figure has neither reached nor missed it. */
function verdictOf(
  value: number,
  plan: number,
  better: "higher" | "lower",
  expanded: number,
  { words }: Pen,
): string {
  const isReached = better === "higher" ? value >= plan : value <= plan;
  if (isReached) return `● ${words.reached}`;
  return Math.abs(value - plan) <= expanded ? `○ ${words.undecided}` : `▼ ${words.missed}`;
}

export function reagentTable({ figures }: PlantReport, pen: Pen): string {
  const { words, language } = pen;
  const rows = figures.filter(isReagent).map(({ title, value, u, unit, status, state, version }) => {
    const expanded = u === null ? null : 2 * u;
    const decimals = value === null ? 0 : decimalsOf(value, expanded);
    return [
      title,
      value === null ? "–" : shown(value, decimals, language),
      value === null || expanded === null ? "" : shown(expanded, decimals, language),
      unitSymbol(unit),
      words.quality[qualityOf(status)],
      words.state[state],
      String(version),
    ];
  });
  return rows.length === 0 ? "" : table(pen, words.reagents, words.reagentColumns, rows);
}
