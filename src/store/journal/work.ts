import type { PeriodKind } from "../../domain/calendar.ts";
import type { EpochMs } from "../../domain/time.ts";
import type { Database, Row } from "./database.ts";

/** A figure that is to be computed again. */
export interface Dirty {
  readonly period: PeriodKind;
  readonly from: EpochMs;
  readonly to: EpochMs;
  readonly metric: string;
  readonly cause: string;
  /** Who caused it and why; null for readings that came late. */
  readonly by: string | null;
  readonly reason: string | null;
}

/** How often a figure has been marked: what comes while it is being computed must not be taken for done. */
export interface Marked extends Dirty {
  readonly marks: number;
}

/** What is still to be done: outlives the process, so that a recomputation that was killed is done again. */
export interface Work {
  /** The first cause of a figure stays until it has been computed, unless the later one has a reason and it has none. */
  mark(dirty: readonly Dirty[]): void;
  /** Periods of which anything is to be done, in the order in which figures are made of each other: by the time at which
   *  they end, and the short ones first. */
  periods(): readonly Pick<Dirty, "period" | "from">[];
  /** What is to be done of one period. */
  ofPeriod(period: PeriodKind, from: EpochMs): readonly Marked[];
  /** Takes them off the list, but for those that have been marked again since. */
  done(marked: readonly Marked[]): void;
  count(): number;
}

const ORDER =
  "CASE period WHEN 'hour' THEN 0 WHEN 'shift' THEN 1 WHEN 'day' THEN 2 WHEN 'week' THEN 3 ELSE 4 END";

export function createWork(database: Database): Work {
  return {
    mark: (dirty) =>
      database.transaction(() => {
        for (const { period, from, to, metric, cause, by, reason } of dirty)
          database.run(
            `INSERT INTO dirty (period, start, end, metric, cause, person, reason, marks) VALUES (?, ?, ?, ?, ?, ?, ?, 1)
             ON CONFLICT DO UPDATE SET marks = marks + 1, end = max(end, excluded.end),
               cause = iif(dirty.reason IS NULL AND excluded.reason IS NOT NULL, excluded.cause, cause),
               person = iif(dirty.reason IS NULL AND excluded.reason IS NOT NULL, excluded.person, person),
               reason = ifnull(dirty.reason, excluded.reason)`,
            [period, from, to, metric, cause, by, reason],
          );
      }),
    periods: () =>
      database
        .all(`SELECT period, start FROM dirty GROUP BY period, start ORDER BY max(end), ${ORDER}`)
        .map((row) => ({ period: row["period"] as PeriodKind, from: row["start"] as number })),
    ofPeriod: (period, from) =>
      database
        .all("SELECT * FROM dirty WHERE period = ? AND start = ? ORDER BY metric", period, from)
        .map(dirtyOf),
    done: (marked) =>
      database.transaction(() => {
        for (const { period, from, metric, marks } of marked)
          database.run("DELETE FROM dirty WHERE period = ? AND start = ? AND metric = ? AND marks = ?", [
            period,
            from,
            metric,
            marks,
          ]);
      }),
    count: () => Number(database.one("SELECT count(*) AS figures FROM dirty")?.["figures"] ?? 0),
  };
}

function dirtyOf(row: Row): Marked {
  return {
    period: row["period"] as PeriodKind,
    from: row["start"] as number,
    to: row["end"] as number,
    metric: row["metric"] as string,
    cause: row["cause"] as string,
    by: row["person"] as string | null,
    reason: row["reason"] as string | null,
    marks: row["marks"] as number,
  };
}
