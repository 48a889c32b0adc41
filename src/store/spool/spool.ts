import { deflateRawSync } from "node:zlib";
import type { ReadingBatch } from "../../domain/batch.ts";
import type { SpoolHealth } from "../../domain/health.ts";
import type { Gap, Log } from "../../domain/ports.ts";
import type { Clock } from "../../domain/time.ts";
import { createArrivals } from "./arrivals.ts";
import type { Arrivals } from "./arrivals.ts";
import { createBacklog, writeDictionary } from "./backlog.ts";
import type { SpoolTag } from "./column-kinds.ts";
import { loadCursors } from "./cursors.ts";
import type { Cursor, Cursors } from "./cursors.ts";
import { buryLetters } from "./dead-letters.ts";
import type { DeadLetter } from "./dead-letters.ts";
import { createFeed } from "./feed.ts";
import type { Feed, FeedOptions } from "./feed.ts";
import { codeOf } from "./fs.ts";
import type { SpoolFs } from "./fs.ts";
import { startKeeper } from "./keeper.ts";
import type { TimesOf } from "./ledger.ts";
import { openSegmentLog } from "./log.ts";
import type { SegmentLog } from "./log.ts";
import { createSegmentReader } from "./reader.ts";
import { LIVE_MS } from "./present.ts";
import { createReplays } from "./replays.ts";
import { syncMedianMs } from "./sync-time.ts";
import { createWindow } from "./window.ts";
import type { Window } from "./window.ts";
import { createWriter, UNSYNCED_READINGS_MAX } from "./writer.ts";
import type { Writer } from "./writer.ts";

const SEGMENT_BYTES_MAX = 16 * 1024 * 1024;

/** A small spool has small segments, so that dropping one never drops much of it. */
const SEGMENTS_MIN = 16;

/** Newest readings kept in memory: 2 MiB. */
const WINDOW_READINGS_MAX = 65_536;

/** A disk that takes longer than this to sync is too slow for a gateway, ms. */
const SYNC_MS_MAX = 20;

const HOUR_MS = 3_600_000;

/** What came in less than this says nothing about an hour, ms. */
const RATE_SPAN_MS_MIN = 60_000;

export interface SpoolOptions {
  readonly fs: SpoolFs;
  readonly folder: string;
  readonly clock: Clock;
  readonly log: Log;
  /** In the order of their indices. */
  readonly tags: readonly SpoolTag[];
  readonly bytesMax: number;
  readonly outputs: readonly FeedOptions[];
  readonly unsyncedReadingsMax?: number;
}

/** Readings between pipeline and outputs, on disk. A reading is accepted when it is synced, and stays until every output
 *  has it, or until there is no room left, which is counted and told. */
export interface Spool {
  /** The batch must not change any more. */
  append(batch: ReadingBatch): void;
  readonly feeds: readonly Feed[];
  health(): SpoolHealth;
  /** Resolves when everything appended is on disk, or the disk fails. */
  flush(): Promise<void>;
  close(): Promise<void>;
}

/** Throws BadConfiguration when a newer version wrote the spool, and the system's error when its folder is out of reach. */
export async function openSpool(options: SpoolOptions): Promise<Spool> {
  const { fs, folder, clock, log, tags, bytesMax } = options;
  await fs.makeFolder(folder);
  const cursors = await loadCursors(fs, folder, log);
  const segments = await openReadings(options);
  noteOpening(options, segments, cursors);
  const end = Math.max(cursors?.end ?? 0, segments.end());
  const window = createWindow(WINDOW_READINGS_MAX, (from, to) =>
    feeds.some((feed) => feed.expects(from, to)),
  );
  const arrivals = createArrivals(LIVE_MS);
  const indexOf = new Map(tags.map(({ id }, index) => [id, index]));
  const bury = (letters: readonly DeadLetter[]): Promise<void> => buryOrCount(options, letters);
  const feeds = createFeeds({ options, segments, window, arrivals, cursors, end, indexOf, bury });
  const replays = createReplays({ fs, folder, log, feeds, indexOf, cursors, bury });
  const endNow = (): number => writer.end();
  const keeper = startKeeper({ fs, folder, clock, log, segments, feeds, replays, bytesMax, end: endNow });
  const writer = createWriter({
    clock,
    log,
    tags,
    segments,
    window,
    unsyncedReadingsMax: options.unsyncedReadingsMax ?? UNSYNCED_READINGS_MAX,
    end,
    accept: (entry) => {
      arrivals.note(entry);
      for (const feed of feeds) feed.offer(entry);
    },
    lose: ({ from, to }) => {
      for (const feed of feeds) feed.lose(from, to, "unprotected");
    },
    makeRoom: () => keeper.makeRoom(),
  });
  let syncMs: number | null = null;
  const measured = measureDisk(options).then((ms) => {
    syncMs = ms;
  });

  return {
    append: (batch) => writer.append(batch),
    feeds,
    health: () => healthOf(options, segments, writer, syncMs),
    flush: () => writer.flush(),
    async close() {
      await writer.flush();
      writer.close();
      await measured;
      await keeper.close();
      for (const feed of feeds) await feed.close();
      await segments.close();
    },
  };
}

interface FeedParts {
  readonly options: SpoolOptions;
  readonly segments: SegmentLog;
  readonly window: Window;
  readonly arrivals: Arrivals;
  readonly cursors: Cursors | null;
  readonly end: number;
  readonly indexOf: ReadonlyMap<string, number>;
  bury(letters: readonly DeadLetter[]): Promise<void>;
}

function createFeeds(parts: FeedParts): readonly Feed[] {
  const { options, segments, window, arrivals, cursors, end, indexOf } = parts;
  const { fs, clock, log, tags } = options;
  const tagIds = tags.map(({ id }) => id);
  const timeOf = (number: number): number | undefined => {
    const entry = window.find(number);
    return entry?.batch.receivedTime[number - entry.from];
  };
  const timesOf: TimesOf = (from, to) => {
    const near = timesIn(segments, from, to);
    return { from: timeOf(from) ?? near.from, to: timeOf(to - 1) ?? near.to };
  };
  return options.outputs.map((output) => {
    const backlog = createBacklog(createSegmentReader(fs, segments), indexOf);
    const cursor = cursorOf(cursors, output.name, segments, end);
    const bury = (letters: readonly DeadLetter[]): Promise<void> => parts.bury(letters);
    const feed = createFeed({
      options: output,
      clock,
      log,
      window,
      arrivals,
      backlog,
      tagIds,
      indexOf,
      cursor,
      bury,
      timesOf,
    });
    loseMissing(feed, segments, end);
    return feed;
  });
}

function healthOf(
  { bytesMax }: SpoolOptions,
  segments: SegmentLog,
  writer: Writer,
  syncMs: number | null,
): SpoolHealth {
  return {
    isProtected: writer.isProtected(),
    unprotected: writer.unprotected(),
    unsynced: writer.unsynced(),
    bytes: segments.bytes(),
    bytesMax,
    segments: segments.segments().length,
    oldest: segments.segments()[0]?.firstTime ?? null,
    bytesPerHour: bytesPerHourOf(segments),
    damagedBlocks: segments.found.damaged,
    tornBytes: segments.found.tornBytes,
    syncMs,
  };
}

/** Times in which no gateway ran do not count. */
function bytesPerHourOf(log: SegmentLog): number | null {
  const spanMs = log.segments().reduce((sum, { firstTime, lastTime }) => sum + lastTime - firstTime, 0);
  return spanMs < RATE_SPAN_MS_MIN ? null : (log.bytes() * HOUR_MS) / spanMs;
}

function openReadings({ fs, folder, tags, bytesMax, log }: SpoolOptions): Promise<SegmentLog> {
  const dictionary = writeDictionary(tags);
  return openSegmentLog({
    fs,
    folder: `${folder}/readings`,
    segmentBytesMax: Math.min(SEGMENT_BYTES_MAX, Math.ceil(bytesMax / SEGMENTS_MIN)),
    dictionary: { payload: deflateRawSync(dictionary), rawBytes: dictionary.length },
    log,
  });
}

function noteOpening(
  { log, folder, outputs }: SpoolOptions,
  { found }: SegmentLog,
  cursors: Cursors | null,
): void {
  if (found.damaged > 0 || found.tornBytes > 0)
    log.warn({ folder, ...found }, "the spool was mended: its last run did not end well");
  const names = new Set(outputs.map(({ name }) => name));
  for (const [name, { pending }] of Object.entries(cursors?.outputs ?? {}))
    if (!names.has(name))
      log.warn({ output: name, pending }, "the plant has no such output any more, its cursor is deleted");
}

/** Where an output goes on. What was synced after the cursors were last saved is new to it; an output that is new to the
 *  plant begins with the present; where the cursors are lost, all of them begin with the oldest reading. */
function cursorOf(cursors: Cursors | null, name: string, segments: SegmentLog, end: number): Cursor {
  const known = cursors?.outputs[name];
  const from = known === undefined ? end : (cursors?.end ?? end);
  const first = cursors === null ? (segments.segments()[0]?.first ?? end) : from;
  const cursor = known ?? NEW_CURSOR;
  const pending = first < end ? [...cursor.pending, [first, end] as const] : cursor.pending;
  return { ...cursor, accepted: cursor.accepted + end - first, pending };
}

const NEW_CURSOR: Cursor = {
  accepted: 0,
  delivered: 0,
  quarantined: 0,
  dropped: {},
  resent: 0,
  pending: [],
  lagging: [],
  gaps: [],
  replayed: null,
};

/** Numbers that no segment spans are gone: damaged, never on disk, or deleted before the cursors were saved. */
function loseMissing(feed: Feed, segments: SegmentLog, end: number): void {
  const { damaged, tornBytes } = segments.found;
  const unprotected = damaged > 0 || tornBytes > 0 ? "damaged" : "unprotected";
  let reached = 0;
  for (const segment of segments.segments()) {
    const reason = reached === 0 && damaged === 0 ? "spool-full" : unprotected;
    if (segment.first > reached) feed.lose(reached, segment.first, reason);
    reached = Math.max(reached, segment.end);
  }
  if (reached < end) feed.lose(reached, end, unprotected);
}

function timesIn(segments: SegmentLog, from: number, to: number): Pick<Gap, "from" | "to"> {
  const all = segments.segments();
  const first = all.find((segment) => segment.end > from) ?? all.at(-1);
  const last = all.findLast((segment) => segment.first < to) ?? first;
  return { from: first?.firstTime ?? 0, to: last?.lastTime ?? 0 };
}

async function buryOrCount({ fs, folder, log }: SpoolOptions, letters: readonly DeadLetter[]): Promise<void> {
  try {
    if (await buryLetters(fs, folder, letters)) return;
    log.error({ letters: letters.length }, "there is no room for more dead letters, these are only counted");
  } catch (error) {
    log.error(
      { letters: letters.length, reason: codeOf(error) },
      "dead letters cannot be written, these are only counted",
    );
  }
}

async function measureDisk({ fs, folder, clock, log }: SpoolOptions): Promise<number | null> {
  try {
    const syncMs = await syncMedianMs(fs, folder, clock);
    if (syncMs > SYNC_MS_MAX)
      log.warn(
        { syncMs },
        "the spool's disk is slow to sync: readings reach the outputs later, and many wear it out",
      );
    return syncMs;
  } catch (error) {
    log.warn({ reason: codeOf(error) }, "the spool's disk could not be measured");
    return null;
  }
}
