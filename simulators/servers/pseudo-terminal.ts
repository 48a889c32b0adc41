import { closeSync, lstatSync, mkdirSync, readlinkSync, renameSync, rmSync, symlinkSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname } from "node:path";
import { ReadStream } from "node:tty";
import type { Listener, StreamReader } from "./listener.ts";
import type { ModbusLine, Send } from "./modbus-line.ts";

interface NativePty {
  open(columns: number, rows: number): { master: number; slave: number; pty: string };
}

/** The other end of a serial line, as programs see it. */
export interface PseudoTerminal extends Listener {
  /** What clients open: a link that stays the same over close and open. */
  readonly path: string;
}

/** Serves a line on a pseudo-terminal of the kernel that `path` is a link to. Whatever opens a serial port can open it;
 *  speed and parity can be set and change nothing.
 *  `open` throws when the path is taken by something that is not a link to a terminal: a real device is never replaced. */
export function createPseudoTerminal(
  line: ModbusLine,
  path: string,
  readerFor: (line: ModbusLine, send: Send) => StreamReader,
): PseudoTerminal {
  let current: { stream: ReadStream; reader: StreamReader; slave: number; device: string } | null = null;

  return {
    path,
    async open() {
      const { master, slave, pty } = loadNative().open(80, 24);
      const stream = new ReadStream(master);
      const reader = readerFor(line, (bytes) => {
        if (!stream.destroyed) stream.write(bytes);
      });
      stream.on("data", (chunk) => reader.receive(chunk));
      // The kernel reports EIO when the last client has gone; we hold one end open ourselves, so nothing is lost by it.
      stream.on("error", () => {});
      current = { stream, reader, slave, device: pty };
      link(path, pty);
      await Promise.resolve();
    },
    async close() {
      if (current === null) return;
      const { stream, reader, slave, device } = current;
      current = null;
      unlink(path, device);
      reader.close();
      closeSync(slave);
      await new Promise<void>((resolve) => {
        stream.once("close", () => resolve());
        stream.destroy();
      });
    },
  };
}

/** Whether a link at `path` leads to a terminal that exists, or something that is no link of ours stands there. */
export function isTaken(path: string): boolean {
  const target = linkTarget(path);
  if (target === null) return lstatSync(path, { throwIfNoEntry: false }) !== undefined;
  return lstatSync(target, { throwIfNoEntry: false }) !== undefined;
}

/** The wrapper package's own `open` reads the far end as well and so eats the requests: its native part does not. */
function loadNative(): NativePty {
  const load = createRequire(import.meta.url);
  const module = `@lydell/node-pty-${process.platform}-${process.arch}/pty.node`;
  try {
    return load(module) as NativePty;
  } catch (error) {
    throw new Error(
      `A serial line cannot be simulated on ${process.platform}-${process.arch}: ${module} is missing.`,
      { cause: error },
    );
  }
}

/** Replaces a link that a former run left behind in one step. */
function link(path: string, device: string): void {
  const target = linkTarget(path);
  if (target === null && lstatSync(path, { throwIfNoEntry: false }) !== undefined)
    throw new Error(`${path} exists and is no link to a simulated line; it is left alone.`);
  mkdirSync(dirname(path), { recursive: true });
  const fresh = `${path}.${process.pid}`;
  rmSync(fresh, { force: true });
  symlinkSync(device, fresh);
  renameSync(fresh, path);
}

function unlink(path: string, device: string): void {
  if (linkTarget(path) === device) rmSync(path, { force: true });
}

function linkTarget(path: string): string | null {
  if (lstatSync(path, { throwIfNoEntry: false })?.isSymbolicLink() !== true) return null;
  const target = readlinkSync(path);
  return target.startsWith("/dev/pts/") ? target : null;
}
