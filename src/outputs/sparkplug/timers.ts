import type { Cancel, Clock } from "../../domain/time.ts";

/** One-shot timers by name, which end together. */
export class Timers<Name extends string> {
  readonly #clock: Clock;
  readonly #running = new Map<Name, Cancel>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Replaces a timer of the same name. */
  start(name: Name, ms: number, action: () => void): void {
    this.cancel(name);
    const cancel = this.#clock.schedule(ms, () => {
      this.#running.delete(name);
      action();
    });
    this.#running.set(name, cancel);
  }

  cancel(name: Name): void {
    this.#running.get(name)?.();
    this.#running.delete(name);
  }

  cancelAll(): void {
    for (const name of this.#running.keys()) this.cancel(name);
  }
}
