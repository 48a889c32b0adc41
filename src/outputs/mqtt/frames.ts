import type { ReadingBatch } from "../../domain/batch.ts";
import { isBad, qualityOf } from "../../domain/status.ts";
import type { StatusCode } from "../../domain/status.ts";
import type { Tag } from "../../domain/tag.ts";
import { ByteWriter } from "../byte-writer.ts";
import { keepsFloat32 } from "../../domain/number.ts";
import { readingTime } from "../reading-time.ts";

/** How a message is sent. */
export interface MessageOptions {
  readonly qos: 0 | 1;
  readonly retain: boolean;
  readonly protocolVersion: 4 | 5;
}

/** What the broker lets us do, from our configuration and its CONNACK. */
export interface FrameOptions extends MessageOptions {
  /** Largest packet the broker takes; Infinity when it named none. */
  readonly packetBytesMax: number;
}

/** PUBLISH packets of some rows, end to end. Valid until the next encoding. */
export interface Frames {
  readonly bytes: Buffer;
  readonly count: number;
  /** Where frame i ends in `bytes`; its packet id is i + 1. */
  readonly ends: Uint32Array;
  /** The row that frame i carries. */
  readonly rows: Uint32Array;
  /** Rows whose packet the broker could not take. */
  readonly oversize: readonly number[];
}

/** What never changes for a tag, or only with its status. */
interface Prepared {
  /** Topic length, topic, room for the packet id, MQTT 5 property length, and the payload up to the time. */
  readonly head: Buffer;
  readonly isBoolean: boolean;
  readonly isFloat32: boolean;
  readonly unit: string;
  tailStatus: StatusCode;
  /** The payload from the quality on. */
  tail: Buffer;
}

const PUBLISH = 0x30;
const RETAIN = 0x01;
const VALUE = Buffer.from(',"v":');
const NULL = Buffer.from("null");
const TRUE = Buffer.from("true");
const FALSE = Buffer.from("false");
const LENGTH_BYTES = 2; // a frame of ours is nearly always 128…16,383 bytes
const REMAINING_MAX = 268_435_455; // MQTT 3.1.1, 2.2.3
const MESSAGE_BYTES = 160; // to start with

/** Encodes PUBLISH packets (MQTT 3.1.1, 3.3; MQTT 5.0, 3.3) of rows `from` … `to` of batches, with packet ids from 1 on. */
export class FrameEncoder {
  readonly #tags: readonly Tag[];
  readonly #topicOf: (tag: Tag) => string;
  readonly #options: FrameOptions;
  readonly #prepared: (Prepared | undefined)[];
  readonly #ends: Uint32Array;
  readonly #rows: Uint32Array;
  readonly #writer: ByteWriter;
  readonly #header: number;
  #batchHeader: number;

  constructor(tags: readonly Tag[], topicOf: (tag: Tag) => string, options: FrameOptions, framesMax: number) {
    this.#tags = tags;
    this.#topicOf = topicOf;
    this.#options = options;
    this.#prepared = Array.from({ length: tags.length });
    this.#ends = new Uint32Array(framesMax);
    this.#rows = new Uint32Array(framesMax);
    this.#writer = new ByteWriter(Math.min(framesMax, 1000) * MESSAGE_BYTES);
    this.#header = PUBLISH | (options.qos << 1) | (options.retain ? RETAIN : 0);
    this.#batchHeader = this.#header;
  }

  encode(batch: ReadingBatch, from: number, to: number): Frames {
    const writer = this.#writer;
    writer.length = 0;
    // What a topic retains is the present: the past goes by without being kept.
    this.#batchHeader = batch.isHistory ? this.#header & ~RETAIN : this.#header;
    const oversize: number[] = [];
    const count = this.#frames(batch, from, to, oversize);
    return { bytes: writer.bytes, count, ends: this.#ends, rows: this.#rows, oversize };
  }

  /** How many frames there are now. */
  #frames(batch: ReadingBatch, from: number, to: number, oversize: number[]): number {
    const writer = this.#writer;
    let count = 0;
    for (let row = from; row < to; row++) {
      const start = writer.length;
      this.#frame(batch, row, count + 1);
      if (writer.length - start > this.#options.packetBytesMax) {
        writer.length = start;
        oversize.push(row);
        continue;
      }
      this.#ends[count] = writer.length;
      this.#rows[count] = row;
      count++;
    }
    return count;
  }

  #frame(batch: ReadingBatch, row: number, packetId: number): void {
    const writer = this.#writer;
    const prepared = this.#prepare(batch.tag[row] as number);
    const start = writer.length;
    writer.reserve(MESSAGE_BYTES);
    writer.bytes[start] = this.#batchHeader;
    writer.length = start + 1 + LENGTH_BYTES;
    const topicStart = writer.length;
    writer.append(prepared.head);
    if (this.#options.qos > 0) this.#setPacketId(topicStart, packetId);
    writer.integer(readingTime(batch, row));
    writer.append(VALUE);
    this.#value(prepared, batch, row);
    const status = batch.status[row] as number;
    if (prepared.tailStatus !== status) {
      prepared.tailStatus = status;
      prepared.tail = tailOf(status, prepared.unit);
    }
    writer.append(prepared.tail);
    setRemainingLength(writer, start);
  }

  #setPacketId(topicStart: number, packetId: number): void {
    const { bytes } = this.#writer;
    const at = topicStart + 2 + (((bytes[topicStart] as number) << 8) | (bytes[topicStart + 1] as number));
    bytes[at] = packetId >>> 8;
    bytes[at + 1] = packetId & 0xff;
  }

  #value(prepared: Prepared, batch: ReadingBatch, row: number): void {
    const writer = this.#writer;
    const number = batch.value[row] as number;
    const exact = batch.exact.size === 0 ? undefined : batch.exact.get(row);
    if (isBad(batch.status[row] as number)) writer.append(NULL);
    else if (exact !== undefined) writer.utf8(exactJson(exact));
    else if (!Number.isFinite(number)) writer.append(NULL);
    else if (prepared.isBoolean) writer.append(number === 0 ? FALSE : TRUE);
    else writer.number(number, prepared.isFloat32);
  }

  #prepare(index: number): Prepared {
    const known = this.#prepared[index];
    if (known !== undefined) return known;
    const tag = this.#tags[index];
    if (tag === undefined) throw new RangeError(`A batch names tag ${index}, which the plant does not have.`);
    const prepared: Prepared = {
      head: headOf(this.#topicOf(tag), this.#options),
      isBoolean: tag.type === "bool",
      isFloat32: keepsFloat32(tag),
      unit: tag.unit === null ? "" : `,"u":${JSON.stringify(tag.unit)}`,
      tailStatus: -1,
      tail: NULL,
    };
    this.#prepared[index] = prepared;
    return prepared;
  }
}

/** A PUBLISH of any payload: for the few messages that are no readings. */
export function publishPacket(
  topic: string,
  payload: string | Uint8Array,
  options: MessageOptions,
  packetId: number,
): Buffer {
  const writer = new ByteWriter(256);
  writer.byte(PUBLISH | (options.qos << 1) | (options.retain ? RETAIN : 0));
  writer.length += LENGTH_BYTES;
  writer.append(topicBytes(topic));
  if (options.qos > 0) writer.append(Buffer.from([packetId >>> 8, packetId & 0xff]));
  if (options.protocolVersion === 5) writer.byte(0);
  if (typeof payload === "string") writer.utf8(payload);
  else writer.append(payload);
  setRemainingLength(writer, 0);
  return writer.bytes.subarray(0, writer.length);
}

function topicBytes(topic: string): Buffer {
  const text = Buffer.from(topic);
  if (text.length > 0xffff)
    throw new RangeError(`The topic ${topic.slice(0, 80)}… is longer than 65,535 bytes.`);
  const bytes = Buffer.allocUnsafe(2 + text.length);
  bytes.writeUInt16BE(text.length);
  bytes.set(text, 2);
  return bytes;
}

function headOf(topic: string, options: FrameOptions): Buffer {
  const packetId = Buffer.alloc(options.qos === 0 ? 0 : 2);
  const properties = Buffer.alloc(options.protocolVersion === 5 ? 1 : 0); // none: length 0
  return Buffer.concat([topicBytes(topic), packetId, properties, Buffer.from('{"t":')]);
}

function tailOf(status: StatusCode, unit: string): Buffer {
  return Buffer.from(`,"q":"${qualityOf(status)}","s":${status}${unit}}`);
}

/** An integer that a double cannot hold travels as a decimal string, like text. */
function exactJson(exact: bigint | string): string {
  if (typeof exact === "string") return JSON.stringify(exact);
  const number = Number(exact);
  return Number.isSafeInteger(number) ? String(number) : `"${exact}"`;
}

/** Puts the remaining length of the packet that begins at `start` and ends at the end, in as few bytes as it takes
 *  [MQTT-1.5.5-1], moving the packet where that is not the two bytes left free. */
function setRemainingLength(writer: ByteWriter, start: number): void {
  const contentStart = start + 1 + LENGTH_BYTES;
  const remaining = writer.length - contentStart;
  if (remaining > REMAINING_MAX) throw new RangeError("A message is longer than MQTT allows.");
  const bytesNeeded = remaining < 0x80 ? 1 : remaining < 0x4000 ? 2 : remaining < 0x200000 ? 3 : 4;
  if (bytesNeeded !== LENGTH_BYTES) {
    writer.reserve(LENGTH_BYTES);
    writer.bytes.copyWithin(start + 1 + bytesNeeded, contentStart, writer.length);
    writer.length += bytesNeeded - LENGTH_BYTES;
  }
  let rest = remaining;
  for (let index = 1; index < bytesNeeded; index++) {
    writer.bytes[start + index] = (rest & 0x7f) | 0x80;
    rest >>>= 7;
  }
  writer.bytes[start + bytesNeeded] = rest;
}
