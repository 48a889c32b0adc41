import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { HttpConfig } from "../../src/config/plant.ts";
import type { ConfigurationDesk } from "../../src/domain/configuration.ts";
import type { AccountRole, People } from "../../src/domain/people.ts";
import type { Clock } from "../../src/domain/time.ts";
import { openPeople } from "../../src/gateway/people/people.ts";
import type { App } from "../../src/http/app.ts";
import { Live } from "../../src/http/live.ts";
import { buildHttp } from "../../src/http/server.ts";
import type { PasswordCost } from "../../src/security/passwords.ts";
import { openJournal } from "../../src/store/journal/journal.ts";
import type { Journal } from "../../src/store/journal/journal.ts";
import { silentLog } from "./http-server.ts";
import { memoryView } from "./http-view.ts";
import type { MemoryView } from "./http-view.ts";
import { tagOf } from "./tags.ts";

/** The least that argon2 takes: tests are about who comes in, and not about what a guess costs. */
export const CHEAP: PasswordCost = { memoryKib: 8, passes: 1, lanes: 1 };

export const PASSWORD = "lluvia martillo tren 58";

const TESTER = { name: "tester", address: null };

/** Accounts of a gateway that runs, by name, all with the same password. */
export async function addAccounts(
  { administration }: People,
  roles: Readonly<Record<string, AccountRole>>,
): Promise<void> {
  for (const [name, role] of Object.entries(roles))
    await administration.addAccount(TESTER, name, role, PASSWORD);
}

export interface TestPeople {
  readonly people: People;
  readonly dir: string;
  readonly journal: Journal;
  setUpSecret(): string | null;
  add(name: string, role: AccountRole, password?: string): Promise<void>;
  /** Closes the files, and opens them again as the next start would. */
  restart(): void;
  close(): void;
}

/** Accounts in a folder of their own. */
export function testPeople(clock: Clock, cost: PasswordCost = CHEAP): TestPeople {
  const dir = mkdtempSync(join(tmpdir(), "puma-people-"));
  const start = () => {
    const journal = openJournal(dir);
    return { journal, opened: openPeople({ dataDir: dir, journal, clock, cost, log: silentLog }) };
  };
  let running = start();
  const stop = (): void => {
    running.opened.close();
    running.journal.close();
  };
  return {
    dir,
    get people() {
      return running.opened.people;
    },
    get journal() {
      return running.journal;
    },
    setUpSecret: () => /#setup=(.*)$/.exec(running.opened.setUpUrl("http://localhost") ?? "")?.[1] ?? null,
    add: (name, role, password = PASSWORD) =>
      running.opened.people.administration.addAccount(TESTER, name, role, password),
    restart() {
      stop();
      running = start();
    },
    close() {
      stop();
      rmSync(dir, { recursive: true, force: true });
    },
  };
}

export function viewWith(people: People, changes: Partial<HttpConfig> = {}): MemoryView {
  const view = memoryView([tagOf(0, { id: "FT-207" })], {
    http: { host: "127.0.0.1", port: 0, auth: "accounts", ...changes },
  });
  view.people = people;
  view.configurations = UNCHANGING;
  return view;
}

/** Files that are as they were. */
const UNCHANGING: ConfigurationDesk = {
  versions: () => [],
  current: () => null,
  refused: () => null,
  files: () => null,
  paths: () => [],
  reload: () => Promise.resolve({ state: "unchanged" }),
  rollback: () => Promise.resolve({ state: "unchanged" }),
};

/** Every route, for requests without a socket. */
export async function appWith(people: People, clock: Clock, changes: Partial<HttpConfig> = {}): Promise<App> {
  const context = { view: viewWith(people, changes), clock, log: silentLog, webDir: "/nowhere" };
  const app = await buildHttp(context, new Live(context));
  await app.ready();
  return app;
}

/** The session's cookie of an answer, as the browser sends it back. */
export function cookieOf({ headers }: { readonly headers: Record<string, unknown> }): string {
  return String(headers["set-cookie"]).split(";")[0] ?? "";
}
