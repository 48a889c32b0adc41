import type { Request } from "./request.ts";

/** Takes the data of a reply while it is in the receive buffer. */
export interface Sink {
  /** Who asked: all of its requests can be cancelled together. */
  readonly owner: object;
  /** The data bytes start at `at`. */
  accept(view: DataView, at: number): void;
}

export type Outcome =
  | { readonly kind: "answered" }
  /** The device said no, by this exception code. */
  | { readonly kind: "refused"; readonly code: number }
  /** Nothing came within the deadline. */
  | { readonly kind: "silent" }
  /** What came is no frame, or what would come could be the reply to another request: nothing was read. */
  | { readonly kind: "doubtful" };

export const DOUBTFUL: Outcome = { kind: "doubtful" };

/** A request on the wire. There are `inFlightMax` of these, used again and again. */
export interface Exchange {
  readonly slot: number;
  /** Null when the slot is free. */
  request: Request | null;
  id: number;
  sink: Sink | null;
  /** Whose the slot is, also between the requests that it takes to have one answered. */
  owner: object | null;
  /** Set when the owner has cancelled. */
  cancelled: { readonly cause: unknown } | null;
  sentAt: number;
  resolve: (outcome: Outcome) => void;
  reject: (cause: unknown) => void;
}

interface Waiting {
  readonly owner: object;
  resolve(exchange: Exchange): void;
  reject(cause: unknown): void;
}

/** As many exchanges as may be under way at once, and the queue for them: first come, first served. */
export class Slots {
  readonly exchanges: readonly Exchange[];
  readonly #free: Exchange[];
  readonly #queue: Waiting[] = [];

  constructor(count: number) {
    this.exchanges = Array.from({ length: count }, (_, slot) => freeExchange(slot));
    this.#free = [...this.exchanges];
  }

  /** A free exchange, or undefined when all are taken. */
  take(): Exchange | undefined {
    return this.#free.pop();
  }

  /** The next exchange that is given back. */
  queued(owner: object): Promise<Exchange> {
    return new Promise((resolve, reject) => this.#queue.push({ owner, resolve, reject }));
  }

  release(exchange: Exchange): void {
    exchange.owner = null;
    const next = this.#queue.shift();
    if (next === undefined) this.#free.push(exchange);
    else next.resolve(exchange);
  }

  /** Ends the waiting of one owner, or of all. */
  rejectQueued(cause: unknown, owner?: object): void {
    for (const waiting of this.#queue.splice(0)) {
      if (owner === undefined || waiting.owner === owner) waiting.reject(cause);
      else this.#queue.push(waiting);
    }
  }
}

function freeExchange(slot: number): Exchange {
  const nothing = (): void => {};
  return {
    slot,
    request: null,
    id: 0,
    sink: null,
    owner: null,
    cancelled: null,
    sentAt: 0,
    resolve: nothing,
    reject: nothing,
  };
}
