import type { ReadingBatch } from "../../domain/batch.ts";
import type { History } from "../../domain/history.ts";
import type { Tag } from "../../domain/tag.ts";
import type { EpochMs } from "../../domain/time.ts";
import type { Engine } from "./engine.ts";
import { holdOf } from "./readings.ts";

/** Readings of periods that are over, until the figures that are made of them are on the list. */
export interface LateReadings {
  /** Costs one comparison a row. */
  note(batch: ReadingBatch): void;
  /** Puts what was noted on the list, as far as the readings reach that they stand for. */
  mark(): Promise<void>;
}

export function createLateReadings(
  tags: readonly Tag[],
  engine: Engine,
  history: History,
  now: () => EpochMs,
): LateReadings {
  const spans = new Map<number, { from: EpochMs; to: EpochMs }>();
  return {
    note(batch) {
      const over = engine.graph.computedTo("hour");
      for (let row = 0; row < batch.length; row++) {
        const time = batch.sourceTime[row] as number;
        if (time < over && time > 0) widen(spans, batch.tag[row] as number, time);
      }
    },
    async mark() {
      for (const [index, { from, to }] of spans) {
        const tag = tags[index];
        spans.delete(index);
        if (tag === undefined) continue;
        const next = await history.readRaw(index, to + 1, now(), 1);
        const held = next.length > 0 ? (next.time[0] as number) : Infinity;
        const until = Math.min(held, to + holdOf(tag), now());
        const change = { cause: `readings of ${tag.id} came late`, by: null, reason: null, from, to: until };
        const touches = (source: { from: string; id: string }): boolean =>
          source.from === "tag" && source.id === tag.id;
        engine.change({ ...change, touches }, true);
      }
    },
  };
}

function widen(spans: Map<number, { from: EpochMs; to: EpochMs }>, index: number, time: EpochMs): void {
  const span = spans.get(index);
  if (span === undefined) spans.set(index, { from: time, to: time });
  else {
    span.from = Math.min(span.from, time);
    span.to = Math.max(span.to, time);
  }
}
