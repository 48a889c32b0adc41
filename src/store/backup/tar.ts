/** POSIX ustar archives (IEEE Std 1003.1, pax, "ustar Interchange Format"), regular files only, so that a backup can be looked
 *  into with any `tar`. */
export interface TarEntry {
  /** Relative, parts joined by `/`. */
  readonly name: string;
  readonly bytes: number;
  /** Permission bits. */
  readonly mode: number;
}

const BLOCK = 512;
const NAME_MAX = 100;
const PREFIX_MAX = 155;
const OCTAL_SIZE_MAX = 0o77777777777;

/** The archive's bytes, made as they are taken. `content` gives exactly `bytes` bytes. */
export async function* packTar(
  entries: AsyncIterable<TarEntry & { readonly content: AsyncIterable<Buffer> | Iterable<Buffer> }>,
): AsyncGenerator<Buffer> {
  for await (const { content, ...entry } of entries) {
    yield headerOf(entry);
    let written = 0;
    for await (const chunk of content) {
      written += chunk.length;
      yield chunk;
    }
    if (written !== entry.bytes) throw new Error(`${entry.name} changed its size while it was read.`);
    yield Buffer.alloc(padding(entry.bytes));
  }
  yield Buffer.alloc(2 * BLOCK);
}

/** The entries of an archive. Each one's content must be taken before the next is asked for. Throws a RangeError with a
 *  sentence where the bytes are no archive of regular files. */
export async function* unpackTar(
  bytes: AsyncIterable<Buffer>,
): AsyncGenerator<TarEntry & { readonly content: AsyncGenerator<Buffer> }> {
  const reader = new ByteReader(bytes);
  for (;;) {
    const block = await reader.take(BLOCK);
    if (block.every((byte) => byte === 0)) break;
    const entry = entryOf(block);
    yield { ...entry, content: reader.run(entry.bytes) };
    await reader.take(padding(entry.bytes));
  }
  await reader.take(BLOCK);
  await reader.end();
}

function headerOf({ name, bytes, mode }: TarEntry): Buffer {
  const [prefix, last] = splitName(name);
  const header = Buffer.alloc(BLOCK);
  header.write(last, 0);
  header.write(octal(mode, 7), 100);
  header.write(octal(0, 7), 108); // owner and group are whoever restores
  header.write(octal(0, 7), 116);
  putSize(header, bytes);
  header.write(octal(0, 11), 136);
  header.write("        ", 148); // the sum counts its own field as spaces
  header.write("0", 156);
  header.write("ustar\x0000", 257);
  header.write(prefix, 345);
  header.write(`${octal(sumOf(header), 6)}\0 `, 148);
  return header;
}

/** The beginning of a long name stands in a field of its own. */
function splitName(name: string): [prefix: string, last: string] {
  if (Buffer.byteLength(name) <= NAME_MAX) return ["", name];
  for (let at = name.indexOf("/"); at > 0; at = name.indexOf("/", at + 1)) {
    const [prefix, last] = [name.slice(0, at), name.slice(at + 1)];
    if (Buffer.byteLength(prefix) <= PREFIX_MAX && Buffer.byteLength(last) <= NAME_MAX) return [prefix, last];
  }
  throw new RangeError(`${name} is too long a name for an archive.`);
}

/** Octal, or beyond 8 GiB binary as GNU tar writes it. */
function putSize(header: Buffer, bytes: number): void {
  if (bytes <= OCTAL_SIZE_MAX) {
    header.write(octal(bytes, 11), 124);
    return;
  }
  header.writeUInt8(0x80, 124);
  header.writeBigUInt64BE(BigInt(bytes), 128);
}

function octal(value: number, digits: number): string {
  return value.toString(8).padStart(digits, "0");
}

function sumOf(header: Buffer): number {
  let sum = 0;
  for (const [at, byte] of header.entries()) sum += at >= 148 && at < 156 ? 0x20 : byte;
  return sum;
}

function entryOf(header: Buffer): TarEntry {
  if (Number.parseInt(textAt(header, 148, 8), 8) !== sumOf(header))
    throw new RangeError("a header has been changed");
  if (textAt(header, 156, 1) !== "0") throw new RangeError("it has something that is no file");
  const prefix = textAt(header, 345, PREFIX_MAX);
  const last = textAt(header, 0, NAME_MAX);
  const isBinary = header.readUInt8(124) === 0x80;
  const bytes = isBinary ? Number(header.readBigUInt64BE(128)) : Number.parseInt(textAt(header, 124, 12), 8);
  return {
    name: prefix === "" ? last : `${prefix}/${last}`,
    bytes,
    mode: Number.parseInt(textAt(header, 100, 8), 8) & 0o777,
  };
}

function textAt(header: Buffer, at: number, length: number): string {
  const field = header.subarray(at, at + length);
  const end = field.indexOf(0);
  return field.subarray(0, end < 0 ? length : end).toString("utf8");
}

function padding(bytes: number): number {
  return (BLOCK - (bytes % BLOCK)) % BLOCK;
}

/** Takes bytes off a stream in the pieces that are asked for. */
class ByteReader {
  readonly #source: AsyncIterator<Buffer>;
  #rest: Buffer = Buffer.alloc(0);

  constructor(bytes: AsyncIterable<Buffer>) {
    this.#source = bytes[Symbol.asyncIterator]();
  }

  async take(length: number): Promise<Buffer> {
    const pieces: Buffer[] = [];
    for await (const piece of this.run(length)) pieces.push(piece);
    return Buffer.concat(pieces);
  }

  async *run(length: number): AsyncGenerator<Buffer> {
    for (let missing = length; missing > 0;) {
      if (this.#rest.length === 0) await this.#refill();
      const piece = this.#rest.subarray(0, missing);
      this.#rest = this.#rest.subarray(piece.length);
      missing -= piece.length;
      yield piece;
    }
  }

  /** Throws where something follows that is no filling. */
  async end(): Promise<void> {
    for (let next = await this.#source.next(); next.done !== true; next = await this.#source.next())
      this.#rest = Buffer.concat([this.#rest, next.value]);
    if (this.#rest.some((byte) => byte !== 0)) throw new RangeError("something follows its end");
  }

  async #refill(): Promise<void> {
    const next = await this.#source.next();
    if (next.done === true) throw new RangeError("it is cut off");
    this.#rest = next.value;
  }
}
