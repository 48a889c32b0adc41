import type { Log } from "../../domain/ports.ts";
import { BlockKind, HEADER_BYTES, putBlock } from "./block.ts";
import type { BlockFacts } from "./block.ts";
import { codeOf, readWhole } from "./fs.ts";
import type { SpoolFs } from "./fs.ts";
import { GrowingFile } from "./growing-file.ts";
import { footerOf, readFooter, refuseNewer, scanSegment, segmentName, segmentNumber } from "./segment.ts";
import type { Segment } from "./segment.ts";

export interface SegmentLogOptions {
  readonly fs: SpoolFs;
  readonly folder: string;
  /** A segment with this many bytes is sealed, and the next one begun. */
  readonly segmentBytesMax: number;
  /** What each segment begins with, twice, so that no single damage takes the meaning from all of its blocks. */
  readonly dictionary: { readonly payload: Uint8Array; readonly rawBytes: number };
  readonly log: Log;
}

/** Blocks in bounded files, in order, each durable before its `append` resolves. One append at a time. */
export interface SegmentLog {
  /** In order; the last one may be growing. */
  segments(): readonly Segment[];
  bytes(): number;
  /** Number after the last one that is on disk; 0 in a new log. */
  end(): number;
  /** Blocks found damaged so far, and bytes of a block cut off in the middle of its writing when the log was opened. */
  readonly found: { damaged: number; readonly tornBytes: number };
  /** A block turned out to be damaged when it was read. Counted once, however often it is met. */
  noteDamage(segment: Segment, at: number): void;
  append(facts: Omit<BlockFacts, "sequence">, payload: Uint8Array): Promise<void>;
  /** Deletes the oldest segments. Durable sooner or later: what comes back after a power cut is deleted again. */
  remove(segments: readonly Segment[]): Promise<void>;
  /** Puts a rewritten file in the place of a sealed segment. */
  replace(segment: Segment, draft: string, bytes: number): Promise<void>;
  close(): Promise<void>;
}

/** A segment ends after a quarter of an hour, however little is in it: sealed, it can be deleted or rewritten. */
const SEGMENT_MS_MAX = 900_000;

/** Damaged places that are told apart: beyond it the disk is past helping. */
const DAMAGE_MAX = 10_000;

/** Opens a log and mends it: cuts a torn tail, closes segments that were growing, deletes what was never finished.
 *  Throws BadConfiguration, before anything is changed, when a newer version wrote it; and the system's error when the
 *  folder cannot be read. */
export async function openSegmentLog(options: SegmentLogOptions): Promise<SegmentLog> {
  const { fs, folder } = options;
  await fs.makeFolder(folder);
  const names = await fs.list(folder);
  const numbers = names.map(segmentNumber).filter((number) => number !== null);
  numbers.sort((a, b) => a - b);
  for (const number of numbers) await refuseNewer(fs, `${folder}/${segmentName(number)}`);
  for (const name of names.filter((one) => one.endsWith(".tmp"))) await fs.remove(`${folder}/${name}`);
  const found = { damaged: 0, tornBytes: 0 };
  const segments: Segment[] = [];
  let nextSequence = 0;
  for (const number of numbers) {
    const opened = await openSegment(options, number, found);
    if (opened === null) continue;
    segments.push(opened.segment);
    nextSequence = Math.max(nextSequence, opened.nextSequence);
  }
  return new FileLog(options, segments, (numbers.at(-1) ?? 0) + 1, nextSequence, found);
}

/** A segment of an earlier run, sealed; null when there was nothing in it. */
async function openSegment(
  options: SegmentLogOptions,
  number: number,
  found: { damaged: number; tornBytes: number },
): Promise<{ segment: Segment; nextSequence: number } | null> {
  const { fs, folder } = options;
  const path = `${folder}/${segmentName(number)}`;
  const sealed = await readFooter(fs, path, number);
  if (sealed !== null) return sealed;
  const bytes = await readWhole(fs, path);
  const scan = scanSegment(bytes);
  found.damaged += scan.damaged;
  found.tornBytes += scan.tornBytes;
  if (scan.span === null) {
    if (scan.damaged > 0)
      options.log.error({ path }, "a file of the spool is damaged beyond reading, deleted");
    await fs.remove(path);
    return null;
  }
  const segment: Segment = {
    number,
    path,
    ...scan.span,
    bytes: scan.soundBytes,
    isSealed: true,
    isCompacted: false,
    isRemoved: false,
  };
  await seal(options, segment, scan.nextSequence);
  return { segment, nextSequence: scan.nextSequence };
}

/** Cuts what is torn and writes the footer. On a disk that is full the segment stays as it is, to be scanned again. */
async function seal(options: SegmentLogOptions, segment: Segment, nextSequence: number): Promise<void> {
  const file = await options.fs.open(segment.path);
  try {
    await file.truncate(segment.bytes);
    await file.write(footerOf(segment, nextSequence), segment.bytes);
    await file.sync();
    segment.bytes += HEADER_BYTES;
  } catch (error) {
    options.log.warn(
      { path: segment.path, reason: codeOf(error) },
      "a file of the spool could not be closed",
    );
  } finally {
    await file.close();
  }
}

class FileLog implements SegmentLog {
  readonly found: SegmentLog["found"];
  readonly #options: SegmentLogOptions;
  readonly #segments: Segment[];
  #nextNumber: number;
  #nextSequence: number;
  #active: { readonly segment: Segment; readonly file: GrowingFile } | null = null;
  #out = Buffer.alloc(64 * 1024);
  readonly #damage = new Set<string>();

  constructor(
    options: SegmentLogOptions,
    segments: Segment[],
    nextNumber: number,
    nextSequence: number,
    found: SegmentLog["found"],
  ) {
    this.#options = options;
    this.#segments = segments;
    this.#nextNumber = nextNumber;
    this.#nextSequence = nextSequence;
    this.found = found;
  }

  segments(): readonly Segment[] {
    return this.#segments;
  }

  bytes(): number {
    let sum = 0;
    for (const { bytes } of this.#segments) sum += bytes;
    return sum;
  }

  end(): number {
    return this.#segments.reduce((end, segment) => Math.max(end, segment.end), 0);
  }

  noteDamage({ path }: Segment, at: number): void {
    const place = `${path} ${at}`;
    if (this.#damage.has(place) || this.#damage.size >= DAMAGE_MAX) return;
    this.#damage.add(place);
    this.found.damaged++;
    this.#options.log.error({ path, at }, "a block of the spool is damaged, only this one is left out");
  }

  async append(facts: Omit<BlockFacts, "sequence">, payload: Uint8Array): Promise<void> {
    const isFirst = this.#active === null;
    try {
      this.#active ??= await this.#begin(facts);
      const { segment, file } = this.#active;
      const bytes = this.#assemble(isFirst, { ...facts, sequence: this.#nextSequence }, payload);
      await file.write(bytes, segment.bytes);
      if (isFirst) await this.#options.fs.syncFolder(this.#options.folder);
      if (isFirst) this.#segments.push(segment);
      segment.bytes += bytes.length;
      segment.end = facts.first + facts.count;
      segment.lastTime = facts.lastTime;
      this.#nextSequence++;
    } catch (error) {
      await this.#abandon();
      throw error;
    }
    const { bytes, firstTime } = this.#active.segment;
    if (bytes >= this.#options.segmentBytesMax || facts.lastTime - firstTime >= SEGMENT_MS_MAX)
      await this.#seal();
  }

  async #begin({
    first,
    firstTime,
  }: Omit<BlockFacts, "sequence">): Promise<{ segment: Segment; file: GrowingFile }> {
    const number = this.#nextNumber++;
    const path = `${this.#options.folder}/${segmentName(number)}`;
    const file = new GrowingFile(await this.#options.fs.createSynced(path), this.#options.segmentBytesMax);
    const segment: Segment = {
      number,
      path,
      first,
      end: first,
      firstTime,
      lastTime: firstTime,
      bytes: 0,
      isSealed: false,
      isCompacted: false,
      isRemoved: false,
    };
    return { segment, file };
  }

  /** The block, behind two dictionaries when it is the first of its segment. */
  #assemble(isFirst: boolean, facts: BlockFacts, payload: Uint8Array): Buffer {
    const { dictionary } = this.#options;
    const room = 3 * HEADER_BYTES + payload.length + 2 * dictionary.payload.length;
    if (room > this.#out.length) this.#out = Buffer.alloc(2 * room);
    let end = 0;
    if (isFirst) {
      const about = {
        ...facts,
        kind: BlockKind.dictionary,
        count: 0,
        isDeflated: true,
        rawBytes: dictionary.rawBytes,
      };
      end = putBlock(this.#out, end, about, dictionary.payload);
      end = putBlock(this.#out, end, about, dictionary.payload);
    }
    end = putBlock(this.#out, end, facts, payload);
    return this.#out.subarray(0, end);
  }

  async #seal(): Promise<void> {
    const active = this.#active;
    if (active === null) return;
    this.#active = null;
    const { segment, file } = active;
    segment.isSealed = true;
    try {
      const footer = footerOf(segment, this.#nextSequence);
      await file.write(footer, segment.bytes);
      segment.bytes += footer.length;
      await file.close(segment.bytes);
    } catch (error) {
      await file.close(segment.bytes).catch(() => undefined);
      this.#options.log.warn(
        { path: segment.path, reason: codeOf(error) },
        "a file of the spool could not be closed",
      );
    }
  }

  /** After a failed write or sync nobody knows what the disk holds of it: what was good stays, and a new file begins. */
  async #abandon(): Promise<void> {
    const active = this.#active;
    if (active === null) return;
    this.#active = null;
    const { segment, file } = active;
    segment.isSealed = true;
    await file.close(segment.bytes).catch(() => undefined);
    if (segment.bytes === 0) await this.#options.fs.remove(segment.path).catch(() => undefined);
  }

  async remove(segments: readonly Segment[]): Promise<void> {
    for (const segment of segments) {
      segment.isRemoved = true;
      this.#segments.splice(this.#segments.indexOf(segment), 1);
      try {
        await this.#options.fs.remove(segment.path);
      } catch (error) {
        this.#options.log.warn(
          { path: segment.path, reason: codeOf(error) },
          "a file of the spool could not be deleted",
        );
      }
    }
  }

  async replace(segment: Segment, draft: string, bytes: number): Promise<void> {
    await this.#options.fs.rename(draft, segment.path);
    segment.bytes = bytes;
    segment.isCompacted = true;
    await this.#options.fs.syncFolder(this.#options.folder);
  }

  close(): Promise<void> {
    return this.#seal();
  }
}
