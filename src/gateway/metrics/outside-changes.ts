import type { AssayPoint } from "../../config/metallurgy.ts";
import type { Calendar } from "../../domain/calendar.ts";
import type { EpochMs } from "../../domain/time.ts";
import type { AssayChange } from "../laboratory/desk.ts";
import type { EntryChange } from "../laboratory/entry-desk.ts";
import type { Change } from "./changes.ts";

/** A sample counts in the whole period that it is due in; one of a batch or a survey until the next one. */
export function assayChange(
  { point, from, to, by, reason }: AssayChange,
  points: ReadonlyMap<string, AssayPoint>,
  calendar: Calendar,
  now: EpochMs,
): Change {
  const every = points.get(point)?.every ?? "survey";
  const isLasting = every === "batch" || every === "survey";
  return {
    touches: (source) => source.from === "assay" && source.id === point,
    point,
    from: isLasting ? from : calendar.periodAt(every, from).from,
    to: isLasting ? Math.max(now, to) : calendar.periodAt(every, Math.max(from, to - 1)).to,
    cause: `assay ${point}`,
    by,
    reason,
  };
}

/** What is known from a moment on until the next one is. */
const LASTING: ReadonlySet<string> = new Set(["stocktake", "screen"]);

export function entryChange({ kind, from, to, by, reason }: EntryChange, now: EpochMs): Change {
  return {
    touches: (source) => source.from === "entry" && source.entry === kind,
    from,
    to: LASTING.has(kind) ? Math.max(now, to) : Math.max(to, from + 1),
    cause: `${kind} entered`,
    by,
    reason,
  };
}
