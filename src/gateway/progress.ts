import { say } from "../domain/said.ts";
import { ConnectionLost } from "../domain/errors.ts";
import { within } from "../domain/time.ts";
import type { Clock } from "../domain/time.ts";

/** Nothing has come of something for far longer than its own deadlines allow. Treated as a lost link: what waits is given up,
 *  and the link is made anew. */
export class Stalled extends ConnectionLost {}

/** What `work` gives, or Stalled when it has neither given nor refused it within `ms`. Every driver and output has deadlines of
 *  its own; this is for the day on which one of them is wrong. */
export function withProgress<T>(clock: Clock, ms: number, work: Promise<T>): Promise<T> {
  const late = (): Error => new Stalled(say("no-progress", { seconds: Math.round(ms / 1000) }));
  return within(clock, ms, work, late);
}
