import {
  closeSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import type { ConfigurationFile, ConfigurationVersion } from "../../domain/configuration.ts";

/** Every configuration that was accepted, one file each, never changed: `configurations/000001.json`. */
export interface ConfigurationVersions {
  /** Oldest first. */
  list(): readonly ConfigurationVersion[];
  /** The newest; null where there is none. */
  last(): ConfigurationVersion | null;
  files(number: number): readonly ConfigurationFile[] | null;
  /** Written and synced when it returns. Throws the system's error. */
  append(
    version: Omit<ConfigurationVersion, "number">,
    files: readonly ConfigurationFile[],
  ): ConfigurationVersion;
}

const NAME = /^(\d{6})\.json$/u;
const OWNER_ONLY = 0o600;

interface Kept {
  readonly version: ConfigurationVersion;
  readonly files: readonly ConfigurationFile[];
}

/** At the start only the newest is read: over the years there are many, and each holds all of its files. */
export function openConfigurationVersions(dataDir: string): ConfigurationVersions {
  const folder = join(dataDir, "configurations");
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const numbers = readdirSync(folder)
    .map((name) => Number(NAME.exec(name)?.[1] ?? NaN))
    .filter((number) => !Number.isNaN(number))
    .sort((a, b) => a - b);
  const known = new Map<number, ConfigurationVersion>();
  const versionOf = (number: number): ConfigurationVersion | null => {
    const version = known.get(number) ?? readKept(folder, number)?.version ?? null;
    if (version !== null) known.set(number, version);
    return version;
  };
  return {
    list: () => numbers.flatMap((number) => versionOf(number) ?? []),
    last() {
      const newest = numbers.findLast((number) => versionOf(number) !== null);
      return newest === undefined ? null : versionOf(newest);
    },
    files: (number) => readKept(folder, number)?.files ?? null,
    append(facts, files) {
      const number = (numbers.at(-1) ?? 0) + 1;
      const version = { ...facts, number };
      writeKept(folder, number, { version, files });
      numbers.push(number);
      known.set(number, version);
      return version;
    },
  };
}

/** Null for one that is missing or that the disk has damaged: the others are of use without it. */
function readKept(folder: string, number: number): Kept | null {
  try {
    return JSON.parse(readFileSync(pathOf(folder, number), "utf8")) as Kept;
  } catch {
    return null;
  }
}

function writeKept(folder: string, number: number, kept: Kept): void {
  const path = pathOf(folder, number);
  const draft = `${path}.tmp`;
  writeFileSync(draft, JSON.stringify(kept), { mode: OWNER_ONLY, flush: true });
  renameSync(draft, path);
  const handle = openSync(folder, "r");
  try {
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}

function pathOf(folder: string, number: number): string {
  return join(folder, `${String(number).padStart(6, "0")}.json`);
}
