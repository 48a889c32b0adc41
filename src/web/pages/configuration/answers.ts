import type { ConfigurationCause } from "../../../domain/configuration.ts";
import type { ToldAnswer } from "../../told.ts";

export interface VersionAnswer {
  /** Counts from 1; 0 for one that runs and could not be kept. */
  readonly number: number;
  readonly at: string;
  readonly cause: ConfigurationCause;
  readonly by: string;
  readonly reason: string | null;
  readonly hash: string;
  readonly changes: readonly string[];
}

export interface FaultAnswer {
  /** File, line, column and keys; null where it is about no place in a file. */
  readonly place: string | null;
  readonly sentence: string;
  readonly told: ToldAnswer | null;
}

export interface RefusedAnswer {
  readonly at: string;
  readonly by: string;
  readonly faults: readonly FaultAnswer[];
  /** Places in the plant file that a start brings into force. */
  readonly restart: readonly string[];
}

export interface ConfigurationAnswer {
  readonly current: VersionAnswer | null;
  readonly refused: RefusedAnswer | null;
  /** Newest first. */
  readonly versions: readonly VersionAnswer[];
  readonly files: readonly string[];
}

export interface DifferenceAnswer {
  readonly file: string;
  /** Null stands for lines that are the same and left out. */
  readonly lines: readonly ({ readonly kind: "same" | "added" | "removed"; readonly text: string } | null)[];
}

/** What came of reading the files, or of going back. */
export interface OutcomeAnswer {
  readonly state: "accepted" | "unchanged";
  readonly version: VersionAnswer | null;
}

export interface AboutAnswer {
  readonly version: string;
  readonly runtime: string;
  readonly startedAt: string;
  readonly plant: string;
  readonly dataDir: string;
  readonly licence: string | null;
  /** Its address. */
  readonly billOfMaterials: string | null;
}
