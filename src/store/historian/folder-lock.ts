import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";

/** Keeps a second gateway out of the folder for as long as this process lives: the system takes the lock back when the
 *  process ends, however it ends. Throws when another one has it. */
export function lockFolder(dir: string): { release(): void } {
  const lock = new DatabaseSync(join(dir, "historian.lock"));
  try {
    lock.exec("pragma journal_mode = memory; pragma locking_mode = exclusive; begin exclusive");
  } catch (error) {
    lock.close();
    throw new Error("another gateway is using it", { cause: error });
  }
  return { release: () => lock.close() };
}
