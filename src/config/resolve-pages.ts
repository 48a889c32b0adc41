import type { Equipment, Overview } from "../domain/equipment.ts";
import type { PageEntry } from "./page-schema.ts";

export function resolveEquipment({ equipment = {} }: PageEntry): Equipment[] {
  return Object.entries(equipment).map(([id, entry]) => {
    const { title, area, kind, running = null, tags, to, at = null } = entry;
    return { id, title, area, kind, running, tags, to, at };
  });
}

export function resolveOverview({ overview }: PageEntry): Overview {
  const { areas = {}, counters = {}, assays = [], figures = {} } = overview ?? {};
  const planned = Object.entries(counters).map(
    ([tag, { shift = null, day = null }]) => [tag, { shift, day }] as const,
  );
  return { areas, counters: Object.fromEntries(planned), assays, figures };
}
