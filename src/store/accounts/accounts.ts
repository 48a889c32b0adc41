import { chmodSync, closeSync, mkdirSync, openSync } from "node:fs";
import { dirname, join } from "node:path";
import type { AccountRole, SessionRecord } from "../../domain/people.ts";
import type { EpochMs } from "../../domain/time.ts";
import { memoryDatabase, openDatabase } from "../journal/database.ts";
import type { Database, Form, Row } from "../journal/database.ts";
import { ACCOUNT_MIGRATIONS } from "./schema.ts";

export interface AccountRecord {
  /** The name as it is compared. */
  readonly key: string;
  readonly name: string;
  readonly role: AccountRole;
  /** Hash, with how it was made. */
  readonly password: string;
  /** Another one ends all sessions: it changes with the password, and when the account is disabled. */
  readonly stamp: string;
  readonly isDisabled: boolean;
  readonly createdAt: EpochMs;
  readonly lastLoginAt: EpochMs | null;
}

export interface TokenRecord {
  readonly key: string;
  readonly name: string;
  readonly hash: string;
  readonly role: AccountRole;
  readonly createdAt: EpochMs;
  readonly createdBy: string;
}

/** Accounts, sessions and tokens on disk, as hashes: nothing in it lets anybody in. Read anew each time, because the command
 *  line changes it while a gateway runs. */
export interface AccountStore {
  hasAccounts(): boolean;
  accounts(): readonly AccountRecord[];
  account(key: string): AccountRecord | null;
  putAccount(account: AccountRecord): void;
  removeAccount(key: string): void;
  sessions(): readonly SessionRecord[];
  putSession(session: SessionRecord): void;
  removeSession(id: string): void;
  tokens(): readonly TokenRecord[];
  token(key: string): TokenRecord | null;
  tokenByHash(hash: string): TokenRecord | null;
  putToken(token: TokenRecord): void;
  removeToken(key: string): void;
  /** Forgets those that have expired by `now`. */
  putLink(hash: string, now: EpochMs, expiresAt: EpochMs): void;
  hasLink(hash: string, now: EpochMs): boolean;
  removeLinks(): void;
  /** All or nothing, and on the disk when it returns. */
  durably<T>(work: () => T): T;
  /** Why it takes nothing at present, or nothing that lasts; null when all is well. */
  trouble(): string | null;
  close(): void;
}

/** Its name in the data folder. */
export const ACCOUNTS_FILE = "accounts.sqlite";
const FORM: Form = { name: "accounts", migrations: ACCOUNT_MIGRATIONS };
const OWNER_ONLY = 0o600;

/** Opens the accounts in the data folder, for the eyes of the gateway's user only. Throws BadConfiguration when a newer
 *  version of the gateway wrote them, and the system's or SQLite's error when they cannot be used. */
export function openAccounts(dataDir: string): AccountStore {
  const file = join(dataDir, ACCOUNTS_FILE);
  mkdirSync(dirname(file), { recursive: true });
  closeSync(openSync(file, "a", OWNER_ONLY)); // SQLite gives its side files the mode of this one
  chmodSync(file, OWNER_ONLY);
  return assemble(openDatabase(file, FORM));
}

/** Knows nobody and keeps nothing, for want of a file that can be used. */
export function memoryAccounts(trouble: string): AccountStore {
  return assemble(memoryDatabase(trouble, FORM));
}

function assemble(database: Database): AccountStore {
  return {
    ...accountTable(database),
    ...sessionTable(database),
    ...tokenTable(database),
    ...linkTable(database),
    durably: (work) => database.durably(work),
    trouble: () => database.trouble(),
    close: () => database.close(),
  };
}

function accountTable(
  database: Database,
): Pick<AccountStore, "hasAccounts" | "accounts" | "account" | "putAccount" | "removeAccount"> {
  return {
    hasAccounts: () => database.one("SELECT 1 AS yes FROM accounts LIMIT 1") !== null,
    accounts: () => database.all("SELECT * FROM accounts ORDER BY key").map(accountOf),
    account(key) {
      const row = database.one("SELECT * FROM accounts WHERE key = ?", key);
      return row === null ? null : accountOf(row);
    },
    putAccount: ({ key, name, role, password, stamp, isDisabled, createdAt, lastLoginAt }) =>
      database.run(
        `INSERT OR REPLACE INTO accounts (key, name, role, password, stamp, disabled, created, last_login)
         VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
        [key, name, role, password, stamp, Number(isDisabled), createdAt, lastLoginAt],
      ),
    removeAccount: (key) => database.run("DELETE FROM accounts WHERE key = ?", [key]),
  };
}

function accountOf(row: Row): AccountRecord {
  return {
    key: row["key"] as string,
    name: row["name"] as string,
    role: row["role"] as AccountRole,
    password: row["password"] as string,
    stamp: row["stamp"] as string,
    isDisabled: row["disabled"] === 1,
    createdAt: row["created"] as number,
    lastLoginAt: row["last_login"] as number | null,
  };
}

function sessionTable(database: Database): Pick<AccountStore, "sessions" | "putSession" | "removeSession"> {
  return {
    sessions: () => database.all("SELECT * FROM sessions ORDER BY created").map(sessionOf),
    putSession: ({ id, account, stamp, createdAt, activeAt, isLocked, address, agent }) =>
      database.run(
        `INSERT OR REPLACE INTO sessions (id, account, stamp, created, active, locked, address, agent)
         VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
        [id, account, stamp, createdAt, activeAt, Number(isLocked), address, agent],
      ),
    removeSession: (id) => database.run("DELETE FROM sessions WHERE id = ?", [id]),
  };
}

function sessionOf(row: Row): SessionRecord {
  return {
    id: row["id"] as string,
    account: row["account"] as string,
    stamp: row["stamp"] as string,
    createdAt: row["created"] as number,
    activeAt: row["active"] as number,
    isLocked: row["locked"] === 1,
    address: row["address"] as string,
    agent: row["agent"] as string,
  };
}

function tokenTable(
  database: Database,
): Pick<AccountStore, "tokens" | "token" | "tokenByHash" | "putToken" | "removeToken"> {
  return {
    tokens: () => database.all("SELECT * FROM tokens ORDER BY key").map(tokenOf),
    token: (key) => tokenOrNull(database.one("SELECT * FROM tokens WHERE key = ?", key)),
    tokenByHash: (hash) => tokenOrNull(database.one("SELECT * FROM tokens WHERE hash = ?", hash)),
    putToken: ({ key, name, hash, role, createdAt, createdBy }) =>
      database.run(
        "INSERT INTO tokens (key, name, hash, role, created, created_by) VALUES (?, ?, ?, ?, ?, ?)",
        [key, name, hash, role, createdAt, createdBy],
      ),
    removeToken: (key) => database.run("DELETE FROM tokens WHERE key = ?", [key]),
  };
}

function tokenOrNull(row: Row | null): TokenRecord | null {
  return row === null ? null : tokenOf(row);
}

function tokenOf(row: Row): TokenRecord {
  return {
    key: row["key"] as string,
    name: row["name"] as string,
    hash: row["hash"] as string,
    role: row["role"] as AccountRole,
    createdAt: row["created"] as number,
    createdBy: row["created_by"] as string,
  };
}

function linkTable(database: Database): Pick<AccountStore, "putLink" | "hasLink" | "removeLinks"> {
  return {
    putLink(hash, now, expiresAt) {
      database.run("DELETE FROM links WHERE expires <= ?", [now]);
      database.run("INSERT INTO links (hash, expires) VALUES (?, ?)", [hash, expiresAt]);
    },
    hasLink: (hash, now) =>
      database.one("SELECT 1 AS yes FROM links WHERE hash = ? AND expires > ?", hash, now) !== null,
    removeLinks: () => database.run("DELETE FROM links", []),
  };
}
