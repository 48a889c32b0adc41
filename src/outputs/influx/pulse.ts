import { ConnectionLost } from "../../domain/errors.ts";
import { say } from "../../domain/said.ts";
import type { Clock } from "../../domain/time.ts";

/** So long after its last answer a server is asked whether it is still there, ms. */
const PULSE_MS = 10_000;

/** Watches a server that nobody may be writing to: HTTP has no connection whose end would tell. */
export interface Pulse {
  /** Aborted with the ConnectionLost that a question ended in. */
  readonly lost: AbortSignal;
  /** The server has just answered something else. */
  beat(): void;
  stop(): void;
}

/** `ask` rejects with ConnectionLost when the server is not well. */
export function watchPulse(clock: Clock, ask: (signal: AbortSignal) => Promise<void>): Pulse {
  const loss = new AbortController();
  const stopped = new AbortController();
  let answeredAt = clock.monotonic();

  async function feel(): Promise<void> {
    try {
      if (clock.monotonic() - answeredAt >= PULSE_MS) await ask(stopped.signal);
      if (!stopped.signal.aborted) wait();
    } catch (error) {
      if (!(error instanceof ConnectionLost)) throw error;
      loss.abort(error);
    }
  }

  function wait(): void {
    const cancel = clock.schedule(PULSE_MS, () => {
      stopped.signal.removeEventListener("abort", cancel);
      void feel();
    });
    stopped.signal.addEventListener("abort", cancel, { once: true });
  }

  wait();
  return {
    lost: loss.signal,
    beat() {
      answeredAt = clock.monotonic();
    },
    stop: () => stopped.abort(new ConnectionLost(say("output-closed"))),
  };
}
