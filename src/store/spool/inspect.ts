import type { Log } from "../../domain/ports.ts";
import type { EpochMs } from "../../domain/time.ts";
import { loadCursors } from "./cursors.ts";
import type { Cursors } from "./cursors.ts";
import { DEAD_LETTERS_FILE, readLetters } from "./dead-letters.ts";
import type { DeadLetter } from "./dead-letters.ts";
import { readWhole } from "./fs.ts";
import type { SpoolFs } from "./fs.ts";
import { readFooter, refuseNewer, scanSegment, segmentName, segmentNumber } from "./segment.ts";

/** What lies in a spool, seen from outside: the gateway may be running, or not. */
export interface SpoolContents {
  readonly files: number;
  readonly bytes: number;
  /** Readings on disk, and the received times of the first and the last; null when there are none. */
  readonly readings: number;
  readonly from: EpochMs | null;
  readonly to: EpochMs | null;
  /** Blocks that a scan of the files that still grow found damaged. */
  readonly damaged: number;
  /** How far the outputs were a second ago at the most; null when nothing was saved yet. */
  readonly cursors: Cursors | null;
}

/** Changes nothing. Throws BadConfiguration when a newer version wrote the spool. */
export async function inspectSpool(fs: SpoolFs, folder: string, log: Log): Promise<SpoolContents> {
  const cursors = await loadCursors(fs, folder, log);
  const readings = `${folder}/readings`;
  const numbers = (await fs.list(readings)).map(segmentNumber).filter((number) => number !== null);
  numbers.sort((a, b) => a - b);
  const sum = { files: numbers.length, bytes: 0, readings: 0, damaged: 0 };
  let from: EpochMs | null = null;
  let to: EpochMs | null = null;
  for (const number of numbers) {
    const { span, bytes, damaged } = await lookAt(fs, `${readings}/${segmentName(number)}`, number);
    sum.bytes += bytes;
    sum.damaged += damaged;
    if (span === null) continue;
    sum.readings += span.end - span.first;
    from ??= span.firstTime;
    to = span.lastTime;
  }
  return { ...sum, from, to, cursors };
}

async function lookAt(fs: SpoolFs, path: string, number: number) {
  await refuseNewer(fs, path);
  const sealed = await readFooter(fs, path, number);
  if (sealed !== null) return { span: sealed.segment, bytes: sealed.segment.bytes, damaged: 0 };
  const bytes = await readWhole(fs, path);
  const { span, damaged } = scanSegment(bytes);
  return { span, bytes: bytes.length, damaged };
}

/** The refused readings that wait for an engineer. */
export async function deadLetters(fs: SpoolFs, folder: string): Promise<readonly DeadLetter[]> {
  const names = await fs.list(folder);
  return names.includes(DEAD_LETTERS_FILE) ? readLetters(fs, `${folder}/${DEAD_LETTERS_FILE}`) : [];
}

/** Hands all dead letters to the gateway for another try: it takes them up within seconds, or when it starts. Returns how
 *  many they are. */
export async function replayDeadLetters(fs: SpoolFs, folder: string, now: EpochMs): Promise<number> {
  const letters = await deadLetters(fs, folder);
  if (letters.length === 0) return 0;
  await fs.rename(`${folder}/${DEAD_LETTERS_FILE}`, `${folder}/replay-${now}.ndjson`);
  await fs.syncFolder(folder);
  return letters.length;
}
