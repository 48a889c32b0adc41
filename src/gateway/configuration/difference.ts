import { isDeepStrictEqual } from "node:util";
import type { Plant } from "../../config/plant.ts";
import type { ConfigurationFault } from "../../domain/configuration.ts";
import { say } from "../../domain/said.ts";

/** Names of one kind that a sentence lists. */
const NAMES_MAX = 12;

/** Whatever of the plant has an id, by what people call it. */
const SECTIONS: readonly (readonly [name: string, of: (plant: Plant) => readonly object[]])[] = [
  ["connection", (plant) => plant.connections],
  ["device", (plant) => plant.devices],
  ["tag", (plant) => plant.tags.map((tag) => ({ ...tag, index: 0 }))],
  ["metric", (plant) => plant.metallurgy?.metrics ?? []],
  ["sampling point", (plant) => plant.metallurgy?.assays ?? []],
  ["alarm", (plant) => plant.alarms ?? []],
  ["output", (plant) => plant.outputs],
  ["equipment", (plant) => plant.equipment ?? []],
];

/** What differs, a sentence for each kind and way; one that says so when it is only titles, comments and the like. */
export function differencesOf(before: Plant, after: Plant): readonly string[] {
  const sentences = SECTIONS.flatMap(([name, of]) => sectionDifferences(name, of(before), of(after)));
  return sentences.length > 0 ? sentences : ["nothing that is polled, computed, judged or sent"];
}

function sectionDifferences(name: string, before: readonly object[], after: readonly object[]): string[] {
  const [older, newer] = [byId(before), byId(after)];
  const added = [...newer.keys()].filter((id) => !older.has(id));
  const removed = [...older.keys()].filter((id) => !newer.has(id));
  const changed = [...newer].flatMap(([id, one]) =>
    older.has(id) && !isDeepStrictEqual(older.get(id), one) ? [id] : [],
  );
  return [
    ...sentence(name, "added", added),
    ...sentence(name, "removed", removed),
    ...sentence(name, "changed", changed),
  ];
}

function byId(entries: readonly object[]): Map<string, object> {
  return new Map(entries.map((entry) => [(entry as { readonly id: string }).id, entry]));
}

function sentence(name: string, what: string, ids: readonly string[]): string[] {
  if (ids.length === 0) return [];
  const rest = ids.length > NAMES_MAX ? ` and ${ids.length - NAMES_MAX} more` : "";
  return [`${name} ${what}: ${ids.slice(0, NAMES_MAX).join(", ")}${rest}`];
}

/** What runs on as it was begun, by the place in the plant file. */
const LASTING: readonly (readonly [place: string, of: (plant: Plant) => unknown])[] = [
  ["plant.id", (plant) => plant.id],
  ["plant.group", (plant) => plant.group],
  ["plant.timeZone", (plant) => plant.timeZone],
  ["plant.productionDay", (plant) => plant.productionDay],
  ["plant.shifts", (plant) => plant.shifts],
  ["data.dir", (plant) => plant.data.dir],
  ["http", (plant) => plant.http],
  ["broker", (plant) => plant.broker],
];

/** Places that differ and cannot be changed while the gateway runs; none when everything can. */
export function lastingDifferences(before: Plant, after: Plant): readonly string[] {
  return LASTING.flatMap(([place, of]) => (isDeepStrictEqual(of(before), of(after)) ? [] : [place]));
}

export function restartFault(place: string): ConfigurationFault {
  return { place, told: say("needs-restart") };
}
