import type { ModbusTcpConnection } from "../../config/plant.ts";
import { TcpFraming } from "./framing.ts";
import { Transport } from "./transport.ts";
import type { Exchange, Outcome, Sink } from "./slots.ts";
import type { TransportOptions } from "./transport.ts";
import type { Request } from "./request.ts";

const MBAP_BYTES_BEFORE_UNIT = 6;
const CRC_BYTES = 2;
const IDS = 0x1_0000;
/** Ids of unanswered requests that are kept from being used again; beyond it the oldest is free. */
const RETIRED_IDS_MAX = 4096;

/** Modbus TCP: a reply carries the transaction id of its request. */
export class TcpTransport extends Transport<ModbusTcpConnection> {
  protected readonly framing = new TcpFraming((id, view, at, length) => this.#take(id, view, at, length));
  #nextId: number;
  /** Ids whose reply may still come, oldest first. */
  readonly #retired = new Set<number>();

  constructor(options: TransportOptions<ModbusTcpConnection>) {
    super(options);
    this.#nextId = Math.floor(options.random() * IDS);
  }

  protected connected(): void {
    this.#retired.clear();
  }

  protected converse(exchange: Exchange, request: Request, sink: Sink): Promise<Outcome> {
    return this.exchange(exchange, request, sink);
  }

  /** MBAP header in place of the checksum. */
  protected encode(exchange: Exchange, frame: Buffer): Uint8Array {
    exchange.id = this.#freshId();
    const length = frame.length - CRC_BYTES;
    const bytes = Buffer.allocUnsafe(MBAP_BYTES_BEFORE_UNIT + length);
    bytes.writeUInt16BE(exchange.id, 0);
    bytes.writeUInt16BE(0, 2);
    bytes.writeUInt16BE(length, 4);
    frame.copy(bytes, MBAP_BYTES_BEFORE_UNIT, 0, length);
    return bytes;
  }

  #freshId(): number {
    do this.#nextId = (this.#nextId + 1) % IDS;
    while (this.#retired.has(this.#nextId) || this.#waitingFor(this.#nextId) !== undefined);
    return this.#nextId;
  }

  #waitingFor(id: number): Exchange | undefined {
    for (const exchange of this.exchanges)
      if (exchange.id === id && exchange.request !== null) return exchange;
    return undefined;
  }

  #take(id: number, view: DataView, at: number, length: number): void {
    this.tell(view, at, length);
    const exchange = this.#waitingFor(id);
    if (exchange !== undefined && this.deliver(exchange, view, at, length)) return;
    this.discard(exchange === undefined && this.#retired.has(id) ? "lateReplies" : "foreignReplies");
  }

  protected abandoned({ id }: Exchange): void {
    this.#retired.add(id);
    if (this.#retired.size <= RETIRED_IDS_MAX) return;
    for (const oldest of this.#retired) {
      this.#retired.delete(oldest);
      return;
    }
  }

  /** The stream is out of step and cannot be trusted any more. */
  protected garbled(): void {
    this.counters.malformedFrames++;
    this.lose("bytes came that are no Modbus TCP");
  }
}
