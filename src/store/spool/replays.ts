import type { Log } from "../../domain/ports.ts";
import type { Cursors } from "./cursors.ts";
import { readLetters } from "./dead-letters.ts";
import type { DeadLetter } from "./dead-letters.ts";
import type { Feed } from "./feed.ts";
import type { SpoolFs } from "./fs.ts";

/** Files of dead letters that somebody asked to deliver once more: `replay-…ndjson`. */
const REPLAY_FILE = /^replay-.*\.ndjson$/u;

export interface ReplaysContext {
  readonly fs: SpoolFs;
  readonly folder: string;
  readonly log: Log;
  readonly feeds: readonly Feed[];
  readonly indexOf: ReadonlyMap<string, number>;
  readonly cursors: Cursors | null;
  bury(letters: readonly DeadLetter[]): Promise<void>;
}

/** Hands dead letters to the outputs that refused them, one file after the other. */
export interface Replays {
  /** Takes up the next file, and lays aside one that is done. */
  look(): Promise<void>;
  /** How far an output is with the file at hand. */
  cursor(output: string): { readonly file: string; readonly letters: number } | null;
}

interface Underway {
  readonly file: string;
  readonly left: Map<string, { done: number; readonly all: number }>;
}

export function createReplays(context: ReplaysContext): Replays {
  const { fs, folder, log, feeds, indexOf, cursors } = context;
  let underway: Underway | null = null;
  let finished: string | null = null;

  async function begin(file: string): Promise<void> {
    const letters = await readLetters(fs, `${folder}/${file}`);
    const left: Underway["left"] = new Map();
    underway = { file, left };
    const names = new Set(feeds.map(({ name }) => name));
    const lost = letters.filter(({ output, tag }) => !names.has(output) || !indexOf.has(tag));
    for (const feed of feeds) {
      const own = letters.filter(({ output, tag }) => output === feed.name && indexOf.has(tag));
      const before = cursors?.outputs[feed.name]?.replayed ?? null;
      const progress = { done: before?.file === file ? before.letters : 0, all: own.length };
      left.set(feed.name, progress);
      feed.replay(own, progress.done, (done) => {
        progress.done = done;
      });
    }
    log.info({ file, letters: letters.length }, "dead letters are delivered once more");
    if (lost.length > 0) await context.bury(lost);
  }

  return {
    async look() {
      if (underway !== null) {
        if ([...underway.left.values()].some(({ done, all }) => done < all)) return;
        if (finished !== underway.file) {
          finished = underway.file; // deleted in the next round, when the cursors know of it
          return;
        }
        await fs.remove(`${folder}/${underway.file}`);
        underway = null;
        for (const feed of feeds) feed.replay([], 0, () => undefined);
      }
      const [next] = (await fs.list(folder)).filter((name) => REPLAY_FILE.test(name)).sort();
      if (next !== undefined) await begin(next);
    },
    cursor(output) {
      const progress = underway?.left.get(output);
      return underway === null || progress === undefined
        ? null
        : { file: underway.file, letters: progress.done };
    },
  };
}
