export interface DifferenceLine {
  readonly kind: "same" | "added" | "removed";
  readonly text: string;
}

/** Pairs of lines that are weighed against each other at the most; beyond it the changed stretch counts as replaced. */
const PAIRS_MAX = 4_000_000;

/** Lines around a change that are shown with it. */
const CONTEXT = 3;

/** What changed from one text to another, as few lines as possible, stretches that are the same left out but for a few lines
 *  around each change; null stands for those that were left out. Source: longest common subsequence, by dynamic
 *  programming (Wagner and Fischer, 1974). */
export function lineDifference(before: string, after: string): readonly (DifferenceLine | null)[] {
  return withContext(allLines(before.split("\n"), after.split("\n")));
}

function allLines(before: readonly string[], after: readonly string[]): DifferenceLine[] {
  let head = 0;
  while (head < before.length && head < after.length && before[head] === after[head]) head++;
  let tail = 0;
  const tailMax = Math.min(before.length, after.length) - head;
  while (tail < tailMax && before.at(-1 - tail) === after.at(-1 - tail)) tail++;
  const same = (text: string): DifferenceLine => ({ kind: "same", text });
  return [
    ...before.slice(0, head).map(same),
    ...middle(before.slice(head, before.length - tail), after.slice(head, after.length - tail)),
    ...before.slice(before.length - tail).map(same),
  ];
}

function middle(before: readonly string[], after: readonly string[]): DifferenceLine[] {
  const removed = before.map((text): DifferenceLine => ({ kind: "removed", text }));
  const added = after.map((text): DifferenceLine => ({ kind: "added", text }));
  if (before.length * after.length > PAIRS_MAX) return [...removed, ...added];
  const width = after.length + 1;
  const common = commonLengths(before, after);
  const lines: DifferenceLine[] = [];
  let [row, column] = [0, 0];
  while (row < before.length && column < after.length) {
    const below = common[(row + 1) * width + column] as number;
    const beside = common[row * width + column + 1] as number;
    if (before[row] === after[column]) {
      lines.push({ kind: "same", text: before[row] as string });
      row++;
      column++;
    } else if (below >= beside) lines.push(removed[row++] as DifferenceLine);
    else lines.push(added[column++] as DifferenceLine);
  }
  return [...lines, ...removed.slice(row), ...added.slice(column)];
}

/** Length of the longest common subsequence from each pair of lines on. */
function commonLengths(before: readonly string[], after: readonly string[]): Uint32Array {
  const width = after.length + 1;
  const common = new Uint32Array((before.length + 1) * width);
  for (let row = before.length - 1; row >= 0; row--)
    for (let column = after.length - 1; column >= 0; column--) {
      const diagonal = (common[(row + 1) * width + column + 1] as number) + 1;
      const below = common[(row + 1) * width + column] as number;
      const beside = common[row * width + column + 1] as number;
      common[row * width + column] = before[row] === after[column] ? diagonal : Math.max(below, beside);
    }
  return common;
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
