import { join } from "node:path";
import type { PeriodKind } from "../../domain/calendar.ts";
import type { EpochMs } from "../../domain/time.ts";
import { createAlarmSettingLog } from "./alarm-settings.ts";
import type { AlarmSettingLog } from "./alarm-settings.ts";
import { createAlarmLog } from "./alarms.ts";
import type { AlarmLog } from "./alarms.ts";
import { createAssays } from "./assays.ts";
import type { Assays } from "./assays.ts";
import { createAuditLog } from "./audit.ts";
import type { AuditLog } from "./audit.ts";
import { memoryDatabase, openDatabase } from "./database.ts";
import type { Database, Form } from "./database.ts";
import { createEntries } from "./entries.ts";
import type { Entries } from "./entries.ts";
import { createHandovers } from "./handovers.ts";
import type { Handovers } from "./handovers.ts";
import { createLateMarks } from "./late.ts";
import type { LateMarks } from "./late.ts";
import { createOutbox } from "./outbox.ts";
import type { Outbox } from "./outbox.ts";
import { MIGRATIONS } from "./schema.ts";
import { createVersions } from "./versions.ts";
import type { Versions } from "./versions.ts";
import { createWork } from "./work.ts";
import type { Work } from "./work.ts";

export interface Signature {
  readonly period: PeriodKind;
  readonly from: EpochMs;
  readonly to: EpochMs;
  readonly by: string;
  readonly note: string;
  readonly at: EpochMs;
}

/** A time in which no gateway ran. */
export interface Outage {
  readonly from: EpochMs;
  readonly to: EpochMs;
}

/** What a shift came to, series by series, so that longer periods need not read its readings again. */
export interface Tallies {
  put(series: string, from: EpochMs, to: EpochMs, tally: object): void;
  get(series: string, from: EpochMs): object | null;
  /** Forgets what has any part within from ≤ t < to: its readings have changed. */
  forget(from: EpochMs, to: EpochMs): void;
}

/** Moments that must be remembered, by name. */
export interface Marks {
  get(name: string): number | null;
  set(name: string, value: number): void;
}

/** Everything about figures and alarms that must outlive the process: assays, entries, versions, signatures, transitions
 *  and what is to be done. */
export interface Journal {
  readonly versions: Versions;
  readonly assays: Assays;
  readonly entries: Entries;
  readonly work: Work;
  readonly tallies: Tallies;
  readonly outbox: Outbox;
  readonly late: LateMarks;
  readonly alarms: AlarmLog;
  readonly handovers: Handovers;
  readonly audit: AuditLog;
  readonly alarmSettings: AlarmSettingLog;
  readonly marks: Marks;
  sign(signature: Signature): void;
  signature(period: PeriodKind, from: EpochMs): Signature | null;
  /** The gateway started now; `alive` says that it still runs. */
  started(now: EpochMs): void;
  alive(now: EpochMs): void;
  outages(from: EpochMs, to: EpochMs): readonly Outage[];
  transaction<T>(work: () => T): T;
  /** A transaction that is on the disk when it returns: for what a person is told has been kept. */
  durably<T>(work: () => T): T;
  /** Sentence about why it takes nothing at present, or nothing that lasts; null when all is well. */
  trouble(): string | null;
  close(): void;
}

/** Its name in the data folder. */
export const JOURNAL_FILE = "journal.sqlite";
const FORM: Form = { name: "journal", migrations: MIGRATIONS };

/** Opens the journal in the data folder. Throws BadConfiguration when a newer version of the gateway wrote it. */
export function openJournal(dataDir: string): Journal {
  return assemble(openDatabase(join(dataDir, JOURNAL_FILE), FORM));
}

/** A journal that is gone when the process ends, for want of a file that can be used. */
export function memoryJournal(trouble: string): Journal {
  return assemble(memoryDatabase(trouble, FORM));
}

function assemble(database: Database): Journal {
  return {
    versions: createVersions(database),
    assays: createAssays(database),
    entries: createEntries(database),
    work: createWork(database),
    tallies: createTallies(database),
    outbox: createOutbox(database),
    late: createLateMarks(database),
    alarms: createAlarmLog(database),
    handovers: createHandovers(database),
    audit: createAuditLog(database),
    alarmSettings: createAlarmSettingLog(database),
    marks: createMarks(database),
    ...createSignatures(database),
    ...createRuns(database),
    transaction: (work) => database.transaction(work),
    durably: (work) => database.durably(work),
    trouble: () => database.trouble(),
    close: () => database.close(),
  };
}

function createTallies(database: Database): Tallies {
  return {
    put: (series, from, to, tally) =>
      database.run("INSERT OR REPLACE INTO tallies (series, start, end, tally) VALUES (?, ?, ?, ?)", [
        series,
        from,
        to,
        JSON.stringify(tally),
      ]),
    get(series, from) {
      const row = database.one("SELECT tally FROM tallies WHERE series = ? AND start = ?", series, from);
      return row === null ? null : (JSON.parse(row["tally"] as string) as object);
    },
    forget: (from, to) => database.run("DELETE FROM tallies WHERE start < ? AND end > ?", [to, from]),
  };
}

function createMarks(database: Database): Marks {
  return {
    get: (name) =>
      (database.one("SELECT value FROM marks WHERE name = ?", name)?.["value"] ?? null) as number | null,
    set: (name, value) =>
      database.run("INSERT OR REPLACE INTO marks (name, value) VALUES (?, ?)", [name, value]),
  };
}

function createSignatures(database: Database): Pick<Journal, "sign" | "signature"> {
  return {
    sign: ({ period, from, to, by, note, at }) =>
      database.run(
        "INSERT OR IGNORE INTO signatures (period, start, end, person, note, at) VALUES (?, ?, ?, ?, ?, ?)",
        [period, from, to, by, note, at],
      ),
    signature(period, from) {
      const row = database.one("SELECT * FROM signatures WHERE period = ? AND start = ?", period, from);
      if (row === null) return null;
      const { end, person, note, at } = row;
      return {
        period,
        from,
        to: end as number,
        by: person as string,
        note: note as string,
        at: at as number,
      };
    },
  };
}

function createRuns(database: Database): Pick<Journal, "started" | "alive" | "outages"> {
  let start: EpochMs | null = null;
  return {
    started(now) {
      start = now;
      database.run("INSERT OR REPLACE INTO runs (start, alive) VALUES (?, ?)", [now, now]);
    },
    alive(now) {
      if (start !== null) database.run("UPDATE runs SET alive = max(alive, ?) WHERE start = ?", [now, start]);
    },
    outages(from, to) {
      const rows = database.all(
        `SELECT max(alive) OVER (ORDER BY start ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS quiet, start
         FROM runs ORDER BY start`,
      );
      return rows
        .map(({ quiet, start: next }) => ({ from: (quiet ?? -Infinity) as number, to: next as number }))
        .filter((outage) => outage.to > outage.from && outage.from < to && outage.to > from);
    },
  };
}
