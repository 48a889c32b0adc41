import type { HistoryBuckets, HistoryColumns } from "../../domain/history.ts";
import { isBad, worse } from "../../domain/status.ts";
import type { EpochMs } from "../../domain/time.ts";

/** Gathers readings into buckets of equal length. Readings of one tag, in the order of time. */
export class BucketBuilder {
  readonly #from: EpochMs;
  readonly #bucketMs: number;
  readonly #buckets: number;
  readonly #count: Float64Array;
  readonly #sum: Float64Array;
  readonly #min: Float64Array;
  readonly #minTime: Float64Array;
  readonly #max: Float64Array;
  readonly #maxTime: Float64Array;
  readonly #status: Float64Array;
  readonly #badTime: Float64Array;
  readonly #badStatus: Float64Array;
  readonly #text = new Map<number, readonly [EpochMs, string]>();
  readonly #exactMin = new Map<number, bigint>();
  readonly #exactMax = new Map<number, bigint>();

  constructor(from: EpochMs, to: EpochMs, buckets: number) {
    const column = (fill: number): Float64Array => new Float64Array(buckets).fill(fill);
    this.#from = from;
    this.#bucketMs = (to - from) / buckets;
    this.#buckets = buckets;
    this.#count = column(0);
    this.#sum = column(0);
    this.#min = column(NaN);
    this.#minTime = column(NaN);
    this.#max = column(NaN);
    this.#maxTime = column(NaN);
    this.#status = column(-1);
    this.#badTime = column(NaN);
    this.#badStatus = column(0);
  }

  add(columns: HistoryColumns): void {
    const { time, value, status, exact } = columns;
    for (let row = 0; row < columns.length; row++) {
      const at = time[row] as number;
      const bucket = this.#bucketOf(at);
      const code = status[row] as number;
      if (isBad(code)) {
        this.#addBad(bucket, at, code);
        continue;
      }
      this.#noteStatus(bucket, code);
      const one = exact.size === 0 ? undefined : exact.get(row);
      if (typeof one === "string") this.#text.set(bucket, [at, one]);
      else this.#addNumber(bucket, at, value[row] as number, one);
    }
  }

  /** Takes buckets that are much shorter than these. */
  addBuckets(shorter: HistoryBuckets): void {
    for (let row = 0; row < shorter.length; row++) {
      const badTime = shorter.badTime[row] as number;
      if (!Number.isNaN(badTime))
        this.#addBad(this.#bucketOf(badTime), badTime, shorter.badStatus[row] as number);
      const count = shorter.count[row] as number;
      if (count > 0) this.#addSummary(shorter, row, count);
    }
  }

  result(): HistoryBuckets {
    const rows = Int32Array.from({ length: this.#buckets }, (_, bucket) => bucket).filter((bucket) =>
      this.#isUsed(bucket),
    );
    const pick = (column: Float64Array): Float64Array =>
      Float64Array.from(rows, (bucket) => column[bucket] as number);
    const pickMap = <T>(map: ReadonlyMap<number, T>): ReadonlyMap<number, T> =>
      new Map(
        Array.from(rows, (bucket, row) => [row, map.get(bucket)] as const).filter(
          (pair): pair is readonly [number, T & {}] => pair[1] !== undefined,
        ),
      );
    return {
      length: rows.length,
      count: pick(this.#count),
      min: pick(this.#min),
      minTime: pick(this.#minTime),
      max: pick(this.#max),
      maxTime: pick(this.#maxTime),
      mean: Float64Array.from(
        rows,
        (bucket) => (this.#sum[bucket] as number) / (this.#count[bucket] as number),
      ),
      status: Uint32Array.from(pick(this.#status), (code) => Math.max(0, code)),
      badTime: pick(this.#badTime),
      badStatus: Uint32Array.from(pick(this.#badStatus)),
      text: pickMap(this.#text),
      exactMin: pickMap(this.#exactMin),
      exactMax: pickMap(this.#exactMax),
    };
  }

  #isUsed(bucket: number): boolean {
    return (this.#status[bucket] as number) >= 0 || !Number.isNaN(this.#badTime[bucket]);
  }

  #bucketOf(time: EpochMs): number {
    const bucket = Math.floor((time - this.#from) / this.#bucketMs);
    return Math.min(this.#buckets - 1, Math.max(0, bucket));
  }

  #addBad(bucket: number, time: EpochMs, status: number): void {
    if (!Number.isNaN(this.#badTime[bucket])) return;
    this.#badTime[bucket] = time;
    this.#badStatus[bucket] = status;
  }

  #noteStatus(bucket: number, status: number): void {
    const before = this.#status[bucket] as number;
    if (before !== status) this.#status[bucket] = before < 0 ? status : worse(before, status);
  }

  #addNumber(bucket: number, time: EpochMs, value: number, exact: bigint | undefined): void {
    if (Number.isNaN(value)) return;
    this.#weigh(bucket, 1, value);
    this.#stretch(bucket, time, value, exact);
  }

  #weigh(bucket: number, count: number, sum: number): void {
    this.#count[bucket] = (this.#count[bucket] as number) + count;
    this.#sum[bucket] = (this.#sum[bucket] as number) + sum;
  }

  #stretch(bucket: number, time: EpochMs, value: number, exact: bigint | undefined): void {
    if (!(value >= (this.#min[bucket] as number))) {
      this.#min[bucket] = value;
      this.#minTime[bucket] = time;
      noteExact(this.#exactMin, bucket, value, exact);
    }
    if (!(value <= (this.#max[bucket] as number))) {
      this.#max[bucket] = value;
      this.#maxTime[bucket] = time;
      noteExact(this.#exactMax, bucket, value, exact);
    }
  }

  /** Smallest and largest go where their times are; all other readings go with the smallest. */
  #addSummary(shorter: HistoryBuckets, row: number, count: number): void {
    const min = shorter.min[row] as number;
    const max = shorter.max[row] as number;
    const status = shorter.status[row] as number;
    const low = this.#bucketOf(shorter.minTime[row] as number);
    const high = this.#bucketOf(shorter.maxTime[row] as number);
    const sum = count * (shorter.mean[row] as number);
    const isSplit = low !== high;
    this.#weigh(low, isSplit ? count - 1 : count, isSplit ? sum - max : sum);
    if (isSplit) this.#weigh(high, 1, max);
    this.#stretch(low, shorter.minTime[row] as number, min, undefined);
    this.#stretch(high, shorter.maxTime[row] as number, max, undefined);
    this.#noteStatus(low, status);
    this.#noteStatus(high, status);
  }
}

/** Only where the number does not say it. */
function noteExact(map: Map<number, bigint>, bucket: number, value: number, exact: bigint | undefined): void {
  if (exact === undefined || Number.isSafeInteger(value)) map.delete(bucket);
  else map.set(bucket, exact);
}
