import { say } from "../domain/said.ts";
import { ConnectionLost } from "../domain/errors.ts";
import type { Cancel, Clock } from "../domain/time.ts";

/** Nothing has come of something for far longer than its own deadlines allow. Treated as a lost link: what waits is given up,
 *  and the link is made anew. */
export class Stalled extends ConnectionLost {}

interface Work {
  /** Monotonic ms. */
  readonly since: number;
  readonly reject: (error: Stalled) => void;
}

/** Looks after work that is never to take longer than `ms`. Every driver and output has deadlines of its own; this is for the day on
 *  which one of them is wrong. One timer serves for all of it, because hardly any is ever late. */
export interface Progress {
  /** What `work` gives, or Stalled when it has neither given nor refused it in time. */
  of<T>(work: Promise<T>): Promise<T>;
  /** How often that has happened. */
  stalls(): number;
  /** Nothing is looked after any more. */
  close(): void;
}

export function watchProgress(clock: Clock, ms: number): Progress {
  /** Oldest first. */
  const underWay = new Set<Work>();
  let cancel: Cancel | null = null;
  let stalls = 0;

  function look(): void {
    cancel = null;
    for (const work of underWay) {
      const leftMs = work.since + ms - clock.monotonic();
      if (leftMs > 0) {
        cancel = clock.schedule(leftMs, look);
        return;
      }
      underWay.delete(work);
      stalls++;
      work.reject(new Stalled(say("no-progress", { seconds: Math.round(ms / 1000) })));
    }
  }

  return {
    of<T>(work: Promise<T>): Promise<T> {
      return new Promise((resolve, reject) => {
        const own = { since: clock.monotonic(), reject };
        underWay.add(own);
        cancel ??= clock.schedule(ms, look);
        work.then(
          (result) => {
            underWay.delete(own);
            resolve(result);
          },
          (error: unknown) => {
            underWay.delete(own);
            reject(error);
          },
        );
      });
    },
    stalls: () => stalls,
    close() {
      cancel?.();
      cancel = null;
      underWay.clear();
    },
  };
}
