import type { MetricRecord } from "../../domain/metric.ts";
import { isSameKind, measureOf, product } from "../../domain/unit-algebra.ts";
import { UNIT_CODES } from "../../domain/unit.ts";
import type { BoundMetric } from "./binding.ts";

/** What a rate adds up to in an hour: t/h is t, kW is kW.h, L/h is L. */
export function totalOf(unit: string): BoundMetric["total"] {
  const plain = unit.endsWith("/h") ? unit.slice(0, -2) : `${unit}.h`;
  const rate = measureOf(unit);
  const hour = measureOf("h");
  const total = measureOf(plain);
  if (rate === null || hour === null || total === null || !UNIT_CODES.includes(plain)) return null;
  const amount = product(rate, hour);
  return isSameKind(amount, total) ? { unit: plain, factor: amount.factor / total.factor } : null;
}

/** What a rate added up to, else the value; null while nothing is known. */
export function totalOrValue(record: MetricRecord | null): number | null {
  return record === null ? null : (record.total ?? record.value);
}
