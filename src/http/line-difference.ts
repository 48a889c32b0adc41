import { diffArrays } from "diff";

export interface DifferenceLine {
  readonly kind: "same" | "added" | "removed";
  readonly text: string;
}

/** Lines added and removed at the most; a text that is further from another counts as replaced. */
const EDITS_MAX = 500;

/** Lines around a change that are shown with it. */
const CONTEXT = 3;

/** What changed from one text to another, as few lines as possible (Myers, 1986), stretches that are the same left out but for a
 *  few lines around each change; null stands for those that were left out. */
export function lineDifference(before: string, after: string): readonly (DifferenceLine | null)[] {
  const [older, newer] = [before.split("\n"), after.split("\n")];
  const changes = diffArrays(older, newer, { maxEditLength: EDITS_MAX });
  if (changes === undefined) return [...older.map(lineOf("removed")), ...newer.map(lineOf("added"))];
  return withContext(
    changes.flatMap(({ value, added, removed }) =>
      value.map(lineOf(added ? "added" : removed ? "removed" : "same")),
    ),
  );
}

function lineOf(kind: DifferenceLine["kind"]): (text: string) => DifferenceLine {
  return (text) => ({ kind, text });
}

function withContext(lines: readonly DifferenceLine[]): (DifferenceLine | null)[] {
  const isNear = lines.map((_, at) =>
    lines.slice(Math.max(0, at - CONTEXT), at + CONTEXT + 1).some(({ kind }) => kind !== "same"),
  );
  return lines.flatMap((line, at) => {
    if (isNear[at] === true) return [line];
    return at === 0 || isNear[at - 1] === true ? [null] : [];
  });
}
