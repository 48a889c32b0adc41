import { lstat, mkdir, open, readdir, readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { backup, DatabaseSync } from "node:sqlite";
import { HISTORIAN_FILE } from "../historian/archive.ts";
import { CURSORS_FILE } from "../spool/cursors.ts";
import { codeOf } from "../spool/fs.ts";
import type { PackedEntry } from "./tar.ts";

/** A file on its way into a backup. */
export interface Parcel extends PackedEntry {
  /** Form of the database that it is; null for other files. */
  readonly form: number | null;
}

export interface DataChoice {
  readonly dir: string;
  /** Folder of our own for copies of databases. */
  readonly staging: string;
  readonly withHistory: boolean;
  readonly withSpool: boolean;
}

const SPOOL = "spool";
const SQLITE_HEAD = Buffer.from("SQLite format 3\0");

/** Pages that are copied in one go: all of them, else a gateway that goes on writing would have the copy begun anew. */
const ALL_PAGES = 2 ** 31 - 1;

/** Belong to a file that is copied as a whole, or to a process that runs. */
const PASSING = /-(wal|shm|journal)$|\.(lock|tmp|new)$|^run\.json$/u;

/** Everything in the data folder of a gateway that may be running, each piece whole. What takes readings comes before what it
 *  hands them on to, so that one that is on its way meanwhile is in the backup twice rather than not at all. */
export async function* dataFiles(choice: DataChoice): AsyncGenerator<Parcel> {
  const { dir, withHistory, withSpool } = choice;
  if (withSpool) yield* spoolFiles(join(dir, SPOOL));
  const files = (await filesBelow(dir, "")).filter((name) => !name.startsWith(`${SPOOL}/`));
  const isHistory = (name: string): boolean => /^historian[.-]/u.test(name);
  const history = files
    .filter(isHistory)
    .sort((a, b) => Number(a === HISTORIAN_FILE) - Number(b === HISTORIAN_FILE));
  if (withHistory) for (const name of history) yield* dataFile(choice, name);
  for (const name of files) if (!isHistory(name)) yield* dataFile(choice, name);
}

/** How far the outputs are, as it was before the readings were looked at: what they have taken since goes out once more. */
async function* spoolFiles(folder: string): AsyncGenerator<Parcel> {
  const cursors = await readFile(join(folder, CURSORS_FILE)).catch(absent);
  if (cursors !== null) {
    const name = `data/${SPOOL}/${CURSORS_FILE}`;
    yield { name, bytes: cursors.length, mode: 0o640, content: [cursors], form: null };
  }
  for (const name of await filesBelow(folder, ""))
    if (name !== CURSORS_FILE) yield* plainFile(join(folder, name), `data/${SPOOL}/${name}`);
}

async function* dataFile({ dir, staging }: DataChoice, name: string): AsyncGenerator<Parcel> {
  const path = join(dir, name);
  if (!(await isDatabase(path))) return yield* plainFile(path, `data/${name}`);
  await mkdir(staging, { recursive: true, mode: 0o700 });
  const copy = join(staging, name.replaceAll("/", "-"));
  const form = await copyDatabase(path, copy);
  const mode = (await stat(path)).mode & 0o777;
  for await (const parcel of plainFile(copy, `data/${name}`)) yield { ...parcel, mode, form };
}

/** A copy of one moment, whoever writes meanwhile. Returns the form of its tables. */
async function copyDatabase(from: string, to: string): Promise<number> {
  const source = new DatabaseSync(from, { readOnly: true, timeout: 5_000 });
  try {
    await backup(source, to, { rate: ALL_PAGES });
  } finally {
    source.close();
  }
  const copy = new DatabaseSync(to);
  try {
    // A file for itself: one of a log would want its side files.
    copy.exec("PRAGMA journal_mode = DELETE");
    return Number(copy.prepare("PRAGMA user_version").get()?.["user_version"]);
  } finally {
    copy.close();
  }
}

/** As long as the file is now, even if it grows. Nothing where it has gone: what it held is elsewhere then. */
export async function* plainFile(path: string, name: string): AsyncGenerator<Parcel> {
  const file = await open(path).catch(absent);
  if (file === null) return;
  try {
    const { size: bytes, mode } = await file.stat();
    const content = (): AsyncIterable<Buffer> =>
      file.createReadStream({ start: 0, end: bytes - 1, autoClose: false });
    yield { name, bytes, mode: mode & 0o777, content: bytes === 0 ? [] : content(), form: null };
  } finally {
    await file.close();
  }
}

async function isDatabase(path: string): Promise<boolean> {
  const file = await open(path).catch(absent);
  if (file === null) return false;
  try {
    const head = Buffer.alloc(SQLITE_HEAD.length);
    await file.read(head, 0, head.length, 0);
    return head.equals(SQLITE_HEAD);
  } finally {
    await file.close();
  }
}

/** Names of the regular files, and of the links to such, relative and in order. */
async function filesBelow(folder: string, prefix: string): Promise<string[]> {
  const names = (await readdir(folder).catch(absent)) ?? [];
  const found: string[] = [];
  for (const name of names.sort()) {
    if (PASSING.test(name)) continue;
    const path = join(folder, name);
    const [itself, target] = await Promise.all([lstat(path).catch(absent), stat(path).catch(absent)]);
    if (itself?.isDirectory() === true) found.push(...(await filesBelow(path, `${prefix}${name}/`)));
    else if (target?.isFile() === true) found.push(prefix + name);
  }
  return found;
}

function absent(error: unknown): null {
  if (codeOf(error) === "ENOENT") return null;
  throw error;
}
