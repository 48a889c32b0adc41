import { watch } from "node:fs";
import type { FSWatcher } from "node:fs";
import { basename, dirname } from "node:path";
import type { Log } from "../../domain/ports.ts";
import type { Cancel, Clock } from "../../domain/time.ts";

/** An editor writes in several steps, and a copy takes its time: so long nothing more may happen, ms. */
const SETTLE_MS = 500;

/** Calls when one of the files has changed and it has been quiet since. Folders are watched, because editors put a new file in
 *  the place of the old one. */
export function watchFiles(
  paths: readonly string[],
  clock: Clock,
  log: Log,
  changed: () => void,
): { close(): void } {
  const watchers: FSWatcher[] = [];
  let cancel: Cancel = () => undefined;
  for (const [folder, inside] of Map.groupBy(paths, (path) => dirname(path))) {
    const names = new Set(inside.map((path) => basename(path)));
    const note = (_: string, name: string | null): void => {
      if (name !== null && !names.has(name)) return;
      cancel();
      cancel = clock.schedule(SETTLE_MS, changed);
    };
    try {
      const watcher = watch(folder, { persistent: false }, note);
      watcher.on("error", (error) =>
        log.warn({ folder, reason: error.message }, "changes here are not noticed: use SIGHUP"),
      );
      watchers.push(watcher);
    } catch (error) {
      log.warn({ folder, reason: (error as Error).message }, "changes here are not noticed: use SIGHUP");
    }
  }
  return {
    close() {
      cancel();
      for (const watcher of watchers) watcher.close();
    },
  };
}
