import { Type } from "typebox";
import type { Static } from "typebox";
import { Check } from "typebox/value";
import { ACCOUNT_MIGRATIONS } from "../accounts/schema.ts";
import { ACCOUNTS_FILE } from "../accounts/accounts.ts";
import { HISTORIAN_FILE, HISTORIAN_FORM } from "../historian/archive.ts";
import { JOURNAL_FILE } from "../journal/journal.ts";
import { MIGRATIONS } from "../journal/schema.ts";

/** A backup cannot be used; the message says why. Nothing has been changed. */
export class BackupRefused extends Error {
  readonly code = "BACKUP_REFUSED";
}

/** Counts up when an older gateway could not restore it. */
export const BACKUP_FORMAT = 1;

/** First entry of a backup, so that a newer one is known for what it is before anything else of it is looked at. */
export const MARK_FILE = "puma-backup";

/** Last entry: by then what was written has been hashed. */
export const MANIFEST_FILE = "manifest.json";
export const MANIFEST_BYTES_MAX = 64 * 1024 * 1024;

const ManifestSchema = Type.Object({
  format: Type.Literal(BACKUP_FORMAT),
  plant: Type.String(),
  title: Type.String(),
  /** Version of the gateway that made it. */
  version: Type.String(),
  /** ISO 8601, UTC. */
  at: Type.String(),
  /** Hash of the configuration, the same wherever it is restored. */
  configuration: Type.String(),
  /** The data folder as the plant file writes it. */
  dataDir: Type.String(),
  /** Environment variables that hold secrets, which no backup has. */
  variables: Type.Array(Type.String()),
  hasHistory: Type.Boolean(),
  hasSpool: Type.Boolean(),
  /** Form of each database. */
  forms: Type.Record(Type.String(), Type.Integer()),
  files: Type.Array(Type.Object({ name: Type.String(), bytes: Type.Integer(), sha256: Type.String() })),
});

/** What a backup says of itself. */
export type Manifest = Static<typeof ManifestSchema>;

/** Forms of databases that this version reads, at the most. */
const FORMS: Readonly<Record<string, number>> = {
  [JOURNAL_FILE]: MIGRATIONS.length,
  [ACCOUNTS_FILE]: ACCOUNT_MIGRATIONS.length,
  [HISTORIAN_FILE]: HISTORIAN_FORM,
};

/** Throws BackupRefused when a newer gateway wrote it, or it is none. */
export function readMark(text: string): void {
  const format = Number(/^puma-backup (\d+)\n$/u.exec(text)?.[1] ?? NaN);
  if (Number.isNaN(format)) throw new BackupRefused("This is no backup of a gateway.");
  if (format > BACKUP_FORMAT)
    throw new BackupRefused(
      `A newer version of the gateway made this backup (format ${format}; this one reads up to ${BACKUP_FORMAT}).`,
    );
}

export function markText(): string {
  return `puma-backup ${BACKUP_FORMAT}\n`;
}

/** Throws BackupRefused when it is no manifest, or one with databases of a newer form. */
export function readManifest(text: string): Manifest {
  const manifest = parse(text);
  if (!Check(ManifestSchema, manifest))
    throw new BackupRefused("The backup is damaged: its manifest is not whole.");
  for (const [name, form] of Object.entries(manifest.forms)) {
    const known = Object.hasOwn(FORMS, name) ? (FORMS[name] ?? 0) : Infinity;
    if (form > known)
      throw new BackupRefused(
        `A newer version of the gateway (${manifest.version}) wrote ${name} (form ${form}; this one reads up to ${known}).`,
      );
  }
  return manifest;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return null;
  }
}
