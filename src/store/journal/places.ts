import type { Database } from "./database.ts";

/** How far an output has come in a list of the journal, by name. */
export interface Places {
  /** Null where there is none yet. */
  get(name: string): number | null;
  /** A place that the disk does not take is known for as long as the process lives and is written with the next one: what
   *  was told is at worst told again after a restart. */
  set(name: string, place: number): void;
}

export function createPlaces(database: Database): Places {
  const unwritten = new Map<string, number>();

  function write(): void {
    for (const [name, place] of unwritten)
      database.run("INSERT OR REPLACE INTO marks (name, value) VALUES (?, ?)", [name, place]);
    unwritten.clear();
  }

  return {
    get: (name) =>
      unwritten.get(name) ??
      ((database.one("SELECT value FROM marks WHERE name = ?", name)?.["value"] ?? null) as number | null),
    set(name, place) {
      unwritten.set(name, place);
      try {
        write();
      } catch {
        // Whoever writes transitions and figures says that the journal takes nothing.
      }
    },
  };
}
