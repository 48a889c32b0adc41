import {
  closeSync,
  existsSync,
  fdatasyncSync,
  fsyncSync,
  ftruncateSync,
  openSync,
  readdirSync,
  readSync,
  rmSync,
  writeSync,
} from "node:fs";
import { join } from "node:path";
import { crc32 } from "node:zlib";
import { FRAME_HEAD_BYTES, ROW_BYTES } from "./frame.ts";
import { refused } from "./refused.ts";

const NAME = /^historian-open\.(\d+)$/;
const MAGIC = "pumahist";
const VERSION = 1;
const HEAD_BYTES = 16;

/** No frame is longer: what says so is no frame. */
const FRAME_BYTES_MAX = 64 * 1024 * 1024;

/** Frames that wait for a disk that takes nothing, at the most; then the oldest are given up, which memory still has. */
const WAITING_BYTES_MAX = 64 * 1024 * 1024;

/** The log of open readings: what has been accepted and is not in the database yet. A file is written once from its
 *  beginning to its end, and removed when the database has all of it. */
export class OpenLog {
  readonly number: number;
  readonly #file: number;
  #length = HEAD_BYTES;
  #isSynced = false;
  /** Frames that the disk has not taken yet, oldest first: none goes before an older one, however small it is. */
  readonly #waiting: ArrayBuffer[] = [];
  #waitingBytes = 0;

  /** Starts a new file. */
  constructor(dir: string, number: number) {
    this.number = number;
    this.#file = openSync(fileOf(dir, number), "wx");
    const head = Buffer.alloc(HEAD_BYTES);
    head.write(MAGIC, "latin1");
    head.writeUInt32LE(VERSION, MAGIC.length);
    writeWhole(this.#file, head, 0);
    syncFolder(dir);
  }

  /** Hands the frame to the system, so that it outlives this process, and before it those that still wait. Throws the
   *  system's error when the disk does not take it; it then waits, and nothing of it stays in the file. */
  append(frame: ArrayBuffer): void {
    this.#waiting.push(frame);
    this.#waitingBytes += frame.byteLength;
    while (this.#waitingBytes > WAITING_BYTES_MAX) this.#forgetFirst();
    while (this.#waiting.length > 0) {
      this.#write(this.#waiting[0] as ArrayBuffer);
      this.#forgetFirst();
    }
  }

  #forgetFirst(): void {
    this.#waitingBytes -= this.#waiting.shift()?.byteLength ?? 0;
  }

  #write(frame: ArrayBuffer): void {
    const bytes = Buffer.from(frame);
    bytes.writeUInt32LE(crc32(bytes.subarray(8)), 4);
    try {
      writeWhole(this.#file, bytes, this.#length);
    } catch (error) {
      ftruncateSync(this.#file, this.#length);
      throw error;
    }
    this.#length += bytes.length;
    this.#isSynced = false;
  }

  /** Waits until everything appended so far outlives a power cut. */
  sync(): void {
    if (this.#isSynced) return;
    fdatasyncSync(this.#file);
    this.#isSynced = true;
  }

  close(): void {
    closeSync(this.#file);
  }
}

/** Numbers of the log files that are there, oldest first. */
export function logNumbers(dir: string): number[] {
  if (!existsSync(dir)) return [];
  return readdirSync(dir)
    .flatMap((name) => NAME.exec(name)?.[1] ?? [])
    .map(Number)
    .sort((a, b) => a - b);
}

export function removeLog(dir: string, number: number): void {
  rmSync(fileOf(dir, number), { force: true });
}

/** Every whole frame of a log file, in order. A frame that was cut off or damaged ends it: what follows cannot be told
 *  apart from chance. Throws BadConfiguration when the file is of a newer form. */
export function* readLog(dir: string, number: number): Generator<ArrayBuffer> {
  const file = openSync(fileOf(dir, number), "r");
  try {
    const head = Buffer.alloc(HEAD_BYTES);
    if (readSync(file, head, 0, HEAD_BYTES, 0) < HEAD_BYTES) return;
    if (head.toString("latin1", 0, MAGIC.length) !== MAGIC) return;
    if (head.readUInt32LE(MAGIC.length) > VERSION)
      throw refused(
        fileOf(dir, number),
        "this was written by a newer version of the gateway. Nothing was changed",
      );
    for (let at = HEAD_BYTES; ;) {
      const frame = readFrame(file, at);
      if (frame === null) return;
      at += frame.byteLength;
      yield frame;
    }
  } finally {
    closeSync(file);
  }
}

function readFrame(file: number, at: number): ArrayBuffer | null {
  const head = Buffer.alloc(FRAME_HEAD_BYTES);
  if (readSync(file, head, 0, FRAME_HEAD_BYTES, at) < FRAME_HEAD_BYTES) return null;
  const length = head.readUInt32LE(0);
  const isConsistent = length === FRAME_HEAD_BYTES + ROW_BYTES * head.readUInt32LE(8) + head.readUInt32LE(12);
  if (!isConsistent || length > FRAME_BYTES_MAX) return null;
  const frame = new ArrayBuffer(length);
  const bytes = Buffer.from(frame);
  if (readSync(file, bytes, 0, length, at) < length) return null;
  return crc32(bytes.subarray(8)) === bytes.readUInt32LE(4) ? frame : null;
}

function fileOf(dir: string, number: number): string {
  return join(dir, `historian-open.${number}`);
}

/** `write` may take less than it is given without an error. */
function writeWhole(file: number, bytes: Uint8Array, position: number): void {
  for (let done = 0; done < bytes.length;)
    done += writeSync(file, bytes, done, bytes.length - done, position + done);
}

/** A new file's name outlives a power cut only when its folder is synced too. */
function syncFolder(dir: string): void {
  const folder = openSync(dir, "r");
  fsyncSync(folder);
  closeSync(folder);
}
