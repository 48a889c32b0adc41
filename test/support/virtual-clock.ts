import type { Clock } from "../../src/domain/time.ts";

export interface VirtualClock extends Clock {
  /** Runs what is due within the next `ms`, in order of time, and lets promises settle after each action. */
  advance(ms: number): Promise<void>;
  /** Actions still to come. */
  pending(): number;
}

/** Time that passes only when told to. */
export function virtualClock(start = Date.UTC(2026, 10, 22, 12)): VirtualClock {
  let elapsed = 0;
  let timers: { readonly at: number; readonly action: () => void }[] = [];

  function takeDue(until: number): { at: number; action: () => void } | undefined {
    const next = timers
      .filter(({ at }) => at <= until)
      .reduce<(typeof timers)[number] | undefined>(
        (first, timer) => (first === undefined || timer.at < first.at ? timer : first),
        undefined,
      );
    timers = timers.filter((timer) => timer !== next);
    return next;
  }

  return {
    now: () => start + elapsed,
    monotonic: () => elapsed,
    schedule(ms, action) {
      const timer = { at: elapsed + ms, action };
      timers.push(timer);
      return () => void (timers = timers.filter((other) => other !== timer));
    },
    async advance(ms) {
      const until = elapsed + ms;
      for (let due = takeDue(until); due !== undefined; due = takeDue(until)) {
        elapsed = due.at;
        due.action();
        await new Promise((settled) => setImmediate(settled));
      }
      elapsed = until;
    },
    pending: () => timers.length,
  };
}
