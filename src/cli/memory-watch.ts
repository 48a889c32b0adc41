import { getHeapStatistics } from "node:v8";
import type { Cancel, Clock } from "../domain/time.ts";

const LOOK_MS = 2_000;

/** Looks in a row that must find too much: what is only garbage is gone by then. */
const LOOKS = 3;

/** Shares of what there is, beyond which it is better to begin anew in order than to be ended in the middle of something. */
const HEAP_SHARE = 0.92;
const GROUP_SHARE = 0.9;

export interface MemoryWatch {
  /** Resolves with a sentence when there is too much for too long. */
  readonly exhausted: Promise<string>;
  stop(): void;
}

/** Watches the memory against the heap's limit, the limit of the control group if it has one, and `residentMax` bytes. */
export function watchMemory(clock: Clock, residentMax: number): MemoryWatch {
  const { promise: exhausted, resolve } = Promise.withResolvers<string>();
  const group = process.constrainedMemory();
  const bound = Math.min(residentMax, group > 0 ? GROUP_SHARE * group : Infinity);
  let found = 0;
  let cancel: Cancel = clock.schedule(LOOK_MS, look);

  function look(): void {
    const sentence = tooMuch(bound);
    found = sentence === null ? 0 : found + 1;
    if (sentence !== null && found >= LOOKS) resolve(sentence);
    else cancel = clock.schedule(LOOK_MS, look);
  }

  return { exhausted, stop: () => cancel() };
}

function tooMuch(bound: number): string | null {
  const { rss, heapUsed } = process.memoryUsage();
  const { heap_size_limit: heapMax } = getHeapStatistics();
  if (rss > bound)
    return `${mebibytes(rss)} of memory are more than the ${mebibytes(bound)} that it may take`;
  if (heapUsed > HEAP_SHARE * heapMax)
    return `${mebibytes(heapUsed)} of the heap's ${mebibytes(heapMax)} are taken`;
  return null;
}

function mebibytes(bytes: number): string {
  return `${Math.round(bytes / 2 ** 20)} MiB`;
}
