import type { NoteBody } from "../../../domain/entry.ts";
import { itemWords } from "../../i18n/item.ts";
import { reportWords } from "../../i18n/report.ts";
import { plantTime } from "../../plant-time.ts";
import { Table } from "../../widgets/table.tsx";
import type { Column } from "../../widgets/table.tsx";
import { useAnswer } from "../../widgets/use-answer.ts";

interface NoteAnswer {
  readonly ref: string;
  readonly version: number;
  readonly from: string;
  readonly to: string;
  /** Null when it was taken back. */
  readonly body: NoteBody | null;
  readonly by: string;
}

/** More than these stand in the log. */
const ROWS_MAX = 10;

const REFRESH_MS = 60_000;

/** The last version of each, newest first. */
function lastOf(notes: readonly NoteAnswer[], names: ReadonlySet<string>): NoteAnswer[] {
  const last = new Map<string, NoteAnswer>();
  for (const note of notes) if (note.version > (last.get(note.ref)?.version ?? 0)) last.set(note.ref, note);
  return [...last.values()]
    .filter(({ body }) => body !== null && names.has(body.equipment ?? ""))
    .toSorted((a, b) => (a.from < b.from ? 1 : -1))
    .slice(0, ROWS_MAX);
}

function columns(): readonly Column<NoteAnswer>[] {
  const { when, topic, topics } = reportWords.value;
  const { note, wroteIt } = itemWords.value;
  return [
    { name: "when", title: when, cell: ({ from }) => plantTime(from) },
    { name: "topic", title: topic, cell: ({ body }) => (body === null ? "" : topics[body.topic]) },
    { name: "text", title: note, class: "wrapped", cell: ({ body }) => body?.text },
    { name: "by", title: wroteIt, cell: ({ by }) => by },
  ];
}

/** What people wrote about an item in the shift log in the last weeks: notes, open conditions, bypasses and permits. `names`
 *  are those that it goes by. */
export function ItemNotes({ names }: { readonly names: readonly string[] }) {
  const { notes, noNotes, writeNote } = itemWords.value;
  const { value } = useAnswer<readonly NoteAnswer[]>("/api/v1/notes", REFRESH_MS);
  if (value === null) return null;
  return (
    <section aria-label={notes}>
      <h2>{notes}</h2>
      <Table
        label={notes}
        columns={columns()}
        rows={lastOf(value, new Set(names))}
        keyOf={({ ref }) => ref}
        empty={noNotes}
      />
      <p>
        <a class="chip" href="/records/note">
          {writeNote}
        </a>
      </p>
    </section>
  );
}
