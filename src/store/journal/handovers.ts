import type { EpochMs } from "../../domain/time.ts";
import type { Database, Row } from "./database.ts";

/** `out`: who hands over signs a report. `in`: who takes over has read it. `correction`: it was changed after both. */
export type HandoverStepName = "out" | "in" | "correction";

/** One step of the handover of a shift. Steps are only ever added. */
export interface HandoverStep {
  /** Counts the steps of the plant. */
  readonly id: number;
  /** Start of the shift. */
  readonly shift: EpochMs;
  readonly step: HandoverStepName;
  /** Of corrections, from 1; 0 for signatures. */
  readonly number: number;
  readonly by: string;
  /** What the person added, or the reason of a correction. */
  readonly note: string;
  readonly at: EpochMs;
  /** The report as it was then, as JSON; null where the step before has it. */
  readonly report: string | null;
}

export interface Handovers {
  append(step: Omit<HandoverStep, "id">): void;
  /** Of one shift, in order. */
  of(shift: EpochMs): readonly HandoverStep[];
  /** Starts of the shifts that have begun within from ≤ t < to and of which anything was signed, in order. */
  shifts(from: EpochMs, to: EpochMs): readonly EpochMs[];
}

export function createHandovers(database: Database): Handovers {
  return {
    append: ({ shift, step, number, by, note, at, report }) =>
      database.run(
        "INSERT INTO handovers (start, step, number, person, note, at, report) VALUES (?, ?, ?, ?, ?, ?, ?)",
        [shift, step, number, by, note, at, report],
      ),
    of: (shift) => database.all("SELECT * FROM handovers WHERE start = ? ORDER BY id", shift).map(stepOf),
    shifts: (from, to) =>
      database
        .all("SELECT DISTINCT start FROM handovers WHERE start >= ? AND start < ? ORDER BY start", from, to)
        .map(({ start }) => start as number),
  };
}

function stepOf(row: Row): HandoverStep {
  return {
    id: row["id"] as number,
    shift: row["start"] as number,
    step: row["step"] as HandoverStepName,
    number: row["number"] as number,
    by: row["person"] as string,
    note: row["note"] as string,
    at: row["at"] as number,
    report: row["report"] as string | null,
  };
}
