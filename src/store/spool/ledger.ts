import type { Gap } from "../../domain/ports.ts";
import type { Clock, EpochMs } from "../../domain/time.ts";
import type { Cursor } from "./cursors.ts";
import { createLagging } from "./lagging.ts";
import type { Lagging } from "./lagging.ts";
import { createLosses } from "./losses.ts";
import type { Losses } from "./losses.ts";
import type { Portion } from "./portion.ts";
import { createRanges } from "./ranges.ts";
import type { Range, Ranges } from "./ranges.ts";
import type { Entry } from "./window.ts";

/** In readings, since the output was added to the plant. Always: accepted = delivered + pending + quarantined + Σ dropped. */
export interface FeedCounts {
  readonly accepted: number;
  readonly delivered: number;
  readonly pending: number;
  readonly quarantined: number;
  readonly dropped: Readonly<Record<string, number>>;
  /** Sent a second time, in case the sink lost them. */
  readonly resent: number;
  /** Received time of the oldest pending reading, UTC ms; null when nothing is pending. */
  readonly oldest: EpochMs | null;
}

/** Received times between which numbers lie, as near as is known. */
export type TimesOf = (from: number, to: number) => Pick<Gap, "from" | "to">;

/** What became of every reading that was accepted for one output. */
export interface Ledger {
  readonly pending: Pick<Ranges, "after" | "parts" | "overlaps">;
  /** To be sent again. */
  readonly resend: Pick<Ranges, "after">;
  readonly losses: Pick<Losses, "next" | "told">;
  accept(entry: Entry): void;
  /** The sink has taken the portion but for `rejected` of its rows. */
  settle(portion: Portion, rejected: number): void;
  /** Numbers that are gone, for this reason; those in hand are not: they are in memory until the sink has them. */
  lose(from: number, to: number, reason: string, inHand: readonly (Portion | null)[]): void;
  /** What was acknowledged a short while ago is to be sent again. */
  doubtLately(): void;
  skipResend(from: number, to: number): void;
  /** Whether any of these numbers may still be wanted. */
  wants(from: number, to: number): boolean;
  counts(): FeedCounts;
  cursor(): Omit<Cursor, "replayed">;
}

export function createLedger(clock: Clock, trimLagMs: number, cursor: Cursor, timesOf: TimesOf): Ledger {
  return new OutputLedger(clock, trimLagMs, cursor, timesOf);
}

class OutputLedger implements Ledger {
  readonly pending: Ranges;
  readonly resend: Ranges;
  readonly losses: Losses;
  readonly #lagging: Lagging;
  readonly #timesOf: TimesOf;
  #accepted: number;
  #delivered: number;
  #quarantined: number;
  #resent: number;
  /** A number and the received time of its reading: the oldest that waits, as a rule. */
  #mark: { readonly number: number; readonly time: EpochMs } | null = null;

  constructor(clock: Clock, trimLagMs: number, cursor: Cursor, timesOf: TimesOf) {
    this.pending = createRanges(cursor.pending);
    this.resend = createRanges(cursor.lagging);
    this.losses = createLosses(cursor.dropped, cursor.gaps);
    this.#lagging = createLagging(clock, trimLagMs);
    this.#timesOf = timesOf;
    this.#accepted = cursor.accepted;
    this.#delivered = cursor.delivered;
    this.#quarantined = cursor.quarantined;
    this.#resent = cursor.resent;
  }

  accept({ from, to, batch }: Entry): void {
    if (this.pending.size() === 0) this.#mark = { number: from, time: batch.receivedTime[0] ?? NaN };
    this.#accepted += to - from;
    this.pending.add(from, to);
  }

  settle({ lane, from, to, batch }: Portion, rejected: number): void {
    if (lane === "replay") {
      this.#delivered += to - from - rejected;
      this.#quarantined -= to - from - rejected;
      return;
    }
    if (lane === "resend") this.#resent += this.resend.remove(from, to);
    else {
      this.#mark = { number: to, time: batch.receivedTime[batch.length - 1] ?? NaN };
      const removed = this.pending.remove(from, to);
      const refused = Math.min(removed, to - from - batch.length + rejected);
      this.#quarantined += refused;
      this.#delivered += removed - refused;
    }
    this.#lagging.note(from, to);
  }

  lose(from: number, to: number, reason: string, inHand: readonly (Portion | null)[]): void {
    let count = this.pending.remove(from, to);
    this.resend.remove(from, to);
    for (const [first, end] of inHand.flatMap((portion) => kept(portion, from, to))) {
      this.pending.add(first, end);
      count -= end - first;
    }
    if (count > 0) this.losses.note({ ...this.#timesOf(from, to), count, reason });
  }

  doubtLately(): void {
    for (const [from, to] of this.#lagging.takeAll()) this.resend.add(from, to);
  }

  skipResend(from: number, to: number): void {
    this.resend.remove(from, to);
  }

  wants(from: number, to: number): boolean {
    return [this.pending, this.resend, this.#lagging].some((numbers) => numbers.overlaps(from, to));
  }

  counts(): FeedCounts {
    return {
      accepted: this.#accepted,
      delivered: this.#delivered,
      pending: this.pending.size(),
      quarantined: this.#quarantined,
      dropped: this.losses.dropped(),
      resent: this.#resent,
      oldest: this.#oldest(),
    };
  }

  #oldest(): EpochMs | null {
    const first = this.pending.after(-1)?.[0] ?? null;
    if (first === null) return null;
    return this.#mark?.number === first ? this.#mark.time : this.#timesOf(first, first + 1).from;
  }

  cursor(): Omit<Cursor, "replayed"> {
    const { accepted, delivered, quarantined, dropped, resent } = this.counts();
    const pending = this.pending.list();
    const lagging = [...this.resend.list(), ...this.#lagging.list()];
    return {
      accepted,
      delivered,
      quarantined,
      dropped,
      resent,
      pending,
      lagging,
      gaps: this.losses.untold(),
    };
  }
}

/** The part of `from` … `to` that a portion holds. */
function kept(portion: Portion | null, from: number, to: number): Range[] {
  if (portion === null || (portion.lane !== "live" && portion.lane !== "backlog")) return [];
  const first = Math.max(from, portion.from);
  const end = Math.min(to, portion.to);
  return first < end ? [[first, end]] : [];
}
