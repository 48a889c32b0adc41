import type { Period } from "../../domain/calendar.ts";
import { unknown } from "../../domain/figure.ts";
import type { Figure } from "../../domain/figure.ts";
import type { MetricInput, MetricRecord } from "../../domain/metric.ts";
import { severity, Status } from "../../domain/status.ts";
import { sumOf } from "../../metallurgy/formula.ts";
import { coveredBy } from "../../metallurgy/held.ts";
import type { BoundMetric } from "./binding.ts";
import type { Outcome, Surroundings } from "./surroundings.ts";
import { figureOf, filledFigureOf, filledFrom, inputOf } from "./figures.ts";
import type { Over } from "./recipe.ts";
import type { Span } from "./tallies.ts";

const PLAIN = { use: "value", factor: 1, offset: 0 } as const;

interface OneShift {
  readonly shift: Period;
  readonly record: MetricRecord | null;
}

/** The figure of a day, a week or a month from those of its shifts: their sum, or the last of them. A shift without a value
 *  adds nothing and counts as not covered. */
export function overShifts(
  metric: BoundMetric,
  over: Exclude<Over, "again">,
  span: Span,
  around: Surroundings,
): Outcome {
  const shifts = around.calendar
    .within("shift", span.from, span.to)
    .map((shift) => ({ shift, record: around.record(metric.id, shift) }));
  if (over === "last") return lastOf(metric, shifts.at(-1)?.record ?? null);
  return over === "sum" ? sumOfShifts(metric, span, shifts) : highestOf(metric, shifts);
}

/** Of the shifts that are known; all of them are told. */
function highestOf({ unit }: BoundMetric, shifts: readonly OneShift[]): Outcome {
  const figures = shifts.map(({ record }) => figureOrUnknown(record));
  const highest = figures.reduce((a, b) => ((b.value ?? -Infinity) > (a.value ?? -Infinity) ? b : a));
  const coverage = shifts.reduce((sum, { record }) => sum + (record?.coverage ?? 0), 0) / shifts.length;
  return {
    figure: highest,
    coverage,
    filled: highest.value,
    filledU: highest.u,
    total: null,
    totalU: null,
    inputs: shifts.map(({ shift, record }, i) =>
      shiftInput(shift.key, unit, figures[i] ?? unknown("MISSING"), record),
    ),
    isPreliminary: shifts.some(({ record }) => record === null || record.state === "PRELIMINARY"),
  };
}

function sumOfShifts(metric: BoundMetric, span: Span, shifts: readonly OneShift[]): Outcome {
  const figures = shifts.map(({ record }) => figureOrUnknown(record));
  const covered = shifts.filter((_, index) => figures[index]?.value !== null).map(coveredIn);
  const { coverage, status } = coveredBy(
    {
      coveredMs: covered.reduce((sum, { ms }) => sum + ms, 0),
      uncertainMs: covered.reduce((sum, { ms, isUncertain }) => sum + (isUncertain ? ms : 0), 0),
    },
    span.to - span.from,
  );
  const known = figures.filter((figure) => figure.value !== null);
  const sum = known.length === 0 ? (figures[0] ?? unknown("MISSING")) : sumOf(metric.unit, known);
  const filled = sum.value === null ? NOTHING_FILLED : filledOf(metric, span, shifts);
  return {
    figure: sum.value === null ? sum : { ...sum, status },
    coverage,
    ...filled,
    total: null,
    totalU: null,
    inputs: shifts.map(({ shift, record }, index) =>
      shiftInput(shift.key, metric.unit, figures[index] ?? unknown("MISSING"), record),
    ),
    isPreliminary: shifts.some(({ record }) => record === null || record.state === "PRELIMINARY"),
  };
}

const NOTHING_FILLED = { filled: null, filledU: null };

/** The sum of what each shift would be over all of it; a shift of which nothing is known is taken as like the others. */
function filledOf(
  { unit }: BoundMetric,
  { from, to }: Span,
  shifts: readonly OneShift[],
): Pick<Outcome, "filled" | "filledU"> {
  const known = shifts.filter(({ record }) => record !== null && record.value !== null);
  const sum = sumOf(
    unit,
    known.map(({ record }) => filledFigureOf(record as MetricRecord, PLAIN)),
  );
  const knownMs = known.reduce((ms, { shift }) => ms + shift.to - shift.from, 0);
  return sum.value === null ? NOTHING_FILLED : filledFrom(sum, Math.min(1, knownMs / (to - from)));
}

function coveredIn({ shift, record }: OneShift): { readonly ms: number; readonly isUncertain: boolean } {
  if (record === null) return { ms: 0, isUncertain: false };
  return { ms: record.coverage * (shift.to - shift.from), isUncertain: severity(record.status) === 1 };
}

function figureOrUnknown(record: MetricRecord | null): Figure {
  return record === null ? unknown("MISSING", Status.BadNoCommunication) : figureOf(record, PLAIN);
}

function shiftInput(key: string, unit: string, figure: Figure, record: MetricRecord | null): MetricInput {
  return inputOf(key, "metric", unit, figure, record === null ? null : record.version);
}

function lastOf(metric: BoundMetric, record: MetricRecord | null): Outcome {
  const figure = figureOrUnknown(record);
  const input = shiftInput(record === null ? "" : record.key, metric.unit, figure, record);
  const rest = { figure, total: null, totalU: null, inputs: [input] };
  if (record === null) return { ...rest, coverage: 0, ...NOTHING_FILLED, isPreliminary: true };
  const { coverage, filled, filledU, state } = record;
  return { ...rest, coverage, filled, filledU, isPreliminary: state === "PRELIMINARY" };
}
