import { argon2, randomBytes, timingSafeEqual } from "node:crypto";
import { promisify } from "node:util";
import { PeopleRefusal } from "../domain/people.ts";

/** What one guess costs whoever has stolen the file of accounts. */
export interface PasswordCost {
  readonly memoryKib: number;
  readonly passes: number;
  readonly lanes: number;
}

/** OWASP Password Storage Cheat Sheet, Argon2id: 19 MiB, two passes, one lane. */
export const PASSWORD_COST: PasswordCost = { memoryKib: 19_456, passes: 2, lanes: 1 };

const SALT_BYTES = 16;
const HASH_BYTES = 32;

/** Hashes made at once. Each takes its memory and a thread of the pool that files are read by too. */
const AT_ONCE_MAX = 2;
/** Those that wait beyond it are turned away. */
const WAITING_MAX = 64;

const FORM = /^\$argon2id\$v=19\$m=(\d+),t=(\d+),p=(\d+)\$([\w+/]+)\$([\w+/]+)$/;

export interface Passwords {
  /** The form that is kept, in the PHC string format. Rejects with PeopleRefusal when too many are being made. */
  hash(password: string): Promise<string>;
  /** Whether this is the password. `kept` is null for somebody who has none: that takes as long, and is false. */
  matches(password: string, kept: string | null): Promise<boolean>;
  /** Made at another cost than the present one. */
  isOutdated(kept: string): boolean;
}

interface Kept {
  readonly cost: PasswordCost;
  readonly salt: Buffer;
  readonly hash: Buffer;
}

/** Argon2id (RFC 9106) in threads of their own, so that nothing else waits for it. */
export function createPasswords(cost: PasswordCost): Passwords {
  const queue = createQueue(AT_ONCE_MAX, WAITING_MAX);
  const derive = (password: string, salt: Buffer, at: PasswordCost): Promise<Buffer> =>
    queue(() =>
      promisify(argon2)("argon2id", {
        message: password.normalize("NFKC"),
        nonce: salt,
        memory: at.memoryKib,
        passes: at.passes,
        parallelism: at.lanes,
        tagLength: HASH_BYTES,
      }),
    );
  const nobody: Kept = { cost, salt: randomBytes(SALT_BYTES), hash: randomBytes(HASH_BYTES) };
  return {
    async hash(password) {
      const salt = randomBytes(SALT_BYTES);
      return written({ cost, salt, hash: await derive(password, salt, cost) });
    },
    async matches(password, kept) {
      const { cost: keptCost, salt, hash } = (kept === null ? null : read(kept)) ?? nobody;
      return timingSafeEqual(await derive(password, salt, keptCost), hash);
    },
    isOutdated: (kept) => !kept.startsWith(head(cost)),
  };
}

function head({ memoryKib, passes, lanes }: PasswordCost): string {
  return `$argon2id$v=19$m=${memoryKib},t=${passes},p=${lanes}$`;
}

function written({ cost, salt, hash }: Kept): string {
  const plain = (bytes: Buffer): string => bytes.toString("base64").replaceAll("=", "");
  return `${head(cost)}${plain(salt)}$${plain(hash)}`;
}

function read(kept: string): Kept | null {
  const [, memory, passes, lanes, salt = "", hash = ""] = FORM.exec(kept) ?? [];
  if (memory === undefined) return null;
  const cost = { memoryKib: Number(memory), passes: Number(passes), lanes: Number(lanes) };
  const bytes = { salt: Buffer.from(salt, "base64"), hash: Buffer.from(hash, "base64") };
  return bytes.hash.length === HASH_BYTES ? { cost, ...bytes } : null;
}

/** Runs at most so many at once, in order; rejects when too many wait. */
function createQueue(atOnceMax: number, waitingMax: number) {
  const waiting: (() => void)[] = [];
  let running = 0;
  return async <T>(work: () => Promise<T>): Promise<T> => {
    if (waiting.length >= waitingMax)
      throw new PeopleRefusal("busy", "Too many are signing in at this moment: try again.", 2);
    if (running >= atOnceMax) await new Promise<void>((resolve) => waiting.push(resolve));
    running++;
    try {
      return await work();
    } finally {
      running--;
      waiting.shift()?.();
    }
  };
}
