import { createBatch } from "../../domain/batch.ts";
import type { ReadingBatch } from "../../domain/batch.ts";
import type { EpochMs } from "../../domain/time.ts";
import { codeOf, readWhole } from "./fs.ts";
import type { SpoolFile, SpoolFs } from "./fs.ts";

export const DEAD_LETTERS_FILE = "dead-letters.ndjson";

/** Beyond it refused readings are only counted. */
export const DEAD_LETTERS_BYTES_MAX = 64 * 1024 * 1024;

/** A reading that a sink refused for good, as one line of JSON: for an engineer to look at, and to deliver again. */
export interface DeadLetter {
  readonly output: string;
  readonly tag: string;
  /** UTC ms: when the plant says it was so, and when we read it. */
  readonly time: EpochMs;
  readonly received: EpochMs;
  /** Null for a bad reading; a text of digits, with `kind`, for a 64-bit integer. */
  readonly value: number | string | null;
  readonly kind?: "integer";
  readonly status: number;
  readonly reason: string;
}

/** The row of a batch as a dead letter. */
export function letterOf(
  batch: ReadingBatch,
  row: number,
  about: Pick<DeadLetter, "output" | "tag" | "reason">,
): DeadLetter {
  const exact = batch.exact.get(row);
  const number = batch.value[row] ?? NaN;
  const value = Number.isNaN(number) ? null : number;
  return {
    ...about,
    time: batch.sourceTime[row] ?? NaN,
    received: batch.receivedTime[row] ?? NaN,
    value: exact === undefined ? value : String(exact),
    ...(typeof exact === "bigint" ? { kind: "integer" as const } : {}),
    status: batch.status[row] ?? 0,
  };
}

/** Letters as readings again; `indexOf` gives the place of a tag in the plant. */
export function batchOfLetters(
  letters: readonly DeadLetter[],
  indexOf: ReadonlyMap<string, number>,
): ReadingBatch {
  const batch = createBatch(letters.length);
  batch.length = letters.length;
  for (const [row, { tag, value, kind, status, time, received }] of letters.entries()) {
    batch.tag[row] = indexOf.get(tag) ?? -1;
    batch.value[row] = numberOf(value, kind);
    batch.status[row] = status;
    batch.sourceTime[row] = time;
    batch.receivedTime[row] = received;
    if (typeof value === "string") batch.exact.set(row, kind === "integer" ? BigInt(value) : value);
  }
  return batch;
}

function numberOf(value: DeadLetter["value"], kind: DeadLetter["kind"]): number {
  if (typeof value === "number") return value;
  return kind === "integer" ? Number(value) : NaN;
}

export async function readLetters(fs: SpoolFs, path: string): Promise<DeadLetter[]> {
  const text = (await readWhole(fs, path)).toString("utf8");
  const lines = text.split("\n").slice(0, -1);
  return lines.flatMap((line) => parseLetter(line) ?? []);
}

/** Null for the torn end of a line and for anything else that is no letter. */
function parseLetter(line: string): DeadLetter | null {
  try {
    const letter = JSON.parse(line) as DeadLetter;
    return typeof letter.output === "string" && typeof letter.tag === "string" ? letter : null;
  } catch {
    return null;
  }
}

/** Appends letters, durably. False when the file has no room for them. */
export async function buryLetters(
  fs: SpoolFs,
  folder: string,
  letters: readonly DeadLetter[],
): Promise<boolean> {
  const file = await openLetters(fs, folder);
  try {
    const at = await file.size();
    const start = (await endsInMidLine(file, at)) ? "\n" : "";
    const bytes = Buffer.from(start + letters.map((letter) => `${JSON.stringify(letter)}\n`).join(""));
    if (at + bytes.length > DEAD_LETTERS_BYTES_MAX) return false;
    await file.write(bytes, at);
    await file.sync();
    return true;
  } finally {
    await file.close();
  }
}

/** A power cut may have left half a line, which must not swallow the next one. */
async function endsInMidLine(file: SpoolFile, size: number): Promise<boolean> {
  const last = new Uint8Array(1);
  return size > 0 && (await file.read(last, size - 1)) === 1 && last[0] !== 0x0a;
}

async function openLetters(fs: SpoolFs, folder: string): Promise<SpoolFile> {
  const path = `${folder}/${DEAD_LETTERS_FILE}`;
  try {
    return await fs.open(path);
  } catch (error) {
    if (codeOf(error) !== "ENOENT") throw error;
    const file = await fs.create(path);
    await fs.syncFolder(folder);
    return file;
  }
}
