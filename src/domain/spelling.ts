import { say } from "./said.ts";
import type { Said } from "./said.ts";

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

/** What may have been meant by a word that is unknown; null when nothing is near enough. */
export function didYouMean(suggestions: readonly string[]): Said | null {
  const [first, ...others] = suggestions.map((one) => `\`${one}\``);
  if (first === undefined) return null;
  const names = others.reduce<Said | string>((one, other) => say("or", { one, other }), first);
  return say("did-you-mean", { names });
}

/** A sentence about a word that is unknown, with what may have been meant by it where there is something. */
export function suggesting(what: Said, suggestions: readonly string[]): Said {
  return hinting(what, didYouMean(suggestions));
}

export function hinting(what: Said, hint: Said | null): Said {
  return hint === null ? what : say("with-hint", { what, hint });
}

/** The first of many names, and how many more there are. */
export function firstOf(names: readonly string[], most: number): Said | string {
  const shown = names.slice(0, most).join(", ");
  return names.length > most ? say("and-more", { names: shown, count: names.length - most }) : shown;
}

function spellingDistance(word: string, candidate: string): number {
  const folded = editDistance(word.toLowerCase(), candidate.toLowerCase());
  const exact = editDistance(word, candidate);
  return folded + (exact - folded) / 100;
}
