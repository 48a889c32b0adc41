import type { Tag } from "../domain/tag.ts";
import type { Memory } from "./carry.ts";

export interface StuckWatch {
  /** Whether the tag takes part, as an instrument that is watched or as a run bit that another one waits for. */
  concerns(tagIndex: number): boolean;
  /** One raw reading that is not bad; true when it has repeated itself for too long. */
  isStuck(tagIndex: number, raw: number, monotonicNow: number): boolean;
  /** A bad reading ends every run of equal ones, and a bad run bit proves nothing. */
  interrupt(tagIndex: number): void;
  readonly memory: Memory;
}

/** Finds instruments that repeat one reading bit by bit for longer than noise allows while their equipment runs.
 *  Not for tags behind a deadband of the server, which repeat themselves by design. */
export function createStuckWatch(tags: readonly Tag[]): StuckWatch {
  const afterMs = Float64Array.from(tags, repetitionMax);
  const runTag = Int32Array.from(tags, (tag) => runTagOf(tag, tags));
  const isRunTag = new Uint8Array(tags.length);
  for (const index of runTag) if (index >= 0) isRunTag[index] = 1;
  const isRunning = new Uint8Array(tags.length);
  const lastRaw = new Float64Array(tags.length).fill(NaN);
  const unchangedSince = new Float64Array(tags.length);

  function mayRepeat(tag: number): boolean {
    const run = runTag[tag] ?? -1;
    return run >= 0 && isRunning[run] === 0;
  }

  return {
    concerns: (tag) => isRunTag[tag] === 1 || (afterMs[tag] ?? Infinity) < Infinity,
    isStuck(tag, raw, monotonicNow) {
      if (isRunTag[tag] === 1) isRunning[tag] = raw === 0 ? 0 : 1;
      if (!Object.is(raw, lastRaw[tag]) || mayRepeat(tag)) {
        lastRaw[tag] = raw;
        unchangedSince[tag] = monotonicNow;
        return false;
      }
      return monotonicNow - (unchangedSince[tag] ?? 0) > (afterMs[tag] ?? Infinity);
    },
    interrupt(tag) {
      isRunning[tag] = 0;
      lastRaw[tag] = NaN;
    },
    memory: { isRunning, lastRaw, unchangedSince },
  };
}

function repetitionMax({ stuckAfterMs, source }: Tag): number {
  const isThinnedByServer = source.protocol === "opcua" && source.deadband !== null;
  return stuckAfterMs === null || isThinnedByServer ? Infinity : stuckAfterMs;
}

function runTagOf(tag: Tag, tags: readonly Tag[]): number {
  if (tag.stuckWhile === null) return -1;
  const index = tags.findIndex(({ id }) => id === tag.stuckWhile);
  if (index < 0) throw new RangeError(`${tag.id} waits for ${tag.stuckWhile}, which is no tag of this plant`);
  return index;
}
