import type { InputConfig, MetricConfig } from "../../src/config/metallurgy.ts";
import type { MetricInput, MetricRecord } from "../../src/domain/metric.ts";
import type { PeriodKind } from "../../src/domain/calendar.ts";

/** A constant input of a metric. */
export function constantOf(value: number): InputConfig {
  return { of: [], take: "auto", constant: value, constantU: 0, errorOf: null, unit: null, band: null };
}

export function metricOf(id: string, kind: string, inputs: Record<string, number>): MetricConfig {
  return {
    id,
    title: `Title of ${id}`,
    kind,
    expression: null,
    unit: null,
    area: "grinding",
    periods: ["shift", "day"],
    inputs: Object.fromEntries(Object.entries(inputs).map(([name, value]) => [name, constantOf(value)])),
  };
}

export function inputOf(name: string, value: number): MetricInput {
  return { name, source: "metric", id: name, value, u: 0, unit: "g", status: 0, version: 1 };
}

/** A figure as the journal takes it. */
export function recordOf(
  metric: string,
  period: PeriodKind,
  [from, to]: readonly [number, number],
  changes: Partial<MetricRecord> = {},
): Omit<MetricRecord, "version"> {
  return {
    metric,
    period,
    key: "",
    from,
    to,
    unit: "t",
    value: 50.4,
    u: 0.5,
    status: 0,
    reason: null,
    coverage: 1,
    filled: null,
    filledU: null,
    total: null,
    totalU: null,
    totalUnit: null,
    state: "PROVISIONAL",
    cause: "closed",
    by: null,
    formula: "M-04",
    inputs: [],
    parts: {},
    inputHash: `${metric} ${period} ${from} ${changes.value ?? ""}`,
    computedAt: to,
    ...changes,
  };
}
