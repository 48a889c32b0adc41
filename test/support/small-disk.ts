import { spawnSync } from "node:child_process";
import { unlink, writeFile } from "node:fs/promises";
import { expect } from "vitest";
import { failingDisk } from "./failing-disk.ts";
import { programPath } from "./program.ts";

const MIB = 2 ** 20;

/** A disk of a process that somebody else can fill. */
export interface SmallDisk {
  /** What to start the process with. */
  readonly prefix: readonly string[];
  fill(pid: number): Promise<void>;
  free(pid: number): Promise<void>;
}

/** A mount of its own for the process, which vanishes with it. */
function mountedDisk(folder: string, mebibytes: number): SmallDisk {
  const mount = `mount -t tmpfs -o size=${mebibytes}m tmpfs "${folder}" && exec "$@"`;
  const filler = (pid: number): string => `/proc/${pid}/root${folder}/filler`;
  return {
    prefix: [programPath("unshare", "util-linux"), "-rm", "sh", "-c", mount, "sh"],
    fill: (pid) =>
      writeFile(filler(pid), Buffer.alloc((mebibytes + 6) * MIB)).catch((error: NodeJS.ErrnoException) => {
        expect(error.code).toBe("ENOSPC");
      }),
    free: (pid) => unlink(filler(pid)),
  };
}

/** A disk of so many MiB at `folder`; where nobody may mount anything, one that says that it is full. What that needs it keeps
 *  in `dir`. */
export async function smallDisk(dir: string, folder: string, mebibytes: number): Promise<SmallDisk> {
  const trial = spawnSync(programPath("unshare", "util-linux"), [
    "-rm",
    "mount",
    "-t",
    "tmpfs",
    "tmpfs",
    folder,
  ]);
  if (trial.status === 0) return mountedDisk(folder, mebibytes);
  const disk = await failingDisk(dir);
  return { prefix: disk.prefix, fill: () => disk.fail("full"), free: () => disk.recover() };
}
