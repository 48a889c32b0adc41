import { deflateRawSync } from "node:zlib";
import { appendBatch, createBatch, sliceBatch } from "../../domain/batch.ts";
import type { ReadingBatch } from "../../domain/batch.ts";
import type { Log } from "../../domain/ports.ts";
import type { Cancel, Clock } from "../../domain/time.ts";
import { BlockKind } from "./block.ts";
import { ColumnEncoder } from "./column-encoder.ts";
import { BLOCK_ROWS_MAX } from "./column-kinds.ts";
import type { SpoolTag } from "./column-kinds.ts";
import { codeOf } from "./fs.ts";
import type { SegmentLog } from "./log.ts";
import type { Entry, Window } from "./window.ts";

/** A disk that has not taken a reading for so long no longer holds it up. */
export const UNPROTECTED_AFTER_MS = 2000;

/** After a failed write or sync the disk is tried again so often. */
const RETRY_MS = 1000;

/** Readings that the disk has not taken, 32 bytes each, that are kept in memory: 64 MiB. */
export const UNSYNCED_READINGS_MAX = 2 ** 21;

/** Setting a compressor up costs as much as writing a small block. What stays for long is rewritten in large ones anyway. */
const DEFLATED_BYTES_MIN = 16_384;

export interface WriterContext {
  readonly clock: Clock;
  readonly log: Log;
  readonly tags: readonly SpoolTag[];
  readonly segments: SegmentLog;
  readonly window: Window;
  readonly unsyncedReadingsMax: number;
  /** Number of the next reading. */
  readonly end: number;
  /** These readings are accepted now. */
  accept(entry: Entry): void;
  /** These were accepted unprotected, found no room in memory, and are gone. */
  lose(entry: Entry): void;
  /** The disk is full. */
  makeRoom(): Promise<void>;
}

/** Brings batches to disk: what comes while a sync is under way shares the next one. */
export interface Writer {
  append(batch: ReadingBatch): void;
  /** False while readings go on without waiting for a disk that does not take them. */
  isProtected(): boolean;
  /** Readings that were accepted before they were on disk. */
  unprotected(): number;
  /** Readings in memory that are not on disk. */
  unsynced(): number;
  /** Number after the last reading accepted. */
  end(): number;
  /** Resolves when everything is on disk, or the disk has just failed. */
  flush(): Promise<void>;
  close(): void;
}

export function createWriter(context: WriterContext): Writer {
  return new GroupCommit(context);
}

class GroupCommit implements Writer {
  readonly #context: WriterContext;
  readonly #encoder: ColumnEncoder;
  readonly #joined = createBatch(BLOCK_ROWS_MAX);
  #waiting: Entry[] = [];
  #waitingReadings = 0;
  /** Entries of `#waiting` that are accepted already. */
  #acceptedCount = 0;
  #inFlight = 0;
  #next: number;
  #end: number;
  #unprotected = 0;
  #isProtected = true;
  #committing: Promise<void> | null = null;
  #cancelRetry: Cancel | null = null;
  #cancelWatch: Cancel | null = null;

  constructor(context: WriterContext) {
    this.#context = context;
    this.#encoder = new ColumnEncoder(context.tags);
    this.#next = context.end;
    this.#end = context.end;
  }

  append(batch: ReadingBatch): void {
    for (let from = 0; from < batch.length; from += BLOCK_ROWS_MAX) {
      const to = Math.min(batch.length, from + BLOCK_ROWS_MAX);
      this.#take(to - from === batch.length ? batch : sliceBatch(batch, from, to));
    }
    if (!this.#isProtected) this.#acceptAll();
    this.#watch();
    this.#start();
  }

  #take(batch: ReadingBatch): void {
    const from = this.#next;
    this.#next += batch.length;
    this.#waiting.push({ from, to: this.#next, batch, at: this.#context.clock.monotonic(), isSynced: false });
    this.#waitingReadings += batch.length;
    while (
      this.#waitingReadings > this.#context.unsyncedReadingsMax &&
      this.#waiting.length > this.#inFlight + 1
    )
      this.#loseOldest();
  }

  /** The oldest that is not just being written. Only a disk that fails lets it come to this. */
  #loseOldest(): void {
    if (this.#acceptedCount <= this.#inFlight) this.#acceptAll();
    const [entry] = this.#waiting.splice(this.#inFlight, 1);
    if (entry === undefined) return;
    this.#acceptedCount--;
    this.#waitingReadings -= entry.to - entry.from;
    this.#context.window.drop(entry);
    this.#context.lose(entry);
  }

  #start(): void {
    if (this.#committing !== null || this.#cancelRetry !== null || this.#waiting.length === 0) return;
    this.#committing = this.#commitAll().finally(() => {
      this.#committing = null;
      this.#start();
    });
  }

  async #commitAll(): Promise<void> {
    while (this.#waiting.length > 0) {
      const group = this.#nextGroup();
      this.#inFlight = group.length;
      try {
        await this.#write(group);
      } catch (error) {
        this.#inFlight = 0;
        await this.#standBack(error);
        return;
      }
      this.#inFlight = 0;
      this.#finish(group);
    }
  }

  /** Entries that follow each other without a gap and fit into a block. */
  #nextGroup(): Entry[] {
    const group: Entry[] = [];
    let rows = 0;
    for (const entry of this.#waiting) {
      const last = group.at(-1);
      if (last !== undefined && last.to !== entry.from) break;
      rows += entry.batch.length;
      if (rows > BLOCK_ROWS_MAX) break;
      group.push(entry);
    }
    return group;
  }

  async #write(group: readonly Entry[]): Promise<void> {
    const [first] = group;
    if (first === undefined) return;
    const batch = group.length === 1 ? first.batch : this.#join(group);
    const raw = this.#encoder.encode(batch);
    const isDeflated = raw.length >= DEFLATED_BYTES_MIN;
    const payload = isDeflated ? deflateRawSync(raw, { level: 1 }) : raw;
    const facts = {
      kind: BlockKind.readings,
      count: batch.length,
      first: first.from,
      firstTime: batch.receivedTime[0] ?? 0,
      lastTime: batch.receivedTime[batch.length - 1] ?? 0,
      isDeflated,
      rawBytes: raw.length,
    };
    await this.#context.segments.append(facts, payload);
  }

  #join(group: readonly Entry[]): ReadingBatch {
    this.#joined.length = 0;
    this.#joined.exact.clear();
    for (const { batch } of group) appendBatch(batch, this.#joined);
    return this.#joined;
  }

  #finish(group: readonly Entry[]): void {
    for (const entry of group) entry.isSynced = true;
    this.#accept(group.length);
    this.#waiting.splice(0, group.length);
    this.#acceptedCount -= group.length;
    for (const { from, to } of group) this.#waitingReadings -= to - from;
    this.#context.window.trim();
    if (this.#isProtected || this.#waiting.length > 0) return;
    this.#isProtected = true;
    this.#context.log.info({ unprotected: this.#unprotected }, "the spool's disk takes readings again");
  }

  #acceptAll(): void {
    this.#accept(this.#waiting.length);
  }

  /** Hands on the first `count` entries that wait, as far as that has not been done. */
  #accept(count: number): void {
    for (; this.#acceptedCount < count; this.#acceptedCount++) {
      const entry = this.#waiting[this.#acceptedCount];
      if (entry === undefined) return;
      if (!entry.isSynced) this.#unprotected += entry.to - entry.from;
      this.#end = entry.to;
      this.#context.window.push(entry);
      this.#context.accept(entry);
    }
  }

  async #standBack(error: unknown): Promise<void> {
    const { clock, log } = this.#context;
    const code = codeOf(error);
    log.debug({ reason: code }, "the spool's disk did not take readings");
    if (code === "ENOSPC") await this.#context.makeRoom();
    this.#cancelRetry = clock.schedule(RETRY_MS, () => {
      this.#cancelRetry = null;
      this.#start();
    });
  }

  /** Looks after the oldest reading that waits for the disk. */
  #watch(): void {
    if (this.#cancelWatch !== null) return;
    const { clock } = this.#context;
    const look = (): void => {
      this.#cancelWatch = null;
      const [oldest] = this.#waiting;
      if (oldest === undefined) return;
      const leftMs = oldest.at + UNPROTECTED_AFTER_MS - clock.monotonic();
      if (leftMs <= 0) this.#goUnprotected();
      this.#cancelWatch = clock.schedule(leftMs > 0 ? leftMs : UNPROTECTED_AFTER_MS, look);
    };
    this.#cancelWatch = clock.schedule(UNPROTECTED_AFTER_MS, look);
  }

  #goUnprotected(): void {
    if (!this.#isProtected) return;
    this.#isProtected = false;
    this.#context.log.error({}, "the spool's disk takes no readings: they go on unprotected");
    this.#acceptAll();
  }

  isProtected(): boolean {
    return this.#isProtected;
  }

  unprotected(): number {
    return this.#unprotected;
  }

  unsynced(): number {
    return this.#waitingReadings;
  }

  end(): number {
    return this.#end;
  }

  async flush(): Promise<void> {
    this.#start();
    while (this.#committing !== null) await this.#committing;
  }

  close(): void {
    this.#cancelRetry?.();
    this.#cancelWatch?.();
    // Nothing is tried any more.
    this.#cancelRetry = () => undefined;
  }
}
