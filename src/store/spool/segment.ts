import {
  BlockKind,
  findBlock,
  FORMAT_VERSION,
  HEADER_BYTES,
  isPayloadSound,
  putBlock,
  readHeader,
} from "./block.ts";
import type { BlockHeader } from "./block.ts";
import { BadConfiguration } from "../../domain/errors.ts";
import type { SpoolFs } from "./fs.ts";

/** One file of the log: blocks one after the other, closed by a footer when nothing more will come. Readings are
 *  numbered since the spool was made, so that a cursor is a number and survives every rewriting of files. */
export interface Segment {
  readonly number: number;
  readonly path: string;
  /** Numbers it holds: from `first` up to, but without, `end`. Some in between may be missing. */
  first: number;
  end: number;
  /** Received times of its first and last reading, UTC ms. */
  firstTime: number;
  lastTime: number;
  /** Synced bytes. */
  bytes: number;
  isSealed: boolean;
  isCompacted: boolean;
  isRemoved: boolean;
}

export function segmentName(number: number): string {
  return `${String(number).padStart(10, "0")}.spool`;
}

/** The number in a segment's name, or null for any other file. */
export function segmentNumber(name: string): number | null {
  const digits = /^(\d{10})\.spool$/u.exec(name)?.[1];
  return digits === undefined ? null : Number(digits);
}

/** What a whole file turned out to hold. */
export interface Scan {
  /** From the first sound block of readings; null when there is none. */
  readonly span: Pick<Segment, "first" | "end" | "firstTime" | "lastTime"> | null;
  readonly nextSequence: number;
  /** Up to here everything is sound or has a sound block behind it. */
  readonly soundBytes: number;
  /** What was written behind that. The zeros of a file that was to grow are not. */
  readonly tornBytes: number;
  /** Blocks, or places between blocks, that are damaged. */
  readonly damaged: number;
}

/** Looks at every block of a file, payloads included. What is damaged and has nothing sound behind it counts as torn: it
 *  was being written when the power went. */
export function scanSegment(bytes: Buffer): Scan {
  const scan = { span: null as Scan["span"], nextSequence: 0, soundBytes: 0, tornBytes: 0, damaged: 0 };
  let suspects = 0;
  for (let at = 0; at !== -1 && at < bytes.length;) {
    const header = readHeader(bytes, at);
    const end = at + HEADER_BYTES + (header?.payloadBytes ?? 0);
    if (header === null || !isPayloadSound(header, bytes.subarray(at + HEADER_BYTES, end))) {
      suspects++;
      at = findBlock(bytes, at + 1);
      continue;
    }
    scan.damaged += suspects;
    suspects = 0;
    scan.soundBytes = end;
    at = end;
    if (header.kind !== BlockKind.readings) continue;
    scan.span = widen(scan.span, header);
    scan.nextSequence = header.sequence + 1;
  }
  scan.tornBytes = writtenBytes(bytes, scan.soundBytes) - scan.soundBytes;
  return scan;
}

/** Where the zeros at the end begin, at `from` at the earliest. */
function writtenBytes(bytes: Buffer, from: number): number {
  let end = bytes.length;
  while (end > from && bytes[end - 1] === 0) end--;
  return end;
}

function widen(
  span: Scan["span"],
  { first, count, firstTime, lastTime }: BlockHeader,
): NonNullable<Scan["span"]> {
  if (span === null) return { first, end: first + count, firstTime, lastTime };
  return { ...span, end: Math.max(span.end, first + count), lastTime };
}

/** The last block of a sealed segment: where to find what, without reading the file. */
export function footerOf(segment: Segment, nextSequence: number): Buffer {
  const bytes = Buffer.alloc(HEADER_BYTES);
  const facts = {
    kind: BlockKind.footer,
    count: segment.end - segment.first,
    sequence: nextSequence - 1,
    first: segment.first,
    firstTime: segment.firstTime,
    lastTime: segment.lastTime,
    isDeflated: false,
    isCompacted: segment.isCompacted,
    rawBytes: 0,
  };
  putBlock(bytes, 0, facts, new Uint8Array(0));
  return bytes;
}

/** Throws BadConfiguration when the file was written by a newer version. Changes nothing. */
export async function refuseNewer(fs: SpoolFs, path: string): Promise<void> {
  const file = await fs.open(path);
  try {
    const head = Buffer.alloc(HEADER_BYTES);
    await file.read(head, 0);
    const header = readHeader(head, 0);
    if (header === null || header.version <= FORMAT_VERSION) return;
    const sentence =
      `this spool was written by a newer version of the gateway (format ${header.version}, this one reads up to ` +
      `${FORMAT_VERSION}). Nothing was changed; run that version, or give this one another data folder`;
    throw new BadConfiguration([{ file: path, line: 1, column: 1, path: "version", told: sentence }]);
  } finally {
    await file.close();
  }
}

/** A sealed segment by its footer; null when it is not sealed. Changes nothing. */
export async function readFooter(
  fs: SpoolFs,
  path: string,
  number: number,
): Promise<{ segment: Segment; nextSequence: number } | null> {
  const file = await fs.open(path);
  try {
    const bytes = await file.size();
    const tail = Buffer.alloc(HEADER_BYTES);
    await file.read(tail, Math.max(0, bytes - HEADER_BYTES));
    const footer = readHeader(tail, 0);
    if (footer?.kind !== BlockKind.footer) return null;
    const { first, count, firstTime, lastTime, isCompacted, sequence } = footer;
    const span = { first, end: first + count, firstTime, lastTime };
    const segment = { number, path, ...span, bytes, isSealed: true, isCompacted, isRemoved: false };
    return { segment, nextSequence: sequence + 1 };
  } finally {
    await file.close();
  }
}
