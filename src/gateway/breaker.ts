import type { Random } from "../domain/random.ts";
import { backoffMs } from "./backoff.ts";
import type { Backoff } from "./backoff.ts";

/** Circuit breaker of one unit on one connection: after a few silent polls the unit is left alone and only probed now and
 *  then, so that its time-outs do not eat the bus time of its siblings. Plain data; `afterPoll` gives the next state. */
export interface Breaker {
  readonly state: "closed" | "open" | "half-open";
  /** Unanswered polls in a row. */
  readonly failures: number;
  /** Monotonic ms before which an open breaker lets nothing through. */
  readonly probeAt: number;
}

export const CLOSED: Breaker = { state: "closed", failures: 0, probeAt: 0 };

/** Silent polls in a row that open a breaker: one may be noise on the line. */
export const SILENT_POLLS_MAX = 3;

/** Closed, but the next silent poll opens it. */
export const LAST_CHANCE: Breaker = { state: "closed", failures: SILENT_POLLS_MAX - 1, probeAt: 0 };

/** Alone on its connection a silent unit hurts nobody: it is probed often, so that its return is seen within five seconds. */
export const PROBE_ALONE: Backoff = { firstMs: 1_000, mostMs: 5_000 };

/** With siblings on the same connection each probe of a silent unit costs them a whole time-out. */
export const PROBE_SHARED_MS = 30_000;
const PROBE_SHARED: Backoff = { firstMs: 2 * PROBE_SHARED_MS, mostMs: 4 * PROBE_SHARED_MS };

export function afterPoll(
  breaker: Breaker,
  answered: boolean,
  monotonicMs: number,
  hasSiblings: boolean,
  random: Random,
): Breaker {
  if (answered) return CLOSED;
  const failures = breaker.failures + 1;
  if (failures < SILENT_POLLS_MAX) return { state: "closed", failures, probeAt: 0 };
  const waitMs = backoffMs(hasSiblings ? PROBE_SHARED : PROBE_ALONE, failures - SILENT_POLLS_MAX + 1, random);
  return { state: "open", failures, probeAt: monotonicMs + waitMs };
}

/** An open breaker whose wait is over lets one poll through. */
export function beforeProbe(breaker: Breaker): Breaker {
  return { ...breaker, state: "half-open" };
}

export function isDue(breaker: Breaker, monotonicMs: number): boolean {
  return breaker.state === "closed" || (breaker.state === "open" && monotonicMs >= breaker.probeAt);
}
