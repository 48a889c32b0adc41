import { valueOf } from "../domain/batch.ts";
import type { ReadingValue } from "../domain/batch.ts";
import type { History, HistoryBuckets, HistoryColumns } from "../domain/history.ts";
import type { StatusCode } from "../domain/status.ts";
import type { Tag } from "../domain/tag.ts";
import type { EpochMs } from "../domain/time.ts";
import type { TimeRange } from "./history-range.ts";

/** "No data exists for the requested time range": BadNoData of OPC 10000-4. */
export const BAD_NO_DATA: StatusCode = 0x809b_0000;

/** A tag speaks at least once in its longest silence; twice that without a word is a hole. */
const SILENCES_OF_A_HOLE = 2;

interface Point {
  readonly time: EpochMs;
  readonly value: ReadingValue;
  readonly status: StatusCode;
}

export interface Trend {
  /** True when there were more readings than points: then each stands for its neighbours. */
  readonly reduced: boolean;
  readonly points: readonly Point[];
}

/** A tag's readings in at most `pointsMax` points (10 or more). Where there are more readings, the smallest and the largest
 *  of each stretch remain, at their own times and with the worst status of the stretch. A bad reading and a hole without
 *  any are points without a value, so that no line is drawn across them. */
export async function readTrend(
  history: History,
  tag: Tag,
  { from, to }: TimeRange,
  pointsMax: number,
): Promise<Trend> {
  const holeMs = SILENCES_OF_A_HOLE * tag.maxSilenceMs;
  const page = await history.readRaw(tag.index, from, to, pointsMax);
  if (page.next === null) {
    const points = withHoles(rawPoints(tag, page), holeMs);
    if (points.length <= pointsMax) return { reduced: false, points };
  }
  // Two points a bucket are usual; four, with a bad reading and a hole in each, the most there can be.
  for (const pointsPerBucket of [2, 4]) {
    const count = Math.max(1, Math.floor(pointsMax / pointsPerBucket));
    const buckets = await history.readBuckets(tag.index, from, to, count);
    const points = withHoles(bucketPoints(tag, buckets), Math.max(holeMs, (2 * (to - from)) / count));
    if (points.length <= pointsMax || pointsPerBucket === 4) return { reduced: true, points };
  }
  return { reduced: true, points: [] };
}

function rawPoints(tag: Tag, columns: HistoryColumns): Point[] {
  return Array.from({ length: columns.length }, (_, row) => {
    const status = columns.status[row] as number;
    const value = valueOf(tag, columns.value[row] as number, columns.exact.get(row), status);
    return { time: columns.time[row] as number, value, status };
  });
}

function bucketPoints(tag: Tag, buckets: HistoryBuckets): Point[] {
  return Array.from({ length: buckets.length }, (_, row) => pointsOf(tag, buckets, row)).flat();
}

function pointsOf(tag: Tag, buckets: HistoryBuckets, row: number): Point[] {
  const status = buckets.status[row] as number;
  const points: Point[] = [];
  const add = (time: EpochMs, number: number, exact: bigint | string | undefined): void => {
    points.push({ time, value: valueOf(tag, number, exact, status), status });
  };
  const text = buckets.text.get(row);
  if (text !== undefined) add(text[0], NaN, text[1]);
  if ((buckets.count[row] as number) > 0) {
    const minTime = buckets.minTime[row] as number;
    const maxTime = buckets.maxTime[row] as number;
    add(minTime, buckets.min[row] as number, buckets.exactMin.get(row));
    if (maxTime !== minTime) add(maxTime, buckets.max[row] as number, buckets.exactMax.get(row));
  }
  const badTime = buckets.badTime[row] as number;
  if (!Number.isNaN(badTime))
    points.push({ time: badTime, value: null, status: buckets.badStatus[row] as number });
  return points.sort((a, b) => a.time - b.time);
}

function withHoles(points: readonly Point[], holeMs: number): Point[] {
  const told: Point[] = [];
  let before: Point | null = null;
  for (const point of points) {
    if (before !== null && before.value !== null && point.time - before.time > holeMs)
      told.push({ time: before.time + Math.round(holeMs / 2), value: null, status: BAD_NO_DATA });
    told.push(point);
    before = point;
  }
  return told;
}
