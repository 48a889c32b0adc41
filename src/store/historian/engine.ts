import { mkdirSync } from "node:fs";
import type {
  HistoryBuckets,
  HistoryColumns,
  HistoryHealth,
  HistoryPage,
  HistoryReading,
} from "../../domain/history.ts";
import { say } from "../../domain/said.ts";
import type { Said } from "../../domain/said.ts";
import type { EpochMs } from "../../domain/time.ts";
import { Archive } from "./archive.ts";
import { mergeColumns, within } from "./columns.ts";
import { lockFolder } from "./folder-lock.ts";
import { unpackFrame } from "./frame.ts";
import { logNumbers, OpenLog, readLog, removeLog } from "./open-log.ts";
import { OpenRows } from "./open-rows.ts";
import type { SortedRows } from "./open-rows.ts";
import { latestBefore, readBuckets, readRaw } from "./reader.ts";
import type { Shelves } from "./reader.ts";
import { hourOf } from "./rollup.ts";
import type { Linear } from "./values.ts";

/** An hour is closed this long after its end, so that late readings still find it open. */
const GRACE_MS = 60_000;

/** Readings held open at the most before they go to the database, however young the hour; 24 bytes each. */
const OPEN_ROWS_MAX = 1_000_000;

/** When even that does not help, because the database cannot take them, the oldest are given up. */
const OPEN_ROWS_LIMIT = 3_000_000;

/** Readings written in one transaction: short enough that nobody waits long for it. */
const STEP_ROWS_MAX = 100_000;

const TAGS_PER_CLEANING = 50;

export interface TagShelf {
  readonly name: string;
  readonly linear: Linear;
}

/** Readings on their way into the database. */
interface Closing {
  readonly length: number;
  readonly sorted: SortedRows;
  /** Log files that hold them. */
  readonly logs: readonly number[];
  /** Tags done. */
  done: number;
}

const NOT_LINEAR: Linear = { scale: 1, offset: 0 };

/** The historian itself: synchronous, to be run in a thread of its own. */
export class Engine {
  /** By position in the list of tags given at the start. */
  readonly ids: Uint32Array;
  readonly #dir: string;
  readonly #lock: { release(): void };
  readonly #archive: Archive;
  readonly #linear = new Map<number, Linear>();
  readonly #shelves: Shelves;
  #open = new OpenRows();
  #closing: Closing | null = null;
  #log: OpenLog;
  /** Files that hold the open readings, our own included. */
  #logs: number[] = [];
  #hour = NaN;
  #accepted = 0;
  #dropped = 0;
  #logError: Said | null = null;
  #archiveError: Said | null = null;
  /** Tags still to be freed of what is too old. */
  #cleaning: number[] = [];
  #cleanBefore = -Infinity;
  #isVacuuming = false;

  /** Opens or makes the files in `dir` and takes up what an earlier run left open. Throws BadConfiguration when a newer
   *  version wrote them, and an error with a sentence when they cannot be used otherwise. */
  constructor(dir: string, tags: readonly TagShelf[]) {
    mkdirSync(dir, { recursive: true });
    this.#dir = dir;
    this.#lock = lockFolder(dir);
    this.#archive = this.#orRelease(() => new Archive(dir));
    this.ids = this.#orRelease(() => this.#archive.idsOf(tags.map(({ name }) => name)));
    for (const [place, { linear }] of tags.entries()) this.#linear.set(this.ids[place] as number, linear);
    this.#shelves = { archive: this.#archive, open: (tag, from, to) => this.#openRowsOf(tag, from, to) };
    this.#log = this.#orRelease(() => this.#recover());
  }

  /** Takes the readings of a frame: into memory and, as they are, into the log. */
  append(frame: ArrayBuffer): void {
    try {
      this.#log.append(frame);
      this.#logError = null;
    } catch (error) {
      this.#logError = say("history-log-unwritten", { why: (error as Error).message });
    }
    this.#take(frame);
    while (this.#open.length + (this.#closing?.length ?? 0) > OPEN_ROWS_LIMIT && this.#open.length > 0)
      this.#dropped += this.#open.dropOldest();
  }

  /** What was appended outlives a power cut when this returns; true unless the disk refuses. */
  sync(): boolean {
    try {
      this.#log.sync();
      return this.#logError === null;
    } catch (error) {
      this.#logError = say("history-log-unsynced", { why: (error as Error).message });
      return false;
    }
  }

  /** Does a little of the work that is due: moves readings of a closed hour to the database, removes what is too old.
   *  True while there is more to do at once. Trouble with the disk ends a round; the next call tries again. */
  step(): boolean {
    try {
      const isBusy = this.#closeHour() || this.#clean();
      this.#archiveError = null;
      return isBusy;
    } catch (error) {
      this.#archiveError = say("history-unwritten", { why: (error as Error).message });
      return false;
    }
  }

  /** From now on nothing older than this is wanted. */
  forgetBefore(time: EpochMs): void {
    this.#cleanBefore = time;
    this.#cleaning = this.#archive.allTags();
    this.#isVacuuming = true;
  }

  /** Moves everything open to the database with the next steps, whatever the hour. */
  closeNow(): void {
    if (this.#closing === null && this.#open.length > 0) this.#startClosing();
  }

  readRaw(tag: number, from: EpochMs, to: EpochMs, rowsMax: number): HistoryPage {
    return readRaw(this.#shelves, tag, from, to, rowsMax);
  }

  readBuckets(tag: number, from: EpochMs, to: EpochMs, buckets: number): HistoryBuckets {
    return readBuckets(this.#shelves, tag, from, to, buckets);
  }

  latestBefore(tag: number, time: EpochMs): HistoryReading | null {
    return latestBefore(this.#shelves, tag, time);
  }

  health(): HistoryHealth {
    const damaged = this.#archive.damaged();
    const damage = damaged === 0 ? null : say("history-damaged", { reads: damaged });
    return {
      accepted: this.#accepted,
      dropped: this.#dropped,
      open: this.#open.length + (this.#closing?.length ?? 0),
      lastError: this.#archiveError ?? this.#logError ?? damage,
      databaseBytes: this.#archive.bytes(),
    };
  }

  /** The open readings stay in their log, where the next start finds them. */
  close(): void {
    this.sync();
    this.#log.close();
    this.#archive.close();
    this.#lock.release();
  }

  /** What fails at the start must not keep the folder from the next one who tries. */
  #orRelease<T>(work: () => T): T {
    try {
      return work();
    } catch (error) {
      this.#lock.release();
      throw error;
    }
  }

  #recover(): OpenLog {
    try {
      this.#logs = logNumbers(this.#dir);
      for (const number of this.#logs) for (const frame of readLog(this.#dir, number)) this.#take(frame);
      return this.#newLog();
    } catch (error) {
      this.#archive.close();
      throw error;
    }
  }

  #take(frame: ArrayBuffer): void {
    const columns = unpackFrame(frame);
    this.#accepted += columns.length;
    this.#open.append(columns);
    if (Number.isNaN(this.#hour) && columns.length > 0) this.#hour = hourOf(this.#open.minTime);
  }

  #openRowsOf(tag: number, from: EpochMs, to: EpochMs): HistoryColumns {
    const open = this.#open.rowsOf(tag, from, to);
    return this.#closing === null
      ? open
      : mergeColumns(within(this.#closing.sorted.columnsOf(tag), from, to), open);
  }

  #isHourOver(): boolean {
    return this.#open.length > OPEN_ROWS_MAX || hourOf(this.#open.maxTime - GRACE_MS) > this.#hour;
  }

  #closeHour(): boolean {
    if (this.#closing === null) {
      if (!this.#isHourOver()) return false;
      this.#startClosing();
    }
    const closing = this.#closing;
    if (closing === null) return false;
    // Counted as done only after the commit.
    closing.done = this.#archive.transaction(() => this.#moveSome(closing));
    if (closing.done < closing.sorted.tags.length) return true;
    this.#archive.makeDurable();
    for (const number of closing.logs) removeLog(this.#dir, number);
    this.#closing = null;
    return false;
  }

  #startClosing(): void {
    const log = this.#newLog(); // first, because it may fail
    this.#log.close();
    this.#log = log;
    const rows = this.#open;
    const logs = this.#logs.filter((number) => number !== log.number);
    this.#logs = [log.number];
    this.#open = new OpenRows();
    this.#hour = hourOf(rows.maxTime);
    this.#closing = { length: rows.length, sorted: rows.byTag(), logs, done: 0 };
  }

  #newLog(): OpenLog {
    const log = new OpenLog(this.#dir, (this.#logs.at(-1) ?? 0) + 1);
    this.#logs.push(log.number);
    return log;
  }

  /** Returns how many tags are done then. */
  #moveSome(closing: Closing): number {
    const { tags } = closing.sorted;
    let done = closing.done;
    for (let rows = 0; done < tags.length && rows < STEP_ROWS_MAX; done++) {
      const tag = tags[done] as number;
      const columns = closing.sorted.columnsOf(tag);
      this.#archive.store(tag, columns, this.#linear.get(tag) ?? NOT_LINEAR);
      rows += columns.length;
    }
    return done;
  }

  #clean(): boolean {
    const some = this.#cleaning.splice(0, TAGS_PER_CLEANING);
    if (some.length > 0) {
      this.#archive.transaction(() => {
        for (const tag of some) this.#archive.removeBefore(tag, this.#cleanBefore);
      });
      return true;
    }
    if (this.#isVacuuming) this.#isVacuuming = this.#archive.vacuum();
    return this.#isVacuuming;
  }
}
