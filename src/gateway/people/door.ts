import { PeopleRefusal } from "../../domain/people.ts";
import type { Admission, AuditAction, Caller, Door, Origin } from "../../domain/people.ts";
import { nameKey, tidyName } from "../../security/names.ts";
import { secretHash } from "../../security/secret.ts";
import { endOf } from "../../security/sessions.ts";
import type { Sessions } from "../../security/sessions.ts";
import { createThrottle } from "../../security/throttle.ts";
import type { AccountRecord } from "../../store/accounts/accounts.ts";
import type { Clock } from "../../domain/time.ts";
import { checkPassword, makeFirstAccount, newStamp } from "./administration.ts";
import type { AdministrationOptions } from "./administration.ts";

export interface DoorOptions extends AdministrationOptions {
  readonly sessions: Sessions;
  readonly clock: Clock;
  /** The file of accounts cannot be read: nobody comes in, and nobody is the first one either. */
  readonly isShut: boolean;
}

/** Lets people in by their password and knows them and programs by what they show. */
export function createDoor(options: DoorOptions): Door {
  const { store, sessions, isShut } = options;
  const check = createPasswordCheck(options);
  const sessionCaller = (id: string): Caller | null => {
    const session = sessions.find(id);
    if (session === null) return null;
    const account = store.account(session.account);
    if (account === null || account.isDisabled || account.stamp !== session.stamp) {
      sessions.end(id);
      return null;
    }
    const { name, role } = account;
    return { name, role, kind: "session", session: id, isLocked: session.isLocked, endsAt: endOf(session) };
  };
  return {
    hasAccounts: () => isShut || store.hasAccounts(),
    bySession: (secret) => sessionCaller(secretHash(secret)),
    byToken(secret) {
      const token = store.tokenByHash(secretHash(secret));
      if (token === null) return null;
      return {
        name: token.name,
        role: token.role,
        kind: "token",
        session: null,
        isLocked: false,
        endsAt: null,
      };
    },
    recall(caller) {
      if (caller.session !== null) return sessionCaller(caller.session);
      const token = store.token(nameKey(caller.name));
      return token === null ? null : { ...caller, role: token.role };
    },
    noteActivity({ session }) {
      if (session !== null) sessions.touch(session);
    },
    lock({ session }) {
      if (session !== null) sessions.lock(session);
    },
    ...createEntrance(options, check, sessionCaller),
  };
}

/** Whether a password is the right one of an account, with the time and the patience that it takes. */
type PasswordCheck = (
  name: string,
  password: string,
  address: string,
  failed: AuditAction,
) => Promise<AccountRecord>;

function createPasswordCheck({ store, passwords, audit, clock }: DoorOptions): PasswordCheck {
  const throttle = createThrottle();
  return async (name, password, address, failed) => {
    const key = nameKey(name);
    const subject = tidyName(name).slice(0, 64);
    const note = (action: AuditAction): void => {
      const rest = { subject, before: null, after: null, reason: null, address };
      audit({ at: clock.now(), by: "nobody", action, ...rest });
    };
    const waitMs = throttle.attempt(key, address, clock.monotonic());
    if (waitMs > 0) {
      const waitS = Math.ceil(waitMs / 1000);
      throw new PeopleRefusal("throttled", `Too many wrong passwords: wait ${waitS} s.`, waitS);
    }
    const account = store.account(key);
    const isRight = await passwords.matches(password, account?.password ?? null);
    if (!isRight || account === null || account.isDisabled) {
      note(failed);
      throw new PeopleRefusal("wrong-password", "Name or password is wrong.");
    }
    throttle.succeeded(key, address);
    return account;
  };
}

type Entrance = Pick<Door, "signIn" | "setUp" | "signOut" | "unlock" | "changePassword">;

function createEntrance(
  options: DoorOptions,
  check: PasswordCheck,
  sessionCaller: (id: string) => Caller | null,
): Entrance {
  const { store, sessions, passwords, audit, clock } = options;
  const note = (action: AuditAction, name: string, address: string): void => {
    const rest = { subject: name, before: null, after: null, reason: null, address };
    audit({ at: clock.now(), by: name, action, ...rest });
  };
  const admit = ({ key, name, stamp }: AccountRecord, origin: Origin): Admission => {
    const secret = sessions.open(key, stamp, origin);
    note("signed-in", name, origin.address);
    const caller = sessionCaller(secretHash(secret));
    if (caller === null)
      throw new PeopleRefusal("closed", "The account has just been changed: sign in again.");
    return { secret, caller };
  };
  return {
    async signIn(name, password, origin) {
      const account = await check(name, password, origin.address, "sign-in-failed");
      await remember(options, account, password);
      return admit(account, origin);
    },
    async setUp(link, name, password, origin) {
      await makeFirstAccount(options, link, name, password, origin.address);
      return admit(store.account(nameKey(name)) as AccountRecord, origin);
    },
    signOut({ session, name }, address) {
      if (session === null) return;
      sessions.end(session);
      note("signed-out", name, address);
    },
    async unlock({ session, name }, password, address) {
      await check(name, password, address, "unlock-failed");
      if (session === null) return;
      sessions.unlock(session);
      note("unlocked", name, address);
    },
    async changePassword({ session, name }, password, next, address) {
      const { key } = await check(name, password, address, "password-change-failed");
      checkPassword(next, name);
      const hash = await passwords.hash(next);
      const stamp = newStamp();
      store.durably(() => {
        const account = store.account(key);
        if (account !== null) store.putAccount({ ...account, password: hash, stamp });
      });
      if (session !== null) sessions.restamp(session, stamp);
      note("password-changed", name, address);
    },
  };
}

/** Notes the login, and makes the hash anew where the cost of a guess has risen since. A disk that takes nothing keeps
 *  nobody out. */
async function remember(
  { store, passwords, clock }: DoorOptions,
  account: AccountRecord,
  password: string,
): Promise<void> {
  const hash = passwords.isOutdated(account.password) ? await passwords.hash(password) : account.password;
  try {
    store.durably(() => {
      const present = store.account(account.key);
      if (present?.stamp !== account.stamp) return;
      store.putAccount({ ...present, password: hash, lastLoginAt: clock.now() });
    });
  } catch (error) {
    if (store.trouble() === null) throw error;
  }
}
