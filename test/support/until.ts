import { setTimeout as pause } from "node:timers/promises";

/** From here on a deadline says only that something happens at all, ms: a busy machine gets several times as long. */
const PATIENT_FROM_MS = 10_000;
const PATIENCE = 4;

/** It asks again after this share of the time that it has waited already: soon at first, and without keeping the machine busy. */
const PAUSE_SHARE = 1 / 20;
const PAUSE_MS_MIN = 5;
const PAUSE_MS_MAX = 50;

/** Resolves with what `condition` gives as soon as that is neither null, undefined nor false; rejects after `withinMs`. */
export async function until<T>(
  condition: () => T | Promise<T>,
  withinMs = 10_000,
): Promise<Exclude<T, null | undefined | false>> {
  const begun = performance.now();
  const end = begun + withinMs * (withinMs < PATIENT_FROM_MS ? 1 : PATIENCE);
  for (;;) {
    const result = await condition();
    if (result !== null && result !== undefined && result !== false)
      return result as Exclude<T, null | undefined | false>;
    if (performance.now() > end) throw new Error(`not true within ${withinMs} ms: ${condition.toString()}`);
    const waitedMs = performance.now() - begun;
    await pause(Math.min(Math.max(PAUSE_SHARE * waitedMs, PAUSE_MS_MIN), PAUSE_MS_MAX));
  }
}
