import type { ModbusRtuConnection, ModbusRtuOverTcpConnection } from "../../config/plant.ts";
import type { Random } from "../../domain/random.ts";
import { sleep } from "../../domain/time.ts";
import { RtuFraming } from "./framing.ts";
import { Ghosts, shapeOfFrame } from "./ghosts.ts";
import { longestReplyMs, silenceMs } from "./line.ts";
import type { Request } from "./request.ts";
import { Transport } from "./transport.ts";
import { DOUBTFUL } from "./slots.ts";
import type { Exchange, Outcome, Sink } from "./slots.ts";
import type { TransportOptions } from "./transport.ts";

type RtuConnection = ModbusRtuConnection | ModbusRtuOverTcpConnection;

/** After a time-out its like is not asked for as long again, and no less than this: processors and networks stall too. */
const SETTLE_MS_MIN = 200;
/** A reply that is later than this does not come any more: multiples of the deadline, and never less than the second. */
const GHOST_DEADLINES = 10;
const GHOST_MS_MIN = 10_000;
/** A line that does not fall silent for this many deadlines is given up. */
const BABBLE_DEADLINES = 5;
/** Bytes in a row that are no frame: more is a flood. */
const NOISE_BYTES_MAX = 4096;

/** Modbus RTU on a serial line, or behind a serial server: one request at a time, and order is all that ties a reply to it. */
export class RtuTransport extends Transport<RtuConnection> {
  protected readonly framing = new RtuFraming((_, view, at, length) => this.#take(view, at, length));
  readonly #random: Random;
  readonly #ghosts: Ghosts;
  readonly #settleMs: number;
  /** Silence to keep before a request, and after trouble. */
  readonly #silenceMs: number;
  readonly #drainMs: number;
  #lastByteAt = -Infinity;
  #mustDrain = false;
  #isNoisy = false;
  #noiseBytesFrom = 0;

  constructor(options: TransportOptions<RtuConnection>) {
    super({ ...options, inFlightMax: 1 });
    const { connection, random } = options;
    this.#random = random;
    this.#settleMs = Math.max(connection.timeoutMs, SETTLE_MS_MIN);
    this.#ghosts = new Ghosts(this.#settleMs, Math.max(GHOST_DEADLINES * connection.timeoutMs, GHOST_MS_MIN));
    // A serial server keeps the silence on its own side.
    this.#silenceMs = connection.protocol === "modbus-rtu" ? silenceMs(connection) : 0;
    this.#drainMs = Math.min(longestReplyMs(connection), connection.timeoutMs);
  }

  /** What was asked on the connection before may still be answered, so nothing is forgotten, and the line is left to
   *  fall silent once for all units. */
  protected connected(): void {
    this.#mustDrain = true;
    this.#lastByteAt = Math.max(this.clock.monotonic(), this.#ghosts.settledAt - this.#drainMs);
  }

  protected async converse(exchange: Exchange, request: Request, sink: Sink): Promise<Outcome> {
    await this.#fallSilent();
    switch (this.#ghosts.standing(request, this.clock.monotonic())) {
      case "free":
        return this.#ask(exchange, request, sink);
      case "wait":
        return DOUBTFUL;
      case "resync":
        return this.#resync(exchange, request, sink);
    }
  }

  async #resync(exchange: Exchange, request: Request, sink: Sink): Promise<Outcome> {
    const other = this.#ghosts.otherShape(request, Math.floor(this.#random() * 0x1_0000));
    const outcome = await this.#ask(exchange, other, { owner: sink.owner, accept: () => {} });
    if (outcome.kind === "silent") return outcome;
    await this.#fallSilent();
    // A refusal may itself have been what was owed: then nothing is proven, and `request` still not to be asked.
    const isFree = this.#ghosts.standing(request, this.clock.monotonic()) === "free";
    return isFree ? this.#ask(exchange, request, sink) : DOUBTFUL;
  }

  async #ask(exchange: Exchange, request: Request, sink: Sink): Promise<Outcome> {
    const outcome = await this.exchange(exchange, request, sink);
    if (outcome.kind === "answered") this.#ghosts.settle(request.unit);
    if (outcome.kind === "refused") this.#ghosts.noteRefusal(request);
    return outcome;
  }

  /** The gap between frames; after trouble the time in which a reply under way ends. */
  async #fallSilent(): Promise<void> {
    const beganAt = this.clock.monotonic();
    for (;;) {
      const wanted = this.#mustDrain || this.framing.isInFrame ? this.#drainMs : this.#silenceMs;
      const now = this.clock.monotonic();
      const restMs = this.#lastByteAt + wanted - now;
      if (restMs <= 0) break;
      if (now - beganAt > BABBLE_DEADLINES * this.connection.timeoutMs + wanted) {
        this.lose("the line does not fall silent");
        break;
      }
      await sleep(this.clock, restMs);
      if (!this.isConnected) break;
    }
    this.#mustDrain = false;
    this.#isNoisy = false;
    if (this.framing.reset() > 0) this.counters.malformedFrames++;
  }

  protected encode(_exchange: Exchange, frame: Buffer): Uint8Array {
    this.#noiseBytesFrom = this.counters.bytesReceived;
    return frame;
  }

  protected override heard(): void {
    this.#lastByteAt = this.clock.monotonic();
  }

  #take(view: DataView, at: number, length: number): void {
    this.tell(view, at, length);
    const [exchange] = this.exchanges;
    if (exchange !== undefined && this.deliver(exchange, view, at, length)) return;
    const unit = view.getUint8(at);
    const shape = shapeOfFrame(view, at, length);
    const isLate = this.#ghosts.owes(unit, shape);
    // Nobody asked for it: then its like may come again while that is asked for.
    if (!isLate) this.#ghosts.addShape(unit, shape, this.clock.monotonic());
    this.discard(isLate ? "lateReplies" : "foreignReplies");
  }

  protected abandoned(_exchange: Exchange, request: Request): void {
    this.#ghosts.add(request, this.clock.monotonic());
    this.#mustDrain = true;
    this.#lastByteAt = this.clock.monotonic();
  }

  /** There is no waiting for this reply, but it may come: by way of a serial server even on the next connection. */
  protected override forsaken(request: Request): void {
    this.#ghosts.add(request, this.clock.monotonic() - this.#settleMs);
  }

  protected garbled(): void {
    if (!this.#isNoisy) this.counters.malformedFrames++;
    this.#isNoisy = true;
    this.#mustDrain = true;
    if (this.counters.bytesReceived - this.#noiseBytesFrom > NOISE_BYTES_MAX) {
      this.lose("a flood of bytes that are no Modbus RTU");
      return;
    }
    const [exchange] = this.exchanges;
    if (!exchange?.request) return;
    // Most likely this was the reply, spoilt; one that follows noise comes while the line is left to fall silent.
    this.forsaken(exchange.request);
    this.giveUp(exchange);
  }
}
