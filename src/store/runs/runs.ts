import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import type { EpochMs } from "../../domain/time.ts";

/** How the run before this one ended, when nobody had asked for it. */
export interface UnaskedEnd {
  readonly at: EpochMs;
  /** What is known of it, without a full stop. */
  readonly cause: string;
  /** File with the details; null where there was no time to write one. */
  readonly report: string | null;
}

/** What is written of an end that nobody asked for, or of a state that somebody asked about. */
export interface RunReport {
  readonly at: EpochMs;
  readonly cause: string;
  readonly version: string;
  readonly node: string;
  readonly startedAt: EpochMs;
  readonly memory: Readonly<Record<string, number>>;
  readonly details: string;
  /** The last lines of the log, oldest first. */
  readonly log: readonly string[];
}

/** A run of the gateway in its data folder. */
export interface Run {
  /** Null after an end that was asked for, and at the very first start. */
  readonly before: UnaskedEnd | null;
  /** Writes a report for its owner alone, and returns its file. Throws the system's error. */
  report(report: RunReport): string;
  /** The run ends for this cause, which the next one tells of. */
  fails(end: UnaskedEnd): void;
  /** The run ends because it was asked to. */
  ends(): void;
}

const MARK = "run.json";
const REPORTS = "reports";
const REPORTS_MAX = 20;
const OWNER_ONLY = { mode: 0o600 } as const;

/** Marks the run as begun. A mark that is still there was left by one that had no time to take it away: killed, out of memory,
 *  without power. Throws the system's error where nothing can be written. */
export function beginRun(dataDir: string, pid: number): Run {
  mkdirSync(dataDir, { recursive: true });
  const mark = join(dataDir, MARK);
  const before = readEnd(mark);
  writeMark(mark, { pid });
  return {
    before,
    report(report) {
      const folder = join(dataDir, REPORTS);
      mkdirSync(folder, { recursive: true, mode: 0o700 });
      const file = join(folder, `${new Date(report.at).toISOString().replaceAll(":", "-")}.json`);
      writeFileSync(file, `${JSON.stringify(report, null, 2)}\n`, { ...OWNER_ONLY, flush: true });
      for (const old of readdirSync(folder).sort().slice(0, -REPORTS_MAX)) rmSync(join(folder, old));
      return file;
    },
    fails: (end) => writeMark(mark, { pid, end }),
    ends: () => rmSync(mark, { force: true }),
  };
}

/** Last seen alive: a file that the gateway writes every few seconds. */
const PULSE = "journal.sqlite-wal";

function readEnd(mark: string): UnaskedEnd | null {
  if (!existsSync(mark)) return null;
  const { end } = parse(readFileSync(mark, "utf8"));
  if (end !== undefined) return end;
  const pulse = join(mark, "..", PULSE);
  const at = Math.max(statSync(mark).mtimeMs, existsSync(pulse) ? statSync(pulse).mtimeMs : 0);
  return { at, cause: "it was killed, ran out of memory or lost its power", report: null };
}

function parse(text: string): { readonly end?: UnaskedEnd } {
  try {
    return JSON.parse(text) as { readonly end?: UnaskedEnd };
  } catch {
    return {}; // cut off by what ended the run
  }
}

function writeMark(mark: string, content: object): void {
  const draft = `${mark}.tmp`;
  writeFileSync(draft, JSON.stringify(content), { ...OWNER_ONLY, flush: true });
  renameSync(draft, mark);
}
