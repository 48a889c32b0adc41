import { batch, computed, signal } from "@preact/signals";
import type { Signal } from "@preact/signals";
import type { Quality } from "../domain/status.ts";
import { PLANT_WORDS } from "../domain/plant-words.ts";
import type { DeviceAnswer, OutputAnswer, PlantAnswer, TagAnswer, Update } from "./api.ts";

/** One tag: what it is, and a signal of its last reading, so that a new reading redraws one row and nothing else. */
export interface TagCell {
  readonly about: TagAnswer;
  readonly reading: Signal<Update>;
  /** Lower case without accents, for the search. */
  readonly searchable: string;
}

export type LinkState = "connecting" | "live" | "lost";
export type QualityCounts = Readonly<Record<Quality, number>>;

export const plant = signal<PlantAnswer | null>(null);
/** Areas that every plant of this kind has, in the order of the flow; others follow as the plant file names them. */
const FLOW = Object.keys(PLANT_WORDS.en.area);

export const areas = computed<readonly string[]>(() => {
  const named = plant.value?.areas ?? [];
  return [...FLOW.filter((area) => named.includes(area)), ...named.filter((area) => !FLOW.includes(area))];
});
export const cells = signal<readonly TagCell[]>([]);
export const devices = signal<readonly DeviceAnswer[]>([]);
export const outputs = signal<readonly OutputAnswer[]>([]);
export const link = signal<LinkState>("connecting");
/** The plant's time when the link was lost. */
export const lostAt = signal<number | null>(null);
/** The plant's time, once a second. */
export const plantNow = signal(0);

/** Minutes by which this machine's clock is ahead of the plant's; 0 while they agree, and where the plant is hurried. */
export const clockAheadMin = signal(0);

/** Rises when the quality of any tag changes: what counts and filters by quality hangs on it. */
const qualityChanges = signal(0);

export function qualityOf({ reading }: TagCell): Quality {
  return reading.peek().q;
}

export function countQualities(some: readonly TagCell[]): QualityCounts {
  void qualityChanges.value;
  const counts = { good: 0, uncertain: 0, bad: 0 };
  for (const cell of some) counts[qualityOf(cell)]++;
  return counts;
}

export const counts = computed(() => countQualities(cells.value));

export function folded(text: string): string {
  return text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
}

function updateOf({ tag, sourceTime, value, quality, status }: TagAnswer): Update {
  return { tag, t: Date.parse(sourceTime), v: value, q: quality, s: status };
}

/** A unit as people write it. */
export function unitText(unit: string | null): string {
  return unit === null ? "" : (plant.value?.units[unit] ?? unit);
}

/** A number, or a range, that is already text, with its unit where it has one. */
export function withUnit(number: string, unit: string | null): string {
  return `${number} ${unitText(unit)}`.trimEnd();
}

/** A tag by its name; null where the plant has none of it. */
export function cellOf(tag: string): TagCell | null {
  void cells.value; // a plant that comes back changed has other tags
  return cellById.get(tag) ?? null;
}

let cellById = new Map<string, TagCell>();

/** Takes the plant as it is now; after a restart of the gateway it may have other tags. */
export function loadPlant(nextPlant: PlantAnswer, tags: readonly TagAnswer[]): void {
  const next = tags.map((about) => ({
    about,
    reading: signal(updateOf(about)),
    searchable: folded(`${about.tag} ${about.title}`),
  }));
  cellById = new Map(next.map((cell) => [cell.about.tag, cell]));
  batch(() => {
    plant.value = nextPlant;
    cells.value = next;
  });
}

export function applyUpdates(updates: readonly Update[]): void {
  batch(() => {
    let hasQualityChanged = false;
    for (const update of updates) {
      const cell = cellById.get(update.tag);
      if (cell === undefined) continue;
      if (cell.reading.peek().q !== update.q) hasQualityChanged = true;
      cell.reading.value = update;
    }
    if (hasQualityChanged) qualityChanges.value++;
  });
}
