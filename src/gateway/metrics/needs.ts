import type { PeriodKind } from "../../domain/calendar.ts";
import { PERIOD_KINDS } from "../../domain/calendar.ts";
import type { BoundMetric, Source } from "./binding.ts";
import { sourcesOfMetric } from "./binding.ts";

const isNeed = (period: string): period is Need =>
  period === "rolling" || (PERIOD_KINDS as readonly string[]).includes(period);

const isLong = (kind: Need): boolean => kind === "day" || kind === "week" || kind === "month";

/** Periods that a metric may be needed for: the last hour is one of them. */
type Need = PeriodKind | "rolling";

/** Which figures are computed: those that are published, and those that these are made of. */
export interface Needs {
  /** Behind those that they are made of. */
  ofPeriod(kind: Need): readonly BoundMetric[];
  needs(metric: string, kind: Need): boolean;
}

export function createNeeds(metrics: readonly BoundMetric[]): Needs {
  const byId = new Map(metrics.map((metric) => [metric.id, metric]));
  const wanted = new Map<string, Set<Need>>(metrics.map(({ id }) => [id, new Set()]));

  function want(id: string, kind: Need): void {
    const metric = byId.get(id);
    const kinds = wanted.get(id);
    if (metric === undefined || kinds === undefined || kinds.has(kind)) return;
    kinds.add(kind);
    const { recipe } = metric;
    if (recipe.by === "state") want(id, "shift");
    if (isLong(kind) && recipe.by !== "reading" && recipe.over !== "again") return want(id, "shift");
    for (const source of sourcesOfMetric(metric)) wantSource(source, kind);
  }

  function wantSource(source: Source, kind: Need): void {
    // What stands in for a sample weighs the samples of the days before by the ore of their shifts.
    if (source.from === "assay" && source.point.solids !== null) want(source.point.solids, "shift");
    if (source.from !== "metric") return;
    if (source.use !== "start") return want(source.metric, kind);
    const isOfShift = kind === "rolling" || isState(byId.get(source.metric));
    want(source.metric, isOfShift ? "shift" : kind);
  }

  for (const { id, periods } of metrics) for (const kind of periods) if (isNeed(kind)) want(id, kind);
  return {
    ofPeriod: (kind) => metrics.filter(({ id }) => wanted.get(id)?.has(kind) === true),
    needs: (metric, kind) => wanted.get(metric)?.has(kind) === true,
  };
}

/** A state is known at the end of each shift; a flow is known over a period. */
export function isState(metric: BoundMetric | undefined): boolean {
  return metric !== undefined && metric.recipe.by !== "reading" && metric.recipe.over === "last";
}
