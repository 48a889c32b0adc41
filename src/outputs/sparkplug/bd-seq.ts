import { mkdir, open, readFile, rename } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { Log } from "../../domain/ports.ts";

/** The number of the last CONNECT, on disk, so that a host never takes a death of long ago for one of today. */
export interface BdSeqStore {
  /** −1 when there was none. */
  read(): Promise<number>;
  /** Resolves when the number survives a power cut, or when that is known to be impossible, which is logged. */
  write(bdSeq: number): Promise<void>;
}

export function createBdSeqStore(folder: string, output: string, log: Log): BdSeqStore {
  const file = join(folder, "sparkplug", `${output}.bdseq`);
  return {
    async read() {
      const text = await readFile(file, "utf8").catch((error: NodeJS.ErrnoException) => {
        if (error.code !== "ENOENT") log.warn({ file, err: error }, "bdSeq cannot be read, it starts at 0");
        return "";
      });
      return /^(\d|[1-9]\d|1\d\d|2[0-4]\d|25[0-5])\n$/u.test(text) ? Number(text) : -1;
    },
    async write(bdSeq) {
      try {
        await mkdir(dirname(file), { recursive: true });
        await replace(file, `${bdSeq}\n`);
      } catch (error) {
        log.warn({ file, err: error }, "bdSeq cannot be kept, after a restart it will repeat");
      }
    },
  };
}

/** The old content or the new one is there, whatever happens in between. */
async function replace(file: string, content: string): Promise<void> {
  const draft = `${file}.new`;
  const handle = await open(draft, "w");
  try {
    await handle.writeFile(content);
    await handle.sync();
  } finally {
    await handle.close();
  }
  await rename(draft, file);
  const folder = await open(dirname(file), "r");
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}
