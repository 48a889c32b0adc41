import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { mkdir, open, rm } from "node:fs/promises";
import { dirname } from "node:path";
import { createGunzip } from "node:zlib";
import {
  BackupRefused,
  MANIFEST_BYTES_MAX,
  MANIFEST_FILE,
  MARK_FILE,
  readManifest,
  readMark,
} from "./manifest.ts";
import type { Manifest } from "./manifest.ts";
import { unpackTar } from "./tar.ts";
import type { TarEntry } from "./tar.ts";
import { sealOf } from "./write.ts";

export interface CheckedBackup {
  readonly manifest: Manifest;
  readonly seal: string;
  /** Texts of the configuration by their names in the backup. */
  readonly configuration: ReadonlyMap<string, string>;
}

export const CONFIGURATION = "configuration/";

const MARK_BYTES_MAX = 64;
const CONFIGURATION_BYTES_MAX = 16 * 1024 * 1024;

/** Names that stay where they are put: relative, without `.`, `..` and empty parts, below one of our folders. */
const NAME = /^(configuration|beside|elsewhere|data)(\/(?!\.{1,2}(\/|$))[^/\0]+)+$/u;

/** Reads all of a backup and changes nothing. Throws BackupRefused, with a sentence, when it is damaged, altered, of a newer
 *  version or none at all. */
export async function checkBackup(file: string): Promise<CheckedBackup> {
  const found: Manifest["files"] = [];
  const configuration = new Map<string, string>();
  let manifestText: string | null = null;
  await eachEntry(file, async (entry, content) => {
    if (manifestText !== null) throw damaged("something follows the manifest");
    const { name, bytes } = entry;
    if (name === MANIFEST_FILE) {
      manifestText = await textOf(content, bytes, MANIFEST_BYTES_MAX);
      return;
    }
    const isConfiguration = name.startsWith(CONFIGURATION);
    const hash = createHash("sha256");
    const kept: Buffer[] = [];
    if (isConfiguration && bytes > CONFIGURATION_BYTES_MAX) throw damaged(`${name} is too large`);
    for await (const chunk of content) {
      hash.update(chunk);
      if (isConfiguration) kept.push(chunk);
    }
    found.push({ name, bytes, sha256: hash.digest("hex") });
    if (isConfiguration) configuration.set(name, Buffer.concat(kept).toString("utf8"));
  });
  if (manifestText === null) throw damaged("it has no manifest");
  const manifest = readManifest(manifestText);
  compare(manifest.files, found);
  return { manifest, seal: sealOf(manifestText), configuration };
}

/** Writes the files of a backup that `checkBackup` has found sound to where `placeOf` says; null leaves one out. Nothing is
 *  written over. On any failure what was written is removed, and the error thrown on. */
export async function unpackBackup(
  file: string,
  { manifest }: CheckedBackup,
  placeOf: (name: string) => string | null,
): Promise<void> {
  const written: string[] = [];
  const hashes = new Map(manifest.files.map(({ name, sha256 }) => [name, sha256]));
  try {
    await eachEntry(file, async ({ name, mode }, content) => {
      const place = name === MANIFEST_FILE ? null : placeOf(name);
      if (place === null) return drain(content);
      await mkdir(dirname(place), { recursive: true, mode: 0o700 });
      const target = await open(place, "wx", mode);
      written.push(place);
      const hash = createHash("sha256");
      try {
        for await (const chunk of content) {
          hash.update(chunk);
          await target.writeFile(chunk);
        }
        await target.sync();
      } finally {
        await target.close();
      }
      if (hash.digest("hex") !== hashes.get(name)) throw damaged(`${name} has changed while it was read`);
    });
  } catch (error) {
    for (const place of written) await rm(place, { force: true });
    throw error;
  }
}

/** Every entry but the mark, which is looked at first. */
async function eachEntry(
  file: string,
  take: (entry: TarEntry, content: AsyncIterable<Buffer>) => Promise<void>,
): Promise<void> {
  const source = createReadStream(file);
  const unzipped = source.pipe(createGunzip());
  source.on("error", (error) => unzipped.destroy(error));
  let isFirst = true;
  try {
    for await (const { content, ...entry } of unpackTar(unzipped)) {
      if (isFirst) {
        if (entry.name !== MARK_FILE) throw new BackupRefused("This is no backup of a gateway.");
        readMark(await textOf(content, entry.bytes, MARK_BYTES_MAX));
        isFirst = false;
      } else if (entry.name !== MANIFEST_FILE && !NAME.test(entry.name)) {
        throw damaged(`it has a file with the name ${JSON.stringify(entry.name)}`);
      } else await take(entry, content);
    }
  } catch (error) {
    throw refusal(error);
  } finally {
    source.destroy();
  }
}

async function drain(content: AsyncIterable<Buffer>): Promise<void> {
  for await (const _ of content);
}

async function textOf(content: AsyncIterable<Buffer>, bytes: number, most: number): Promise<string> {
  if (!(bytes <= most)) throw damaged("its manifest is too large");
  const pieces: Buffer[] = [];
  for await (const piece of content) pieces.push(piece);
  return Buffer.concat(pieces).toString("utf8");
}

function compare(said: Manifest["files"], found: Manifest["files"]): void {
  const foundBy = new Map(found.map((one) => [one.name, one]));
  if (foundBy.size !== found.length) throw damaged("it has a file twice");
  for (const { name, bytes, sha256 } of said) {
    const one = foundBy.get(name);
    if (one === undefined) throw damaged(`${name} is missing`);
    if (one.sha256 !== sha256 || one.bytes !== bytes) throw damaged(`${name} is not as it was written`);
    foundBy.delete(name);
  }
  for (const name of foundBy.keys()) throw damaged(`${name} has been put in`);
}

/** What zlib says of bytes that it cannot unpack, and our own sentences about the archive, are damage; the rest is the system's. */
function refusal(error: unknown): unknown {
  if (error instanceof RangeError) return damaged(error.message);
  const { code } = error as { readonly code?: unknown };
  const isZlib = typeof code === "string" && code.startsWith("Z_");
  return isZlib ? damaged("it cannot be unpacked") : error;
}

function damaged(sentence: string): BackupRefused {
  return new BackupRefused(`The backup is damaged: ${sentence}.`);
}
