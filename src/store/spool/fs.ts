/** The part of a file system that the spool stands on: a port, so that tests can lose power at any moment. Failures are
 *  the system's own errors with their `code`, such as ENOSPC. */
export interface SpoolFs {
  /** Makes the folder and what is missing above it, durably. */
  makeFolder(folder: string): Promise<void>;
  /** Names in the folder, in no order. */
  list(folder: string): Promise<readonly string[]>;
  /** A new, empty file; an old one of that name is emptied. */
  create(path: string): Promise<SpoolFile>;
  /** As `create`, but what is written to it survives a power cut as soon as `write` resolves: one call of the system
   *  instead of two for each block. */
  createSynced(path: string): Promise<SpoolFile>;
  open(path: string): Promise<SpoolFile>;
  rename(from: string, to: string): Promise<void>;
  remove(path: string): Promise<void>;
  /** Makes creations, renames and removals in the folder durable. */
  syncFolder(folder: string): Promise<void>;
}

export interface SpoolFile {
  /** Writes all of the bytes. They survive a power cut only after `sync`, unless the file was made by `createSynced`. */
  write(bytes: Uint8Array, position: number): Promise<void>;
  /** Fills `into` as far as the file goes and returns how many bytes that were. */
  read(into: Uint8Array, position: number): Promise<number>;
  size(): Promise<number>;
  truncate(bytes: number): Promise<void>;
  sync(): Promise<void>;
  close(): Promise<void>;
}

/** The whole file. */
export async function readWhole(fs: SpoolFs, path: string): Promise<Buffer> {
  const file = await fs.open(path);
  try {
    const bytes = Buffer.alloc(await file.size());
    const filled = await file.read(bytes, 0);
    return bytes.subarray(0, filled);
  } finally {
    await file.close();
  }
}

/** A small file that is there whole or not at all, whatever happens meanwhile: write, sync, rename, sync the folder. */
export async function replaceFile(
  fs: SpoolFs,
  folder: string,
  name: string,
  bytes: Uint8Array,
): Promise<void> {
  const draft = `${folder}/${name}.tmp`;
  const file = await fs.create(draft);
  try {
    await file.write(bytes, 0);
    await file.sync();
  } finally {
    await file.close();
  }
  await fs.rename(draft, `${folder}/${name}`);
  await fs.syncFolder(folder);
}

/** The system's word for what went wrong, such as ENOSPC; the error's name where it has none. */
export function codeOf(error: unknown): string {
  const { code, name } = error as { code?: unknown; name?: unknown };
  return typeof code === "string" ? code : String(name);
}
