import type { Reading, ReadingBatch } from "../domain/batch.ts";
import type { StatusCode } from "../domain/status.ts";
import type { Tag } from "../domain/tag.ts";
import type { EpochMs } from "../domain/time.ts";
import { carryMemory } from "./carry.ts";
import type { Memory, Moves } from "./carry.ts";
import { createConditioner } from "./conditioner.ts";
import { createProcessImage } from "./process-image.ts";
import { createReporter } from "./report.ts";
import type { TotalizerEvents } from "./totalizer.ts";

/** What happens to a reading between the driver and the outputs: made believable, kept as the tag's latest,
 *  and passed on when it says something new. */
export interface Conditioning {
  /** Conditions the raw rows of one poll in place, takes them into the process image and appends those worth reporting
   *  to `into`, which needs room for `batch.length` more. */
  accept(batch: ReadingBatch, monotonicNow: number, into: ReadingBatch): void;
  /** The tags of a subscription that is alive and had nothing to say about them. */
  confirm(tagIndexes: Iterable<number>, monotonicNow: number): void;
  /** Ages readings, and appends to `into` the tags whose status has changed without a reading or that have been silent
   *  too long. Meant for once a second; what finds no room comes with the next call. */
  sweep(now: EpochMs, monotonicNow: number, into: ReadingBatch): void;
  reading(tagIndex: number): Reading;
  statusOf(tagIndex: number): StatusCode;
  /** The number last read; NaN for text and where there is none. */
  valueOf(tagIndex: number): number;
  deviceTime(tagIndex: number): EpochMs | null;
  accumulated(tagIndex: number): number | null;
  drainEvents(): TotalizerEvents;
  /** Goes on with tags of an older set, which must be defined as they were. */
  carry(from: Conditioning, moves: Moves): void;
  readonly memories: readonly Memory[];
}

/** `tags[i].index === i`. */
export function createConditioning(tags: readonly Tag[]): Conditioning {
  const conditioner = createConditioner(tags);
  const image = createProcessImage(tags);
  const reporter = createReporter(tags);
  const memories = [...conditioner.memories, image.memory, reporter.memory];
  return {
    accept(batch, monotonicNow, into) {
      const overtaken = conditioner.apply(batch, monotonicNow);
      image.update(batch, monotonicNow, overtaken);
      reporter.select(batch, monotonicNow, overtaken, into);
    },
    confirm: (tagIndexes, monotonicNow) => image.confirm(tagIndexes, monotonicNow),
    sweep(now, monotonicNow, into) {
      image.ageOut(monotonicNow);
      reporter.sweep(image, now, monotonicNow, into);
    },
    reading: (tagIndex) => image.reading(tagIndex),
    statusOf: (tagIndex) => image.statusOf(tagIndex),
    valueOf: (tagIndex) => image.valueOf(tagIndex),
    deviceTime: (tagIndex) => conditioner.deviceTime(tagIndex),
    accumulated: (tagIndex) => conditioner.accumulated(tagIndex),
    drainEvents: () => conditioner.drainEvents(),
    memories,
    carry(from, moves) {
      for (const [index, memory] of memories.entries())
        carryMemory(from.memories[index] as Memory, memory, moves);
    },
  };
}
