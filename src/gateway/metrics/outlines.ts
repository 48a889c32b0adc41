import type { MetricOutline } from "../../domain/metric.ts";
import type { BoundMetric } from "./binding.ts";

/** What metrics are, for those who only read. */
export function outlinesOf(metrics: readonly BoundMetric[]): readonly MetricOutline[] {
  return metrics.map(({ id, title, kind, unit, area, periods }) => ({
    id,
    title,
    kind,
    unit,
    area,
    periods,
  }));
}
