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
  /** The first stretch to be sent again, or null. */
  resend(): Range | null;
  readonly losses: Pick<Losses, "next" | "told">;
  accept(entry: Entry): void;
  /** The sink has taken the portion but for `rejected` of its rows. */
  settle(portion: Portion, rejected: number): void;
  /** Numbers that are gone, for this reason; those in hand are not: they are in memory until the sink has them. */
  lose(from: number, to: number, reason: string, inHand: readonly (Portion | null)[]): void;
  /** What was acknowledged a short while ago is to be sent again. */
  doubtLately(): void;
  /** What was and will be acknowledged lately is not forgotten before it is doubted. */
  holdLately(): void;
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
  /** To be sent again: what never was before what was already. A sink that comes and goes would get the same past for
   *  ever otherwise, and never what is newer. */
  readonly #resend: { readonly first: Ranges; readonly further: Ranges };
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
    this.#resend = { first: createRanges(cursor.lagging), further: createRanges() };
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
    if (lane === "resend") this.#resent += this.#removeResend(from, to);
    else {
      this.#mark = { number: to, time: batch.receivedTime[batch.length - 1] ?? NaN };
      const removed = this.pending.remove(from, to);
      const refused = Math.min(removed, to - from - batch.length + rejected);
      this.#quarantined += refused;
      this.#delivered += removed - refused;
    }
    this.#lagging.note(from, to, lane === "resend");
  }

  lose(from: number, to: number, reason: string, inHand: readonly (Portion | null)[]): void {
    let count = this.pending.remove(from, to);
    this.#removeResend(from, to);
    for (const [first, end] of inHand.flatMap((portion) => kept(portion, from, to))) {
      this.pending.add(first, end);
      count -= end - first;
    }
    if (count > 0) this.losses.note({ ...this.#timesOf(from, to), count, reason });
  }

  doubtLately(): void {
    const { first, further } = this.#resend;
    for (const { range, wasResent } of this.#lagging.takeAll()) (wasResent ? further : first).add(...range);
  }

  holdLately(): void {
    this.#lagging.hold();
  }

  resend(): Range | null {
    return this.#resend.first.after(-1) ?? this.#resend.further.after(-1);
  }

  skipResend(from: number, to: number): void {
    this.#removeResend(from, to);
  }

  #removeResend(from: number, to: number): number {
    return this.#resend.first.remove(from, to) + this.#resend.further.remove(from, to);
  }

  wants(from: number, to: number): boolean {
    const { first, further } = this.#resend;
    return [this.pending, first, further, this.#lagging].some((numbers) => numbers.overlaps(from, to));
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
    const { first, further } = this.#resend;
    const lagging = [...first.list(), ...further.list(), ...this.#lagging.list()];
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
