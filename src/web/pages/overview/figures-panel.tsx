import { decimalsFor, formatAge, formatNumber, NO_VALUE } from "../../format.ts";
import { figureReasons } from "../../i18n/figure-reasons.ts";
import { overviewWords } from "../../i18n/overview.ts";
import { words } from "../../preferences.ts";
import { plantNow, unitText, withUnit } from "../../store.ts";
import { Mark, markOf } from "../../widgets/mark.tsx";
import { periodText } from "../../widgets/period-text.ts";
import type { AssayShown, FigureShown, OverviewAnswer } from "./overview-store.ts";

/** Standard deviations in the uncertainty that every page and report tells: 95 % of a normal distribution (JCGM 100, 6.2). */
const COVERAGE = 2;

/** Digits down to a tenth of what it is uncertain by; three that mean something where nobody knows. */
function decimals(value: number, expanded: number | null, unit: string): number {
  if (expanded !== null) return Math.min(4, Math.max(0, Math.ceil(-Math.log10(expanded))));
  return decimalsFor({ range: null, unit }, value);
}

function Amount({ value, sd, unit }: Pick<FigureShown, "value" | "sd" | "unit">) {
  const { locale } = words.value;
  const expanded = sd === null || sd === 0 ? null : COVERAGE * sd;
  const digits = value === null ? 0 : decimals(value, expanded, unit);
  return (
    <span class="figure-amount">
      <span class="value">
        <span>{value === null ? NO_VALUE : formatNumber(value, digits, locale)}</span>
      </span>
      {value !== null && expanded !== null && (
        <span class="quiet"> ± {formatNumber(expanded, digits, locale)}</span>
      )}{" "}
      <span class="unit">{unitText(unit)}</span>
    </span>
  );
}

/** Why there is no value. */
function lackText({ reason }: FigureShown): string {
  const { noFigure } = overviewWords.value;
  const reasons: Readonly<Record<string, string>> = { ...words.value.reason, ...figureReasons.value };
  return reason === null ? noFigure : (reasons[reason] ?? reason);
}

/** How far a value may be relied on, and how old it is. */
function standingTexts({ state, to, period }: FigureShown): string[] {
  const { ago } = overviewWords.value;
  const states: Readonly<Record<string, string>> = overviewWords.value.state;
  const word = state === null ? undefined : states[state];
  const isOld = to !== null && period !== "instant";
  return [word ?? "", isOld ? ago(formatAge(plantNow.value - Date.parse(to))) : ""];
}

/** Of which period a figure is, what was planned, and why there is none. */
function notesOf(figure: FigureShown): string {
  const { period: periods, planned: plannedText } = overviewWords.value;
  const { period, key, planned, value, unit } = figure;
  const name = period === "rolling" ? "" : periodText(key);
  const plan = planned === null ? "" : withUnit(formatNumber(planned, 1, words.value.locale), unit);
  const notes = [
    `${periods[period]} ${name}`.trim(),
    plan === "" ? "" : plannedText(plan),
    ...(value === null ? [lackText(figure)] : standingTexts(figure)),
  ];
  return notes.filter((note) => note !== "").join(" · ");
}

function FigureRow({ figure }: { readonly figure: FigureShown }) {
  const { metric, title, quality, value, state } = figure;
  // A figure that waits for the laboratory says so in a word: that is nothing abnormal.
  const isOdd = value !== null && quality !== "good" && state !== "PRELIMINARY";
  return (
    <li class="figure" data-figure={metric}>
      <span class="figure-title plant-words" title={title}>
        {isOdd && <Mark kind={markOf(quality)} />} {title}
      </span>
      <Amount value={value} sd={figure.sd} unit={figure.unit} />
      <span class="figure-notes quiet">{notesOf(figure)}</span>
    </li>
  );
}

function AssayRow({ assay: { point, title, unit, value, sd, cutTo } }: { readonly assay: AssayShown }) {
  const { ago, noAssay } = overviewWords.value;
  return (
    <li class="figure good" data-assay={point}>
      <span class="figure-title plant-words" title={title}>
        <strong>{point}</strong> {title}
      </span>
      <Amount value={value} sd={sd} unit={unit} />
      <span class="figure-notes quiet">
        {cutTo === null ? noAssay : ago(formatAge(plantNow.value - Date.parse(cutTo)))}
      </span>
    </li>
  );
}

interface PanelProps {
  readonly overview: OverviewAnswer;
}

/** What the plant is judged by, with its uncertainty and its period. */
export function FiguresPanel({ overview: { figures } }: PanelProps) {
  const { figures: title, band } = overviewWords.value;
  if (figures.length === 0) return null;
  return (
    <section class="panel side-panel" aria-label={title}>
      <h2>
        {title} <span class="quiet">· {band}</span>
      </h2>
      <ul>
        {figures.map((figure) => (
          <FigureRow key={`${figure.metric} ${figure.period}`} figure={figure} />
        ))}
      </ul>
    </section>
  );
}

/** What the laboratory found last. */
export function AssaysPanel({ overview: { assays } }: PanelProps) {
  const { assays: title, band } = overviewWords.value;
  if (assays.length === 0) return null;
  return (
    <section class="panel side-panel" aria-label={title}>
      <h2>
        {title} <span class="quiet">· {band}</span>
      </h2>
      <ul class="assay-row">
        {assays.map((assay) => (
          <AssayRow key={assay.point} assay={assay} />
        ))}
      </ul>
    </section>
  );
}
