import type { Said } from "./said.ts";
import type { ReadingBatch } from "./batch.ts";
import type { AlarmEvent } from "./alarm.ts";
import type { LinkCounters } from "./health.ts";
import type { PublishedFigure } from "./metric.ts";
import type { Tag } from "./tag.ts";
import type { EpochMs } from "./time.ts";

/** Structured log. The message is a constant sentence; the facts are fields. */
export interface Log {
  debug(facts: object, sentence: string): void;
  info(facts: object, sentence: string): void;
  warn(facts: object, sentence: string): void;
  error(facts: object, sentence: string): void;
}

/** Tags that are read together: one device, one scan class. */
export interface PollGroup {
  readonly device: string;
  readonly scanClass: string;
  readonly periodMs: number;
  /** Groups with the same key share a circuit breaker: they are behind one unit of this connection. */
  readonly unit: string;
  readonly tags: readonly Tag[];
}

/** What one poll brought. */
export interface Poll {
  /** The rows read, bad ones included. Raw: not yet scaled. The driver's own memory, valid until the next poll of the same group. */
  readonly batch: ReadingBatch;
  /** False when the unit never said a word, which feeds its circuit breaker. A refusal is an answer. */
  readonly answered: boolean;
  /** True when the tags of the group that are missing from the batch are known to be unchanged (a live subscription). */
  readonly confirmsRest: boolean;
}

/** What one tag gave that was asked for by itself. */
export interface SingleRead {
  /** One row, raw: not yet scaled. */
  readonly batch: ReadingBatch;
  /** What was on the wire, for people: registers in hexadecimal, or a node's type and value; empty when nothing came. */
  readonly wire: string;
}

/** What became of a write, as far as the device itself says. */
export type WriteOutcome =
  | { readonly kind: "taken" }
  | { readonly kind: "refused"; readonly reason: Said | string }
  /** It was sent and not answered: the device may have taken it or not. Only reading tells. */
  | { readonly kind: "unknown"; readonly reason: Said | string };

/** One tag at a time, beside the polls and through the same queue. Neither is ever repeated by itself. */
export interface SingleAccess {
  /** A bad reading is a row, never an exception. Throws ConnectionLost when the link is or goes down. */
  read(tag: Tag, signal: AbortSignal): Promise<SingleRead>;
  /** Writes a raw value: 0 or 1 for a bool. A lost link after sending is `unknown`. */
  write(tag: Tag, raw: number | bigint, signal: AbortSignal): Promise<WriteOutcome>;
}

/** One connection to the field and all the units behind it. The runtime owns connecting, retrying, back-off and scheduling;
 *  a driver holds no timers of its own beyond the deadline of a request. */
export interface Driver {
  readonly groups: readonly PollGroup[];
  /** How many polls may run at once. */
  readonly inFlightMax: number;
  /** Throws ConnectionLost when it fails; may be called again after that. */
  connect(signal: AbortSignal): Promise<void>;
  /** Reads `groups[index]`. A bad reading is a row, never an exception; throws ConnectionLost when the link is gone. */
  poll(index: number, signal: AbortSignal): Promise<Poll>;
  readonly single: SingleAccess;
  /** Counts since the start. The same object every time, so that reading it costs nothing. */
  readonly counters: LinkCounters;
  /** Ids of tags that the device refuses and that are left out of merged reads until their slow retry. */
  quarantined(): readonly string[];
  /** Thumbprint of the certificate that the peer showed last; a protocol without certificates leaves it out. */
  certificate?(): string | null;
  close(): Promise<void>;
}

/** A row that the sink will never take. */
export interface Rejection {
  readonly row: number;
  readonly reason: string;
}

/** A sink of readings. Like a driver it holds no retry loop. */
export interface Output {
  connect(signal: AbortSignal): Promise<void>;
  /** Resolves when the sink has acknowledged every row but the rejected ones.
   *  Throws ConnectionLost or Throttled; then the whole batch is written again later. */
  write(batch: ReadingBatch, signal: AbortSignal): Promise<readonly Rejection[]>;
  /** Tells the sink of readings that were lost before they could be delivered. Resolves when the sink has taken it;
   *  throws like `write`. An output that has no word for it leaves it out. */
  gap?(gap: Gap, signal: AbortSignal): Promise<void>;
  /** Aborted with a ConnectionLost when the connection that `connect` made last is found dead, also while nothing is
   *  being written. Each connection has its own. */
  lost(): AbortSignal;
  /** Resolves when the sink has taken every figure; throws like `write`, and then all of them come again. */
  figures?(figures: readonly PublishedFigure[], signal: AbortSignal): Promise<void>;
  /** Resolves when the sink has taken every transition; throws like `write`, and then all of them come again. */
  alarms?(events: readonly AlarmEvent[], signal: AbortSignal): Promise<void>;
  /** `action` is called whenever listeners behind the sink turn out to have been away: what was acknowledged before may
   *  not have reached them. An output that cannot know leaves it out. */
  whenReturned?(action: () => void): void;
  close(): Promise<void>;
}

/** Where the forwarder takes what is no reading from: figures, and transitions of alarms. */
export interface NewsSource<T> {
  isReady(): boolean;
  /** Calls `wake` once as soon as there is something to take; the last one who asked is called. */
  onceReady(wake: () => void): void;
  /** Not yet acknowledged, in the order in which they were made; none when there is nothing to be written. */
  peek(): readonly T[];
  /** Those last peeked are done. */
  acknowledge(): void;
}

/** Readings that were accepted and will never be delivered, because there was no room to keep them. */
export interface Gap {
  /** Received times of the first and the last of them, UTC ms. */
  readonly from: EpochMs;
  readonly to: EpochMs;
  /** How many readings. */
  readonly count: number;
  /** `spool-full`, `unprotected` (they never came to disk) or `damaged` (the disk lost them). */
  readonly reason: string;
}

/** Where the forwarder takes readings from: the cursor of an output in the spool. */
export interface BatchSource {
  /** The output has just connected. */
  connected(): void;
  /** The connection is lost: what the output acknowledged shortly before is doubtful, and will come again. */
  disconnected(): void;
  /** Listeners behind the output have been away till now: a short while after the connection, what it acknowledged since
   *  comes again. */
  returned(): void;
  /** Resolves as soon as there is something to peek, or a gap to tell of. */
  available(signal: AbortSignal): Promise<void>;
  /** Readings not yet acknowledged, the present before the past, or null when there are none to be written now.
   *  The same batch until `acknowledge` or `connected`. */
  peek(): ReadingBatch | null;
  /** The batch last peeked is done, but for the rows that were refused for good. */
  acknowledge(rejections: readonly Rejection[]): Promise<void>;
  /** A loss that the output has not been told of; null when there is none. */
  gap(): Gap | null;
  acknowledgeGap(): void;
}
