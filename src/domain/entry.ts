import type { EpochMs } from "./time.ts";

/** What people tell the gateway because no instrument can. */
export const ENTRY_KINDS = ["lot", "pour", "stocktake", "leach-batch", "downtime", "screen", "note"] as const;
export type EntryKind = (typeof ENTRY_KINDS)[number];

/** A lot of ore that was delivered. */
export interface LotBody {
  /** Where it comes from. */
  readonly vein: string;
  /** How it was mined. */
  readonly method: string | null;
  readonly wetT: number;
  readonly moisturePercent: number;
  readonly gradeGPerT: number | null;
}

/** A bar of doré. */
export interface PourBody {
  readonly doreG: number;
  /** Share of gold, 0…1. */
  readonly fineness: number;
}

/** Gold counted in one part of the circuit at one moment. */
export interface StocktakeBody {
  readonly component: string;
  readonly goldG: number;
  readonly uG: number;
}

/** A batch of the intensive leach reactor. */
export interface LeachBatchBody {
  readonly concentrateKg: number;
  readonly concentrateGPerT: number;
  readonly residueKg: number;
  readonly residueGPerT: number;
}

/** Time in which equipment could not run, or had nothing to do. */
export interface DowntimeBody {
  readonly equipment: string;
  readonly code: "planned" | "breakdown" | "standby";
  readonly note: string;
}

/** Sieve analysis: cumulative passing, coarse to fine. */
export interface ScreenBody {
  readonly point: string;
  readonly screens: readonly { readonly sizeUm: number; readonly passingPercent: number }[];
}

/** What the people of a shift write down for each other. `condition`, `bypass` and `permit` stand until they are given an end. */
export interface NoteBody {
  readonly topic: "note" | "condition" | "bypass" | "permit";
  readonly area: string | null;
  readonly equipment: string | null;
  readonly text: string;
}

export interface EntryBodies {
  readonly lot: LotBody;
  readonly pour: PourBody;
  readonly stocktake: StocktakeBody;
  readonly "leach-batch": LeachBatchBody;
  readonly downtime: DowntimeBody;
  readonly screen: ScreenBody;
  readonly note: NoteBody;
}

/** One version of one entry. Corrections are further versions with a reason; withdrawn ones have no body. */
export interface Entry<K extends EntryKind = EntryKind> {
  readonly kind: K;
  /** Number of the lot, bar, batch …: unique within its kind. */
  readonly ref: string;
  readonly version: number;
  /** Half open; equal for what has no length. */
  readonly from: EpochMs;
  readonly to: EpochMs;
  readonly body: EntryBodies[K] | null;
  readonly by: string;
  readonly at: EpochMs;
  readonly reason: string | null;
}

/** What somebody sent about one thing, read but not yet compared with what is known. */
export interface EntryDraft<K extends EntryKind = EntryKind> {
  readonly row: number;
  readonly kind: K;
  readonly ref: string;
  readonly from: EpochMs;
  readonly to: EpochMs;
  /** Null takes the entry back. */
  readonly body: EntryBodies[K] | null;
  readonly reason: string | null;
}

/** What became of what was sent. */
export interface EntryReceipt {
  readonly received: number;
  readonly added: number;
  /** Known already, word for word. */
  readonly unchanged: number;
}

/** Where people's entries go and come from. */
export interface EntryDesk {
  /** Every version of the entries of a kind that start within from ≤ t < to, newest first. */
  list(kind: EntryKind, from: EpochMs, to: EpochMs, rowsMax: number): readonly Entry[];
  /** All or nothing. Throws RefusedInput. */
  take(drafts: readonly EntryDraft[], by: string): EntryReceipt;
}
