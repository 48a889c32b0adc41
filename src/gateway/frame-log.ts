import { appendFile, mkdir, rename, stat } from "node:fs/promises";
import { dirname } from "node:path";
import { frameLineText } from "../domain/frames.ts";
import type { FrameLine, FrameTap } from "../domain/frames.ts";
import type { Log } from "../domain/ports.ts";
import type { Cancel, Clock } from "../domain/time.ts";

/** The file, and one before it, have no more bytes than this each. */
const FILE_BYTES_MAX = 8 * 1024 * 1024;
/** Lines that wait for the disk; what comes beyond is counted. */
const WAITING_MAX = 20_000;
const FLUSH_MS = 500;

export interface FrameLogOptions {
  readonly file: string;
  /** Only this unit of the connection; null for all. */
  readonly unit: number | null;
  readonly words: (direction: ">" | "<", pdu: Uint8Array) => string;
  readonly clock: Clock;
  readonly log: Log;
}

export interface FrameLog extends FrameTap {
  /** Writes what waits and stops. */
  close(): Promise<void>;
}

/** Every frame of a connection as one line of a bounded file: when it is full it becomes `….1`, and a new one begins. Polling
 *  never waits for it. */
export function createFrameLog({ file, unit: only, words, clock, log }: FrameLogOptions): FrameLog {
  let waiting: string[] = [];
  let untold = 0;
  let writing: Promise<void> = Promise.resolve();
  let cancel: Cancel | null = null;

  function note(line: FrameLine, meaning: string): void {
    if (waiting.length >= WAITING_MAX) untold++;
    else waiting.push(frameLineText(line, meaning));
    cancel ??= clock.schedule(FLUSH_MS, flush);
  }

  function noteFrame(direction: ">" | "<", unit: number, bytes: Uint8Array): void {
    if (only !== null && unit !== only) return;
    const pdu = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString("hex").toUpperCase();
    note({ time: clock.now(), direction, unit, pdu }, words(direction, bytes));
  }

  function flush(): void {
    cancel?.();
    cancel = null;
    const lines = waiting;
    if (untold > 0) lines.push(`# ${untold} frames were left out: the disk was too slow`);
    waiting = [];
    untold = 0;
    if (lines.length === 0) return;
    writing = writing
      .then(() => append(file, `${lines.join("\n")}\n`))
      .catch((error: Error) => log.warn({ file, reason: error.message }, "the frame log cannot be written"));
  }

  return {
    sent: (unit, pdu) => noteFrame(">", unit, pdu),
    received: (unit, pdu) => noteFrame("<", unit, pdu),
    garbled: () => note({ time: clock.now(), direction: "?", unit: 0, pdu: "" }, "bytes that are no frame"),
    async close() {
      flush();
      await writing;
    },
  };
}

async function append(file: string, text: string): Promise<void> {
  await mkdir(dirname(file), { recursive: true });
  const { size } = await stat(file).catch(() => ({ size: 0 }));
  if (size > 0 && size + text.length > FILE_BYTES_MAX) await rename(file, `${file}.1`);
  await appendFile(file, text);
}
