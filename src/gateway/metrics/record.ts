import { createHash } from "node:crypto";
import type { MetricPeriod, MetricRecord, MetricState } from "../../domain/metric.ts";
import { isBad } from "../../domain/status.ts";
import type { EpochMs } from "../../domain/time.ts";
import type { BoundMetric } from "./binding.ts";
import { FORMULA_VERSION } from "./series.ts";
import type { Outcome } from "./surroundings.ts";
import type { Span } from "./tallies.ts";

/** Why and when a figure was computed. */
export interface Occasion {
  readonly period: MetricPeriod;
  readonly state: MetricState;
  readonly cause: string;
  readonly by: string | null;
  readonly at: EpochMs;
}

/** What is written down of a figure. One of bad quality has no value; what could be said all the same is in `filled`. */
export function recordOf(
  metric: BoundMetric,
  span: Span,
  outcome: Outcome,
  { period, state, cause, by, at }: Occasion,
): Omit<MetricRecord, "version"> {
  const { figure, coverage, filled, filledU, total, totalU, inputs } = outcome;
  const isKnown = figure.value !== null && !isBad(figure.status);
  const record = {
    metric: metric.id,
    period,
    key: span.key,
    from: span.from,
    to: span.to,
    unit: metric.unit,
    value: isKnown ? figure.value : null,
    u: isKnown ? figure.u : null,
    status: figure.status,
    reason: figure.reason ?? (isKnown ? null : "MISSING"),
    coverage,
    filled,
    filledU,
    total: isKnown ? total : null,
    totalU: isKnown ? totalU : null,
    totalUnit: metric.total?.unit ?? null,
    formula: `${metric.kind} v${FORMULA_VERSION}`,
    inputs,
    parts: figure.parts,
  } as const;
  return { ...record, state, cause, by, inputHash: hashOf(record), computedAt: at };
}

/** Equal when everything that the figure was made of is equal. Versions of other figures are no part of it: a signature
 *  makes a new version of the same number. */
function hashOf(
  record: Omit<MetricRecord, "version" | "state" | "cause" | "by" | "inputHash" | "computedAt">,
): string {
  const { inputs, ...rest } = record;
  const plain = inputs.map(({ source, id, value, u, unit, status, version }) => [
    [source, id, value, u, unit, status],
    source === "metric" ? null : version,
  ]);
  return createHash("sha256")
    .update(JSON.stringify({ ...rest, inputs: plain }))
    .digest("base64url");
}
