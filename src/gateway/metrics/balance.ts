import type { Flowsheet } from "../../config/metallurgy.ts";
import type { Period, PeriodKind } from "../../domain/calendar.ts";
import { quantity } from "../../domain/quantity.ts";
import { SUBSTANCES } from "../../domain/substance.ts";
import { unknown } from "../../domain/figure.ts";
import type { Figure, Refusal } from "../../domain/figure.ts";
import type { MetricRecord } from "../../domain/metric.ts";
import type { EpochMs } from "../../domain/time.ts";
import type { Balance } from "../../http/figure-view.ts";
import { reconcileFlowsheet } from "../../metallurgy/flowsheet.ts";
import { takeAssay } from "./assay-figure.ts";
import { closuresOf } from "./balance-closures.ts";
import { streamsOf } from "./balance-kind.ts";
import type { Measure } from "./balance-kind.ts";
import { addsUpOverTime } from "./binding.ts";
import type { BoundMetric } from "./binding.ts";
import type { Engine } from "./engine.ts";
import { figureOf, filledFigureOf } from "./figures.ts";
import type { Span } from "./tallies.ts";
import { conversion } from "../../domain/unit-algebra.ts";
import type { AssayPoint } from "../../config/metallurgy.ts";

export interface BalanceContext {
  readonly flowsheet: Flowsheet;
  readonly points: ReadonlyMap<string, AssayPoint>;
  readonly engine: Engine;
}

/** The flowsheet over a closed period: what was measured, and beside it what closes every balance. Nothing of it goes back
 *  into the figures. Without `at` of the last period that is over, and of the one before while that is still being
 *  computed. Null while the period has no figures. */
export function balanceOf(context: BalanceContext, kind: PeriodKind, at: EpochMs | null): Balance | null {
  const { calendar, computedTo } = context.engine.graph;
  if (computedTo(kind) === -Infinity) return null;
  if (at !== null) return balanceOfPeriod(context, calendar.periodAt(kind, at));
  const last = lastOver(kind, context.engine);
  return balanceOfPeriod(context, last) ?? balanceOfPeriod(context, calendar.previous(last));
}

function balanceOfPeriod({ flowsheet, points, engine }: BalanceContext, period: Period): Balance | null {
  const { kind } = period;
  const span: Span = { ...period, to: Math.min(period.to, engine.graph.computedTo(kind)) };
  if (flowsheet.nodes.length === 0 || span.to <= span.from) return null;
  const measure = measurer(points, engine, span);
  const streams = streamsOf(flowsheet, measure);
  if (!streams.some((stream) => SUBSTANCES.some((of) => isKnown(stream[of])))) return null;
  const result = reconcileFlowsheet(
    flowsheet.nodes.map(({ id }) => id),
    streams,
  );
  const closures = closuresOf(flowsheet, streams);
  const base = { period: kind, key: period.key, from: span.from, to: span.to, flowsheet, closures };
  return isRefusal(result) ? { ...base, refused: result, result: null } : { ...base, refused: null, result };
}

function isKnown(figure: Figure | null): boolean {
  return figure !== null && figure.value !== null;
}

/** The newest period that has all its figures. */
function lastOver(kind: PeriodKind, { graph: { calendar, computedTo } }: Engine): Period {
  const newest = calendar.periodAt(kind, computedTo(kind) - 1);
  return newest.to <= computedTo(kind) ? newest : calendar.previous(newest);
}

function isRefusal(result: ReturnType<typeof reconcileFlowsheet>): result is Refusal {
  return typeof result === "string";
}

/** A metric's figure or an assay over the period. What stands in for a sample that is missing is no measurement. */
function measurer(points: ReadonlyMap<string, AssayPoint>, engine: Engine, span: Span): Measure {
  const { surroundings } = engine;
  return (id, unit) => {
    const point = points.get(id);
    if (point !== undefined) {
      const change = conversion(point.unit, unit) ?? { factor: 1, offset: 0 };
      const { figure, isPreliminary } = takeAssay(
        { from: "assay", id, point, ...change },
        span,
        unit,
        surroundings,
      );
      return isPreliminary ? unknown("MISSING") : figure;
    }
    const record = surroundings.record(id, { kind: span.kind, from: span.from });
    return record === null ? unknown("MISSING") : inUnit(record, surroundings.metric(id), unit);
  };
}

/** A rate's total where an amount is wanted. What flowed while nothing was seen is taken as what flowed while it was: else a
 *  meter that was not read for an hour would contradict a counter that went on counting. */
function inUnit(record: MetricRecord, metric: BoundMetric, unit: string): Figure {
  const plain = conversion(record.unit, unit);
  const take = addsUpOverTime(metric) ? filledFigureOf : figureOf;
  if (plain !== null) return relabelled(take(record, { use: "value", ...plain }), unit);
  const ofTotal = metric.total === null ? null : conversion(metric.total.unit, unit);
  if (ofTotal === null) return unknown("MISSING");
  return relabelled(filledFigureOf(record, { use: "total", ...ofTotal }), unit);
}

function relabelled(figure: Figure, unit: string): Figure {
  return figure.value === null ? figure : { ...figure, value: quantity(figure.value, unit) };
}
