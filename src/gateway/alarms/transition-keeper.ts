import type { AlarmTransition } from "../../domain/alarm.ts";
import type { Log } from "../../domain/ports.ts";
import type { Cancel, Clock } from "../../domain/time.ts";
import type { Journal } from "../../store/journal/journal.ts";

/** Transitions wait this long for others, so that a flood costs few syncs of the disk, ms. */
const GATHER_MS = 100;

/** A disk that takes nothing is tried again after this long, ms. */
const RETRY_MS = 5_000;

/** Transitions kept in memory while the disk takes nothing. */
const WAITING_MAX = 100_000;

/** Brings transitions into the journal. While the disk takes nothing they wait, and alarms go on. */
export interface TransitionKeeper {
  keep(transition: AlarmTransition): void;
  /** Writes what waits, now and to the disk: somebody is told that it was kept. On a disk that takes nothing it waits on, and
   *  that is told by the journal's health: an alarm is acknowledged none the less. */
  write(): void;
  /** Transitions since the start. */
  count(): number;
}

export interface KeeperOptions {
  readonly journal: Pick<Journal, "alarms" | "durably">;
  readonly clock: Clock;
  readonly log: Log;
}

export function createTransitionKeeper(
  { journal, clock, log }: KeeperOptions,
  written: () => void,
): TransitionKeeper {
  let waiting: AlarmTransition[] = [];
  let cancel: Cancel | null = null;
  let kept = 0;
  let isFailing = false;

  /** `append` brings what waits into the journal, or throws. */
  function bring(append: () => unknown): void {
    cancel?.();
    cancel = null;
    if (waiting.length === 0) return;
    try {
      append();
    } catch (error) {
      if (!isFailing)
        log.error(
          { reason: (error as Error).message },
          "transitions of alarms wait: the journal takes nothing",
        );
      isFailing = true;
      waiting = waiting.slice(-WAITING_MAX);
      cancel = clock.schedule(RETRY_MS, gather);
      return;
    }
    isFailing = false;
    waiting = [];
    written();
  }

  const append = (): unknown => journal.alarms.append(waiting);
  const gather = (): void => bring(append);

  return {
    keep(transition) {
      kept++;
      waiting.push(transition);
      cancel ??= clock.schedule(GATHER_MS, gather);
    },
    write: () => bring(() => journal.durably(append)),
    count: () => kept,
  };
}
