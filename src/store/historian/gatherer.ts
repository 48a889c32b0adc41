import { appendBatch, clearBatch, createBatch } from "../../domain/batch.ts";
import type { ReadingBatch } from "../../domain/batch.ts";
import type { Cancel, Clock } from "../../domain/time.ts";
import { packFrame } from "./frame.ts";

/** Waking the thread costs as much as 2,000 readings: what comes within this time goes to it together, ms. */
const GATHER_MS = 100;

/** Readings gathered at the most. */
const GATHER_ROWS = 8_192;

/** Readings on their way to the historian's thread. */
export interface Gatherer {
  /** Takes readings; the batch is copied. */
  take(batch: ReadingBatch): void;
  /** Hands on at once what is there. */
  post(): void;
  /** Readings that wait. */
  rows(): number;
}

/** `send` is given frames of so many rows, in order. */
export function createGatherer(
  clock: Clock,
  ids: Uint32Array,
  send: (rows: number, frame: ArrayBuffer) => void,
): Gatherer {
  const gathered = createBatch(GATHER_ROWS);
  let cancel: Cancel | null = null;

  function post(): void {
    cancel?.();
    cancel = null;
    if (gathered.length > 0) send(gathered.length, packFrame(gathered, ids));
    clearBatch(gathered);
  }

  return {
    take(batch) {
      if (gathered.length + batch.length > GATHER_ROWS) post();
      if (batch.length > GATHER_ROWS) {
        send(batch.length, packFrame(batch, ids));
        return;
      }
      appendBatch(batch, gathered);
      cancel ??= clock.schedule(GATHER_MS, post);
    },
    post,
    rows: () => gathered.length,
  };
}
