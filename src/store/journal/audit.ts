import { createHash } from "node:crypto";
import type { AuditAction, AuditEvent, AuditRecord } from "../../domain/people.ts";
import type { EpochMs } from "../../domain/time.ts";
import type { Database, Row } from "./database.ts";

/** Who did what, for good: rows are added and never changed or removed. */
export interface AuditLog {
  append(event: AuditEvent): void;
  /** from ≤ at < to, newest first. */
  between(from: EpochMs, to: EpochMs, rowsMax: number): readonly AuditRecord[];
  /** Goes through all of it, and looks for what has been changed, taken out or cut off. */
  verify(): AuditVerdict;
}

export interface AuditVerdict {
  readonly rows: number;
  /** Sequence of the first row that is not as it was written, or does not follow from the one before, or is missing at the
   *  end; null when all is as it was written. */
  readonly firstFault: number | null;
}

/** Before the first row. */
const BEGINNING = "";

export function createAuditLog(database: Database): AuditLog {
  return {
    append: (event) =>
      database.transaction(() => {
        const last = database.one("SELECT hash FROM audit ORDER BY sequence DESC LIMIT 1");
        const { at, by, action, subject, before, after, reason, address } = event;
        const hash = linkOf((last?.["hash"] ?? BEGINNING) as string, event);
        database.run(
          `INSERT INTO audit (at, person, action, subject, before, after, reason, address, hash)
           VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
          [at, by, action, subject, before, after, reason, address, hash],
        );
      }),
    between: (from, to, rowsMax) =>
      database
        .all("SELECT * FROM audit WHERE at >= ? AND at < ? ORDER BY sequence DESC LIMIT ?", from, to, rowsMax)
        .map(recordOf),
    verify() {
      const all = database.all("SELECT * FROM audit ORDER BY sequence");
      const given = database.one("SELECT seq FROM sqlite_sequence WHERE name = 'audit'");
      const ends = Number(given?.["seq"] ?? 0);
      const fault = brokenLink(all) ?? (ends > all.length ? all.length + 1 : null);
      return { rows: all.length, firstFault: fault };
    },
  };
}

function brokenLink(rows: readonly Row[]): number | null {
  let hash = BEGINNING;
  for (const [index, row] of rows.entries()) {
    const record = recordOf(row);
    hash = linkOf(hash, record);
    if (record.sequence !== index + 1) return index + 1;
    if (row["hash"] !== hash) return record.sequence;
  }
  return null;
}

/** Each row's hash covers the one before, so that nothing can be changed, left out or put in without all later ones. */
function linkOf(previous: string, event: AuditEvent): string {
  const { at, by, action, subject, before, after, reason, address } = event;
  const content = JSON.stringify([previous, at, by, action, subject, before, after, reason, address]);
  return createHash("sha256").update(content).digest("base64url");
}

function recordOf(row: Row): AuditRecord {
  return {
    sequence: row["sequence"] as number,
    at: row["at"] as number,
    by: row["person"] as string,
    action: row["action"] as AuditAction,
    subject: row["subject"] as string,
    before: row["before"] as string | null,
    after: row["after"] as string | null,
    reason: row["reason"] as string | null,
    address: row["address"] as string | null,
  };
}
