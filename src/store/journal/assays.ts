import type { Assay, AssayQuery, AssayState } from "../../domain/assay.ts";
import type { EpochMs } from "../../domain/time.ts";
import type { Database, Row } from "./database.ts";

/** Results of the laboratory, with every correction. */
export interface Assays {
  /** Adds versions; the caller has judged them. */
  append(assays: readonly Assay[]): void;
  latest(point: string, sample: string): Assay | null;
  /** Last versions whose cut has any part within from ≤ t < to, by cut; those that do not count are among them. */
  cutWithin(point: string, from: EpochMs, to: EpochMs): readonly Assay[];
  /** Last versions of all that is in a batch. */
  ofBatch(batch: string): readonly Assay[];
  /** Last versions of standards and blanks cut within from ≤ t < to, by time. */
  controlsWithin(from: EpochMs, to: EpochMs): readonly Assay[];
  /** In order. */
  versionsOf(point: string, sample: string): readonly Assay[];
  /** Newest first. */
  list(query: AssayQuery): readonly Assay[];
}

const LAST = `version = (SELECT max(version) FROM assays AS later WHERE later.point = assays.point
  AND later.sample = assays.sample)`;

export function createAssays(database: Database): Assays {
  return {
    append: (assays) =>
      database.transaction(() => {
        for (const assay of assays) insert(database, assay);
      }),
    latest(point, sample) {
      const sql = "SELECT * FROM assays WHERE point = ? AND sample = ? ORDER BY version DESC LIMIT 1";
      const row = database.one(sql, point, sample);
      return row === null ? null : assayOf(row);
    },
    cutWithin: (point, from, to) =>
      database
        .all(
          `SELECT * FROM assays WHERE point = ? AND cut_from < ? AND (cut_to > ? OR cut_from >= ?) AND ${LAST}
           ORDER BY cut_from, cut_to, sample`,
          point,
          to,
          from,
          from,
        )
        .map(assayOf),
    ofBatch: (batch) => database.all(`SELECT * FROM assays WHERE batch = ? AND ${LAST}`, batch).map(assayOf),
    controlsWithin: (from, to) =>
      database
        .all(
          `SELECT * FROM assays WHERE point = '' AND cut_from >= ? AND cut_from < ? AND ${LAST}
           ORDER BY cut_from, reported, sample`,
          from,
          to,
        )
        .map(assayOf),
    versionsOf: (point, sample) =>
      database
        .all("SELECT * FROM assays WHERE point = ? AND sample = ? ORDER BY version", point, sample)
        .map(assayOf),
    list: ({ point, from, to, all, rowsMax }) =>
      database
        .all(
          `SELECT * FROM assays WHERE (?1 IS NULL OR point = ?1) AND (cut_to > ?2 OR cut_from >= ?2)
           AND cut_from < ?3
           ${all ? "" : `AND ${LAST}`} ORDER BY cut_from DESC, point, sample, version LIMIT ?4`,
          point,
          from,
          to,
          rowsMax,
        )
        .map(assayOf),
  };
}

function insert(database: Database, assay: Assay): void {
  const { point, sample, version, cutFrom, cutTo, value, u, state, batch, reportedAt, by } = assay;
  const { unit, asReported, method, reason, kind, revision, material, receivedAt } = assay;
  const rest: Rest = { unit, asReported, method, reason, kind, revision, material, receivedAt };
  database.run(
    `INSERT INTO assays (point, sample, version, cut_from, cut_to, value, u, state, batch, reported, person, rest)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    [point, sample, version, cutFrom, cutTo, value, u, state, batch, reportedAt, by, JSON.stringify(rest)],
  );
}

type Rest = Pick<
  Assay,
  "unit" | "asReported" | "method" | "reason" | "kind" | "revision" | "material" | "receivedAt"
>;

function assayOf(row: Row): Assay {
  return {
    point: row["point"] as string,
    sample: row["sample"] as string,
    version: row["version"] as number,
    cutFrom: row["cut_from"] as number,
    cutTo: row["cut_to"] as number,
    value: row["value"] as number | null,
    u: row["u"] as number | null,
    state: row["state"] as AssayState,
    batch: row["batch"] as string | null,
    reportedAt: row["reported"] as number,
    by: row["person"] as string,
    ...(JSON.parse(row["rest"] as string) as Rest),
  };
}
