import type { Server } from "node:http";
import { within } from "../domain/time.ts";
import type { Clock } from "../domain/time.ts";

/** A server that ends, or is made anew for a changed plant file, finishes the requests it has, but no longer than this. */
const LAST_REQUESTS_MAX_MS = 2_000;

/** Counts what a server is asked and has not answered yet. The result resolves when that is nothing, after 2 s at the latest:
 *  connections on which nothing was asked are worth no wait, and browsers hold some ready. `speed` is the clock's: whoever asked
 *  waits by the clock on the wall. */
export function followRequests(server: Server, clock: Clock, speed: number): () => Promise<void> {
  let underWay = 0;
  let finish: (() => void) | undefined;
  server.on("request", (_, answer) => {
    underWay += 1;
    answer.once("close", () => {
      underWay -= 1;
      if (underWay === 0) finish?.();
    });
  });
  return async () => {
    if (underWay === 0) return;
    const finished = new Promise<void>((resolve) => {
      finish = resolve;
    });
    await within(clock, LAST_REQUESTS_MAX_MS * speed, finished, () => new Error("late")).catch(
      () => undefined,
    );
  };
}
