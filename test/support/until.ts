import { setTimeout as pause } from "node:timers/promises";

/** From here on a deadline says only that something happens at all, ms: a busy machine gets several times as long. */
const PATIENT_FROM_MS = 10_000;
const PATIENCE = 4;

/** Resolves with what `condition` gives as soon as that is neither null, undefined nor false; rejects after `withinMs`. */
export async function until<T>(
  condition: () => T | Promise<T>,
  withinMs = 10_000,
): Promise<Exclude<T, null | undefined | false>> {
  const end = performance.now() + withinMs * (withinMs < PATIENT_FROM_MS ? 1 : PATIENCE);
  for (;;) {
    const result = await condition();
    if (result !== null && result !== undefined && result !== false)
      return result as Exclude<T, null | undefined | false>;
    if (performance.now() > end) throw new Error(`not true within ${withinMs} ms: ${condition.toString()}`);
    await pause(5);
  }
}
