import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import type { StatementSync } from "node:sqlite";
import type { HistoryBuckets, HistoryColumns } from "../../domain/history.ts";
import type { EpochMs } from "../../domain/time.ts";
import { decodeChunk, encodeChunk } from "./chunk.ts";
import { mergeColumns, NO_ROWS, rowAt, sliceColumns } from "./columns.ts";
import { refused } from "./refused.ts";
import { CHUNK_MS, decodeRollup, encodeRollup, hourOf } from "./rollup.ts";
import type { Linear } from "./values.ts";

const APPLICATION_ID = 0x50554d41; // "PUMA"
/** Its name in the data folder. */
export const HISTORIAN_FILE = "historian.sqlite";

/** Counts up with its tables. */
export const HISTORIAN_FORM = 1;

/** Rows of one chunk at the most: what a read has to unpack for a single reading. */
const CHUNK_ROWS_MAX = 16_384;

/** Chunks with fewer rows than this are joined with those that come after them, so that many small writes leave no crumbs: so
 *  many at once while their hour goes on, because two at once would write each reading twice as often, and the rest when it ends. */
const CRUMB_ROWS = 1_024;
const CRUMBS_JOINED = 6;

/** Crumbs are of a size when the larger has no more than so many times the rows of the smaller. */
const CRUMB_TIMES = 1.5;

/** Some ten chunks share a page, so that what is left free at its end is little. */
const PAGE_BYTES = 65_536;

/** Log of the database, kept between checkpoints. */
const JOURNAL_BYTES_MAX = 16 * 1024 * 1024;

/** Pages given back to the file system in one go: a few ms of work. */
const VACUUM_PAGES = 64;

const SCHEMA = `
create table tag (id integer primary key, name text not null unique) strict;
create table chunk (
  id integer primary key, tag integer not null, first integer not null, last integer not null,
  rows integer not null, rollup blob, body blob not null
) strict;
create unique index chunk_of_tag on chunk (tag, first);
create table damaged (
  tag integer not null, first integer not null, last integer not null, rows integer not null, body blob not null
) strict;
`;

/** A stored stretch of one tag's readings, not unpacked yet. */
export interface StoredChunk {
  readonly first: EpochMs;
  readonly last: EpochMs;
  rollup(): HistoryBuckets | null;
  /** Null when the chunk is damaged. */
  columns(): HistoryColumns | null;
}

interface ChunkRow {
  readonly id: number;
  readonly first: number;
  readonly last: number;
  readonly rows: number;
}

/** The database of the historian: chunks of at most an hour, one tag each, that do not overlap. One process writes. */
export class Archive {
  readonly #database: DatabaseSync;
  readonly #statements = new Map<string, StatementSync>();
  #damaged = 0;

  /** Throws BadConfiguration when the file is not ours, or of a newer version. */
  constructor(dir: string) {
    const file = join(dir, HISTORIAN_FILE);
    this.#database = new DatabaseSync(file, { timeout: 5_000 });
    try {
      this.#prepare(file);
    } catch (error) {
      this.#database.close();
      throw error;
    }
  }

  /** The numbers under which these tags are kept, new ones added, safe from a power cut. */
  idsOf(names: readonly string[]): Uint32Array {
    const find = this.#statement("select id from tag where name = ?");
    const add = this.#statement("insert into tag (name) values (?) returning id");
    const idOf = (name: string): number => (find.get(name) ?? add.get(name) ?? {})["id"] as number;
    const ids = this.transaction(() => Uint32Array.from(names, idOf));
    this.makeDurable();
    return ids;
  }

  transaction<T>(work: () => T): T {
    this.#database.exec("begin immediate");
    try {
      const result = work();
      this.#database.exec("commit");
      return result;
    } catch (error) {
      if (this.#database.isTransaction) this.#database.exec("rollback");
      throw error;
    }
  }

  /** Everything committed so far outlives a power cut when this returns. */
  makeDurable(): void {
    this.#database.exec("pragma wal_checkpoint(truncate)");
  }

  /** Takes readings in the order of time. Those that are there already under the same time are replaced. */
  store(tag: number, columns: HistoryColumns, linear: Linear): void {
    for (let from = 0; from < columns.length;) {
      const hourEnd = hourOf(columns.time[from] as number) + CHUNK_MS;
      const to = rowAt(columns, hourEnd);
      this.#storeInHour(tag, sliceColumns(columns, from, to), linear, to < columns.length);
      from = to;
    }
  }

  /** Chunks that hold readings with from ≤ time < to, in order. */
  *chunks(tag: number, from: EpochMs, to: EpochMs): Generator<StoredChunk> {
    const found = this.#statement(
      "select id, first, last, rows from chunk where tag = ? and first >= ? and first < ? and last >= ? order by first",
    ).iterate(tag, from - CHUNK_MS, to, from);
    for (const row of found) yield this.#stored(row as unknown as ChunkRow);
  }

  /** The chunk of the last reading before `time`. */
  lastBefore(tag: number, time: EpochMs): StoredChunk | null {
    const row = this.#statement(
      "select id, first, last, rows from chunk where tag = ? and first < ? order by first desc limit 1",
    ).get(tag, time);
    return row === undefined ? null : this.#stored(row as unknown as ChunkRow);
  }

  /** Removes the tag's chunks that are wholly older than `before`; says how many. */
  removeBefore(tag: number, before: EpochMs): number {
    const remove = this.#statement("delete from chunk where tag = ? and first < ? and last < ?");
    return Number(remove.run(tag, Math.max(0, before), before).changes);
  }

  allTags(): number[] {
    return this.#statement("select id from tag order by id")
      .all()
      .map(({ id }) => id as number);
  }

  /** Gives a little of the free room back to the file system; false when there is none left. */
  vacuum(): boolean {
    this.#database.exec(`pragma incremental_vacuum(${VACUUM_PAGES})`);
    return this.#pragma("freelist_count") > 0;
  }

  bytes(): number {
    return this.#pragma("page_count") * this.#pragma("page_size");
  }

  /** Chunks found damaged since the start. */
  damaged(): number {
    return this.#damaged;
  }

  close(): void {
    this.#statements.clear();
    this.#database.close();
  }

  #prepare(file: string): void {
    const version = this.#pragma("user_version");
    const application = this.#pragma("application_id");
    if (application === 0 && this.#isEmpty()) this.#create();
    else if (application !== APPLICATION_ID)
      throw refused(file, "this is no history of the gateway. Nothing was changed: move the file away");
    else if (version > HISTORIAN_FORM)
      throw refused(
        file,
        `this was written by a newer version of the gateway (format ${version}, known is ${HISTORIAN_FORM}). Nothing was changed: update the gateway, or move the file away`,
      );
    this.#database.exec(`
      pragma journal_mode = wal; pragma synchronous = normal; pragma journal_size_limit = ${JOURNAL_BYTES_MAX};
      pragma cache_size = -8192; pragma temp_store = memory;
    `);
  }

  #isEmpty(): boolean {
    return this.#database.prepare("select 1 from sqlite_schema").get() === undefined;
  }

  #create(): void {
    // Page size and vacuum can be chosen only before the first table.
    this.#database.exec(
      `pragma page_size = ${PAGE_BYTES}; pragma auto_vacuum = incremental; begin; ${SCHEMA} pragma application_id = ${APPLICATION_ID}; pragma user_version = ${HISTORIAN_FORM}; commit`,
    );
  }

  /** Joins the rows with the chunks of the same hour that they overlap, or that are mere crumbs before them. */
  #storeInHour(tag: number, rows: HistoryColumns, linear: Linear, isOver: boolean): void {
    const first = rows.time[0] as number;
    const last = rows.time[rows.length - 1] as number;
    const near = this.#statement(
      "select id, first, last, rows from chunk where tag = ? and first between ? and ? order by first",
    ).all(tag, hourOf(first), last) as unknown as ChunkRow[];
    const joined = near.slice(firstJoined(near, rows, isOver));
    let older = NO_ROWS;
    for (const chunk of joined) older = mergeColumns(older, this.#takeOut(chunk));
    const merged = mergeColumns(older, rows);
    for (let from = 0; from < merged.length; from += CHUNK_ROWS_MAX)
      this.#insert(tag, sliceColumns(merged, from, Math.min(merged.length, from + CHUNK_ROWS_MAX)), linear);
  }

  #takeOut({ id }: ChunkRow): HistoryColumns {
    const columns = this.#columnsOf(id);
    if (columns === null)
      this.#statement("insert into damaged select tag, first, last, rows, body from chunk where id = ?").run(
        id,
      );
    this.#statement("delete from chunk where id = ?").run(id);
    return columns ?? NO_ROWS;
  }

  #insert(tag: number, columns: HistoryColumns, linear: Linear): void {
    this.#statement("insert into chunk (tag, first, last, rows, rollup, body) values (?, ?, ?, ?, ?, ?)").run(
      tag,
      columns.time[0] as number,
      columns.time[columns.length - 1] as number,
      columns.length,
      encodeRollup(columns, linear),
      encodeChunk(columns, linear),
    );
  }

  #stored({ id, first, last }: ChunkRow): StoredChunk {
    return { first, last, rollup: () => this.#rollupOf(id), columns: () => this.#columnsOf(id) };
  }

  #rollupOf(id: number): HistoryBuckets | null {
    const rollup = this.#statement("select rollup from chunk where id = ?").get(id)?.["rollup"] ?? null;
    return rollup === null ? null : decodeRollup(rollup as Uint8Array);
  }

  #columnsOf(id: number): HistoryColumns | null {
    const row = this.#statement("select body from chunk where id = ?").get(id);
    try {
      return row === undefined ? NO_ROWS : decodeChunk(row["body"] as Uint8Array);
    } catch {
      this.#damaged++; // one bad chunk must not hide its neighbours
      return null;
    }
  }

  #statement(sql: string): StatementSync {
    const known = this.#statements.get(sql);
    if (known !== undefined) return known;
    const prepared = this.#database.prepare(sql);
    this.#statements.set(sql, prepared);
    return prepared;
  }

  #pragma(name: string): number {
    return Object.values(this.#database.prepare(`pragma ${name}`).get() ?? {})[0] as number;
  }
}

/** From which chunk of the hour on they are joined with the rows: those that these overlap, and as many crumbs right before as are
 *  worth it. */
function firstJoined(near: readonly ChunkRow[], rows: HistoryColumns, isOver: boolean): number {
  const first = rows.time[0] as number;
  let joined = near.length;
  let count = rows.length;
  const crumbsMin = isOver ? 1 : CRUMBS_JOINED - 1;
  while (joined > 0 && (near[joined - 1] as ChunkRow).last >= first)
    count += (near[--joined] as ChunkRow).rows;
  for (;;) {
    const from = firstCrumb(near, joined, isOver ? Infinity : count);
    if (joined - from < crumbsMin) return joined;
    while (joined > from) count += (near[--joined] as ChunkRow).rows;
  }
}

/** Where the crumbs begin that end at `to` and are no larger than what has so many rows. */
function firstCrumb(near: readonly ChunkRow[], to: number, rows: number): number {
  const most = Math.min(CRUMB_ROWS - 1, CRUMB_TIMES * rows);
  let from = to;
  while (from > 0 && (near[from - 1] as ChunkRow).rows <= most) from--;
  return from;
}
