import type { Log } from "../../domain/ports.ts";
import type { Clock } from "../../domain/time.ts";
import { BlockKind, findBlock, HEADER_BYTES, isPayloadSound, readHeader } from "./block.ts";
import { readWhole } from "./fs.ts";
import type { SpoolFs } from "./fs.ts";
import { openSegmentLog } from "./log.ts";
import { isContent } from "./segment.ts";

/** Room for what must never give way to readings: alarms, audit, totals of shifts. */
const EVENTS_BYTES_MAX = 64 * 2 ** 20;

const SEGMENT_BYTES_MAX = 4 * 2 ** 20;

/** There is no room for another record, and none is ever dropped to make some. */
export class EventsFull extends Error {
  readonly code = "EVENTS_FULL";
}

export interface EventRecord {
  /** Counted since the spool was made. */
  readonly number: number;
  readonly bytes: Buffer;
}

/** Records in a partition of their own: a full spool of readings takes nothing from it. */
export interface Events {
  /** Resolves with its number when the record is on disk. Throws EventsFull, or the system's error. */
  append(record: Uint8Array): Promise<number>;
  /** The records from a number on, in order; damaged ones are left out. */
  read(from: number): Promise<readonly EventRecord[]>;
  /** Everything below the number is done with and may be deleted. */
  release(number: number): Promise<void>;
  bytes(): number;
  close(): Promise<void>;
}

export interface EventsOptions {
  readonly fs: SpoolFs;
  readonly folder: string;
  readonly clock: Clock;
  readonly log: Log;
  readonly bytesMax?: number;
}

/** Throws BadConfiguration when a newer version wrote it, and the system's error when its folder is out of reach. */
export async function openEvents(options: EventsOptions): Promise<Events> {
  const { fs, folder, clock, log, bytesMax = EVENTS_BYTES_MAX } = options;
  const segmentBytesMax = Math.min(SEGMENT_BYTES_MAX, bytesMax / 16);
  const segments = await openSegmentLog({
    fs,
    folder: `${folder}/events`,
    segmentBytesMax,
    dictionary: null,
    log,
  });
  let next = segments.end();
  let last: Promise<unknown> = Promise.resolve();

  async function appendNow(record: Uint8Array): Promise<number> {
    if (segments.bytes() + HEADER_BYTES + record.length > bytesMax)
      throw new EventsFull(`there is no room for more than ${bytesMax} bytes of events`);
    const time = clock.now();
    const facts = {
      kind: BlockKind.record,
      count: 1,
      first: next,
      firstTime: time,
      lastTime: time,
      isDeflated: false,
      rawBytes: record.length,
    };
    await segments.append(facts, record);
    return next++;
  }

  return {
    append(record) {
      const mine = last.then(() => appendNow(record));
      last = mine.catch(() => undefined);
      return mine;
    },
    async read(from) {
      const records: EventRecord[] = [];
      for (const { path, end, bytes } of segments.segments())
        if (end > from) records.push(...recordsIn((await readWhole(fs, path)).subarray(0, bytes), from));
      return records;
    },
    async release(number) {
      await last;
      // The newest stays: it knows what the next record is numbered.
      const all = segments.segments();
      await segments.remove(all.slice(0, -1).filter(({ isSealed, end }) => isSealed && end <= number));
    },
    bytes: () => segments.bytes(),
    async close() {
      await last;
      await segments.close();
    },
  };
}

function recordsIn(bytes: Buffer, from: number): EventRecord[] {
  const records: EventRecord[] = [];
  for (let at = findBlock(bytes, 0); at !== -1; at = findBlock(bytes, at)) {
    const header = readHeader(bytes, at);
    if (header === null) break;
    const payload = bytes.subarray(at + HEADER_BYTES, at + HEADER_BYTES + header.payloadBytes);
    if (isContent(header) && header.first >= from && isPayloadSound(header, payload))
      records.push({ number: header.first, bytes: payload });
    at += HEADER_BYTES + header.payloadBytes;
  }
  return records;
}
