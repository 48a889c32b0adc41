import type { ReadingBatch } from "../domain/batch.ts";
import { qualityOf } from "../domain/status.ts";
import { jsonValue } from "./tag-object.ts";
import type { GatewayView } from "./view.ts";

/** What changed when, by tag. Time is cut into ticks; a tag counts once a tick however often it changed, and its text
 *  is made once for all clients. */
export interface LiveUpdates {
  /** Number of the last closed tick, from 1. */
  readonly tick: number;
  /** Notes that the batch's tags have changed, as far as they say anything new. One step a row, whatever the number of clients. */
  mark(batch: ReadingBatch): void;
  /** Closes the tick: makes the texts of all tags marked since the last one. */
  close(): void;
  /** Everything that changed in the last closed tick, as one message; null when that is nothing. */
  lastTick(): Buffer | null;
  /** Of these tags (all, when null) the ones that changed after tick `since`, as one message; null when that is none. */
  after(since: number, indexes: Int32Array | null): Buffer | null;
  /** The present state of these tags (all, when null). */
  state(indexes: Int32Array | null): Buffer;
}

/** A reading that only repeats what was told less than this ago is no news, ms: status words are read many times a second. */
const REPEAT_MS = 500;

/** Whether a row tells something new of its tag; the row counts as told then. */
function watchRepeats(tags: number): (batch: ReadingBatch, row: number) => boolean {
  const values = new Float64Array(tags).fill(NaN);
  const statuses = new Uint32Array(tags);
  const toldAt = new Float64Array(tags).fill(-Infinity);
  return (batch, row) => {
    const index = batch.tag[row] as number;
    const [value, status, at] = [batch.value[row], batch.status[row], batch.receivedTime[row]] as [
      number,
      number,
      number,
    ];
    const isRepeat = value === values[index] && status === statuses[index];
    if (isRepeat && Math.abs(at - (toldAt[index] as number)) < REPEAT_MS) return false;
    values[index] = value;
    statuses[index] = status;
    toldAt[index] = at;
    return true;
  };
}

export function createLiveUpdates(view: GatewayView): LiveUpdates {
  const { tags } = view.plant;
  const heads = tags.map(({ id }) => `{"tag":${JSON.stringify(id)},"t":`);
  const texts: string[] = tags.map(() => "");
  const changedTick = new Uint32Array(tags.length);
  const isMarked = new Uint8Array(tags.length);
  const marked = new Int32Array(tags.length);
  const isNews = watchRepeats(tags.length);
  let markedCount = 0;
  let closed: Int32Array = marked.subarray(0, 0);
  let closedMessage: Buffer | null = null;
  let tick = 0;

  const textOf = (index: number): string => {
    const { value, status, sourceTime } = view.reading(index);
    const time = Number.isFinite(sourceTime) ? sourceTime : 0;
    return `${heads[index]}${time},"v":${JSON.stringify(jsonValue(value))},"q":"${qualityOf(status)}","s":${status}}`;
  };
  const message = (parts: readonly string[]): Buffer => Buffer.from(`[${parts.join(",")}]`);
  const allIndexes = Int32Array.from(tags, ({ index }) => index);

  return {
    get tick() {
      return tick;
    },
    mark(batch) {
      const { tag, length } = batch;
      for (let row = 0; row < length; row++) {
        const index = tag[row] ?? 0;
        if (!isNews(batch, row) || isMarked[index] !== 0) continue;
        isMarked[index] = 1;
        marked[markedCount++] = index;
      }
    },
    close() {
      tick++;
      closed = marked.slice(0, markedCount);
      closedMessage = null;
      markedCount = 0;
      for (const index of closed) {
        isMarked[index] = 0;
        changedTick[index] = tick;
        texts[index] = textOf(index);
      }
    },
    lastTick() {
      if (closed.length === 0) return null;
      closedMessage ??= message(Array.from(closed, (index) => texts[index] ?? ""));
      return closedMessage;
    },
    after(since, indexes) {
      const parts: string[] = [];
      for (const index of indexes ?? allIndexes)
        if ((changedTick[index] ?? 0) > since) parts.push(texts[index] ?? "");
      return parts.length === 0 ? null : message(parts);
    },
    state: (indexes) => message(Array.from(indexes ?? allIndexes, textOf)),
  };
}
