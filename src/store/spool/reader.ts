import { inflateRawSync } from "node:zlib";
import { BlockKind, findBlock, HEADER_BYTES, isPayloadSound, readHeader } from "./block.ts";
import type { BlockHeader } from "./block.ts";
import type { SpoolFile, SpoolFs } from "./fs.ts";
import type { SegmentLog } from "./log.ts";
import type { Segment } from "./segment.ts";

const CHUNK_BYTES = 256 * 1024;

/** What stands at a number: a block that holds it, or nothing up to `to`. */
export type Found =
  | {
      readonly kind: "block";
      readonly header: BlockHeader;
      readonly payload: Buffer;
      readonly dictionary: Buffer | null;
    }
  | { readonly kind: "hole"; readonly to: number; readonly isDamaged: boolean };

/** Reads a log forwards, as cheaply as files are read; going back starts a segment anew. */
export interface SegmentReader {
  /** Looks up a number below `end`. Throws the system's error when the disk does not give the bytes. */
  find(number: number, end: number): Promise<Found>;
  close(): Promise<void>;
}

export function createSegmentReader(fs: SpoolFs, log: SegmentLog): SegmentReader {
  let open: OpenSegment | null = null;

  async function close(): Promise<void> {
    const closing = open;
    open = null;
    await closing?.close();
  }

  /** A segment that was rewritten since it was opened is opened again: its bytes lie elsewhere. */
  async function turnTo(segment: Segment, number: number): Promise<OpenSegment> {
    if (open?.segment === segment && number >= open.reached && open.isPresent()) return open;
    for (;;) {
      await close();
      const next = new OpenSegment(segment, (at) => log.noteDamage(segment, at));
      await next.open(fs);
      open = next;
      if (next.isPresent()) return next;
    }
  }

  return {
    async find(number, end) {
      const segment = log.segments().find((one) => one.end > number);
      if (open?.segment.isRemoved === true) await close();
      if (segment === undefined || segment.first >= end) return { kind: "hole", to: end, isDamaged: false };
      if (segment.first > number) return { kind: "hole", to: segment.first, isDamaged: false };
      const found = await (await turnTo(segment, number)).find(number);
      return found.kind === "hole" ? { ...found, to: Math.min(found.to, end) } : found;
    },
    close,
  };
}

/** A file being read from its beginning to its end, block by block, through a window of bytes. */
class OpenSegment {
  readonly segment: Segment;
  /** Everything below has been passed. */
  reached: number;
  #chunk: Buffer = Buffer.alloc(0);
  #chunkAt = 0;
  #at = 0;
  #dictionary: Buffer | null = null;
  /** Between the last sound block and here something is damaged. */
  #isDamaged = false;
  readonly #isCompacted: boolean;
  readonly #noteDamage: (at: number) => void;
  #file: SpoolFile | null = null;
  /** As far as it is synced: in bytes, and in numbers. */
  #end: number;
  #endNumber: number;

  constructor(segment: Segment, noteDamage: (at: number) => void) {
    this.segment = segment;
    this.#noteDamage = noteDamage;
    this.reached = segment.first;
    this.#isCompacted = segment.isCompacted;
    this.#end = segment.bytes;
    this.#endNumber = segment.end;
  }

  async open(fs: SpoolFs): Promise<void> {
    this.#file = await fs.open(this.segment.path);
  }

  async close(): Promise<void> {
    await this.#file?.close();
    this.#file = null;
  }

  /** False when the file has been replaced. A segment that still grows may be read as far as it is synced now. */
  isPresent(): boolean {
    if (this.segment.isCompacted !== this.#isCompacted) return false;
    this.#end = this.segment.bytes;
    this.#endNumber = this.segment.end;
    return true;
  }

  async find(number: number): Promise<Found> {
    for (;;) {
      const header = await this.#header();
      if (header === null) return { kind: "hole", to: this.#endNumber, isDamaged: this.#isDamaged };
      const isContent = header.kind === BlockKind.readings;
      const found = isContent ? await this.#content(header, number) : await this.#meaning(header);
      if (found !== null) return found;
    }
  }

  /** What a block has to say of a number; null when it lies before it. */
  async #content(header: BlockHeader, number: number): Promise<Found | null> {
    if (header.first > number) return { kind: "hole", to: header.first, isDamaged: this.#isDamaged };
    const end = header.first + header.count;
    const payload = end > number ? await this.#payload(header) : null;
    if (payload !== null) return { kind: "block", header, payload, dictionary: this.#dictionary };
    this.#skip(header);
    this.reached = end;
    this.#isDamaged = false;
    return end > number ? { kind: "hole", to: end, isDamaged: true } : null;
  }

  /** Remembers a dictionary; passes over anything else. */
  async #meaning(header: BlockHeader): Promise<null> {
    if (header.kind === BlockKind.dictionary)
      this.#dictionary = (await this.#payload(header)) ?? this.#dictionary;
    this.#skip(header);
    return null;
  }

  #skip({ payloadBytes }: BlockHeader): void {
    this.#at += HEADER_BYTES + payloadBytes;
  }

  /** The next sound header; null at the end. */
  async #header(): Promise<BlockHeader | null> {
    while (this.#at + HEADER_BYTES <= this.#end) {
      await this.#see(HEADER_BYTES);
      const header = readHeader(this.#chunk, this.#at - this.#chunkAt);
      if (header !== null) return header;
      this.#isDamaged = true;
      this.#noteDamage(this.#at);
      const next = findBlock(this.#chunk, this.#at - this.#chunkAt + 1);
      // Nothing in this window: the next one begins so that a header across the edge is seen whole.
      const edge = Math.max(this.#at + 1, this.#chunkAt + this.#chunk.length - HEADER_BYTES + 1);
      this.#at = next === -1 ? edge : this.#chunkAt + next;
    }
    return null;
  }

  async #payload(header: BlockHeader): Promise<Buffer | null> {
    await this.#see(HEADER_BYTES + header.payloadBytes);
    const from = this.#at - this.#chunkAt + HEADER_BYTES;
    const payload = this.#chunk.subarray(from, from + header.payloadBytes);
    if (!isPayloadSound(header, payload)) {
      this.#noteDamage(this.#at);
      return null;
    }
    return header.isDeflated ? inflateRawSync(payload) : Buffer.from(payload);
  }

  /** Brings the next `bytes` into the window. */
  async #see(bytes: number): Promise<void> {
    const offset = this.#at - this.#chunkAt;
    if (offset >= 0 && offset + bytes <= this.#chunk.length) return;
    const wanted = Math.min(Math.max(CHUNK_BYTES, bytes), this.#end - this.#at);
    const chunk = Buffer.alloc(Math.max(0, wanted));
    const filled = (await this.#file?.read(chunk, this.#at)) ?? 0;
    this.#chunk = chunk.subarray(0, filled);
    this.#chunkAt = this.#at;
  }
}
