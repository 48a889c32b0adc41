import type { Entry, EntryBodies, EntryKind } from "../../domain/entry.ts";
import type { EpochMs } from "../../domain/time.ts";
import type { Database, Row } from "./database.ts";

/** What people entered, with every correction, who and when. */
export interface Entries {
  append(entries: readonly Entry[]): void;
  latest(kind: EntryKind, ref: string): Entry | null;
  /** Last versions, withdrawn ones left out, with any part within from ≤ t < to; in order of time. */
  within<K extends EntryKind>(kind: K, from: EpochMs, to: EpochMs): readonly Entry<K>[];
  /** Every version of entries of a kind that start within from ≤ t < to, newest first. */
  list(kind: EntryKind, from: EpochMs, to: EpochMs, rowsMax: number): readonly Entry[];
}

export function createEntries(database: Database): Entries {
  return {
    append: (entries) =>
      database.transaction(() => {
        for (const entry of entries) insert(database, entry);
      }),
    latest(kind, ref) {
      const sql = "SELECT * FROM entries WHERE kind = ? AND ref = ? ORDER BY version DESC LIMIT 1";
      const row = database.one(sql, kind, ref);
      return row === null ? null : entryOf(row);
    },
    within: <K extends EntryKind>(kind: K, from: EpochMs, to: EpochMs) =>
      database
        .all(
          `SELECT * FROM entries WHERE kind = ? AND start < ? AND (end > ? OR start >= ?) AND body <> 'null'
           AND version = (SELECT max(version) FROM entries AS later WHERE later.kind = entries.kind
             AND later.ref = entries.ref)
           ORDER BY start, ref`,
          kind,
          to,
          from,
          from,
        )
        .map((row) => entryOf(row) as Entry<K>),
    list: (kind, from, to, rowsMax) =>
      database
        .all(
          `SELECT * FROM entries WHERE kind = ? AND start >= ? AND start < ?
           ORDER BY start DESC, ref, version DESC LIMIT ?`,
          kind,
          from,
          to,
          rowsMax,
        )
        .map(entryOf),
  };
}

function insert(database: Database, { kind, ref, version, from, to, body, by, at, reason }: Entry): void {
  database.run(
    `INSERT INTO entries (kind, ref, version, start, end, body, person, at, reason)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    [kind, ref, version, from, to, JSON.stringify(body), by, at, reason],
  );
}

function entryOf(row: Row): Entry {
  return {
    kind: row["kind"] as EntryKind,
    ref: row["ref"] as string,
    version: row["version"] as number,
    from: row["start"] as number,
    to: row["end"] as number,
    body: JSON.parse(row["body"] as string) as EntryBodies[EntryKind] | null,
    by: row["person"] as string,
    at: row["at"] as number,
    reason: row["reason"] as string | null,
  };
}
