import { mkdirSync } from "node:fs";
import { dirname } from "node:path";
import { DatabaseSync } from "node:sqlite";
import type { SQLInputValue, SQLOutputValue, StatementSync } from "node:sqlite";
import { BadConfiguration } from "../../domain/errors.ts";
import { createBackgroundSync } from "./background-sync.ts";
import type { BackgroundSync } from "./background-sync.ts";

export type Row = Record<string, SQLOutputValue>;

/** How a file is made, and what it is called when it cannot be read. */
export interface Form {
  readonly name: string;
  /** Statements that bring a file from version i to version i + 1. */
  readonly migrations: readonly string[];
}

/** A file and its prepared statements. What was written survives the process at once and a power cut as soon as it
 *  is synced, which happens in the background: a disk that hangs must not hold up what is polled and shown meanwhile. */
export interface Database {
  all(sql: string, ...values: SQLInputValue[]): Row[];
  one(sql: string, ...values: SQLInputValue[]): Row | null;
  run(sql: string, values: readonly SQLInputValue[]): void;
  /** All or nothing; transactions within transactions are part of the outer one. */
  transaction<T>(work: () => T): T;
  /** A transaction that is synced before it returns: for what a person is told has been kept. */
  durably<T>(work: () => T): T;
  /** Sentence about why it takes nothing at present; null when the last write went well. */
  trouble(): string | null;
  close(): void;
}

/** What SQLite says of the disk and of the file, not of what is written: https://sqlite.org/rescode.html */
const DISK_CODES: ReadonlySet<number> = new Set([8, 10, 11, 13, 14, 26]);

/** Opens the file, making or migrating it. Throws BadConfiguration when a newer version of the gateway wrote it. */
export function openDatabase(file: string, form: Form): Database {
  mkdirSync(dirname(file), { recursive: true });
  const sqlite = prepare(file, form);
  return assemble(
    sqlite,
    createBackgroundSync(`${file}-wal`, () => sqlite.exec("PRAGMA wal_checkpoint(PASSIVE)")),
    null,
  );
}

/** Stands where no file can be used: everything works, and is gone when the process ends. */
export function memoryDatabase(trouble: string, form: Form): Database {
  return assemble(prepare(":memory:", form), { ask: () => undefined, stop: () => undefined }, trouble);
}

function prepare(file: string, form: Form): DatabaseSync {
  const sqlite = new DatabaseSync(file, { timeout: 5_000 });
  // Without checkpoints of its own SQLite syncs nothing in this thread; they are made after a sync that went well.
  sqlite.exec(
    "PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA wal_autocheckpoint = 0; PRAGMA foreign_keys = ON",
  );
  migrate(sqlite, file, form);
  return sqlite;
}

function migrate(sqlite: DatabaseSync, file: string, { name, migrations }: Form): void {
  const version = Number(sqlite.prepare("PRAGMA user_version").get()?.["user_version"] ?? 0);
  if (version > migrations.length) {
    sqlite.close();
    const sentence = `a newer version of the gateway wrote this ${name} (form ${version}; this one reads up to ${migrations.length})`;
    throw new BadConfiguration([{ file, line: 1, column: 1, path: `(${name})`, told: sentence }]);
  }
  for (const [step, statements] of migrations.entries())
    if (step >= version) sqlite.exec(`BEGIN; ${statements} PRAGMA user_version = ${step + 1}; COMMIT`);
}

function assemble(sqlite: DatabaseSync, sync: BackgroundSync, lasting: string | null): Database {
  const statements = new Map<string, StatementSync>();
  const disk = watchDisk(lasting, sync);
  let depth = 0;
  const prepared = (sql: string): StatementSync => {
    let statement = statements.get(sql);
    if (statement === undefined) {
      statement = sqlite.prepare(sql);
      statements.set(sql, statement);
    }
    return statement;
  };
  function committed<T>(work: () => T): T {
    sqlite.exec("BEGIN IMMEDIATE");
    depth++;
    try {
      const result = work();
      sqlite.exec("COMMIT");
      return result;
    } catch (error) {
      // A full disk ends a transaction by itself.
      if (sqlite.isTransaction) sqlite.exec("ROLLBACK");
      throw error;
    } finally {
      depth--;
    }
  }

  const transaction = <T>(work: () => T): T => (depth > 0 ? work() : disk.written(() => committed(work)));

  return {
    all: (sql, ...values) => prepared(sql).all(...values),
    one: (sql, ...values) => prepared(sql).get(...values) ?? null,
    run(sql, values) {
      const run = (): void => void prepared(sql).run(...values);
      if (depth > 0) run();
      else disk.written(run);
    },
    transaction,
    durably(work) {
      if (depth > 0) return work();
      sqlite.exec("PRAGMA synchronous = FULL");
      try {
        return transaction(work);
      } finally {
        sqlite.exec("PRAGMA synchronous = NORMAL");
      }
    },
    trouble: () => disk.trouble(),
    close() {
      sync.stop();
      sqlite.close();
    },
  };
}

/** What becomes of each write says how the disk is. */
function watchDisk(lasting: string | null, sync: BackgroundSync) {
  let trouble = lasting;
  return {
    trouble: (): string | null => trouble,
    written<T>(work: () => T): T {
      try {
        const result = work();
        trouble = lasting;
        sync.ask();
        return result;
      } catch (error) {
        if (isOfDisk(error)) trouble = (error as Error).message;
        throw error;
      }
    },
  };
}

function isOfDisk(error: unknown): boolean {
  const { errcode } = error as { readonly errcode?: number };
  return errcode !== undefined && DISK_CODES.has(errcode & 0xff);
}
