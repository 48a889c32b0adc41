import type { Log } from "../../domain/ports.ts";
import { sleep } from "../../domain/time.ts";
import type { Clock } from "../../domain/time.ts";
import { compactSegment } from "./compact.ts";
import { saveCursors } from "./cursors.ts";
import type { Cursors } from "./cursors.ts";
import type { Feed } from "./feed.ts";
import { codeOf } from "./fs.ts";
import type { SpoolFs } from "./fs.ts";
import type { SegmentLog } from "./log.ts";
import type { Replays } from "./replays.ts";
import type { Segment } from "./segment.ts";

/** How often cursors are saved and the spool is tidied, ms. */
const TIDY_MS = 1000;

/** How often somebody may have asked for a replay, in rounds. */
const REPLAY_ROUNDS = 5;

/** A segment that is still wanted this long after its last reading is worth rewriting, ms. */
const COMPACT_AFTER_MS = 60_000;

export interface KeeperContext {
  readonly fs: SpoolFs;
  readonly folder: string;
  readonly clock: Clock;
  readonly log: Log;
  readonly segments: SegmentLog;
  readonly feeds: readonly Feed[];
  readonly replays: Replays;
  readonly bytesMax: number;
  /** Number after the last reading accepted. */
  end(): number;
}

/** Saves how far each output is, deletes what all have, drops the oldest when there is too much, and rewrites what stays. */
export interface Keeper {
  /** Deletes what every output has, even if it was acknowledged only just now. */
  makeRoom(): Promise<void>;
  /** Saves the cursors a last time. */
  close(): Promise<void>;
}

export function startKeeper(context: KeeperContext): Keeper {
  return new SpoolKeeper(context);
}

class SpoolKeeper implements Keeper {
  readonly #context: KeeperContext;
  readonly #stop = new AbortController();
  readonly #leftAlone = new WeakSet<Segment>();
  readonly #done: Promise<void>;
  #saved = "";
  /** By output, the first number that the saved cursors still wait for. */
  #savedFrom: readonly number[];
  #isSaving = true;

  constructor(context: KeeperContext) {
    this.#context = context;
    this.#savedFrom = context.feeds.map(() => -1);
    this.#done = this.#keep();
  }

  async #keep(): Promise<void> {
    const { clock, segments, replays } = this.#context;
    const { signal } = this.#stop;
    for (let round = 0; !signal.aborted; round++) {
      await sleep(clock, TIDY_MS, signal).catch(() => undefined);
      if (signal.aborted) return;
      await this.#save();
      await this.#attempt("delete what is delivered", () => segments.remove(this.#finished(true)));
      await this.#attempt("drop the oldest", () => this.#dropOldest());
      await this.#attempt("rewrite", () => this.#compactOne());
      if (round % REPLAY_ROUNDS === 0) await this.#attempt("replay", () => replays.look());
    }
  }

  async #attempt(what: string, action: () => Promise<void>): Promise<void> {
    try {
      await action();
    } catch (error) {
      this.#context.log.warn({ what, reason: codeOf(error) }, "the spool could not be tidied");
    }
  }

  #cursors(): Cursors {
    const { feeds, replays } = this.#context;
    const outputs = feeds.map((feed) => [
      feed.name,
      { ...feed.cursor(), replayed: replays.cursor(feed.name) },
    ]);
    return { end: this.#context.end(), outputs: Object.fromEntries(outputs) as Cursors["outputs"] };
  }

  async #save(): Promise<void> {
    const { fs, folder, log, feeds } = this.#context;
    const cursors = this.#cursors();
    const text = JSON.stringify(cursors);
    if (text === this.#saved) return;
    const from = feeds.map(({ name }) => cursors.outputs[name]?.pending[0]?.[0] ?? cursors.end);
    try {
      await saveCursors(fs, folder, cursors);
      if (!this.#isSaving) log.info({}, "the spool's cursors are saved again");
      this.#isSaving = true;
      this.#saved = text;
      this.#savedFrom = from;
    } catch (error) {
      if (this.#isSaving) log.error({ reason: codeOf(error) }, "the spool's cursors cannot be saved");
      this.#isSaving = false;
    }
  }

  /** The oldest segments that nobody wants any more, as far as the saved cursors know it too: a crash must not find a
   *  cursor that waits for what is gone. */
  #finished(withLag: boolean): Segment[] {
    const { feeds } = this.#context;
    const segments = this.#context.segments.segments();
    const first = segments.findIndex(
      ({ isSealed, first: from, end }) =>
        !isSealed ||
        this.#savedFrom.some((number) => number < end) ||
        feeds.some((feed) => (withLag ? feed.wants(from, end) : feed.awaits(from, end))),
    );
    return segments.slice(0, first === -1 ? segments.length : first);
  }

  async #dropOldest(): Promise<void> {
    const { segments, feeds, bytesMax, log } = this.#context;
    while (segments.bytes() > bytesMax) {
      const [oldest] = segments.segments();
      if (oldest === undefined || !oldest.isSealed) return;
      const { first, end } = oldest;
      log.error({ readings: end - first }, "the spool is full, its oldest readings are dropped");
      for (const feed of feeds) feed.lose(first, end, "spool-full");
      await segments.remove([oldest]);
    }
  }

  /** The oldest segment that has been waiting for an output. */
  async #compactOne(): Promise<void> {
    const { fs, clock, segments, feeds } = this.#context;
    const before = clock.now() - COMPACT_AFTER_MS;
    const candidate = segments
      .segments()
      .find(
        (segment) =>
          segment.isSealed &&
          !segment.isCompacted &&
          !this.#leftAlone.has(segment) &&
          segment.lastTime < before &&
          feeds.some((feed) => feed.awaits(segment.first, segment.end)),
      );
    if (candidate === undefined) return;
    this.#leftAlone.add(candidate);
    await compactSegment(fs, segments, candidate);
  }

  makeRoom(): Promise<void> {
    return this.#attempt("make room", () => this.#context.segments.remove(this.#finished(false)));
  }

  async close(): Promise<void> {
    this.#stop.abort();
    await this.#done;
    await this.#save();
  }
}
