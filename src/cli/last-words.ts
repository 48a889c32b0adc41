import { getHeapStatistics } from "node:v8";
import { SECRET_KEY } from "../config/mask.ts";
import type { Plant } from "../config/plant.ts";
import { maskSecrets } from "../domain/mask.ts";
import { systemClock } from "../domain/system-clock.ts";
import { beginRun } from "../store/runs/runs.ts";
import type { UnaskedEnd } from "../store/runs/runs.ts";
import type { RunLog } from "./log.ts";
import { version } from "./package.ts";

/** How the gateway ends when nobody has asked it to, and what it leaves behind for those who want to know. */
export interface LastWords {
  /** How the run before ended, if nobody had asked for it. */
  readonly before: UnaskedEnd | null;
  /** Leaves a report; the next start tells of it. Never throws. */
  leave(cause: string, details: string): void;
  /** The gateway ends because it was asked to. */
  end(): void;
}

/** From now on a bug leaves a report before it ends the process, with exit code 1, and SIGUSR2 asks for one of the gateway as it
 *  is. Where the data folder takes nothing, only the log tells. */
export function keepLastWords(plant: Plant, log: RunLog): LastWords {
  const startedAt = systemClock.now();
  const run = attempt(() => beginRun(plant.data.dir, process.pid), log);
  const secrets = secretsOf(plant);

  function write(cause: string, details: string): string | null {
    if (run === null) return null;
    const { heapTotal, heapUsed, rss, external } = process.memoryUsage();
    const heapMax = getHeapStatistics().heap_size_limit;
    const memory = { rss, heapUsed, heapTotal, heapMax, external };
    const about = { at: systemClock.now(), cause, version, node: process.versions.node, startedAt, memory };
    const tell = (text: string): string => maskSecrets(text, secrets);
    const report = { ...about, details: tell(details), log: log.tail().map(tell) };
    return attempt(() => run.report(report), log);
  }

  function leave(cause: string, details: string): void {
    const report = write(cause, details);
    log.error({ cause, report }, "the gateway ends without having been asked to");
    if (run !== null) attempt(() => run.fails({ at: systemClock.now(), cause, report }), log);
  }

  process.on("uncaughtException", (error, origin) => {
    leave(`${origin}: ${maskSecrets(error.message, secrets)}`, error.stack ?? String(error));
    process.exit(1);
  });
  process.on("SIGUSR2", () => {
    const report = write("asked for by SIGUSR2", `active: ${process.getActiveResourcesInfo().join(" ")}`);
    log.info({ report }, "a report of the gateway as it is has been written");
  });
  return { before: run?.before ?? null, leave, end: () => void attempt(() => run?.ends(), log) };
}

function attempt<T>(work: () => T, log: RunLog): T | null {
  try {
    return work();
  } catch (error) {
    log.error({ reason: (error as Error).message }, "the data folder takes no reports");
    return null;
  }
}

/** What a plant file may have brought in that no file of ours may repeat. */
function secretsOf({ connections, outputs }: Plant): string[] {
  const found: string[] = [];
  const look = (value: unknown): void => {
    if (typeof value !== "object" || value === null) return;
    for (const [key, part] of Object.entries(value))
      if (typeof part === "string" && SECRET_KEY.test(key)) found.push(part);
      else look(part);
  };
  look([connections, outputs]);
  return found.filter((secret) => secret !== "");
}
