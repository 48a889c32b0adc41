import type { Said } from "./said.ts";
import type { StatusCode } from "./status.ts";
import type { EpochMs } from "./time.ts";

/** Readings of one tag in the order of their source times, as columns. */
export interface HistoryColumns {
  readonly length: number;
  /** Source times in whole ms, UTC, each greater than the one before. */
  readonly time: Float64Array;
  /** As in a batch: NaN for a bad reading and for text. */
  readonly value: Float64Array;
  readonly status: Uint32Array;
  /** 64-bit integers and texts by row. */
  readonly exact: ReadonlyMap<number, bigint | string>;
}

/** One page of readings. */
export interface HistoryPage extends HistoryColumns {
  /** Where to read on; null when nothing is left before the end that was asked for. */
  readonly next: EpochMs | null;
}

/** What is left of a stretch of readings: row i stands for one bucket that has any. Buckets are of equal length and
 *  follow each other in time. Smallest and largest are readings that were really made, at their own times. */
export interface HistoryBuckets {
  readonly length: number;
  /** Readings with a number; when it is 0 smallest, largest and mean are NaN. */
  readonly count: Float64Array;
  readonly min: Float64Array;
  readonly minTime: Float64Array;
  readonly max: Float64Array;
  readonly maxTime: Float64Array;
  /** Of the readings, each counting once however long it held. */
  readonly mean: Float64Array;
  /** Worst status of the readings that are not bad. */
  readonly status: Uint32Array;
  /** First bad reading: its time, NaN when there is none, and its status. */
  readonly badTime: Float64Array;
  readonly badStatus: Uint32Array;
  /** Time and text of the last text, where the tag is one. */
  readonly text: ReadonlyMap<number, readonly [time: EpochMs, text: string]>;
  /** The exact smallest and largest, where a number does not hold them. */
  readonly exactMin: ReadonlyMap<number, bigint>;
  readonly exactMax: ReadonlyMap<number, bigint>;
}

export interface HistoryReading {
  readonly time: EpochMs;
  readonly value: number;
  readonly status: StatusCode;
  readonly exact: bigint | string | undefined;
}

/** What has been. Tags are named by `Tag.index`; intervals are half open: from ≤ t < to. */
export interface History {
  /** The first `rowsMax` readings from `from` on. */
  readRaw(tagIndex: number, from: EpochMs, to: EpochMs, rowsMax: number): Promise<HistoryPage>;
  /** At most `buckets` buckets that cover the interval. */
  readBuckets(tagIndex: number, from: EpochMs, to: EpochMs, buckets: number): Promise<HistoryBuckets>;
  /** The last reading before `time`; null when there is none. */
  latestBefore(tagIndex: number, time: EpochMs): Promise<HistoryReading | null>;
}

/** Conservation law, as for an output: accepted = kept + dropped, in readings. */
export interface HistoryHealth {
  readonly accepted: number;
  /** Lost because the disk refused them or could not follow. */
  readonly dropped: number;
  /** Accepted and not yet in the database; in the log of open readings unless the disk refuses it. */
  readonly open: number;
  /** What last went wrong; null while all is well. */
  readonly lastError: Said | null;
  readonly databaseBytes: number;
}
