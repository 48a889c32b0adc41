/** What a part of conditioning remembers of each tag, one column a property, one row a tag. */
export type Memory = Readonly<Record<string, { [row: number]: unknown }>>;

/** Rows that stay the same tag: where it was, and where it is now. */
export type Moves = readonly (readonly [from: number, to: number])[];

/** Gives the tags of a new set what is remembered of the same tags of an older one. */
export function carryMemory(from: Memory, to: Memory, moves: Moves): void {
  for (const [name, column] of Object.entries(to)) {
    const older = from[name];
    if (older === undefined) throw new RangeError(`${name} was not remembered before`);
    for (const [source, target] of moves) column[target] = older[source];
  }
}
