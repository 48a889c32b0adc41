import type { Said } from "./said.ts";
import type { EpochMs } from "./time.ts";

/** Why there is a version of the configuration. */
export const CONFIGURATION_CAUSES = ["start", "file", "signal", "request", "rollback"] as const;
export type ConfigurationCause = (typeof CONFIGURATION_CAUSES)[number];

export interface ConfigurationFile {
  readonly kind: "plant" | "profile" | "text";
  readonly name: string;
  /** Absolute. */
  readonly path: string;
  readonly text: string;
}

/** A configuration that ran, or runs. */
export interface ConfigurationVersion {
  /** Counts from 1. */
  readonly number: number;
  readonly at: EpochMs;
  readonly cause: ConfigurationCause;
  /** A person or program; the gateway where a file or a signal was the cause. */
  readonly by: string;
  readonly reason: string | null;
  /** The same for the same files. */
  readonly hash: string;
  /** What differs from the version before, a sentence each. */
  readonly changes: readonly string[];
}

/** One thing that keeps files from being used. */
export interface ConfigurationFault {
  /** `plant.yaml:12:3 devices.P1.unit`; null where it is about no place in a file. */
  readonly place: string | null;
  readonly told: Said;
}

export function faultText({ place, told }: ConfigurationFault): string {
  return place === null ? told.sentence : `${place}: ${told.sentence}`;
}

/** Files that have changed and are not used, because something is wrong with them. */
export interface RefusedConfiguration {
  readonly at: EpochMs;
  readonly by: string;
  readonly faults: readonly ConfigurationFault[];
  /** Places in the plant file which a start alone brings into force; then nothing else is wrong. */
  readonly restart: readonly string[];
}

export type ConfigurationOutcome =
  /** The gateway goes on with it within a second. */
  | { readonly state: "accepted"; readonly version: ConfigurationVersion }
  | { readonly state: "unchanged" }
  | { readonly state: "refused"; readonly faults: readonly ConfigurationFault[] };

export interface ConfigurationChange {
  readonly cause: ConfigurationCause;
  readonly by: string;
  /** Address of the connection; null for the machine itself. */
  readonly address: string | null;
  readonly reason: string | null;
}

/** The files that the plant is read from, as the gateway follows them. */
export interface ConfigurationDesk {
  /** Newest first. */
  versions(): readonly ConfigurationVersion[];
  current(): ConfigurationVersion | null;
  refused(): RefusedConfiguration | null;
  /** As people may see them: without the passwords that somebody has written into them. */
  files(version: number): readonly ConfigurationFile[] | null;
  /** Where the files of the one that runs are. */
  paths(): readonly string[];
  /** Reads the files and goes on with what they say; what is wrong with them is told, and the gateway goes on as it is. */
  reload(change: ConfigurationChange): Promise<ConfigurationOutcome>;
  /** Writes the files of an older version back and goes on with them. */
  rollback(version: number, change: ConfigurationChange): Promise<ConfigurationOutcome>;
}
