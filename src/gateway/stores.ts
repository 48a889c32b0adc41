import { join } from "node:path";
import type { Plant } from "../config/plant.ts";
import { BadConfiguration } from "../domain/errors.ts";
import type { Log } from "../domain/ports.ts";
import { sleep } from "../domain/time.ts";
import type { Clock } from "../domain/time.ts";
import { openConfigurationVersions } from "../store/configurations/versions.ts";
import type { ConfigurationVersions } from "../store/configurations/versions.ts";
import type { Historian } from "../store/historian/historian.ts";
import { JOURNAL_FILE, memoryJournal, openJournal } from "../store/journal/journal.ts";
import type { Journal } from "../store/journal/journal.ts";
import { nodeFs } from "../store/spool/node-fs.ts";
import type { Spool } from "../store/spool/spool.ts";
import { openPlantHistory } from "./history-keeping.ts";
import { openPlantSpool } from "./spooling.ts";

/** At the stop, a disk that works gets all it needs, and one that hangs this long, ms. */
export const FLUSH_MS = 1_000;

interface StoreOptions {
  readonly plant: Plant;
  readonly clock: Clock;
  readonly sinkClock: Clock;
  readonly log: Log;
}

/** What is kept on disk. */
export interface Stores {
  readonly spool: Spool;
  readonly historian: Historian;
  readonly journal: Journal;
}

/** Those that know the plant's tags. */
export async function openStores({
  plant,
  clock,
  sinkClock,
  log,
}: StoreOptions): Promise<Omit<Stores, "journal">> {
  const spool = await openPlantSpool(plant, nodeFs, sinkClock, log);
  const historian = await openPlantHistory(plant, clock, log);
  return { spool, historian };
}

/** The plant's journal. A file that cannot be used is left as it is, and is no reason to leave the plant without a gateway:
 *  then alarms and figures go on, and nothing of them lasts. Throws BadConfiguration when a newer version wrote it. */
export function openPlantJournal({ data: { dir } }: Plant, log: Log): Journal {
  try {
    return openJournal(dir);
  } catch (error) {
    if (error instanceof BadConfiguration) throw error;
    const reason = (error as Error).message;
    log.error({ file: join(dir, JOURNAL_FILE), reason }, "the journal cannot be opened: nothing in it lasts");
    return memoryJournal(reason);
  }
}

/** The plant's configurations so far; none, and none is kept, where the folder cannot be used. */
export function openPlantVersions({ data: { dir } }: Plant, log: Log): ConfigurationVersions {
  try {
    return openConfigurationVersions(dir);
  } catch (error) {
    const cause = error as Error;
    log.error({ dir, reason: cause.message }, "the configurations cannot be kept");
    const append = (): never => {
      throw cause;
    };
    return { list: () => [], last: () => null, files: () => null, append };
  }
}

/** With a clock, a disk that hangs is left behind; without one they are closed when this resolves, and may be opened again. */
export async function closeStores(
  { spool, historian }: Omit<Stores, "journal">,
  clock: Clock | null,
): Promise<void> {
  const patience = (): Promise<void>[] => (clock === null ? [] : [sleep(clock, FLUSH_MS)]);
  await Promise.race([spool.close(), ...patience()]);
  await Promise.race([historian.close(), ...patience()]);
}
