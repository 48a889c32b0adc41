import { say } from "../../domain/said.ts";
import type { Said } from "../../domain/said.ts";
import { isDeepStrictEqual } from "node:util";
import { RefusedInput } from "../../domain/assay.ts";
import type { InputFault } from "../../domain/assay.ts";
import type { Entry, EntryDesk, EntryDraft, EntryKind, EntryReceipt } from "../../domain/entry.ts";
import type { Clock, EpochMs } from "../../domain/time.ts";
import type { Journal } from "../../store/journal/journal.ts";

/** Clocks of people differ by this much, ms. */
const CLOCKS_DIFFER_MAX_MS = 300_000;
/** Nothing that is entered lasts longer, ms. */
const LENGTH_MAX_MS = 35 * 86_400_000;
/** How far back a downtime may begin that still lasts, ms. */
const OVERLAP_REACH_MS = LENGTH_MAX_MS;

/** An entry is there that was not, or is another than before, in a stretch of time. */
export interface EntryChange {
  readonly kind: EntryKind;
  readonly from: EpochMs;
  readonly to: EpochMs;
  readonly by: string;
  readonly reason: string | null;
}

export interface EntryDeskContext {
  readonly journal: Pick<Journal, "entries" | "durably">;
  readonly clock: Clock;
  /** Told within the transaction, so that what follows from an entry is never forgotten. */
  readonly changed: (changes: readonly EntryChange[]) => void;
}

/** Takes what people enter into the journal. */
export function createEntryDesk(context: EntryDeskContext): EntryDesk {
  const { journal } = context;
  return {
    list: (kind, from, to, rowsMax) => journal.entries.list(kind, from, to, rowsMax),
    take: (drafts, by) => journal.durably(() => take(context, drafts, by)),
  };
}

function take(context: EntryDeskContext, drafts: readonly EntryDraft[], by: string): EntryReceipt {
  const now = context.clock.now();
  const faults: InputFault[] = [];
  const changes: EntryChange[] = [];
  let added = 0;
  for (const draft of drafts) {
    const last = context.journal.entries.latest(draft.kind, draft.ref);
    if (last !== null && isSame(last, draft)) continue;
    const trouble = troubleWith(context, draft, last, now);
    if (trouble !== null) {
      faults.push({ row: draft.row, column: trouble[0], ...trouble[1] });
      continue;
    }
    const { kind, ref, from, to, body, reason } = draft;
    const version = (last?.version ?? 0) + 1;
    context.journal.entries.append([{ kind, ref, version, from, to, body, by, at: now, reason }]);
    if (last !== null) changes.push({ kind, from: last.from, to: end(last), by, reason });
    changes.push({ kind, from, to: end(draft), by, reason });
    added++;
  }
  if (faults.length > 0) throw new RefusedInput(faults);
  context.changed(changes);
  return { received: drafts.length, added, unchanged: drafts.length - added };
}

/** What has no length still lies in the stretch that its moment is in. */
function end({ from, to }: Pick<Entry, "from" | "to">): EpochMs {
  return Math.max(to, from + 1);
}

function isSame(last: Entry, { from, to, body }: EntryDraft): boolean {
  return last.from === from && last.to === to && isDeepStrictEqual(last.body, body);
}

type Trouble = readonly [column: string, said: Said] | null;

function troubleWith(
  context: EntryDeskContext,
  draft: EntryDraft,
  last: Entry | null,
  now: EpochMs,
): Trouble {
  const { ref, from, to, body, reason } = draft;
  if (to < from) return ["to", say("ends-before-begins")];
  if (to - from > LENGTH_MAX_MS) return ["to", say("lasts-too-long", { most: LENGTH_MAX_MS / 86_400_000 })];
  if (to > now + CLOCKS_DIFFER_MAX_MS) return [from === to ? "at" : "to", say("in-future")];
  if (body === null && last === null) return ["ref", say("nothing-to-withdraw", { ref })];
  const inBody = troubleWithBody(context, draft);
  if (inBody !== null || last === null || reason !== null) return inBody;
  return ["reason", say("record-known-otherwise", { ref, version: last.version })];
}

function troubleWithBody({ journal }: EntryDeskContext, draft: EntryDraft): Trouble {
  if (isKind(draft, "leach-batch") && draft.body !== null) {
    const { concentrateKg, concentrateGPerT, residueKg, residueGPerT } = draft.body;
    if (residueKg * residueGPerT > concentrateKg * concentrateGPerT)
      return ["residue_g_per_t", say("residue-richer")];
  }
  if (!isKind(draft, "downtime") || draft.body === null) return null;
  const { from, to, ref } = draft;
  if (to === from) return ["to", say("downtime-of-nothing")];
  const { equipment } = draft.body;
  const other = journal.entries
    .within("downtime", from - OVERLAP_REACH_MS, to)
    .find((one) => one.ref !== ref && one.body?.equipment === equipment && one.from < to && one.to > from);
  return other === undefined ? null : ["from", say("downtime-overlaps", { ref: other.ref })];
}

function isKind<K extends EntryKind>(draft: EntryDraft, kind: K): draft is EntryDraft<K> {
  return draft.kind === kind;
}
