import type { Said } from "./said.ts";
import type { EpochMs } from "./time.ts";

/** Counts of one field connection since the start. */
export interface LinkCounters {
  requests: number;
  replies: number;
  timeouts: number;
  /** The device answered "no": Modbus exceptions, OPC UA bad service results. */
  exceptions: number;
  /** Replies that match no request that is waiting, thrown away: late ones, and ones with a foreign id, unit or function. */
  lateReplies: number;
  foreignReplies: number;
  /** Frames that are no frames: wrong checksum, protocol id, length. */
  malformedFrames: number;
  connects: number;
  /** Times that nothing came of anything for so long that the link was made anew. */
  stalls: number;
  bytesSent: number;
  bytesReceived: number;
}

export function zeroLinkCounters(): LinkCounters {
  return {
    requests: 0,
    replies: 0,
    timeouts: 0,
    exceptions: 0,
    lateReplies: 0,
    foreignReplies: 0,
    malformedFrames: 0,
    connects: 0,
    stalls: 0,
    bytesSent: 0,
    bytesReceived: 0,
  };
}

export type DeviceState =
  /** Every poll answered. */
  | "online"
  /** Answers, but some of its tags are bad. */
  | "degraded"
  /** Its circuit breaker is open: it is probed now and then, its siblings go on. */
  | "silent"
  /** The connection to it is down and being retried. */
  | "disconnected"
  | "starting";

/** Health of one device, as the page, `/api/v1/devices` and Prometheus show it. */
export interface DeviceHealth {
  readonly device: string;
  readonly title: string;
  readonly connection: string;
  readonly protocol: string;
  readonly area: string;
  /** How often it is read, the fastest first. */
  readonly periodsMs: readonly number[];
  readonly state: DeviceState;
  /** Sentence about the last failure; null when there was none since it last came online. */
  readonly lastError: string | null;
  /** The same for other languages; null where only the English is known. */
  readonly lastSaid: Said | null;
  readonly lastAnswer: EpochMs | null;
  readonly tags: number;
  readonly tagsGood: number;
  readonly polls: number;
  readonly pollsFailed: number;
  /** Polls that were due while the one before was still running. */
  readonly pollsMissed: number;
  readonly latencyP50Ms: number | null;
  readonly latencyP99Ms: number | null;
  readonly breaker: "closed" | "open" | "half-open";
  readonly quarantined: readonly string[];
  /** Thumbprint of the certificate that it showed last; null before that, and for protocols without certificates. */
  readonly certificate: string | null;
}

export interface ConnectionHealth {
  readonly connection: string;
  readonly protocol: string;
  readonly endpoint: string;
  readonly connected: boolean;
  readonly counters: Readonly<LinkCounters>;
}

/** Conservation law, true at every instant: accepted = delivered + pending + quarantined + Σ dropped. The counts are kept
 *  with the spool and go on over restarts. */
export interface OutputHealth {
  readonly output: string;
  readonly type: string;
  readonly endpoint: string;
  /** Other machines to which readings and passwords travel unencrypted, `host:port`. */
  readonly plaintext: readonly string[];
  readonly connected: boolean;
  readonly lastError: string | null;
  /** The same for other languages; null where only the English is known. */
  readonly lastSaid: Said | null;
  /** Readings, not batches. */
  readonly accepted: number;
  readonly delivered: number;
  readonly pending: number;
  /** Lost, by reason: `spool-full`, `unprotected` (they never came to disk) or `damaged` (the disk lost them). */
  readonly dropped: Readonly<Record<string, number>>;
  /** Refused by the sink for good. */
  readonly quarantined: number;
  /** Times that nothing came of anything for so long that the connection was made anew. */
  readonly stalls: number;
  /** Sent a second time, in case the sink lost them. */
  readonly resent: number;
  /** Age of the oldest reading not yet delivered, ms; 0 when there is none. */
  readonly lagMs: number;
}

/** Times in which nothing at all was done: a computation without end, a machine that swaps or was suspended. */
export interface LoopStalls {
  readonly count: number;
  readonly longestMs: number;
  readonly lastAt: EpochMs | null;
}

/** Readings of an output that the law does not account for: anything but 0 is a fault of the gateway. */
export function unaccounted(
  health: Pick<OutputHealth, "accepted" | "delivered" | "pending" | "dropped" | "quarantined">,
): number {
  const { accepted, delivered, pending, dropped, quarantined } = health;
  const lost = Object.values(dropped).reduce((sum, count) => sum + count, 0);
  return accepted - delivered - pending - quarantined - lost;
}

/** Where readings wait for the outputs. */
export interface SpoolHealth {
  /** False while the disk takes nothing and readings go to the outputs from memory alone. */
  readonly isProtected: boolean;
  /** Readings that were handed to the outputs before they were on disk, since the start. */
  readonly unprotected: number;
  /** Readings in memory that are not on disk yet. */
  readonly unsynced: number;
  readonly bytes: number;
  readonly bytesMax: number;
  readonly segments: number;
  /** Received time of the oldest reading on disk, UTC ms. */
  readonly oldest: EpochMs | null;
  /** What the readings on disk take for each hour in which they came; null while there is too little to say. */
  readonly bytesPerHour: number | null;
  /** Blocks that were found damaged since the start. */
  readonly damagedBlocks: number;
  /** Of a block cut off in the middle of its writing, found when the spool was opened. */
  readonly tornBytes: number;
  /** Median time of a sync, measured at the start; null until then. */
  readonly syncMs: number | null;
}
