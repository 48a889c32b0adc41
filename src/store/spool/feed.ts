import type { ReadingBatch } from "../../domain/batch.ts";
import type { BatchSource, Gap, Log, Rejection } from "../../domain/ports.ts";
import type { Clock } from "../../domain/time.ts";
import { createAllowance } from "./allowance.ts";
import type { Allowance } from "./allowance.ts";
import type { Arrivals } from "./arrivals.ts";
import type { Backlog } from "./backlog.ts";
import { createBell } from "./bell.ts";
import type { Bell } from "./bell.ts";
import type { Cursor } from "./cursors.ts";
import { letterOf } from "./dead-letters.ts";
import type { DeadLetter } from "./dead-letters.ts";
import { codeOf } from "./fs.ts";
import { createLedger } from "./ledger.ts";
import type { FeedCounts, Ledger, TimesOf } from "./ledger.ts";
import { createLetterLane } from "./letter-lane.ts";
import type { LetterLane } from "./letter-lane.ts";
import { gather, readPast } from "./portion.ts";
import type { Lane, Portion } from "./portion.ts";
import { createPresent } from "./present.ts";
import type { Present } from "./present.ts";
import type { Range } from "./ranges.ts";
import { createSettling } from "./settling.ts";
import type { Settling } from "./settling.ts";
import type { Entry, Window } from "./window.ts";

/** After a failure to read the spool, ms. */
const READ_AGAIN_MS = 1000;

export interface FeedOptions {
  readonly name: string;
  /** Readings of one write at the most. */
  readonly readingsMax: number;
  /** Time to gather present readings before a write, ms: fewer, larger requests for sinks that charge by the request. */
  readonly lingerMs: number;
  /** What was acknowledged within this time before a connection was lost is sent again after it, ms. */
  readonly trimLagMs: number;
  /** After a connection is made the past waits this long, ms, and what is acknowledged meanwhile goes out once more with
   *  it: those who listen behind a broker come back a little later than we do. */
  readonly settleMs: number;
  /** Bound of the flow of the past. */
  readonly historyReadingsPerS: number;
}

export interface FeedContext {
  readonly options: FeedOptions;
  readonly clock: Clock;
  readonly log: Log;
  readonly window: Window;
  readonly arrivals: Arrivals;
  readonly backlog: Backlog;
  /** Tag ids by their index in the plant, and the other way round. */
  readonly tagIds: readonly string[];
  readonly indexOf: ReadonlyMap<string, number>;
  readonly cursor: Cursor;
  bury(letters: readonly DeadLetter[]): Promise<void>;
  readonly timesOf: TimesOf;
}

/** The way of the spool's readings to one output. */
export interface Feed extends BatchSource {
  readonly name: string;
  /** Readings that are new and accepted. */
  offer(entry: Entry): void;
  /** These numbers are gone from the spool, for this reason. */
  lose(from: number, to: number, reason: string): void;
  /** Whether any of these numbers may still be wanted, or only those that were never delivered. */
  wants(from: number, to: number): boolean;
  awaits(from: number, to: number): boolean;
  /** Whether any of these numbers is about to be asked for, so that it is better kept in memory. */
  expects(from: number, to: number): boolean;
  /** Dead letters to deliver once more. `done` of them have been, and `note` is told of each that follows. */
  replay(letters: readonly DeadLetter[], done: number, note: (done: number) => void): void;
  counts(): FeedCounts;
  cursor(): Omit<Cursor, "replayed">;
  close(): Promise<void>;
}

export function createFeed(context: FeedContext): Feed {
  return new SpoolFeed(context);
}

class SpoolFeed implements Feed {
  readonly name: string;
  readonly #context: FeedContext;
  readonly #ledger: Ledger;
  readonly #allowance: Allowance;
  readonly #bell: Bell;
  readonly #present: Present;
  readonly #settling: Settling;
  readonly #letters: LetterLane;
  /** Readings of the past in one write: a tenth of a second's, because the present has to wait for it. */
  readonly #pastMax: number;
  /** With the sink. */
  #head: Portion | null = null;
  /** Off the disk, ready to be written. */
  #loaded: Portion | null = null;
  #isConnected = false;

  constructor(context: FeedContext) {
    const { options, clock, cursor } = context;
    this.#context = context;
    this.name = options.name;
    this.#pastMax = Math.ceil(Math.min(options.readingsMax, options.historyReadingsPerS / 10));
    this.#ledger = createLedger(clock, options.trimLagMs, cursor, (from, to) => context.timesOf(from, to));
    this.#present = createPresent(context, this.#ledger.pending);
    this.#allowance = createAllowance(clock, options.historyReadingsPerS);
    this.#bell = createBell(clock);
    this.#settling = createSettling(clock, options.settleMs, options.trimLagMs, () =>
      this.#ledger.doubtLately(),
    );
    this.#letters = createLetterLane(context.indexOf);
  }

  offer(entry: Entry): void {
    this.#ledger.accept(entry);
    this.#bell.ring();
  }

  connected(): void {
    this.#isConnected = true;
    if (this.#settling.begin(this.#past() !== null)) this.#ledger.holdLately();
    this.#head = null;
    this.#loaded = null;
  }

  disconnected(): void {
    this.#isConnected = false;
    this.#ledger.doubtLately();
  }

  returned(): void {
    this.#settling.returned();
    this.#bell.ring();
  }

  async available(signal: AbortSignal): Promise<void> {
    this.#settling.leftMs(); // its end is noticed between two writes, also where the present leaves no pause
    while (!this.#isReady()) {
      const waitMs = Math.min(this.#pastWaitMs(), this.#present.leftMs());
      if (waitMs > 0) await this.#bell.wait(signal, waitMs);
      else if (!(await this.#load())) await this.#bell.wait(signal, READ_AGAIN_MS);
      signal.throwIfAborted();
    }
  }

  #isReady(): boolean {
    return (
      this.#head !== null ||
      this.#loaded !== null ||
      this.#ledger.losses.next() !== null ||
      this.#present.isAtHand()
    );
  }

  /** Until something of the past may go, ms; Infinity when there is nothing. */
  #pastWaitMs(): number {
    const unsettledMs = this.#settling.leftMs();
    if (unsettledMs > 0) return unsettledMs;
    const hasPast = this.#past() !== null || !this.#letters.isEmpty();
    return hasPast ? this.#allowance.waitMs() : Infinity;
  }

  /** The oldest stretch that was never delivered, else the oldest to be sent again. */
  #past(): { readonly lane: Lane; readonly range: Range } | null {
    const first = this.#ledger.pending.after(-1);
    const liveFrom = first === null ? 0 : this.#present.from();
    if (first !== null && first[0] < liveFrom) {
      const end = this.#present.isInOrder() ? first[1] : Math.min(first[1], liveFrom);
      return { lane: "backlog", range: [first[0], end] };
    }
    const again = this.#ledger.resend();
    return again === null ? null : { lane: "resend", range: again };
  }

  peek(): ReadingBatch | null {
    if (this.#head !== null) return this.#head.batch;
    const live = this.#present.due();
    this.#head = live === null ? null : gather(this.#context, "live", live);
    if (this.#head === null) [this.#head, this.#loaded] = [this.#loaded, null];
    return this.#head?.batch ?? null;
  }

  /** Gets a portion ready that is on disk alone: of the present, which a sink that was away has missed, or of the past. False when
   *  the disk did not give it. */
  async #load(): Promise<boolean> {
    const live = this.#present.due();
    if (live !== null) {
      const portion = await this.#read("live", live);
      if (portion !== undefined) this.#loaded = portion;
      return portion !== undefined;
    }
    const past = this.#past();
    if (past === null) {
      this.#loaded = this.#letters.portion(this.#pastMax);
      this.#allowance.take(this.#loaded.batch.length);
      return true;
    }
    const { lane, range } = past;
    const part: Range = [range[0], Math.min(range[1], range[0] + this.#pastMax)];
    const portion = gather(this.#context, lane, part) ?? (await this.#read(lane, part));
    if (portion === undefined) return false;
    if (portion !== null) this.#allowance.take(portion.to - portion.from);
    this.#loaded = portion;
    return true;
  }

  /** Null where there was nothing to deliver, undefined when the disk failed. */
  async #read(lane: Lane, range: Range): Promise<Portion | null | undefined> {
    try {
      const past = await readPast(this.#context, lane, range);
      if ("isDamaged" in past) {
        if (lane === "resend") this.#ledger.skipResend(range[0], past.to);
        else this.lose(range[0], past.to, past.isDamaged ? "damaged" : "unprotected");
        return null;
      }
      if (past.strangers.length > 0 && lane === "backlog") await this.#context.bury(past.strangers);
      if (past.portion.batch.length > 0) return past.portion;
      this.#ledger.settle(past.portion, 0);
      return null;
    } catch (error) {
      const facts = { output: this.name, reason: codeOf(error) };
      this.#context.log.warn(facts, "the spool cannot be read now, trying again");
      return undefined;
    }
  }

  /** Letters are written before anything is counted: a crash in between repeats the row, and loses none. */
  async acknowledge(rejections: readonly Rejection[]): Promise<void> {
    const portion = this.#head;
    if (portion === null) return;
    if (rejections.length > 0 && portion.lane !== "resend") {
      const letters = rejections.map(({ row, reason }) => {
        const tag = this.#context.tagIds[portion.batch.tag[row] ?? -1] ?? "";
        return letterOf(portion.batch, row, { output: this.name, tag, reason });
      });
      await this.#context.bury(letters);
    }
    this.#ledger.settle(portion, rejections.length);
    this.#head = null;
    if (portion.lane === "replay") this.#letters.settle(portion.to);
  }

  gap(): Gap | null {
    return this.#ledger.losses.next();
  }

  acknowledgeGap(): void {
    this.#ledger.losses.told();
  }

  lose(from: number, to: number, reason: string): void {
    this.#ledger.lose(from, to, reason, [this.#head, this.#loaded]);
    this.#bell.ring();
  }

  wants(from: number, to: number): boolean {
    return this.#ledger.wants(from, to);
  }

  awaits(from: number, to: number): boolean {
    return this.#ledger.pending.overlaps(from, to);
  }

  /** What a sink misses that is away is handed to it off the disk: in memory it would outlive the young, and the collector would have
   *  to look through everything to be rid of it. */
  expects(from: number, to: number): boolean {
    return this.#isConnected && this.awaits(from, to);
  }

  replay(letters: readonly DeadLetter[], done: number, note: (done: number) => void): void {
    this.#letters.begin(letters, done, note);
    this.#bell.ring();
  }

  counts(): FeedCounts {
    return this.#ledger.counts();
  }

  cursor(): Omit<Cursor, "replayed"> {
    return this.#ledger.cursor();
  }

  close(): Promise<void> {
    return this.#context.backlog.close();
  }
}
