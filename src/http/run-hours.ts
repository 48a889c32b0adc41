import type { History } from "../domain/history.ts";
import { isBad } from "../domain/status.ts";
import type { Tag } from "../domain/tag.ts";
import type { TimeRange } from "./history-range.ts";

const HOUR_MS = 3_600_000;
const PAGE_ROWS = 5_000;

/** A state holds until the next reading; a tag speaks at least once in its longest silence, so twice that without a word
 *  says nothing. */
const SILENCES_OF_A_HOLE = 2;

export interface RunHours {
  /** Hours in which it ran. */
  readonly ran: number;
  /** Hours of which it is known whether it ran. */
  readonly known: number;
}

/** How long a bit was on within a stretch of time. Bad readings and holes count as not known. */
export async function runHours(history: History, tag: Tag, { from, to }: TimeRange): Promise<RunHours> {
  const holeMs = SILENCES_OF_A_HOLE * tag.maxSilenceMs;
  let ranMs = 0;
  let knownMs = 0;
  const before = await history.latestBefore(tag.index, from);
  let last = before === null || isBad(before.status) ? null : { time: before.time, value: before.value };
  const reachTo = (time: number): void => {
    if (last === null) return;
    const end = Math.min(time, last.time + holeMs);
    const ms = Math.max(0, end - Math.max(from, last.time));
    knownMs += ms;
    if (last.value !== 0) ranMs += ms;
  };
  for (let next: number | null = from; next !== null;) {
    const page = await history.readRaw(tag.index, next, to, PAGE_ROWS);
    for (let row = 0; row < page.length; row++) {
      const time = page.time[row] as number;
      reachTo(time);
      last = isBad(page.status[row] as number) ? null : { time, value: page.value[row] as number };
    }
    next = page.next;
  }
  reachTo(to);
  return { ran: ranMs / HOUR_MS, known: knownMs / HOUR_MS };
}
