import { crc16 } from "./crc.ts";
import { RTU_FRAME_BYTES_MAX } from "./line.ts";
import { ECHO_BYTES, FunctionCode, isEchoed, REFUSAL_BIT } from "./request.ts";

/** Receives one whole frame: unit and protocol data unit are `length` bytes of `view` from `at` on, valid during the call. */
export type TakeFrame = (id: number, view: DataView, at: number, length: number) => void;

/** Cuts a stream of bytes into frames and keeps at most one incomplete frame. */
export interface Framing {
  /** Takes the first `length` bytes of `chunk`; false when they are no frames, and from then on until `reset`. */
  push(chunk: Uint8Array, view: DataView, length: number): boolean;
  /** Forgets the incomplete frame; returns how many bytes it had. */
  reset(): number;
}

/** MBAP header 7 + protocol data unit 253. Modbus Messaging on TCP/IP Implementation Guide V1.0b, 4.1. */
export const TCP_FRAME_BYTES_MAX = 260;
const MBAP_BYTES_BEFORE_UNIT = 6;
const LENGTH_FIELD_MIN = 2;
const LENGTH_FIELD_MAX = TCP_FRAME_BYTES_MAX - MBAP_BYTES_BEFORE_UNIT;

/** Modbus TCP frames. A header that cannot be one means that the stream is out of step: nothing after it can be trusted. */
export class TcpFraming implements Framing {
  readonly #take: TakeFrame;
  readonly #held = new Uint8Array(TCP_FRAME_BYTES_MAX);
  readonly #heldView = new DataView(this.#held.buffer);
  #heldBytes = 0;
  #isLost = false;

  constructor(take: TakeFrame) {
    this.#take = take;
  }

  push(chunk: Uint8Array, view: DataView, length: number): boolean {
    if (!this.#isLost) this.#isLost = !this.#cut(chunk, view, length);
    return !this.#isLost;
  }

  #cut(chunk: Uint8Array, view: DataView, length: number): boolean {
    let at = 0;
    while (this.#heldBytes > 0 && at < length) {
      const taken = Math.min(this.#wanted() - this.#heldBytes, length - at);
      this.#hold(chunk, at, at + taken);
      at += taken;
      if (!this.#deliverHeld()) return false;
    }
    return this.#pushWhole(chunk, view, at, length);
  }

  /** Frames that lie whole in the chunk are taken where they are. */
  #pushWhole(chunk: Uint8Array, view: DataView, from: number, length: number): boolean {
    let at = from;
    while (length - at >= MBAP_BYTES_BEFORE_UNIT) {
      const frameBytes = frameBytesOf(view, at);
      if (frameBytes === -1) return false;
      if (length - at < frameBytes) break;
      this.#take(view.getUint16(at), view, at + MBAP_BYTES_BEFORE_UNIT, frameBytes - MBAP_BYTES_BEFORE_UNIT);
      at += frameBytes;
    }
    if (at < length) this.#hold(chunk, at, length);
    return true;
  }

  #hold(chunk: Uint8Array, from: number, to: number): void {
    this.#held.set(chunk.subarray(from, to), this.#heldBytes);
    this.#heldBytes += to - from;
  }

  #wanted(): number {
    return this.#heldBytes < MBAP_BYTES_BEFORE_UNIT
      ? MBAP_BYTES_BEFORE_UNIT
      : frameBytesOf(this.#heldView, 0);
  }

  #deliverHeld(): boolean {
    const wanted = this.#wanted();
    if (wanted === -1) return false;
    if (this.#heldBytes < wanted) return true;
    this.#heldBytes = 0;
    const view = this.#heldView;
    this.#take(view.getUint16(0), view, MBAP_BYTES_BEFORE_UNIT, wanted - MBAP_BYTES_BEFORE_UNIT);
    return true;
  }

  reset(): number {
    const bytes = this.#heldBytes;
    this.#heldBytes = 0;
    this.#isLost = false;
    return bytes;
  }
}

/** Bytes of the frame whose header is at `at`; -1 when it is no Modbus header: protocol id not 0, or an impossible length. */
function frameBytesOf(view: DataView, at: number): number {
  const length = view.getUint16(at + 4);
  if (view.getUint16(at + 2) !== 0 || length < LENGTH_FIELD_MIN || length > LENGTH_FIELD_MAX) return -1;
  return MBAP_BYTES_BEFORE_UNIT + length;
}

const CRC_BYTES = 2;

/** RTU frames out of a byte stream: the length follows from the header, the checksum must hold. There is no mark at which a
 *  frame begins, so after a bad one everything is noise until the line has been silent: the caller resets then. */
export class RtuFraming implements Framing {
  readonly #take: TakeFrame;
  readonly #held = new Uint8Array(RTU_FRAME_BYTES_MAX);
  readonly #heldView = new DataView(this.#held.buffer);
  #heldBytes = 0;
  #isNoise = false;

  constructor(take: TakeFrame) {
    this.#take = take;
  }

  push(chunk: Uint8Array, _view: DataView, length: number): boolean {
    let at = 0;
    while (at < length && !this.#isNoise) {
      const taken = Math.min(RTU_FRAME_BYTES_MAX - this.#heldBytes, length - at);
      this.#held.set(chunk.subarray(at, at + taken), this.#heldBytes);
      this.#heldBytes += taken;
      at += taken;
      this.#isNoise = !this.#deliverHeld();
    }
    return !this.#isNoise;
  }

  #deliverHeld(): boolean {
    let at = 0;
    while (at < this.#heldBytes) {
      const bytes = rtuFrameBytes(this.#held, at, this.#heldBytes);
      if (bytes === -1) return false;
      if (bytes === 0 || at + bytes > this.#heldBytes) break;
      const crcAt = at + bytes - CRC_BYTES;
      if (crc16(this.#held, at, crcAt) !== this.#heldView.getUint16(crcAt, true)) return false;
      this.#take(0, this.#heldView, at, bytes - CRC_BYTES);
      at += bytes;
    }
    this.#held.copyWithin(0, at, this.#heldBytes);
    this.#heldBytes -= at;
    return true;
  }

  /** Bytes have come that are no whole frame. */
  get isInFrame(): boolean {
    return this.#heldBytes > 0;
  }

  reset(): number {
    const bytes = this.#isNoise ? 0 : this.#heldBytes;
    this.#heldBytes = 0;
    this.#isNoise = false;
    return bytes;
  }
}

/** Bytes of the reply frame that begins at `at`; 0 when too little is there to tell; -1 when it is none that we know. */
function rtuFrameBytes(bytes: Uint8Array, at: number, end: number): number {
  if (end - at < 3) return 0;
  const functionCode = bytes[at + 1] as number;
  if ((functionCode & REFUSAL_BIT) !== 0) return 3 + CRC_BYTES;
  if (isEchoed(functionCode)) return ECHO_BYTES + CRC_BYTES;
  if (functionCode < FunctionCode.coil || functionCode > FunctionCode.input) return -1;
  const dataBytes = bytes[at + 2] as number;
  return dataBytes === 0 || dataBytes > 250 ? -1 : 3 + dataBytes + CRC_BYTES;
}
