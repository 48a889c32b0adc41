import { deflateRawSync, inflateRawSync } from "node:zlib";
import { appendBatch, createBatch } from "../../domain/batch.ts";
import { readDictionary } from "./backlog.ts";
import { BlockKind, HEADER_BYTES, isPayloadSound, putBlock, readHeader } from "./block.ts";
import type { BlockHeader } from "./block.ts";
import { ColumnDecoder } from "./column-decoder.ts";
import { ColumnEncoder } from "./column-encoder.ts";
import { BLOCK_ROWS_MAX } from "./column-kinds.ts";
import { readWhole } from "./fs.ts";
import type { SpoolFile, SpoolFs } from "./fs.ts";
import type { SegmentLog } from "./log.ts";
import { footerOf } from "./segment.ts";
import type { Segment } from "./segment.ts";

const LEVEL = 6;

/** Rewrites a sealed segment with large blocks, in which the readings of a tag stand close enough together to say little
 *  anew: small blocks are the price of a quick sync, and not worth keeping. Numbers stay what they are. False when
 *  something in it is damaged: then it is left alone. */
export async function compactSegment(fs: SpoolFs, log: SegmentLog, segment: Segment): Promise<boolean> {
  const source = await readWhole(fs, segment.path);
  const draft = `${segment.path}.tmp`;
  const file = await fs.create(draft);
  try {
    const bytes = await rewrite(source, file, segment);
    if (bytes === null) {
      await fs.remove(draft);
      return false;
    }
    await file.sync();
    await log.replace(segment, draft, bytes);
    return true;
  } catch (error) {
    // On a full disk half a draft would only take more room.
    await fs.remove(draft).catch(() => undefined);
    throw error;
  } finally {
    await file.close();
  }
}

/** Writes the new form and returns its bytes; null when the source is damaged. */
async function rewrite(source: Buffer, file: SpoolFile, segment: Segment): Promise<number | null> {
  const dictionary = soundBlock(source, 0);
  if (dictionary?.header.kind !== BlockKind.dictionary) return null;
  const packer = createPacker(
    file,
    readDictionary(dictionary.payload),
    source.subarray(0, 2 * dictionary.end),
  );
  await packer.begin();
  for (let at = 2 * dictionary.end; at < source.length;) {
    const block = soundBlock(source, at);
    if (block === null) return null;
    at = block.end;
    if (block.header.kind === BlockKind.readings) await packer.add(block.header, block.payload);
  }
  return packer.end(segment);
}

interface SoundBlock {
  readonly header: BlockHeader;
  readonly payload: Buffer;
  readonly end: number;
}

function soundBlock(bytes: Buffer, at: number): SoundBlock | null {
  const header = readHeader(bytes, at);
  if (header === null) return null;
  const end = at + HEADER_BYTES + header.payloadBytes;
  const payload = bytes.subarray(at + HEADER_BYTES, end);
  if (!isPayloadSound(header, payload)) return null;
  return { header, payload: header.isDeflated ? inflateRawSync(payload) : payload, end };
}

function createPacker(file: SpoolFile, tags: ReturnType<typeof readDictionary>, dictionaries: Buffer) {
  const decoder = new ColumnDecoder(tags);
  const encoder = new ColumnEncoder(tags);
  const joined = createBatch(BLOCK_ROWS_MAX);
  let first: BlockHeader | null = null;
  let last: BlockHeader | null = null;
  let at = 0;
  let nextSequence = 0;

  async function write(bytes: Buffer): Promise<void> {
    await file.write(bytes, at);
    at += bytes.length;
  }

  async function flush(): Promise<void> {
    if (first === null || last === null) return;
    const raw = encoder.encode(joined);
    const payload = deflateRawSync(raw, { level: LEVEL });
    const bytes = Buffer.alloc(HEADER_BYTES + payload.length);
    const facts = {
      ...first,
      count: joined.length,
      lastTime: last.lastTime,
      isDeflated: true,
      rawBytes: raw.length,
    };
    putBlock(bytes, 0, facts, payload);
    first = null;
    joined.length = 0;
    joined.exact.clear();
    await write(bytes);
  }

  return {
    begin: () => write(dictionaries),
    async add(header: BlockHeader, payload: Buffer): Promise<void> {
      const isNext = last !== null && last.first + last.count === header.first;
      if (!isNext || joined.length + header.count > BLOCK_ROWS_MAX) await flush();
      appendBatch(decoder.decode(payload, header.count), joined);
      first ??= header;
      last = header;
      nextSequence = header.sequence + 1;
    },
    async end(segment: Segment): Promise<number> {
      await flush();
      await write(footerOf({ ...segment, isCompacted: true }, nextSequence));
      return at;
    },
  };
}
