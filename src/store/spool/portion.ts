import { createBatch, sliceBatch } from "../../domain/batch.ts";
import type { ReadingBatch } from "../../domain/batch.ts";
import { appendKnown } from "./backlog.ts";
import type { Backlog, Old, OldReadings } from "./backlog.ts";
import { letterOf } from "./dead-letters.ts";
import type { DeadLetter } from "./dead-letters.ts";
import { joinBatches } from "./joining.ts";
import type { Range } from "./ranges.ts";
import type { Window } from "./window.ts";

/** The present; what an outage has left; what the sink may have lost; what it refused before. */
export type Lane = "live" | "backlog" | "resend" | "replay";

/** Readings on their way to the sink. */
export interface Portion {
  readonly lane: Lane;
  /** Numbers; of a replay the letters. */
  readonly from: number;
  readonly to: number;
  readonly batch: ReadingBatch;
}

interface Sources {
  readonly options: { readonly name: string; readonly readingsMax: number };
  readonly window: Window;
  readonly backlog: Backlog;
}

/** As many readings out of memory as fit into a write; null when the first is not in memory. */
export function gather({ window, options }: Sources, lane: Lane, [from, to]: Range): Portion | null {
  const parts: ReadingBatch[] = [];
  let rows = 0;
  for (let entry = window.find(from); entry !== null && from + rows < to; entry = window.next(entry)) {
    const at = from + rows;
    const end = Math.min(entry.to, to, rows === 0 ? at + options.readingsMax : Infinity);
    if (rows + end - at > options.readingsMax) break;
    const isWhole = at === entry.from && end === entry.to;
    parts.push(isWhole ? entry.batch : sliceBatch(entry.batch, at - entry.from, end - entry.from));
    rows += end - at;
  }
  return rows === 0
    ? null
    : { lane, from, to: from + rows, batch: joinBatches(parts, rows, lane !== "live") };
}

/** Readings off the disk, and those among them that the plant has no tag for. */
interface Past {
  readonly portion: Portion;
  readonly strangers: readonly DeadLetter[];
}

interface Hole {
  /** Up to here there is nothing. */
  readonly to: number;
  readonly isDamaged: boolean;
}

/** As many readings off the disk as fit into a write, of as many blocks as that takes. Throws the system's error when the
 *  disk fails. */
export async function readPast(sources: Sources, lane: Lane, [from, to]: Range): Promise<Past | Hole> {
  const { backlog, window, options } = sources;
  const limit = Math.min(to, window.after(from), from + options.readingsMax);
  const first = await backlog.find(from, limit);
  if (first.kind === "hole") return first;
  const batch = createBatch(limit - from);
  batch.isHistory = lane !== "live";
  const strangers: DeadLetter[] = [];
  let end = from;
  for (let old: Old = first; old.kind === "readings"; old = await backlog.find(end, limit)) {
    const upTo = Math.min(limit, old.to);
    appendKnown(old, end, upTo, batch);
    strangers.push(...strangersIn(old, end, upTo, options.name));
    end = upTo;
    if (end === limit) break;
  }
  return { portion: { lane, from, to: end, batch }, strangers };
}

function strangersIn(
  { batch, strangers, from: first }: OldReadings,
  from: number,
  to: number,
  output: string,
): DeadLetter[] {
  return [...(strangers ?? [])]
    .filter(([row]) => first + row >= from && first + row < to)
    .map(([row, tag]) => letterOf(batch, row, { output, tag, reason: "the plant has no such tag any more" }));
}
