import type { SpoolFile, SpoolFs } from "../../src/store/spool/fs.ts";
import type { Random } from "../../src/domain/random.ts";

/** A file as the page cache and as the disk know it. Appending is cheap: what is synced is a length, and a copy is only
 *  made when synced bytes are changed. */
class Inode {
  #data: Buffer;
  #length: number;
  #syncedLength: number;
  #syncedCopy: Buffer | null = null;

  constructor(bytes: Buffer) {
    this.#data = Buffer.from(bytes);
    this.#length = bytes.length;
    this.#syncedLength = bytes.length;
  }

  get length(): number {
    return this.#length;
  }

  bytes(): Buffer {
    return this.#data.subarray(0, this.#length);
  }

  synced(): Buffer {
    return this.#syncedCopy ?? this.#data.subarray(0, this.#syncedLength);
  }

  sync(): void {
    this.#syncedLength = this.#length;
    this.#syncedCopy = null;
  }

  write(bytes: Uint8Array, position: number): void {
    if (position < this.#syncedLength) this.#syncedCopy ??= Buffer.from(this.synced());
    const end = position + bytes.length;
    if (end > this.#data.length) {
      const larger = Buffer.alloc(Math.max(end, this.#data.length * 2));
      this.#data.copy(larger, 0, 0, this.#length);
      this.#data = larger;
    }
    if (position > this.#length) this.#data.fill(0, this.#length, position);
    this.#data.set(bytes, position);
    this.#length = Math.max(this.#length, end);
  }

  truncate(bytes: number): void {
    if (bytes < this.#syncedLength) this.#syncedCopy ??= Buffer.from(this.synced());
    this.#length = Math.min(this.#length, bytes);
  }
}

type Names = ReadonlyMap<string, Inode>;

/** What the fs was asked to do, for tests of order and for crash points. */
export interface Operation {
  readonly kind: "create" | "write" | "sync" | "truncate" | "rename" | "remove" | "syncFolder";
  readonly path: string;
}

export interface MemoryFs extends SpoolFs {
  readonly operations: Operation[];
  /** Runs before each operation; what it throws, or the promise it gives, the caller sees. */
  before: (operation: Operation) => void | Promise<void>;
  /** Bytes that all files may have together; beyond it writes fail with ENOSPC. */
  bytesMax: number;
  bytes(): number;
  /** The power goes: of what was not synced, an arbitrary part survives, cut at any byte. The object is dead then;
   *  what the disk holds comes back as another. */
  crash(random: Random): MemoryFs;
  /** As `kill -9`: nothing is lost, but the process is gone. */
  kill(): MemoryFs;
  /** Every file as it is now. */
  files(): Map<string, Buffer>;
  put(path: string, bytes: Buffer): void;
}

export function failure(code: string): Error {
  return Object.assign(new Error(`${code}: as the test says`), { code });
}

/** A file system in memory that keeps apart what was written and what was synced. */
export function memoryFs(start: ReadonlyMap<string, Buffer> = new Map()): MemoryFs {
  const names = new Map<string, Inode>();
  for (const [path, bytes] of start) names.set(path, new Inode(bytes));
  /** Names on disk, and the changes to them that a power cut may undo, in order. */
  let durable: Map<string, Inode> = new Map(names);
  let unsynced: ((map: Map<string, Inode>) => void)[] = [];
  let isDead = false;

  async function step<T>(kind: Operation["kind"], path: string, action: () => T): Promise<T> {
    await alive();
    const operation = { kind, path };
    fs.operations.push(operation);
    const wait = fs.before(operation);
    if (wait !== undefined) await wait;
    await alive();
    return action();
  }

  /** A process that is gone never hears of its files again. */
  function alive(): Promise<void> {
    return isDead ? new Promise(() => undefined) : Promise.resolve();
  }

  function change(apply: (map: Map<string, Inode>) => void): void {
    apply(names);
    unsynced.push(apply);
  }

  function inodeOf(path: string): Inode {
    const inode = names.get(path);
    if (inode === undefined) throw failure("ENOENT");
    return inode;
  }

  function usage(): number {
    let sum = 0;
    for (const { length } of names.values()) sum += length;
    return sum;
  }

  const fileOf = (path: string, inode: Inode): SpoolFile => ({
    write: (bytes, position) =>
      step("write", path, () => {
        const room = Math.max(inode.length, fs.bytesMax - (usage() - inode.length)) - position;
        inode.write(bytes.subarray(0, Math.max(0, Math.min(bytes.length, room))), position);
        if (bytes.length > room) throw failure("ENOSPC");
      }),
    async read(into, position) {
      await alive();
      return inode.bytes().copy(into, 0, Math.min(position, inode.length));
    },
    async size() {
      await alive();
      return inode.length;
    },
    truncate: (bytes) => step("truncate", path, () => inode.truncate(bytes)),
    sync: () => step("sync", path, () => inode.sync()),
    close: () => alive(),
  });

  const fs: MemoryFs = {
    operations: [],
    before: () => undefined,
    bytesMax: Infinity,
    bytes: usage,
    makeFolder: () => alive(),
    async list(folder) {
      await alive();
      return [...names.keys()]
        .filter((path) => path.startsWith(`${folder}/`) && !path.slice(folder.length + 1).includes("/"))
        .map((path) => path.slice(folder.length + 1));
    },
    create: (path) =>
      step("create", path, () => {
        const inode = new Inode(Buffer.alloc(0));
        change((map) => map.set(path, inode));
        return fileOf(path, inode);
      }),
    async createSynced(path) {
      const file = await fs.create(path);
      const write = async (bytes: Uint8Array, position: number): Promise<void> => {
        await file.write(bytes, position);
        await file.sync();
      };
      return { ...file, write };
    },
    async open(path) {
      await alive();
      return fileOf(path, inodeOf(path));
    },
    rename: (from, to) =>
      step("rename", from, () => {
        const inode = inodeOf(from);
        change((map) => {
          map.delete(from);
          map.set(to, inode);
        });
      }),
    remove: (path) =>
      step("remove", path, () => {
        inodeOf(path);
        change((map) => map.delete(path));
      }),
    syncFolder: (folder) =>
      step("syncFolder", folder, () => {
        durable = new Map(names);
        unsynced = [];
      }),
    crash(random) {
      isDead = true;
      const survivors = new Map(durable);
      const kept = Math.floor(random() * (unsynced.length + 1));
      for (const apply of unsynced.slice(0, kept)) apply(survivors);
      return memoryFs(contentsOf(survivors, (inode) => torn(inode, random)));
    },
    kill() {
      isDead = true;
      return memoryFs(contentsOf(names, (inode) => Buffer.from(inode.bytes())));
    },
    files: () => contentsOf(names, (inode) => Buffer.from(inode.bytes())),
    put: (path, bytes) => void names.set(path, new Inode(bytes)),
  };
  return fs;
}

function contentsOf(names: Names, content: (inode: Inode) => Buffer): Map<string, Buffer> {
  return new Map([...names].map(([path, inode]) => [path, content(inode)]));
}

/** What a power cut leaves of a file: what was synced, and of the rest as much as had got out. */
function torn(inode: Inode, random: Random): Buffer {
  const bytes = Buffer.from(inode.bytes());
  const synced = Buffer.from(inode.synced());
  if (bytes.length < synced.length) return random() < 0.5 ? bytes : synced;
  const left = tornInPlace(bytes, synced, random);
  return bytes.length === synced.length ? left : tornAtEnd(bytes, left, random);
}

/** Of what took the place of synced bytes, a part up to any byte, now and then with a page left out. */
function tornInPlace(bytes: Buffer, synced: Buffer, random: Random): Buffer {
  const left = Buffer.from(synced);
  const from = synced.findIndex((byte, at) => byte !== bytes[at]);
  if (from === -1) return left;
  const to = synced.findLastIndex((byte, at) => byte !== bytes[at]) + 1;
  const end = from + Math.floor(random() * (to - from + 1));
  bytes.copy(left, from, from, end);
  if (random() < 0.3) {
    const hole = from + Math.floor(random() * (end - from));
    synced.copy(left, hole, hole, Math.min(end, hole + 512));
  }
  return left;
}

/** Of what made the file longer, as much as had got out, cut at any byte, now and then with a hole of zeros where a page was
 *  still missing. */
function tornAtEnd(bytes: Buffer, synced: Buffer, random: Random): Buffer {
  const end = synced.length + Math.floor(random() * (bytes.length - synced.length + 1));
  const left = Buffer.from(bytes.subarray(0, end));
  synced.copy(left);
  if (random() < 0.3 && end > synced.length) {
    const hole = synced.length + Math.floor(random() * (end - synced.length));
    left.fill(0, hole, Math.min(end, hole + 512));
  }
  return left;
}
