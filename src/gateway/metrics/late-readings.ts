import type { ReadingBatch } from "../../domain/batch.ts";
import type { History } from "../../domain/history.ts";
import type { Log } from "../../domain/ports.ts";
import type { Tag } from "../../domain/tag.ts";
import type { EpochMs } from "../../domain/time.ts";
import type { Journal } from "../../store/journal/journal.ts";
import type { Engine } from "./engine.ts";
import { holdOf } from "./readings.ts";

/** The journal keeps whole hours, so that a long run of late readings is written down once an hour and not once a batch. */
const GRAIN_MS = 3_600_000;

/** Readings of periods that are over, until the figures that are made of them are on the list. */
export interface LateReadings {
  /** Costs one comparison a row. Called before the history has the batch: a mark without its readings costs a computation,
   *  readings without a mark would cost the truth of a figure. */
  note(batch: ReadingBatch): void;
  /** More periods may have been closed. To be called before the next batch: the journal is not asked at each of them. */
  closed(): void;
  /** Puts what was noted on the list, as far as the readings reach that they stand for. */
  mark(): Promise<void>;
}

export interface LateOptions {
  readonly tags: readonly Tag[];
  readonly engine: Engine;
  readonly history: History;
  readonly journal: Pick<Journal, "late" | "transaction">;
  readonly now: () => EpochMs;
  readonly log: Log;
}

export function createLateReadings(options: LateOptions): LateReadings {
  const { tags, engine, history, journal, now } = options;
  const spans = spansKept(options);
  let over = engine.graph.computedTo("hour");

  return {
    closed: () => void (over = engine.graph.computedTo("hour")),
    note(batch) {
      if (!hasBefore(batch, over)) return;
      const wider = new Set<number>();
      for (let row = 0; row < batch.length; row++) {
        const time = batch.sourceTime[row] as number;
        const index = batch.tag[row] as number;
        if (time < over && time > 0 && widen(spans, index, time)) wider.add(index);
      }
      if (wider.size > 0) keep(options, spans, wider);
    },
    async mark() {
      for (const [index, span] of spans) {
        const tag = tags[index] as Tag;
        const { from, to } = span;
        const next = await history.readRaw(index, to + 1, now(), 1);
        const held = next.length > 0 ? (next.time[0] as number) : Infinity;
        const until = Math.min(held, to + holdOf(tag), now());
        const change = { cause: `readings of ${tag.id} came late`, by: null, reason: null, from, to: until };
        const touches = (source: { from: string; id: string }): boolean =>
          source.from === "tag" && source.id === tag.id;
        journal.transaction(() => {
          engine.change({ ...change, touches }, true);
          // More may have come while the history was read; then all of it is marked once more.
          if (span.from === from && span.to === to) journal.late.remove(tag.id);
        });
        if (span.from === from && span.to === to) spans.delete(index);
      }
    },
  };
}

/** Whether any reading was so before then. */
function hasBefore({ sourceTime, length }: ReadingBatch, then: EpochMs): boolean {
  for (let row = 0; row < length; row++) if ((sourceTime[row] as number) < then) return true;
  return false;
}

interface LateSpan {
  from: EpochMs;
  to: EpochMs;
  /** What the journal knows of it. */
  keptFrom: EpochMs;
  keptTo: EpochMs;
}

/** What was noted by a process that was killed before it could put it on the list. */
function spansKept({ tags, journal }: LateOptions): Map<number, LateSpan> {
  const indexes = new Map(tags.map(({ id, index }) => [id, index]));
  const spans = new Map<number, LateSpan>();
  for (const { tag, from, to } of journal.late.all()) {
    const index = indexes.get(tag);
    if (index === undefined) journal.late.remove(tag);
    else spans.set(index, { from, to, keptFrom: from, keptTo: to });
  }
  return spans;
}

/** True when the span is now wider than what the journal knows of it. */
function widen(spans: Map<number, LateSpan>, index: number, time: EpochMs): boolean {
  const span = spans.get(index);
  if (span === undefined) {
    spans.set(index, { from: time, to: time, keptFrom: Infinity, keptTo: -Infinity });
    return true;
  }
  span.from = Math.min(span.from, time);
  span.to = Math.max(span.to, time);
  return span.from < span.keptFrom || span.to > span.keptTo;
}

function keep(
  { tags, journal, log }: LateOptions,
  spans: ReadonlyMap<number, LateSpan>,
  wider: Iterable<number>,
): void {
  try {
    journal.transaction(() => {
      for (const index of wider) {
        const { id: tag } = tags[index] as Tag;
        const span = spans.get(index) as LateSpan;
        const from = Math.floor(span.from / GRAIN_MS) * GRAIN_MS;
        const to = Math.ceil(span.to / GRAIN_MS) * GRAIN_MS;
        journal.late.put({ tag, from, to });
        span.keptFrom = from;
        span.keptTo = to;
      }
    });
  } catch (error) {
    // Readings go on all the same: the mark is in memory, and only a kill within seconds could lose it.
    log.error({ reason: (error as Error).message }, "late readings could not be written down");
  }
}
