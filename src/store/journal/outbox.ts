import type { MetricPeriod } from "../../domain/metric.ts";
import type { EpochMs } from "../../domain/time.ts";
import type { Database } from "./database.ts";
import { createPlaces } from "./places.ts";

/** One version of a figure that is to be published. */
export interface Posted {
  /** Counted over all figures, in the order in which they were made. */
  readonly sequence: number;
  readonly metric: string;
  readonly period: MetricPeriod;
  readonly from: EpochMs;
  readonly version: number;
}

/** Figures on their way to the outputs. Each output has a place in the one list; what every output has taken is removed.
 *  It outlives the process, so that neither a restart nor a long outage of a sink loses a version. */
export interface Outbox {
  post(figure: Omit<Posted, "sequence">): void;
  /** The next of an output, in order; a new output begins with what is still there. */
  next(output: string, rowsMax: number): readonly Posted[];
  /** The output has taken everything up to this one. */
  taken(output: string, sequence: number): void;
  pending(output: string): number;
  /** Removes what all of these outputs have taken, and the places of others. */
  trim(outputs: readonly string[]): void;
}

const placeOf = (output: string): string => `sent:${output}`;

export function createOutbox(database: Database): Outbox {
  const places = createPlaces(database);
  const place = (output: string): number => places.get(placeOf(output)) ?? 0;
  return {
    post: ({ metric, period, from, version }) =>
      database.run("INSERT INTO outbox (metric, period, start, version) VALUES (?, ?, ?, ?)", [
        metric,
        period,
        from,
        version,
      ]),
    next: (output, rowsMax) =>
      database
        .all("SELECT * FROM outbox WHERE sequence > ? ORDER BY sequence LIMIT ?", place(output), rowsMax)
        .map((row) => ({
          sequence: row["sequence"] as number,
          metric: row["metric"] as string,
          period: row["period"] as MetricPeriod,
          from: row["start"] as number,
          version: row["version"] as number,
        })),
    taken: (output, sequence) => places.set(placeOf(output), sequence),
    pending: (output) =>
      Number(
        database.one("SELECT count(*) AS figures FROM outbox WHERE sequence > ?", place(output))?.["figures"],
      ),
    trim(outputs) {
      const behind = Math.min(...outputs.map(place));
      if (Number.isFinite(behind)) database.run("DELETE FROM outbox WHERE sequence <= ?", [behind]);
    },
  };
}
