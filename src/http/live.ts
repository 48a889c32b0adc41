import type { RawData, WebSocket } from "ws";
import type { ReadingBatch } from "../domain/batch.ts";
import type { Caller } from "../domain/people.ts";
import type { Log } from "../domain/ports.ts";
import type { Cancel, Clock } from "../domain/time.ts";
import { createLiveAlarms } from "./live-alarms.ts";
import type { LiveAlarms } from "./live-alarms.ts";
import { createLiveCallers } from "./live-callers.ts";
import type { LiveCallers } from "./live-callers.ts";
import { createLiveClient } from "./live-client.ts";
import type { LiveClient } from "./live-client.ts";
import { CloseCode, readLiveRequest } from "./live-request.ts";
import type { LiveRequest } from "./live-request.ts";
import { createLiveUpdates } from "./live-updates.ts";
import type { LiveUpdates } from "./live-updates.ts";
import type { GatewayView } from "./view.ts";

/** Changes within this time travel together, ms. People see no difference, and processors do. */
const FLUSH_MS = 100;
const HEARTBEAT_MS = 1000;
/** How long a client may take to agree to being disconnected, ms. */
const FAREWELL_MS = 500;
/** Names listed back to a client that asked for unknown tags. */
const UNKNOWN_LISTED_MAX = 100;

interface Context {
  readonly view: GatewayView;
  readonly clock: Clock;
  readonly log: Log;
}

function textOf(message: RawData): string {
  if (Array.isArray(message)) return Buffer.concat(message).toString();
  return Buffer.isBuffer(message) ? message.toString() : Buffer.from(message).toString();
}

function unknownTags(ids: readonly string[]): string {
  const unknown = ids.slice(0, UNKNOWN_LISTED_MAX);
  return JSON.stringify({ error: `Unknown tags: ${ids.length}.`, unknown });
}

/** The live socket: everybody gets the present state, then what changes, never more than the latest value of each tag. */
export class Live {
  readonly #updates: LiveUpdates;
  readonly #alarms: LiveAlarms;
  readonly #indexById: ReadonlyMap<string, number>;
  readonly #clients = new Set<LiveClient>();
  readonly #context: Context;
  readonly #callers: LiveCallers;
  readonly #speed: number;
  #cancelFlush: Cancel | null = null;
  #cancelBeat: Cancel | null = null;

  constructor(context: Context) {
    this.#context = context;
    this.#speed = context.view.speed;
    this.#updates = createLiveUpdates(context.view);
    this.#alarms = createLiveAlarms(context.view.alarms);
    this.#callers = createLiveCallers(context.view.people);
    this.#indexById = new Map(context.view.plant.tags.map(({ id, index }) => [id, index]));
  }

  get clientCount(): number {
    return this.#clients.size;
  }

  /** What is waiting in this process for clients that have not read it yet. */
  get waitingBytes(): number {
    let sum = 0;
    for (const { socket } of this.#clients) sum += socket.bufferedAmount;
    return sum;
  }

  /** Sockets that the caller has open. */
  socketsOf(caller: Caller): number {
    return this.#callers.socketsOf(caller);
  }

  /** Takes over a socket that has been let in. */
  attach(socket: WebSocket, caller: Caller): void {
    const client = createLiveClient(socket, { updates: this.#updates, alarms: this.#alarms }, this.#wallMs());
    this.#clients.add(client);
    this.#callers.admit(client, caller);
    socket.on("message", (message, isBinary) => this.#receive(client, message, isBinary));
    socket.on("close", () => this.#clients.delete(client));
    socket.on("error", (error) =>
      this.#context.log.debug({ error }, "the connection of a live client failed"),
    );
    this.#cancelBeat ??= this.#schedule(HEARTBEAT_MS, this.#beat);
  }

  /** Tells that these tags have new readings in the process image. Next to free without clients. */
  publish(batch: ReadingBatch): void {
    if (this.#clients.size === 0) return;
    this.#updates.mark(batch);
    this.#flushSoon();
  }

  /** Tells that these alarms have changed. */
  alarm(alarms: readonly string[]): void {
    if (this.#clients.size === 0) return;
    this.#alarms.mark(alarms);
    this.#flushSoon();
  }

  /** Says goodbye to all clients; resolves when their sockets are gone. */
  async close(): Promise<void> {
    this.#cancelFlush?.();
    this.#cancelBeat?.();
    const sockets = Array.from(this.#clients, ({ socket }) => socket);
    const gone = sockets.map((socket) => new Promise((resolve) => socket.once("close", resolve)));
    for (const client of this.#clients) this.#disconnect(client, CloseCode.goingAway, "The gateway stops.");
    await Promise.all(gone);
  }

  // The readers are people: periods are seconds of the wall, even where the plant is hurried.
  #schedule(ms: number, action: () => void): Cancel {
    return this.#context.clock.schedule(ms * this.#speed, action);
  }

  #wallMs(): number {
    return this.#context.clock.monotonic() / this.#speed;
  }

  #disconnect(client: LiveClient, closeCode: number, sentence: string): void {
    this.#clients.delete(client);
    client.socket.close(closeCode, sentence);
    const cancel = this.#schedule(FAREWELL_MS, () => client.socket.terminate());
    client.socket.once("close", cancel);
  }

  #flushSoon(): void {
    this.#cancelFlush ??= this.#schedule(FLUSH_MS, this.#flush);
  }

  readonly #flush = (): void => {
    this.#cancelFlush = null;
    this.#updates.close();
    this.#alarms.close();
    let isEverybodyServed = true;
    for (const client of this.#clients) isEverybodyServed = client.flush() && isEverybodyServed;
    if (!isEverybodyServed) this.#flushSoon();
  };

  readonly #beat = (): void => {
    this.#cancelBeat = this.#clients.size === 0 ? null : this.#schedule(HEARTBEAT_MS, this.#beat);
    const { clock, log } = this.#context;
    for (const client of this.#clients) {
      const ending = this.#callers.review(client) ?? client.beat(clock.now(), this.#wallMs());
      if (ending === null) continue;
      const [closeCode, sentence] = ending;
      log.warn({ reason: sentence }, "a live client is disconnected");
      this.#disconnect(client, closeCode, sentence);
    }
  };

  #receive(client: LiveClient, message: RawData, isBinary: boolean): void {
    if (!this.#clients.has(client)) return;
    if (!client.admitRequest())
      return this.#disconnect(client, CloseCode.policyViolation, "Too many messages.");
    if (isBinary) return this.#disconnect(client, CloseCode.unreadable, "The message is not text.");
    const request = readLiveRequest(textOf(message));
    if ("closeCode" in request) return this.#disconnect(client, request.closeCode, request.sentence);
    this.#subscribe(client, request);
  }

  #subscribe(client: LiveClient, { subscribe: wanted, ...extras }: LiveRequest): void {
    const ids = wanted === "*" ? [] : wanted;
    const known = new Set(ids.flatMap((id) => this.#indexById.get(id) ?? []));
    client.subscribe({ indexes: wanted === "*" ? null : Int32Array.from(known), ...extras });
    this.#callers.introduce(client);
    if (!client.flush()) this.#flushSoon();
    const unknown = ids.filter((id) => !this.#indexById.has(id));
    if (unknown.length > 0) client.socket.send(unknownTags(unknown));
  }
}
