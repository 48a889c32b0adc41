import { createHash } from "node:crypto";
import { createWriteStream } from "node:fs";
import { rename, rm } from "node:fs/promises";
import { dirname } from "node:path";
import { pipeline } from "node:stream/promises";
import { createGzip } from "node:zlib";
import { nodeFs } from "../spool/node-fs.ts";
import { dataFiles, plainFile } from "./data-files.ts";
import type { DataChoice, Parcel } from "./data-files.ts";
import { BACKUP_FORMAT, MANIFEST_FILE, MARK_FILE, markText } from "./manifest.ts";
import type { Manifest } from "./manifest.ts";
import { packTar } from "./tar.ts";

/** What goes into a backup besides the data folder, and what is said of it. */
export interface BackupContent {
  readonly about: Omit<Manifest, "format" | "forms" | "files" | "hasHistory" | "hasSpool">;
  /** Names within the backup, and texts as they were read. */
  readonly texts: readonly { readonly name: string; readonly text: string }[];
  readonly files: readonly { readonly name: string; readonly path: string }[];
  readonly data: Omit<DataChoice, "staging">;
}

export interface WrittenBackup {
  readonly manifest: Manifest;
  /** SHA-256 of the manifest: who keeps it elsewhere can tell whether a backup is the very one. */
  readonly seal: string;
}

const OWNER_ONLY = 0o600;

/** Writes the backup of a gateway that may be running. It has every secret but those of the environment, so that it is for the
 *  eyes of its owner alone; it is there whole or not at all. Throws the system's error when it cannot be written or read. */
export async function writeBackup(file: string, content: BackupContent): Promise<WrittenBackup> {
  const draft = `${file}.part`;
  const staging = `${file}.parts`;
  const written: { backup?: WrittenBackup } = {};
  try {
    const packed = packTar(entriesOf(content, staging, written));
    const gzip = createGzip({ level: 3 });
    await pipeline(packed, gzip, createWriteStream(draft, { mode: OWNER_ONLY, flush: true }));
    await rename(draft, file);
    await nodeFs.syncFolder(dirname(file));
  } finally {
    await rm(draft, { force: true });
    await rm(staging, { recursive: true, force: true });
  }
  return written.backup as WrittenBackup;
}

async function* entriesOf(
  content: BackupContent,
  staging: string,
  written: { backup?: WrittenBackup },
): AsyncGenerator<Omit<Parcel, "form">> {
  const files: Manifest["files"] = [];
  const forms: Record<string, number> = {};
  yield textParcel(MARK_FILE, markText());
  for await (const parcel of parcelsOf(content, staging)) {
    const { name, bytes, form } = parcel;
    const hash = createHash("sha256");
    yield { ...parcel, content: hashed(parcel.content, hash) };
    files.push({ name, bytes, sha256: hash.digest("hex") });
    if (form !== null) forms[name.replace(/^data\//u, "")] = form;
  }
  const { withHistory: hasHistory, withSpool: hasSpool } = content.data;
  const manifest: Manifest = { format: BACKUP_FORMAT, ...content.about, hasHistory, hasSpool, forms, files };
  const text = JSON.stringify(manifest);
  written.backup = { manifest, seal: sealOf(text) };
  yield textParcel(MANIFEST_FILE, text);
}

async function* parcelsOf({ texts, files, data }: BackupContent, staging: string): AsyncGenerator<Parcel> {
  for (const { name, text } of texts) yield { ...textParcel(name, text), form: null };
  for (const { name, path } of files) yield* plainFile(path, name);
  yield* dataFiles({ ...data, staging });
}

function textParcel(name: string, text: string): Omit<Parcel, "form"> {
  const content = Buffer.from(text);
  return { name, bytes: content.length, mode: 0o640, content: [content] };
}

async function* hashed(
  content: Parcel["content"],
  hash: ReturnType<typeof createHash>,
): AsyncGenerator<Buffer> {
  for await (const chunk of content) {
    hash.update(chunk);
    yield chunk;
  }
}

export function sealOf(manifestText: string): string {
  return createHash("sha256").update(manifestText).digest("hex");
}
