import { mayUse, PeopleRefusal } from "../../domain/people.ts";
import type { AccountRole, Actor, Administration, AuditAction, AuditEvent } from "../../domain/people.ts";
import type { EpochMs } from "../../domain/time.ts";
import { nameFault, nameKey, tidyName } from "../../security/names.ts";
import { passwordFault } from "../../security/password-rules.ts";
import type { Passwords } from "../../security/passwords.ts";
import { newSecret, secretHash } from "../../security/secret.ts";
import type { AccountRecord, AccountStore } from "../../store/accounts/accounts.ts";

/** Time in which a set-up link is good. */
export const SET_UP_LINK_MS = 3_600_000;

/** What tells a token of this gateway from other secrets, for people and for programs that look for leaked ones. */
export const TOKEN_MARK = "puma_";

export interface AdministrationOptions {
  readonly store: AccountStore;
  readonly passwords: Passwords;
  /** Writes it down, or says that it cannot. */
  readonly audit: (event: AuditEvent) => void;
  readonly now: () => EpochMs;
}

/** Accounts and tokens as people change them, on the page or by the command line. */
export function createAdministration(options: AdministrationOptions): Administration {
  const { store, passwords } = options;
  const note = noter(options);
  const change = (by: Actor, name: string, action: AuditAction, changes: Partial<AccountRecord>): void => {
    const before = existing(store, name);
    const after = { ...before, ...changes };
    keepAnAdmin(store, before, after);
    store.durably(() => store.putAccount(after));
    const [was, is] = action === "role-changed" ? [before.role, after.role] : [null, null];
    note(by, action, before.name, was, is);
  };
  return {
    accounts: () => store.accounts(),
    async addAccount(by, name, role, password) {
      checkNewName(store, name);
      checkPassword(password, name);
      const hash = await passwords.hash(password);
      store.durably(() => {
        checkNewName(store, name);
        store.putAccount(newAccount(name, role, hash, options.now()));
      });
      note(by, "account-added", tidyName(name), null, role);
    },
    setRole: (by, name, role) => change(by, name, "role-changed", { role }),
    setDisabled: (by, name, isDisabled) =>
      change(by, name, isDisabled ? "account-disabled" : "account-enabled", {
        isDisabled,
        stamp: newStamp(),
      }),
    async setPassword(by, name, password) {
      checkPassword(password, existing(store, name).name);
      change(by, name, "password-changed", { password: await passwords.hash(password), stamp: newStamp() });
    },
    removeAccount(by, name) {
      const account = existing(store, name);
      keepAnAdmin(store, account, null);
      store.durably(() => store.removeAccount(account.key));
      note(by, "account-removed", account.name, account.role, null);
    },
    ...tokenAdministration(options),
  };
}

function tokenAdministration(
  options: AdministrationOptions,
): Pick<Administration, "tokens" | "addToken" | "removeToken"> {
  const { store, now } = options;
  const note = noter(options);
  return {
    tokens: () => store.tokens(),
    addToken(by, name, role) {
      const token = `${TOKEN_MARK}${newSecret()}`;
      const known = { key: nameKey(name), name: tidyName(name), hash: secretHash(token) };
      store.durably(() => {
        checkNewName(store, name);
        store.putToken({ ...known, role, createdAt: now(), createdBy: by.name });
      });
      note(by, "token-added", known.name, null, role);
      return token;
    },
    removeToken(by, name) {
      const token = store.token(nameKey(name));
      if (token === null) throw new PeopleRefusal("unknown", `There is no token ${name}.`);
      store.durably(() => store.removeToken(token.key));
      note(by, "token-removed", token.name, token.role, null);
    },
  };
}

/** A secret that makes the first account, once and for an hour. Throws PeopleRefusal when there are accounts. */
export function makeSetUpLink(options: AdministrationOptions, by: Actor): string {
  const { store, now } = options;
  if (store.hasAccounts())
    throw new PeopleRefusal("taken", "The first account has been made: an admin can add others.");
  const secret = newSecret();
  store.putLink(secretHash(secret), now(), now() + SET_UP_LINK_MS);
  noter(options)(by, "set-up-link-made", "", null, null);
  return secret;
}

/** Makes the first account for whoever has the secret of a set-up link; all links are spent then. */
export async function makeFirstAccount(
  { store, passwords, audit, now }: AdministrationOptions,
  link: string,
  name: string,
  password: string,
  address: string,
): Promise<void> {
  const check = (): void => {
    if (store.hasAccounts() || !store.hasLink(secretHash(link), now()))
      throw new PeopleRefusal("closed", "This link has been used or has expired.");
  };
  check();
  checkNewName(store, name);
  checkPassword(password, name);
  const hash = await passwords.hash(password);
  store.durably(() => {
    check();
    store.putAccount(newAccount(name, "admin", hash, now()));
    store.removeLinks();
  });
  const subject = tidyName(name);
  const rest = { subject, before: null, after: "admin", reason: "first account", address };
  audit({ at: now(), by: subject, action: "account-added", ...rest });
}

function noter({ audit, now }: AdministrationOptions) {
  return (
    by: Actor,
    action: AuditAction,
    subject: string,
    before: string | null,
    after: string | null,
  ): void =>
    audit({ at: now(), by: by.name, action, subject, before, after, reason: null, address: by.address });
}

function newAccount(name: string, role: AccountRole, password: string, createdAt: EpochMs): AccountRecord {
  const known = { key: nameKey(name), name: tidyName(name), role, password };
  return { ...known, stamp: newStamp(), isDisabled: false, createdAt, lastLoginAt: null };
}

export function newStamp(): string {
  return newSecret();
}

function existing(store: AccountStore, name: string): AccountRecord {
  const account = store.account(nameKey(name));
  if (account === null) throw new PeopleRefusal("unknown", `There is no account ${name}.`);
  return account;
}

/** People and programs stand side by side in the journal, so no two have one name. */
function checkNewName(store: AccountStore, name: string): void {
  const fault = nameFault(name);
  if (fault !== null) throw new PeopleRefusal("unfit-name", fault);
  const key = nameKey(name);
  if (store.account(key) !== null) throw new PeopleRefusal("taken", `There is an account ${name}.`);
  if (store.token(key) !== null) throw new PeopleRefusal("taken", `There is a token ${name}.`);
}

export function checkPassword(password: string, name: string): void {
  const fault = passwordFault(password, name);
  if (fault !== null) throw new PeopleRefusal("unfit-password", fault);
}

/** Without an admin nobody could ever change accounts on the page again. */
function keepAnAdmin(store: AccountStore, before: AccountRecord, after: AccountRecord | null): void {
  const isAdmin = (account: AccountRecord | null): boolean =>
    account !== null && !account.isDisabled && mayUse(account.role, "admin");
  if (!isAdmin(before) || isAdmin(after)) return;
  const others = store.accounts().filter((account) => account.key !== before.key);
  if (!others.some(isAdmin)) throw new PeopleRefusal("last-admin", `${before.name} is the only admin.`);
}
