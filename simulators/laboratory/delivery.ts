import { mkdirSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { EpochMs } from "../../src/domain/time.ts";
import { assaysCsv, assaysJson } from "./assay.ts";
import type { Assay } from "./assay.ts";

/** Writes results as a laboratory's system drops them: a CSV and a JSON file for each batch, complete as soon as it has its name. */
export interface Delivery {
  /** Writes what has been reported since the last time. */
  deliver(reported: readonly Assay[], now: EpochMs): void;
}

export function createDelivery(dir: string): Delivery {
  mkdirSync(dir, { recursive: true });
  let newestMs = -Infinity;

  return {
    deliver(reported, now) {
      const fresh = reported.filter(({ reportedMs }) => reportedMs > newestMs);
      if (fresh.length === 0) return;
      newestMs = fresh.at(-1)?.reportedMs ?? newestMs;
      const name = `assays-${new Date(now).toISOString().replaceAll(/[-:.]/g, "")}`;
      drop(join(dir, `${name}.csv`), assaysCsv(fresh));
      drop(join(dir, `${name}.json`), assaysJson(fresh));
    },
  };
}

function drop(file: string, text: string): void {
  writeFileSync(`${file}.part`, text);
  renameSync(`${file}.part`, file);
}
