import type { EpochMs } from "../../domain/time.ts";
import type { Database } from "./database.ts";

/** Stretches of the past from which readings of a tag have come, until the figures made of them are on the list. */
export interface LateMarks {
  /** Replaces what was marked of the tag. */
  put(mark: LateMark): void;
  remove(tag: string): void;
  all(): readonly LateMark[];
}

/** from ≤ t ≤ to */
export interface LateMark {
  readonly tag: string;
  readonly from: EpochMs;
  readonly to: EpochMs;
}

export function createLateMarks(database: Database): LateMarks {
  return {
    put: ({ tag, from, to }) =>
      database.run("INSERT OR REPLACE INTO late (tag, start, end) VALUES (?, ?, ?)", [tag, from, to]),
    remove: (tag) => database.run("DELETE FROM late WHERE tag = ?", [tag]),
    all: () =>
      database.all("SELECT tag, start, end FROM late").map(({ tag, start, end }) => ({
        tag: tag as string,
        from: start as number,
        to: end as number,
      })),
  };
}
