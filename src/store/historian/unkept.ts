import { mkdirSync } from "node:fs";
import type { HistoryHealth } from "../../domain/history.ts";
import { lockFolder } from "./folder-lock.ts";
import type { Historian } from "./historian.ts";

const NOTHING: HistoryHealth = { accepted: 0, dropped: 0, open: 0, lastError: null, databaseBytes: 0 };

/** The history of a gateway that keeps none, because others do: readings pass, and none is counted as lost. The folder is still
 *  this gateway's alone. What an earlier history left in it stays as it is. Throws when another gateway has the folder. */
export function unkeptHistory(dir: string): Historian {
  mkdirSync(dir, { recursive: true });
  const lock = lockFolder(dir);
  const refuse = (): Promise<never> => Promise.reject(new Error("this gateway keeps no history"));
  return {
    append: () => undefined,
    readRaw: refuse,
    readBuckets: refuse,
    latestBefore: refuse,
    sync: () => Promise.resolve(true),
    archive: () => Promise.resolve(true),
    health: () => NOTHING,
    finished: new Promise(() => undefined),
    close() {
      lock.release();
      return Promise.resolve();
    },
  };
}
