import { createConditioning } from "../conditioning/conditioning.ts";
import type { Conditioning } from "../conditioning/conditioning.ts";
import { capacityOf, clearBatch, copyBatch, createBatch, sliceBatch } from "../domain/batch.ts";
import type { ReadingBatch } from "../domain/batch.ts";
import type { Log, Poll, PollGroup } from "../domain/ports.ts";
import { Status } from "../domain/status.ts";
import type { Tag } from "../domain/tag.ts";
import { createClockWatch } from "./clock-watch.ts";
import type { Cancel, Clock } from "../domain/time.ts";

/** Of the time within which a reading is to be on disk, encoding and sync take so much, ms. */
const COMMIT_MS = 2;

/** Readings gathered at the most before they go on at once. */
const GATHER_READINGS = 4_096;

/** How often tags without an answer are looked for, ms. */
const SWEEP_MS = 1_000;

export interface PipelineOptions {
  readonly tags: readonly Tag[];
  readonly clock: Clock;
  readonly log: Log;
  /** Within this time a reading is to be on disk, ms: so long it may wait for others to share the sync. */
  readonly groupCommitMs: number;
  /** Takes what is to be delivered; the batch will not change any more. */
  readonly deliver: (batch: ReadingBatch) => void;
  /** Takes every new reading for the live page; must be done with the batch when it returns. */
  readonly show: (batch: ReadingBatch) => void;
}

/** The way of a reading, in plain calls: conditioning and process image, then report by exception to outputs and page. */
export interface Pipeline {
  readonly conditioning: Conditioning;
  accept(poll: Poll, group: PollGroup): void;
  /** No answer can come from these tags now. */
  lose(group: PollGroup): void;
  /** Hands on what has been gathered and stops. */
  close(): void;
}

export function createPipeline({
  tags,
  clock,
  log,
  groupCommitMs,
  deliver,
  show,
}: PipelineOptions): Pipeline {
  const gatherMs = Math.max(0, groupCommitMs - COMMIT_MS);
  const conditioning = createConditioning(tags);
  const gathered = createBatch(Math.max(GATHER_READINGS, tags.length));
  const lost = createBatch(tags.length);
  const watchClock = createClockWatch(clock, log);
  let cancelFlush: Cancel | null = null;
  let cancelSweep: Cancel = clock.schedule(SWEEP_MS, sweep);

  function take(batch: ReadingBatch): void {
    if (batch.length === 0) return;
    if (gathered.length + batch.length > capacityOf(gathered)) flush();
    conditioning.accept(batch, clock.monotonic(), gathered);
    show(batch);
    flushSoon();
  }

  /** Tags whose status changes although nobody said anything, and those that have been silent for too long. */
  function sweep(): void {
    watchClock();
    const before = gathered.length;
    conditioning.sweep(clock.now(), clock.monotonic(), gathered);
    if (gathered.length > before) show(sliceBatch(gathered, before, gathered.length));
    flushSoon();
    for (const event of conditioning.drainEvents().events) {
      log.info({ ...event, tag: tags[event.tagIndex]?.id }, "a totalizer did not simply count up");
    }
    cancelSweep = clock.schedule(SWEEP_MS, sweep);
  }

  function flushSoon(): void {
    if (gathered.length > 0) cancelFlush ??= clock.schedule(gatherMs, flush);
  }

  /** A copy of just the right size: outputs may have to keep it for long. */
  function flush(): void {
    cancelFlush?.();
    cancelFlush = null;
    if (gathered.length > 0) deliver(copyBatch(gathered));
    clearBatch(gathered);
  }

  return {
    conditioning,
    accept({ batch, confirmsRest }, group) {
      take(batch);
      if (confirmsRest) conditioning.confirm(indexesOf(group), clock.monotonic());
    },
    lose(group) {
      fillLost(lost, group, clock.now());
      take(lost);
    },
    close() {
      cancelSweep();
      flush();
    },
  };
}

function fillLost(lost: ReadingBatch, group: PollGroup, now: number): void {
  clearBatch(lost);
  for (const { index } of group.tags) {
    const row = lost.length++;
    lost.tag[row] = index;
    lost.value[row] = NaN;
    lost.status[row] = Status.BadNoCommunication;
    lost.sourceTime[row] = now;
    lost.receivedTime[row] = now;
  }
}

const groupIndexes = new WeakMap<PollGroup, readonly number[]>();

function indexesOf(group: PollGroup): readonly number[] {
  const known = groupIndexes.get(group);
  if (known !== undefined) return known;
  const indexes = group.tags.map((tag) => tag.index);
  groupIndexes.set(group, indexes);
  return indexes;
}
