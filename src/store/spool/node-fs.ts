import { constants, write } from "node:fs";
import { mkdir, open, readdir, rename, unlink } from "node:fs/promises";
import type { FileHandle } from "node:fs/promises";
import { dirname } from "node:path";
import type { SpoolFile, SpoolFs } from "./fs.ts";

const CREATE = constants.O_RDWR | constants.O_CREAT | constants.O_TRUNC;

/** The machine's own file system. Everything runs on the thread pool: a disk that hangs never holds the event loop. */
export const nodeFs: SpoolFs = {
  async makeFolder(folder) {
    const first = await mkdir(folder, { recursive: true });
    if (first === undefined) return;
    for (let made = folder; made !== dirname(first); made = dirname(made)) await syncFolder(dirname(made));
  },
  list: (folder) => readdir(folder),
  create: async (path) => fileOf(await open(path, "w+", 0o640)),
  createSynced: async (path) => fileOf(await open(path, CREATE | constants.O_DSYNC, 0o640)),
  open: async (path) => fileOf(await open(path, "r+")),
  rename: (from, to) => rename(from, to),
  remove: (path) => unlink(path),
  syncFolder,
};

async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, "r");
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** How many bytes the system took. By the descriptor: fifty times a second the handle's own promise would cost as much as the
 *  block that it writes. */
function writeSome(descriptor: number, bytes: Uint8Array, position: number): Promise<number> {
  return new Promise((resolve, reject) => {
    write(descriptor, bytes, 0, bytes.length, position, (error, taken) => {
      if (error === null) resolve(taken);
      else reject(error);
    });
  });
}

function fileOf(handle: FileHandle): SpoolFile {
  return {
    /** A disk that is nearly full takes less than it was given without saying so: go on until it takes all or fails. */
    async write(bytes, position) {
      for (let done = 0; done < bytes.length;) {
        done += await writeSome(handle.fd, bytes.subarray(done), position + done);
      }
    },
    async read(into, position) {
      let filled = 0;
      while (filled < into.length) {
        const { bytesRead } = await handle.read(into, filled, into.length - filled, position + filled);
        if (bytesRead === 0) break;
        filled += bytesRead;
      }
      return filled;
    },
    size: async () => (await handle.stat()).size,
    truncate: (bytes) => handle.truncate(bytes),
    sync: () => handle.datasync(),
    close: () => handle.close(),
  };
}
