import { crc32 } from "node:zlib";
import type { Log } from "../../domain/ports.ts";
import { BadConfiguration } from "../../domain/errors.ts";
import { codeOf, readWhole, replaceFile } from "./fs.ts";
import type { SpoolFs } from "./fs.ts";
import type { Gap } from "../../domain/ports.ts";
import type { Range } from "./ranges.ts";

const CURSORS_VERSION = 1;
export const CURSORS_FILE = "cursors.json";

/** How far one output is, and what became of its readings since the output was added. */
export interface Cursor {
  readonly accepted: number;
  readonly delivered: number;
  readonly quarantined: number;
  readonly dropped: Readonly<Record<string, number>>;
  readonly resent: number;
  readonly pending: readonly Range[];
  /** Acknowledged so lately that the sink may yet lose them: they are sent again when it comes back. */
  readonly lagging: readonly Range[];
  /** Losses that the output has not been told of. */
  readonly gaps: readonly Gap[];
  /** Letters of the file at hand that were delivered once more; null when there is no such file. */
  readonly replayed: { readonly file: string; readonly letters: number } | null;
}

export interface Cursors {
  /** Number after the last reading that was accepted. */
  readonly end: number;
  readonly outputs: Readonly<Record<string, Cursor>>;
}

const NO_CURSORS: Cursors = { end: 0, outputs: {} };

/** What the last run left; null when there is nothing or it is damaged: then all that is on disk is delivered again.
 *  Throws BadConfiguration when a newer version wrote it. */
export async function loadCursors(fs: SpoolFs, folder: string, log: Log): Promise<Cursors | null> {
  const path = `${folder}/${CURSORS_FILE}`;
  try {
    if (!(await fs.list(folder)).includes(CURSORS_FILE)) return null;
    const [sum = "", text = ""] = (await readWhole(fs, path)).toString("utf8").split("\n");
    if (Number(sum) !== crc32(text)) throw new SyntaxError("the checksum does not fit");
    const { version, ...cursors } = JSON.parse(text) as Cursors & { version: number };
    if (version <= CURSORS_VERSION) return { ...NO_CURSORS, ...cursors };
    const sentence = `these cursors were written by a newer version of the gateway (format ${version}). Nothing was changed`;
    throw new BadConfiguration([{ file: path, line: 2, column: 1, path: "version", told: sentence }]);
  } catch (error) {
    if (error instanceof BadConfiguration) throw error;
    if (codeOf(error) === "ENOENT") return null; // no gateway has run here yet
    log.error(
      { path, reason: codeOf(error) },
      "the spool's cursors are damaged: everything in it is sent again",
    );
    return null;
  }
}

/** First line the checksum of the second, second line JSON. */
export async function saveCursors(fs: SpoolFs, folder: string, cursors: Cursors): Promise<void> {
  const text = JSON.stringify({ version: CURSORS_VERSION, ...cursors });
  await replaceFile(fs, folder, CURSORS_FILE, Buffer.from(`${crc32(text)}\n${text}\n`));
}
