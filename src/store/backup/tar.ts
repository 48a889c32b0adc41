import { once } from "node:events";
import { extract, pack } from "tar-stream";
import type { Extract, Pack } from "tar-stream";

/** A regular file of an archive that any `tar` can look into. */
export interface TarEntry {
  /** Relative, parts joined by `/`. */
  readonly name: string;
  readonly bytes: number;
  /** Permission bits. */
  readonly mode: number;
}

export interface PackedEntry extends TarEntry {
  readonly content: AsyncIterable<Buffer> | Iterable<Buffer>;
}

/** Two backups of the same files are the same bytes. */
const NO_TIME = new Date(0);

/** The archive's bytes, made as they are taken. `content` gives exactly `bytes` bytes. */
export async function* packTar(entries: AsyncIterable<PackedEntry>): AsyncGenerator<Buffer> {
  const archive = pack();
  const filled = fill(archive, entries).catch((error: unknown) => archive.destroy(error as Error));
  yield* archive as AsyncIterable<Buffer>;
  await filled;
}

async function fill(archive: Pack, entries: AsyncIterable<PackedEntry>): Promise<void> {
  for await (const { name, bytes, mode, content } of entries) {
    const file = archive.entry({ name, size: bytes, mode, mtime: NO_TIME });
    let written = 0;
    for await (const chunk of content) {
      written += chunk.length;
      if (written > bytes) break;
      if (!file.write(chunk)) await once(file, "drain");
    }
    if (written !== bytes) throw new Error(`${name} changed its size while it was read.`);
    const finished = once(file, "finish");
    file.end();
    await finished;
  }
  archive.finalize();
}

/** The entries of an archive. Each one's content must be taken before the next is asked for. Throws a RangeError with a
 *  sentence where the bytes are no archive of regular files, and what the bytes' source throws. */
export async function* unpackTar(
  bytes: AsyncIterable<Buffer>,
): AsyncGenerator<TarEntry & { readonly content: AsyncIterable<Buffer> }> {
  const archive = extract();
  const source: { error?: unknown } = {};
  void feed(archive, bytes).catch((error: unknown) => {
    source.error = error;
    archive.destroy(error as Error);
  });
  try {
    for await (const entry of archive) {
      const { name, size = 0, mode = 0, type } = entry.header;
      if (type !== "file") throw new RangeError("it has something that is no file");
      yield { name, bytes: size, mode: mode & 0o777, content: entry as AsyncIterable<Buffer> };
    }
  } catch (error) {
    if (source.error !== undefined) throw source.error;
    throw error instanceof RangeError ? error : new RangeError((error as Error).message.toLowerCase());
  }
}

async function feed(archive: Extract, bytes: AsyncIterable<Buffer>): Promise<void> {
  for await (const chunk of bytes) if (!archive.write(chunk)) await once(archive, "drain");
  archive.end();
}
