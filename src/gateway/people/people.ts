import { join } from "node:path";
import { BadConfiguration } from "../../domain/errors.ts";
import { PeopleRefusal } from "../../domain/people.ts";
import type { AuditEvent, People } from "../../domain/people.ts";
import type { Log } from "../../domain/ports.ts";
import type { Clock } from "../../domain/time.ts";
import { createPasswords } from "../../security/passwords.ts";
import type { PasswordCost } from "../../security/passwords.ts";
import { createSessions, endOf } from "../../security/sessions.ts";
import type { Sessions } from "../../security/sessions.ts";
import { ACCOUNTS_FILE, memoryAccounts, openAccounts } from "../../store/accounts/accounts.ts";
import type { AccountStore } from "../../store/accounts/accounts.ts";
import type { Journal } from "../../store/journal/journal.ts";
import { createAdministration, makeSetUpLink } from "./administration.ts";
import { createDoor } from "./door.ts";

export interface PeopleOptions {
  readonly dataDir: string;
  readonly journal: Pick<Journal, "audit" | "trouble">;
  /** The time of people, which no demonstration hurries. */
  readonly clock: Clock;
  readonly cost: PasswordCost;
  readonly log: Log;
}

export interface OpenPeople {
  readonly people: People;
  /** A link that makes the first account, at a gateway of this address; null when there is one, or nobody can know. */
  setUpUrl(httpUrl: string): string | null;
  close(): void;
}

const GATEWAY = { name: "gateway", address: null } as const;

/** Opens the accounts of a plant. A file that cannot be read keeps everybody out, and leaves the plant its gateway. Throws
 *  BadConfiguration when a newer version wrote it. */
export function openPeople({ dataDir, journal, clock, cost, log }: PeopleOptions): OpenPeople {
  const { store, isShut } = openStore(dataDir, log);
  const sessions = createSessions(store, clock);
  const audit = createAuditor(journal, log);
  const options = { store, passwords: createPasswords(cost), audit, now: () => clock.now() };
  const people: People = {
    door: createDoor({ ...options, sessions, clock, isShut }),
    administration: createAdministration(options),
    sessions: () => sessionViews(store, sessions),
    endSession(by, id) {
      const session = sessions.find(id);
      if (session === null) throw new PeopleRefusal("unknown", "There is no such session.");
      sessions.end(id);
      const subject = store.account(session.account)?.name ?? session.account;
      const rest = { subject, before: null, after: null, reason: null, address: by.address };
      audit({ at: clock.now(), by: by.name, action: "session-ended", ...rest });
    },
    audit: (from, to, rowsMax) => journal.audit.between(from, to, rowsMax),
    trouble: () => store.trouble(),
  };
  return {
    people,
    setUpUrl(httpUrl) {
      if (people.door.hasAccounts()) return null;
      try {
        return setUpUrl(httpUrl, makeSetUpLink(options, GATEWAY));
      } catch (error) {
        // A disk that takes nothing leaves the plant its gateway; a link can be made later.
        if (store.trouble() === null) throw error;
        return null;
      }
    },
    close: () => store.close(),
  };
}

/** The secret stands where no browser sends it to a server and no server writes it into a log. */
export function setUpUrl(httpUrl: string, secret: string): string {
  return `${httpUrl}/login#setup=${secret}`;
}

function openStore(dataDir: string, log: Log): { store: AccountStore; isShut: boolean } {
  try {
    return { store: openAccounts(dataDir), isShut: false };
  } catch (error) {
    if (error instanceof BadConfiguration) throw error;
    const reason = (error as Error).message;
    log.error(
      { file: join(dataDir, ACCOUNTS_FILE), reason },
      "the accounts cannot be opened: nobody is let in",
    );
    return { store: memoryAccounts(reason), isShut: true };
  }
}

/** What cannot be written down must not keep people from acting: it is told, by the log and by the journal's health. */
export function createAuditor(journal: Pick<Journal, "audit">, log: Log): (event: AuditEvent) => void {
  return (event) => {
    try {
      journal.audit.append(event);
    } catch (error) {
      log.error({ event, reason: (error as Error).message }, "the audit takes nothing");
    }
  };
}

function sessionViews(store: AccountStore, sessions: Sessions): ReturnType<People["sessions"]> {
  return sessions.all().flatMap((session) => {
    const { id, createdAt, activeAt, isLocked, address, agent } = session;
    const account = store.account(session.account);
    if (account === null || account.stamp !== session.stamp) return [];
    const times = { createdAt, activeAt, endsAt: endOf(session) };
    return [{ id, account: account.name, origin: { address, agent }, ...times, isLocked }];
  });
}
