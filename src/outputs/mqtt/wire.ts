import { Duplex } from "node:stream";

/** Called for each PUBACK; `reason` is 0 unless an MQTT 5 broker says otherwise. */
export type Acknowledge = (packetId: number, reason: number) => void;

const PUBACK = 0x40;

/** Longest packet that we take: what we subscribe to, if to anything, are commands and states of a few dozen bytes. */
export const RECEIVED_BYTES_MAX = 65_536;

/** Longest run of packets to hand over at once: a WebSocket carries it as one message, which brokers bound. */
export const WRITE_BYTES_MAX = 524_288;

/** The socket as the MQTT client library sees it. PUBACKs are taken out here, because they answer the packets that we
 *  write past the library: for it they would be strangers, and it takes a hundred times as long to look at one. */
export class Wire extends Duplex {
  /** Set by whoever has packets in flight. */
  onAcknowledge: Acknowledge = () => undefined;
  /** Why the library gave the connection up, where it did; the stream itself does not know. */
  fault: Error | null = null;
  /** Called after a run of acknowledgements. */
  onAcknowledged: () => void = () => undefined;
  readonly #socket: Duplex;
  #rest: Buffer = Buffer.alloc(0);

  constructor(socket: Duplex) {
    super({ allowHalfOpen: true });
    this.#socket = socket;
    socket.on("data", (chunk: Buffer) => this.#receive(chunk));
    socket.on("end", () => this.push(null));
    socket.on("error", (error) => this.destroy(error));
    socket.on("close", () => this.destroy());
  }

  /** Whole packets, past the library. False: wait for `onceDrained`. */
  send(bytes: Uint8Array, sent?: (error?: Error | null) => void): boolean {
    return this.#socket.write(bytes, sent);
  }

  onceDrained(action: () => void): void {
    this.#socket.once("drain", action);
  }

  #receive(chunk: Buffer): void {
    const bytes = this.#rest.length === 0 ? chunk : Buffer.concat([this.#rest, chunk]);
    let at = 0;
    let acknowledged = false;
    while (at < bytes.length) {
      const end = packetEnd(bytes, at);
      if (end === null) break;
      if (end - at > RECEIVED_BYTES_MAX) {
        this.destroy(
          new Error(
            `The broker sent a packet of ${end - at} bytes; nothing was asked of it that is so long.`,
          ),
        );
        return;
      }
      if (end > bytes.length) break;
      if (bytes[at] === PUBACK) {
        acknowledged = true;
        this.#acknowledge(bytes, at, end);
      } else this.push(bytes.subarray(at, end));
      at = end;
    }
    this.#rest = at === bytes.length ? bytes.subarray(0, 0) : bytes.subarray(at);
    if (acknowledged) this.onAcknowledged();
  }

  /** MQTT 3.1.1, 3.4 and MQTT 5.0, 3.4: the packet id, then in version 5 perhaps a reason code and properties. */
  #acknowledge(bytes: Buffer, start: number, end: number): void {
    if (end - start < 4) return;
    // Acknowledgements are at most 127 bytes unless they carry a long reason string; both lengths are told by the first.
    const content = (bytes[start + 1] as number) < 0x80 ? start + 2 : end - contentLength(bytes, start);
    const packetId = ((bytes[content] as number) << 8) | (bytes[content + 1] as number);
    this.onAcknowledge(packetId, end - content > 2 ? (bytes[content + 2] as number) : 0);
  }

  override _read(): void {
    // The socket flows by itself; what reaches the library is a few bytes now and then.
  }

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: (error?: Error | null) => void): void {
    this.#socket.write(chunk);
    done();
  }

  /** The library writes one packet in several pieces, of which none of ours may come in between. */
  override _writev(chunks: { chunk: Buffer }[], done: (error?: Error | null) => void): void {
    this.#socket.write(Buffer.concat(chunks.map(({ chunk }) => chunk)));
    done();
  }

  override _final(done: (error?: Error | null) => void): void {
    this.#socket.end();
    done();
  }

  override _destroy(error: Error | null, done: (error?: Error | null) => void): void {
    this.#socket.destroy();
    done(error);
  }
}

/** Where the packet that begins at `start` ends, or null when its length is not yet there. */
function packetEnd(bytes: Buffer, start: number): number | null {
  let length = 0;
  for (let index = 0; index < 4; index++) {
    const byte = bytes[start + 1 + index];
    if (byte === undefined) return null;
    length += (byte & 0x7f) * 128 ** index;
    if (byte < 0x80) return start + 2 + index + length;
  }
  return start + Number.MAX_SAFE_INTEGER / 2; // a fifth length byte: no MQTT, refused as too long
}

function contentLength(bytes: Buffer, start: number): number {
  let length = 0;
  for (let index = 0; index < 4; index++) {
    const byte = bytes[start + 1 + index] as number;
    length += (byte & 0x7f) * 128 ** index;
    if (byte < 0x80) break;
  }
  return length;
}
