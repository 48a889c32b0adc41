import type { ReadingBatch } from "./batch.ts";
import type { LinkCounters } from "./health.ts";
import type { Tag } from "./tag.ts";

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
  /** Counts since the start. The same object every time, so that reading it costs nothing. */
  readonly counters: LinkCounters;
  /** Ids of tags that the device refuses and that are left out of merged reads until their slow retry. */
  quarantined(): readonly string[];
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
  close(): Promise<void>;
}

/** Where the forwarder takes readings from: a bounded queue in memory, or a cursor of a durable spool. */
export interface BatchSource {
  /** The oldest readings not yet acknowledged, or null when there are none. The same batch until `acknowledge`. */
  peek(): ReadingBatch | null;
  /** The batch last peeked is done; `rejected` of its rows were refused for good. */
  acknowledge(rejected: number): void;
  /** Resolves as soon as there is something to peek. */
  available(signal: AbortSignal): Promise<void>;
}
