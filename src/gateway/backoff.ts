import type { Random } from "../domain/random.ts";

/** Waits that double from `firstMs` up to `mostMs`. */
export interface Backoff {
  readonly firstMs: number;
  readonly mostMs: number;
}

/** How long to wait after `failures` failures in a row (1 or more). The upper half is random, so that a hundred
 *  clients of one server that comes back do not knock at the same moment. */
export function backoffMs({ firstMs, mostMs }: Backoff, failures: number, random: Random): number {
  const ceiling = Math.min(mostMs, firstMs * 2 ** Math.min(failures - 1, 30));
  return ceiling / 2 + (random() * ceiling) / 2;
}
