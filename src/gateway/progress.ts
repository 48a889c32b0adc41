import { ConnectionLost } from "../domain/errors.ts";
import type { Clock } from "../domain/time.ts";

/** Nothing has come of something for far longer than its own deadlines allow. Treated as a lost link: what waits is given up,
 *  and the link is made anew. */
export class Stalled extends ConnectionLost {}

/** What `work` gives, or Stalled when it has neither given nor refused it within `ms`. Every driver and output has deadlines of
 *  its own; this is for the day on which one of them is wrong. */
export function withProgress<T>(clock: Clock, ms: number, work: Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    const cancel = clock.schedule(ms, () =>
      reject(new Stalled(`no progress for ${Math.round(ms / 1000)} s, the link is made anew`)),
    );
    work.then(
      (result) => {
        cancel();
        resolve(result);
      },
      (error: unknown) => {
        cancel();
        reject(error);
      },
    );
  });
}
