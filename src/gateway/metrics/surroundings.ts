import type { Calendar } from "../../domain/calendar.ts";
import type { Figure } from "../../domain/figure.ts";
import type { MetricInput, MetricRecord } from "../../domain/metric.ts";
import type { Assays } from "../../store/journal/assays.ts";
import type { Entries } from "../../store/journal/entries.ts";
import type { BoundMetric } from "./binding.ts";
import type { Span, TallySource } from "./tallies.ts";

/** What figures are made from. */
export interface Surroundings {
  readonly calendar: Calendar;
  readonly tallies: TallySource;
  readonly assays: Pick<Assays, "cutWithin">;
  readonly entries: Pick<Entries, "within">;
  readonly metric: (id: string) => BoundMetric;
  /** What now stands of another metric over the same span, or of a shift. */
  record(metric: string, span: Pick<Span, "kind" | "from">): MetricRecord | null;
}

/** A figure with all that its record says. */
export interface Outcome {
  readonly figure: Figure;
  readonly coverage: number;
  readonly filled: number | null;
  readonly filledU: number | null;
  readonly total: number | null;
  readonly totalU: number | null;
  readonly inputs: readonly MetricInput[];
  readonly isPreliminary: boolean;
}
