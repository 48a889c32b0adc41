import type { Cancel, Clock } from "../../domain/time.ts";
import type { Request } from "./request.ts";
import type { Exchange } from "./slots.ts";

/** Looks after the deadlines of all requests of a connection with one timer: hardly one of them is ever reached. */
export class Deadlines {
  readonly #clock: Clock;
  readonly #timeoutMs: number;
  readonly #exchanges: readonly Exchange[];
  readonly #expired: (exchange: Exchange, request: Request) => void;
  #cancel: Cancel | null = null;

  /** `expired` is called for a request that has waited for `timeoutMs` since it was sent. */
  constructor(
    clock: Clock,
    timeoutMs: number,
    exchanges: readonly Exchange[],
    expired: (exchange: Exchange, request: Request) => void,
  ) {
    this.#clock = clock;
    this.#timeoutMs = timeoutMs;
    this.#exchanges = exchanges;
    this.#expired = expired;
  }

  /** A request has been sent. */
  watch(): void {
    this.#cancel ??= this.#lookIn(this.#timeoutMs);
  }

  /** Nothing waits any more. */
  stop(): void {
    this.#cancel?.();
    this.#cancel = null;
  }

  #lookIn(ms: number): Cancel {
    return this.#clock.schedule(ms, () => {
      this.#cancel = null;
      this.#look(this.#clock.monotonic());
    });
  }

  #look(nowMs: number): void {
    let leastLeftMs = Infinity;
    for (const exchange of this.#exchanges) {
      if (exchange.request === null) continue;
      const leftMs = exchange.sentAt + this.#timeoutMs - nowMs;
      if (leftMs <= 0) this.#expire(exchange, exchange.request);
      else leastLeftMs = Math.min(leastLeftMs, leftMs);
    }
    if (leastLeftMs < Infinity) this.#cancel = this.#lookIn(Math.max(1, leastLeftMs));
  }

  /** The timer may run before bytes that have already come are read, when the processor was busy: look at them first. */
  #expire(exchange: Exchange, request: Request): void {
    const { sentAt } = exchange;
    setImmediate(() => {
      if (exchange.request === request && exchange.sentAt === sentAt) this.#expired(exchange, request);
    });
  }
}
