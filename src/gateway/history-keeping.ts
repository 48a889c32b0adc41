import { join } from "node:path";
import { linearOf } from "../conditioning/scaling.ts";
import type { Plant } from "../config/plant.ts";
import { BadConfiguration } from "../domain/errors.ts";
import type { HistoryHealth } from "../domain/history.ts";
import type { Log } from "../domain/ports.ts";
import { say } from "../domain/said.ts";
import type { Said } from "../domain/said.ts";
import type { Clock } from "../domain/time.ts";
import { openHistorian } from "../store/historian/historian.ts";
import type { Historian } from "../store/historian/historian.ts";
import { unkeptHistory } from "../store/historian/unkept.ts";

/** The plant's history; with `historyDays: 0` none is kept. A disk that cannot be used is no reason to leave the plant without
 *  a gateway: then there is no history until the next start, and readings count as dropped. Throws BadConfiguration when a
 *  newer version wrote it. */
export async function openPlantHistory(plant: Plant, clock: Clock, log: Log): Promise<Historian> {
  const { dir, historyDays } = plant.data;
  const tags = plant.tags.map((tag) => ({ name: tag.id, linear: linearOf(tag) }));
  try {
    if (historyDays === 0) return unkeptHistory(dir);
    return await openHistorian({ dir, tags, historyDays, clock, log });
  } catch (error) {
    if (error instanceof BadConfiguration) throw error;
    const reason = (error as Error).message;
    log.error({ file: join(dir, "historian.sqlite"), reason }, "there is no history until the next start");
    return absentHistorian(say("history-absent", { why: reason }));
  }
}

/** Stands where no history can be kept. */
function absentHistorian(lastError: Said): Historian {
  let accepted = 0;
  const fail = (): Promise<never> => Promise.reject(new Error(lastError.sentence));
  const health = (): HistoryHealth => ({ accepted, dropped: accepted, open: 0, lastError, databaseBytes: 0 });
  return {
    append: (batch) => void (accepted += batch.length),
    readRaw: fail,
    readBuckets: fail,
    latestBefore: fail,
    sync: () => Promise.resolve(false),
    archive: () => Promise.resolve(false),
    health,
    finished: new Promise(() => undefined),
    close: () => Promise.resolve(),
  };
}
