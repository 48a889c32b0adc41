import type { ReadingBatch } from "../../domain/batch.ts";
import { isBad, qualityOf } from "../../domain/status.ts";
import type { StatusCode } from "../../domain/status.ts";
import type { Tag } from "../../domain/tag.ts";
import type { EpochMs } from "../../domain/time.ts";
import { Arena } from "../arena.ts";
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

const PUBLISH = 0x30;
const RETAIN = 0x01;
const VALUE = ',"v":';
const NULL = Buffer.from("null");
const TRUE = Buffer.from("true");
const FALSE = Buffer.from("false");
const SHORT_MAX = 0x7f; // the longest that one byte of remaining length tells
const VALUE_BYTES_USUAL = 12;
const REMAINING_MAX = 268_435_455; // MQTT 3.1.1, 2.2.3
const MESSAGE_BYTES = 160; // to start with
const STATUSES_MAX = 64; // a plant knows a handful; a device may send any

/** How the value of a tag is written; 0 for a tag that is not prepared. */
const form = { number: 1, float32: 2, boolean: 3 } as const;

/** Encodes PUBLISH packets (MQTT 3.1.1, 3.3; MQTT 5.0, 3.3) of rows `from` … `to` of batches, with packet ids from 1 on. */
export class FrameEncoder {
  readonly #tags: readonly Tag[];
  readonly #topicOf: (tag: Tag) => string;
  readonly #options: FrameOptions;
  readonly #arena = new Arena();
  /** By tag: topic length, topic, room for the packet id, MQTT 5 property length, and the payload up to the time. */
  readonly #heads: Buffer[];
  readonly #forms: Uint8Array;
  /** By tag: the place of its unit in `#units`. */
  readonly #unitOf: Uint16Array;
  /** The field of each unit, in order of first use. */
  readonly #units: string[] = [];
  readonly #tailsOf = new Map<StatusCode, Buffer[]>();
  readonly #ends: Uint32Array;
  readonly #rows: Uint32Array;
  readonly #writer: ByteWriter;
  readonly #header: number;
  #batchHeader: number;
  #status: StatusCode = 0;
  /** By unit: the payload from the quality on, for `#status`. */
  #tails: Buffer[];
  #time: EpochMs = NaN;
  /** `#time`, and what comes between it and the value. */
  #timeBytes: Buffer = Buffer.alloc(0);

  constructor(tags: readonly Tag[], topicOf: (tag: Tag) => string, options: FrameOptions, framesMax: number) {
    this.#tags = tags;
    this.#topicOf = topicOf;
    this.#options = options;
    this.#heads = Array.from({ length: tags.length });
    this.#forms = new Uint8Array(tags.length);
    this.#unitOf = new Uint16Array(tags.length);
    this.#tails = this.#tailsFor(this.#status);
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
    const tag = batch.tag[row] as number;
    if ((this.#forms[tag] ?? 0) === 0) this.#prepare(tag);
    const head = this.#heads[tag] as Buffer;
    const time = this.#timeOf(batch, row);
    const tail = this.#tail(batch.status[row] as number, this.#unitOf[tag] as number);
    const usual = head.length + time.length + VALUE_BYTES_USUAL + tail.length;
    const lengthBytes = usual > SHORT_MAX ? 2 : 1;
    const start = writer.length;
    writer.reserve(MESSAGE_BYTES);
    writer.bytes[start] = this.#batchHeader;
    writer.length = start + 1 + lengthBytes;
    writer.append(head);
    if (this.#options.qos > 0) this.#setPacketId(start + 1 + lengthBytes, packetId);
    writer.append(time);
    this.#value(batch, row);
    writer.append(tail);
    setRemainingLength(writer, start, lengthBytes);
  }

  #setPacketId(topicStart: number, packetId: number): void {
    const { bytes } = this.#writer;
    const at = topicStart + 2 + (((bytes[topicStart] as number) << 8) | (bytes[topicStart + 1] as number));
    bytes[at] = packetId >>> 8;
    bytes[at + 1] = packetId & 0xff;
  }

  /** Rows that were read together share their time. */
  #timeOf(batch: ReadingBatch, row: number): Buffer {
    const time = readingTime(batch, row);
    if (time !== this.#time) {
      this.#time = time;
      this.#timeBytes = Buffer.from(`${time}${VALUE}`);
    }
    return this.#timeBytes;
  }

  #value(batch: ReadingBatch, row: number): void {
    const writer = this.#writer;
    const number = batch.value[row] as number;
    const exact = batch.exact.size === 0 ? undefined : batch.exact.get(row);
    const tagForm = this.#forms[batch.tag[row] as number];
    if (isBad(batch.status[row] as number)) writer.append(NULL);
    else if (exact !== undefined) writer.utf8(exactJson(exact));
    else if (!Number.isFinite(number)) writer.append(NULL);
    else if (tagForm === form.boolean) writer.append(number === 0 ? FALSE : TRUE);
    else writer.number(number, tagForm === form.float32);
  }

  #tail(status: StatusCode, unit: number): Buffer {
    if (status !== this.#status) {
      this.#status = status;
      this.#tails = this.#tailsFor(status);
    }
    return (this.#tails[unit] ??= tailOf(status, this.#units[unit] as string));
  }

  #tailsFor(status: StatusCode): Buffer[] {
    let tails = this.#tailsOf.get(status);
    if (tails !== undefined) return tails;
    if (this.#tailsOf.size >= STATUSES_MAX) this.#tailsOf.clear();
    this.#tailsOf.set(status, (tails = []));
    return tails;
  }

  #prepare(index: number): void {
    const tag = this.#tags[index];
    if (tag === undefined) throw new RangeError(`A batch names tag ${index}, which the plant does not have.`);
    this.#heads[index] = this.#arena.keep(headOf(this.#topicOf(tag), this.#options));
    this.#forms[index] = tag.type === "bool" ? form.boolean : keepsFloat32(tag) ? form.float32 : form.number;
    const unit = tag.unit === null ? "" : `,"u":${JSON.stringify(tag.unit)}`;
    const known = this.#units.indexOf(unit);
    this.#unitOf[index] = known === -1 ? this.#units.push(unit) - 1 : known;
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
  writer.length += 2;
  writer.append(topicBytes(topic));
  if (options.qos > 0) writer.append(Buffer.from([packetId >>> 8, packetId & 0xff]));
  if (options.protocolVersion === 5) writer.byte(0);
  if (typeof payload === "string") writer.utf8(payload);
  else writer.append(payload);
  setRemainingLength(writer, 0, 2);
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
 *  [MQTT-1.5.5-1], moving the packet where that is not the `free` bytes left for it. */
function setRemainingLength(writer: ByteWriter, start: number, free: number): void {
  const remaining = writer.length - start - 1 - free;
  if (remaining > REMAINING_MAX) throw new RangeError("A message is longer than MQTT allows.");
  const needed = remaining < 0x80 ? 1 : remaining < 0x4000 ? 2 : remaining < 0x200000 ? 3 : 4;
  if (needed !== free) {
    writer.reserve(needed);
    writer.bytes.copyWithin(start + 1 + needed, start + 1 + free, writer.length);
    writer.length += needed - free;
  }
  let rest = remaining;
  for (let index = 1; index < needed; index++) {
    writer.bytes[start + index] = (rest & 0x7f) | 0x80;
    rest >>>= 7;
  }
  writer.bytes[start + needed] = rest;
}
