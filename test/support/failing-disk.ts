import { execFileSync } from "node:child_process";
import { rename, unlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { programPath } from "./program.ts";

/** Between a process and its libc. By what stands in a file: "stuck", a sync, and a write that syncs, takes two seconds and
 *  then fails with EIO; "full", a write to a regular file fails with ENOSPC at once. */
const SHIM = `
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>
static char mode(void) {
  const char *flag = getenv("PUMA_DISK");
  char what = 0;
  int fd = flag ? open(flag, O_RDONLY) : -1;
  if (fd == -1) return 0;
  if (read(fd, &what, 1) != 1) what = 0;
  close(fd);
  return what;
}
static int stuck(void) {
  if (mode() != 's') return 0;
  usleep(2000000);
  errno = EIO;
  return 1;
}
static int full(int fd) {
  struct stat about;
  if (mode() != 'f' || fstat(fd, &about) != 0 || !S_ISREG(about.st_mode)) return 0;
  errno = ENOSPC;
  return 1;
}
static int syncs(int fd) {
  int flags = fcntl(fd, F_GETFL);
  return flags != -1 && (flags & O_DSYNC);
}
int fdatasync(int fd) {
  return stuck() ? -1 : ((int (*)(int))dlsym(RTLD_NEXT, "fdatasync"))(fd);
}
int fsync(int fd) {
  return stuck() ? -1 : ((int (*)(int))dlsym(RTLD_NEXT, "fsync"))(fd);
}
ssize_t pwrite64(int fd, const void *bytes, size_t count, off64_t at) {
  if (full(fd) || (syncs(fd) && stuck())) return -1;
  return ((ssize_t (*)(int, const void *, size_t, off64_t))dlsym(RTLD_NEXT, "pwrite64"))(fd, bytes, count, at);
}
ssize_t pwrite(int fd, const void *bytes, size_t count, off_t at) { return pwrite64(fd, bytes, count, at); }
`;

/** A real process whose disk fails when it is told to. */
export interface FailingDisk {
  /** What to start the process with. */
  readonly prefix: readonly string[];
  fail(how: "stuck" | "full"): Promise<void>;
  recover(): Promise<void>;
}

export async function failingDisk(folder: string): Promise<FailingDisk> {
  const source = join(folder, "failing-disk.c");
  const library = join(folder, "failing-disk.so");
  const flag = join(folder, "failing-disk");
  await writeFile(source, SHIM);
  execFileSync(programPath("gcc", "gcc"), ["-shared", "-fPIC", "-o", library, source, "-ldl"]);
  return {
    prefix: ["/usr/bin/env", `LD_PRELOAD=${library}`, `PUMA_DISK=${flag}`],
    async fail(how) {
      await writeFile(`${flag}.tmp`, how);
      await rename(`${flag}.tmp`, flag);
    },
    recover: () => unlink(flag),
  };
}
