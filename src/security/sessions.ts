import type { Origin, SessionRecord } from "../domain/people.ts";
import type { Clock, EpochMs } from "../domain/time.ts";
import { newSecret, secretHash } from "./secret.ts";

/** A screen that nobody has touched for this long shows on and does nothing (IEC 62443-4-2 CR 2.5). */
export const IDLE_LOCK_MS = 15 * 60_000;
/** A shift; after it everybody signs in anew. */
export const SESSION_MS = 12 * 3_600_000;
/** Sessions of one account; the one that has been idle longest makes room. */
const SESSIONS_MAX = 20;
/** What is on disk of the last activity may be older by this. */
const ACTIVITY_GRAIN_MS = 15_000;
const AGENT_LENGTH_MAX = 200;

/** Where sessions outlive the process. It may refuse: then they last as long as the process does. */
export interface SessionKeeping {
  sessions(): readonly SessionRecord[];
  putSession(session: SessionRecord): void;
  removeSession(id: string): void;
}

export interface Sessions {
  /** Gives the secret by which the browser is known from now on. */
  open(account: string, stamp: string, origin: Origin): string;
  /** As it is now; null when there is none or it has ended. */
  find(id: string): SessionRecord | null;
  all(): readonly SessionRecord[];
  /** Puts off the lock; a locked session stays locked. */
  touch(id: string): void;
  lock(id: string): void;
  unlock(id: string): void;
  /** The session goes on with another stamp of its account. */
  restamp(id: string, stamp: string): void;
  end(id: string): void;
}

export function endOf(session: SessionRecord): EpochMs {
  return session.createdAt + SESSION_MS;
}

/** What is known of a session, and its ages on the clock that never steps. */
interface Entry {
  record: SessionRecord;
  readonly createdMs: number;
  activeMs: number;
  keptMs: number;
}

export function createSessions(keeping: SessionKeeping, clock: Clock): Sessions {
  const { entries, find, change, end, add } = openBook(keeping, clock);
  const all = (): readonly SessionRecord[] => [...entries.keys()].flatMap((id) => find(id) ?? []);

  function makeRoom(account: string): void {
    const own = all().filter((session) => session.account === account);
    const idlest = own.toSorted((a, b) => a.activeAt - b.activeAt);
    for (const { id } of idlest.slice(0, Math.max(0, own.length - SESSIONS_MAX + 1))) end(id);
  }

  return {
    open(account, stamp, { address, agent }) {
      makeRoom(account);
      const secret = newSecret();
      const times = { createdAt: clock.now(), activeAt: clock.now() };
      const kept = { account, stamp, address, agent: agent.slice(0, AGENT_LENGTH_MAX), isLocked: false };
      add({ id: secretHash(secret), ...times, ...kept });
      return secret;
    },
    find,
    all,
    touch(id) {
      const entry = entries.get(id);
      if (entry === undefined || find(id)?.isLocked !== false) return;
      entry.activeMs = clock.monotonic();
      entry.record = { ...entry.record, activeAt: clock.now() };
      if (entry.activeMs - entry.keptMs >= ACTIVITY_GRAIN_MS) change(id, {});
    },
    lock: (id) => change(id, { isLocked: true }),
    unlock(id) {
      const entry = entries.get(id);
      if (entry === undefined) return;
      entry.activeMs = clock.monotonic();
      change(id, { isLocked: false, activeAt: clock.now() });
    },
    restamp: (id, stamp) => change(id, { stamp }),
    end,
  };
}

/** The sessions in memory, with what follows of them on disk. */
function openBook(keeping: SessionKeeping, clock: Clock) {
  const entries = new Map<string, Entry>();
  for (const record of keeping.sessions()) {
    const age = (at: EpochMs): number => clock.monotonic() - Math.max(0, clock.now() - at);
    const activeMs = age(record.activeAt);
    entries.set(record.id, { record, createdMs: age(record.createdAt), activeMs, keptMs: activeMs });
  }

  function change(id: string, changes: Partial<SessionRecord>): void {
    const entry = entries.get(id);
    if (entry === undefined) return;
    entry.record = { ...entry.record, ...changes };
    entry.keptMs = clock.monotonic();
    quietly(() => keeping.putSession(entry.record));
  }

  function end(id: string): void {
    if (entries.delete(id)) quietly(() => keeping.removeSession(id));
  }

  function find(id: string): SessionRecord | null {
    const entry = entries.get(id);
    if (entry === undefined) return null;
    const now = clock.monotonic();
    if (now - entry.createdMs >= SESSION_MS) {
      end(id);
      return null;
    }
    if (!entry.record.isLocked && now - entry.activeMs >= IDLE_LOCK_MS) change(id, { isLocked: true });
    return entry.record;
  }

  function add(record: SessionRecord): void {
    const ms = clock.monotonic();
    entries.set(record.id, { record, createdMs: ms, activeMs: ms, keptMs: ms });
    quietly(() => keeping.putSession(record));
  }

  return { entries, find, change, end, add };
}

/** A disk that takes nothing is told by whoever keeps the sessions, and keeps nobody out of the control room. */
function quietly(write: () => void): void {
  try {
    write();
  } catch {
    // The session lives on in memory.
  }
}
