import { signal } from "@preact/signals";

const KEY = "puma.trends";
const SETS_MAX = 50;

/** Tags that somebody likes to see together. */
export interface PenSet {
  readonly name: string;
  readonly tags: readonly string[];
}

function isSet(one: unknown): one is PenSet {
  const { name, tags } = (one ?? {}) as Partial<PenSet>;
  return typeof name === "string" && Array.isArray(tags) && tags.every((tag) => typeof tag === "string");
}

/** What this browser remembers; nothing where it may not store. */
function remembered(): readonly PenSet[] {
  try {
    const known: unknown = JSON.parse(localStorage.getItem(KEY) ?? "[]");
    return Array.isArray(known) ? known.filter(isSet) : [];
  } catch {
    return [];
  }
}

export const sets = signal<readonly PenSet[]>(remembered());

function keep(next: readonly PenSet[]): void {
  sets.value = next.slice(0, SETS_MAX);
  try {
    localStorage.setItem(KEY, JSON.stringify(sets.value));
  } catch {
    // The set then lasts as long as the page.
  }
}

/** Under a name that there is already, it takes that one's place. */
export function saveSet(set: PenSet): void {
  keep(
    [...sets.value.filter(({ name }) => name !== set.name), set].toSorted((a, b) =>
      a.name.localeCompare(b.name),
    ),
  );
}

export function forgetSet(name: string): void {
  keep(sets.value.filter((set) => set.name !== name));
}
