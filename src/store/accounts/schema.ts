/** Statements that bring a file of accounts from version i to version i + 1. Never changed once released; new ones are added. */
export const ACCOUNT_MIGRATIONS: readonly string[] = [
  `
CREATE TABLE accounts (
  key TEXT PRIMARY KEY, name TEXT NOT NULL, role TEXT NOT NULL, password TEXT NOT NULL, stamp TEXT NOT NULL,
  disabled INTEGER NOT NULL, created INTEGER NOT NULL, last_login INTEGER
) STRICT, WITHOUT ROWID;

CREATE TABLE sessions (
  id TEXT PRIMARY KEY, account TEXT NOT NULL, stamp TEXT NOT NULL, created INTEGER NOT NULL, active INTEGER NOT NULL,
  locked INTEGER NOT NULL, address TEXT NOT NULL, agent TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE tokens (
  key TEXT PRIMARY KEY, name TEXT NOT NULL, hash TEXT NOT NULL UNIQUE, role TEXT NOT NULL, created INTEGER NOT NULL,
  created_by TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE links (hash TEXT PRIMARY KEY, expires INTEGER NOT NULL) STRICT, WITHOUT ROWID;
`,
];
