import type { ModbusConnection } from "../../config/plant.ts";
import { whenAborted } from "../../domain/aborted.ts";
import type { FrameTap } from "../../domain/frames.ts";
import type { LinkCounters } from "../../domain/health.ts";
import type { Random } from "../../domain/random.ts";
import type { Clock } from "../../domain/time.ts";
import { Deadlines } from "./deadlines.ts";
import { NOT_CONNECTED, connectionLost } from "./faults.ts";
import type { Framing } from "./framing.ts";
import { Issuer } from "./issuer.ts";
import { isReplyTo, refusalOf, REPLY_DATA_OFFSET } from "./request.ts";
import type { Request } from "./request.ts";
import { DOUBTFUL, Slots } from "./slots.ts";
import type { Exchange, Outcome, Sink } from "./slots.ts";
import { openWire } from "./wire.ts";
import type { Wire } from "./wire.ts";

const ANSWERED: Outcome = { kind: "answered" };
const SILENT: Outcome = { kind: "silent" };

export interface TransportOptions<C extends ModbusConnection = ModbusConnection> {
  readonly connection: C;
  /** Requests that may wait for their replies at once. */
  readonly inFlightMax: number;
  readonly clock: Clock;
  readonly random: Random;
  readonly counters: LinkCounters;
  /** Hears every frame; absent where nobody wants to. */
  readonly frames?: FrameTap | undefined;
}

/** Time-outs in a row, with not one byte in between, after which the other side is held to be gone. */
const SILENCES_MAX = 3;
/** Frames in a row that answer no request: more is a flood, and the connection is closed. */
const UNMATCHED_FRAMES_MAX = 1000;
const CONNECT_MS_MIN = 2000;
/** At the end of the frames that modbus-serial makes. */
const CRC_BYTES = 2;

/** Requests and replies of one connection: what waits, until when, and that a reply is taken only by the request it answers.
 *  Sub-classes know how replies are told apart: by transaction id on TCP, by order on a serial line. */
export abstract class Transport<C extends ModbusConnection = ModbusConnection> {
  protected readonly connection: C;
  protected readonly clock: Clock;
  protected readonly counters: LinkCounters;
  protected readonly exchanges: readonly Exchange[];
  protected abstract readonly framing: Framing;
  readonly #frames: FrameTap | undefined;
  readonly #issuer: Issuer;
  readonly #slots: Slots;
  readonly #deadlines: Deadlines;
  #wire: Wire | null = null;
  /** Counts connects and closes, so that a wire which opens too late is not kept. */
  #attempt = 0;
  #sending: Exchange | null = null;
  #silences = 0;
  #lastSilenceAt = -Infinity;
  #unmatchedFrames = 0;

  constructor({ connection, inFlightMax, clock, counters, frames }: TransportOptions<C>) {
    this.#frames = frames;
    this.connection = connection;
    this.clock = clock;
    this.counters = counters;
    this.#issuer = new Issuer((frame) => this.#send(frame));
    this.#slots = new Slots(inFlightMax);
    this.exchanges = this.#slots.exchanges;
    this.#deadlines = new Deadlines(clock, connection.timeoutMs, this.exchanges, (exchange, request) =>
      this.#timeOut(exchange, request),
    );
  }

  /** Throws ConnectionLost, and what the signal says when it is aborted. */
  async connect(signal: AbortSignal): Promise<void> {
    if (this.#wire !== null) this.lose("connecting anew");
    const attempt = ++this.#attempt;
    const opening = {
      clock: this.clock,
      deadlineMs: Math.max(this.connection.timeoutMs, CONNECT_MS_MIN),
      signal,
    };
    try {
      const wire: Wire = await openWire(this.connection, opening, {
        bytes: (chunk, view, length) => this.#receive(chunk, view, length),
        lost: (cause) => {
          if (this.#wire === wire) this.lose(cause);
        },
      });
      if (attempt !== this.#attempt) wire.destroy();
      else this.#wire = wire;
    } catch (cause) {
      signal.throwIfAborted();
      throw connectionLost(this.connection.id, cause);
    }
    if (this.#wire === null) throw connectionLost(this.connection.id, null);
    this.counters.connects++;
    this.#silences = 0;
    this.#unmatchedFrames = 0;
    this.framing.reset();
    this.connected();
  }

  /** Sends one request and gives the data of its reply to `sink`. Throws ConnectionLost when the link is or goes down. */
  async read(request: Request, sink: Sink): Promise<Outcome> {
    if (this.#wire === null) throw connectionLost(this.connection.id, NOT_CONNECTED);
    const exchange = this.#slots.take() ?? (await this.#slots.queued(sink.owner));
    exchange.owner = sink.owner;
    exchange.cancelled = null;
    try {
      return await this.converse(exchange, request, sink);
    } finally {
      this.#slots.release(exchange);
    }
  }

  /** What comes of `work`, whose requests are `owner`'s: when the signal is aborted, those that wait are rejected with its reason. */
  async during<T>(signal: AbortSignal, owner: object, work: () => Promise<T>): Promise<T> {
    signal.throwIfAborted();
    const forget = whenAborted(signal, () => this.#cancel(owner, signal.reason));
    try {
      return await work();
    } finally {
      forget();
    }
  }

  /** The replies to what waits will be late ones. */
  #cancel(owner: object, cause: unknown): void {
    for (const exchange of this.exchanges) {
      if (exchange.owner !== owner) continue;
      exchange.cancelled = { cause };
      if (exchange.request === null) continue;
      this.abandoned(exchange, exchange.request);
      this.#settle(exchange).reject(cause);
    }
    this.#slots.rejectQueued(cause, owner);
  }

  async close(): Promise<void> {
    this.#attempt++;
    const wire = this.#wire;
    this.#wire = null;
    this.#rejectAll(connectionLost(this.connection.id, null));
    await wire?.close();
  }

  protected get isConnected(): boolean {
    return this.#wire !== null;
  }

  /** Everything that waits is rejected now, not at its deadline. */
  protected lose(cause: unknown): void {
    this.#wire?.destroy();
    this.#wire = null;
    this.#rejectAll(connectionLost(this.connection.id, cause));
  }

  /** Called after each connect. */
  protected abstract connected(): void;

  /** What it takes to have one request answered. */
  protected abstract converse(exchange: Exchange, request: Request, sink: Sink): Promise<Outcome>;

  /** The bytes to send for a request that comes as an RTU frame. */
  protected abstract encode(exchange: Exchange, frame: Buffer): Uint8Array;

  /** The reply to this request may still come, and must never be taken for another. */
  protected abstract abandoned(exchange: Exchange, request: Request): void;

  /** The link went down while this request waited. */
  protected forsaken(_request: Request): void {}

  /** Bytes came that are no frames. */
  protected abstract garbled(): void;

  /** Called with every chunk, before it is cut into frames. */
  protected heard(): void {}

  /** One request on the wire, one outcome. The deadline runs from sending and covers the whole reply. */
  protected exchange(exchange: Exchange, request: Request, sink: Sink): Promise<Outcome> {
    return new Promise((resolve, reject) => {
      if (this.#wire === null || exchange.cancelled !== null) {
        reject(exchange.cancelled?.cause ?? connectionLost(this.connection.id, NOT_CONNECTED));
        return;
      }
      exchange.request = request;
      exchange.sink = sink;
      exchange.resolve = resolve;
      exchange.reject = reject;
      this.#sending = exchange;
      this.#issuer.issue(exchange.slot, request);
      exchange.sentAt = this.clock.monotonic();
      this.#deadlines.watch();
      this.counters.requests++;
    });
  }

  #send(frame: Buffer): void {
    if (this.#sending === null || this.#wire === null) return;
    const bytes = this.encode(this.#sending, frame);
    this.#frames?.sent(frame.readUInt8(0), frame.subarray(1, frame.length - CRC_BYTES));
    this.counters.bytesSent += bytes.length;
    this.#wire.write(bytes);
  }

  #receive(chunk: Uint8Array, view: DataView, length: number): void {
    this.counters.bytesReceived += length;
    this.#silences = 0;
    this.heard();
    if (this.framing.push(chunk, view, length)) return;
    this.#frames?.garbled();
    this.garbled();
  }

  /** Called with every frame, whether it answers anything or not. */
  protected tell(view: DataView, at: number, length: number): void {
    this.#frames?.received(
      view.getUint8(at),
      new Uint8Array(view.buffer, view.byteOffset + at + 1, length - 1),
    );
  }

  /** Gives a frame to the exchange that waits for it; false when it is not its reply. */
  protected deliver(exchange: Exchange, view: DataView, at: number, length: number): boolean {
    const { request, sink } = exchange;
    if (request === null || sink === null) return false;
    if (isReplyTo(request, view, at, length)) {
      sink.accept(view, at + REPLY_DATA_OFFSET);
      this.#answered(exchange, ANSWERED);
      return true;
    }
    if (refusalOf(request, view, at, length) === 0) return false;
    const code = this.#issuer.interpretRefusal(exchange.slot, view, at);
    if (code === null) return false;
    this.counters.exceptions++;
    this.#answered(exchange, { kind: "refused", code });
    return true;
  }

  #answered(exchange: Exchange, outcome: Outcome): void {
    this.counters.replies++;
    this.#unmatchedFrames = 0;
    this.#settle(exchange).resolve(outcome);
  }

  /** A frame that answers nothing: counted and thrown away. */
  protected discard(counter: "lateReplies" | "foreignReplies"): void {
    this.counters[counter]++;
    if (++this.#unmatchedFrames > UNMATCHED_FRAMES_MAX) this.lose("a flood of frames that answer no request");
  }

  /** What came cannot be trusted. */
  protected giveUp(exchange: Exchange): void {
    this.#settle(exchange).resolve(DOUBTFUL);
  }

  #timeOut(exchange: Exchange, request: Request): void {
    this.counters.timeouts++;
    this.abandoned(exchange, request);
    const { sentAt } = exchange;
    this.#settle(exchange).resolve(SILENT);
    // Requests that waited side by side are one silence.
    if (sentAt < this.#lastSilenceAt) return;
    this.#lastSilenceAt = this.clock.monotonic();
    this.#silences++;
    if (this.#silences >= SILENCES_MAX && this.connection.protocol !== "modbus-rtu")
      this.lose(`no byte came for ${SILENCES_MAX} requests in a row`);
  }

  #settle(exchange: Exchange): Pick<Exchange, "resolve" | "reject"> {
    exchange.request = null;
    exchange.sink = null;
    return exchange;
  }

  #rejectAll(cause: unknown): void {
    this.#deadlines.stop();
    for (const exchange of this.exchanges) {
      if (exchange.request === null) continue;
      this.forsaken(exchange.request);
      this.#settle(exchange).reject(cause);
    }
    this.#slots.rejectQueued(cause);
  }
}
