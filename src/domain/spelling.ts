/** Optimal string alignment distance: insertions, deletions, substitutions and swaps of neighbours, each counting one. */
export function editDistance(a: string, b: string): number {
  let beforeLast: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, column) => column);
  for (let i = 1; i <= a.length; i++) {
    const current = [i];
    for (let j = 1; j <= b.length; j++) {
      const substitution = cell(last, j - 1) + (a[i - 1] === b[j - 1] ? 0 : 1);
      const least = Math.min(cell(last, j) + 1, cell(current, j - 1) + 1, substitution);
      const isSwap = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      current.push(isSwap ? Math.min(least, cell(beforeLast, j - 2) + 1) : least);
    }
    beforeLast = last;
    last = current;
  }
  return cell(last, b.length);
}

function cell(row: readonly number[], column: number): number {
  return row[column] ?? Infinity;
}

/** The candidates that a person may have meant by `word`, best first: at most `count`, none further off than a third of its letters.
 *  Capitals count little, so that `KW` finds `kW`. */
export function nearest(word: string, candidates: Iterable<string>, count = 3): readonly string[] {
  const reach = Math.max(1, Math.floor(word.length / 3));
  return [...candidates]
    .filter((candidate) => Math.abs(candidate.length - word.length) <= reach) // no nearer than that in any case
    .map((candidate) => ({ candidate, distance: spellingDistance(word, candidate) }))
    .filter(({ distance }) => distance <= reach)
    .sort((a, b) => a.distance - b.distance)
    .slice(0, count)
    .map(({ candidate }) => candidate);
}

/** The end of a sentence about a word that is unknown; empty when nothing is near enough to be meant. */
export function didYouMean(suggestions: readonly string[]): string {
  return suggestions.length === 0
    ? ""
    : `; did you mean ${suggestions.map((one) => `\`${one}\``).join(" or ")}?`;
}

function spellingDistance(word: string, candidate: string): number {
  const folded = editDistance(word.toLowerCase(), candidate.toLowerCase());
  const exact = editDistance(word, candidate);
  return folded + (exact - folded) / 100;
}
