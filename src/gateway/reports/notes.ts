import type { Entry } from "../../domain/entry.ts";
import type { ReportNote } from "../../domain/report.ts";
import type { EpochMs } from "../../domain/time.ts";
import type { Journal } from "../../store/journal/journal.ts";

/** What stands longer than this has been forgotten, ms: entries last no longer. */
const STANDS_MAX_MS = 35 * 86_400_000;
const NOTES_MAX = 10_000;

/** The shift log of a period: what was written in it, and what stood at its end however long ago it began. */
export function notesOf(
  { entries }: Pick<Journal, "entries">,
  from: EpochMs,
  to: EpochMs,
): { readonly notes: readonly ReportNote[]; readonly open: readonly ReportNote[] } {
  const versions = entries.list("note", to - STANDS_MAX_MS, to, NOTES_MAX) as readonly Entry<"note">[];
  const all = [...Map.groupBy(versions, ({ ref }) => ref).values()].flatMap((own) => noteOf(own, to) ?? []);
  const byTime = all.toSorted((a, b) => a.from - b.from || (a.ref < b.ref ? -1 : 1));
  return {
    notes: byTime.filter((note) => note.from >= from),
    open: byTime.filter(({ topic, to: end }) => topic !== "note" && end === null),
  };
}

/** From all versions of a note, newest first; null when it was taken back. */
function noteOf(versions: readonly Entry<"note">[], end: EpochMs): ReportNote | null {
  const [last] = versions;
  const first = versions.at(-1);
  if (last === undefined || first === undefined || last.body === null) return null;
  const { ref, from, to, body } = last;
  const isEnded = to > from && to <= end;
  const isSame = first.body !== null && first.body.text === body.text && first.body.topic === body.topic;
  return { ...body, ref, from, to: isEnded ? to : null, by: first.by, changedBy: isSame ? null : last.by };
}
