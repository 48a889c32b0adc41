import { say } from "../../domain/said.ts";
import type { Said } from "../../domain/said.ts";
import type { Assay, AssayDraft } from "../../domain/assay.ts";
import type { ReadAssay } from "./reading.ts";

/** What becomes of a result when what is known of its sample is compared with it. */
export type Standing =
  | { readonly as: "added"; readonly version: number; readonly revision: number }
  | { readonly as: "unchanged" | "superseded" }
  | { readonly as: "refused"; readonly said: Said };

/** Compares a result with the versions of its sample. Whatever the order in which results come, the one that the laboratory
 *  counts highest is the last; where it does not count, a second result needs a reason, unless the first was above what its
 *  method could tell. */
export function standingOf(draft: AssayDraft, read: ReadAssay, known: readonly Assay[]): Standing {
  const last = known.at(-1);
  if (last === undefined) return { as: "added", version: 1, revision: draft.revision ?? 1 };
  const next = last.version + 1;
  if (draft.revision !== null) return counted(draft.revision, read, known, last, next);
  if (known.some((one) => isSame(one, read))) return { as: "unchanged" };
  const isReassay = last.state === "over-limit" && read.state === "accepted";
  if (!isReassay && draft.reason === null)
    return { as: "refused", said: say("known-otherwise", otherContent(last)) };
  return { as: "added", version: next, revision: last.revision + 1 };
}

function counted(
  revision: number,
  read: ReadAssay,
  known: readonly Assay[],
  last: Assay,
  version: number,
): Standing {
  const own = known.find((one) => one.revision === revision);
  if (own !== undefined && isSame(own, read)) return { as: "unchanged" };
  if (own !== undefined)
    return {
      as: "refused",
      said: say("version-known-otherwise", { version: revision, ...otherContent(own) }),
    };
  if (revision < last.revision) return { as: "superseded" };
  return { as: "added", version, revision };
}

function otherContent({ sample, point, asReported, unit, cutFrom, cutTo }: Assay) {
  const where = point === "" ? sample : say("sample-of", { sample, point });
  const cut = cutFrom === cutTo ? iso(cutTo) : say("from-to", { from: iso(cutFrom), to: iso(cutTo) });
  return { sample: where, reported: asReported, unit, cut };
}

function iso(time: number): string {
  return `${new Date(time).toISOString().slice(0, 16)}Z`;
}

/** The same content; whether it is held or released is our own affair. */
function isSame(one: Assay, other: ReadAssay): boolean {
  return (
    one.kind === other.kind &&
    one.cutFrom === other.cutFrom &&
    one.cutTo === other.cutTo &&
    one.method === other.method &&
    one.asReported === other.asReported &&
    one.value === other.value &&
    (one.state === "withdrawn") === (other.state === "withdrawn")
  );
}
