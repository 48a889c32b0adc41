import type { MetricPeriod } from "./metric.ts";

/** What a piece of equipment is, as far as its drawing differs. */
export const EQUIPMENT_KINDS = [
  "bin",
  "feeder",
  "crusher",
  "screen",
  "conveyor",
  "mill",
  "pump",
  "cyclone",
  "concentrator",
  "tank",
  "thickener",
  "reactor",
  "column",
  "heater",
  "cell",
  "dam",
  "compressor",
  "generator",
  "other",
] as const;
export type EquipmentKind = (typeof EQUIPMENT_KINDS)[number];

/** A machine or a vessel, and what is known of it. */
export interface Equipment {
  readonly id: string;
  readonly title: string;
  readonly area: string;
  readonly kind: EquipmentKind;
  /** Tag that says whether it runs; null where nothing does. */
  readonly running: string | null;
  /** Its tags, the most telling first. */
  readonly tags: readonly string[];
  /** Where its product goes. */
  readonly to: readonly string[];
  /** Column and row in the drawing of its area; null where the gateway finds a place. */
  readonly at: readonly [column: number, row: number] | null;
}

/** What the overview of a plant shows; empty where the plant file says nothing. */
export interface Overview {
  /** Tags on the tile of an area. */
  readonly areas: Readonly<Record<string, readonly string[]>>;
  /** Counters of the running shift and day, with what is planned of them in their unit. */
  readonly counters: Readonly<Record<string, { readonly shift: number | null; readonly day: number | null }>>;
  /** Sampling points of which the last result is shown. */
  readonly assays: readonly string[];
  /** Figures, and of which period. */
  readonly figures: Readonly<Record<string, MetricPeriod>>;
}
