import { PeopleRefusal } from "../domain/people.ts";
import type { AccountView } from "../domain/people.ts";
import { makeSetUpLink } from "../gateway/people/administration.ts";
import { setUpUrl } from "../gateway/people/people.ts";
import { nameWord, roleOption, withAccounts } from "./accounts.ts";
import type { OpenAccounts } from "./accounts.ts";
import { readArguments, UsageError } from "./arguments.ts";
import type { Command } from "./arguments.ts";
import { askPassword } from "./prompt.ts";
import { formatTable } from "./table.ts";

interface Asked {
  readonly name: string | undefined;
  readonly role: string | boolean | undefined;
}

/** What is said when it is done. */
type Action = (accounts: OpenAccounts, asked: Asked) => Promise<string> | string;

const ACTIONS: Readonly<Record<string, Action>> = {
  async add({ administration, by }, asked) {
    const [name, role] = [nameWord(asked.name), roleOption(asked.role)];
    await administration.addAccount(by, name, role, await newPassword(name));
    return `Added: ${name}, ${role}\n`;
  },
  list({ administration }) {
    const accounts = administration.accounts();
    return accounts.length === 0 ? "No accounts yet.\n" : describe(accounts);
  },
  remove({ administration, by }, asked) {
    const name = nameWord(asked.name);
    administration.removeAccount(by, name);
    return `Removed: ${name}\n`;
  },
  role({ administration, by }, asked) {
    const [name, role] = [nameWord(asked.name), roleOption(asked.role)];
    administration.setRole(by, name, role);
    return `Changed: ${name}, ${role}\n`;
  },
  async password({ administration, by }, asked) {
    const name = nameWord(asked.name);
    await administration.setPassword(by, name, await newPassword(name));
    return `Changed: the password of ${name}, whose sessions have ended\n`;
  },
  link({ options, plant, by }) {
    const scheme = plant.http.tls === undefined ? "http" : "https";
    const url = setUpUrl(`${scheme}://localhost:${plant.http.port}`, makeSetUpLink(options, by));
    return `Open on this machine, within an hour, while the gateway runs:\n${url}\n`;
  },
};

/** `puma user PLANT.yaml add NAME --role ROLE|list|remove NAME|role NAME --role ROLE|password NAME|link`: people. */
export const user: Command = (args) => {
  const words = readArguments(args, { role: { type: "string" } }, [
    "PLANT.yaml",
    Object.keys(ACTIONS).join("|"),
    "[NAME]",
  ]);
  const [file = "", word = "", name] = words.positionals;
  const act = Object.hasOwn(ACTIONS, word) ? ACTIONS[word] : undefined;
  if (act === undefined) throw new UsageError(`"${word}" is not one of ${Object.keys(ACTIONS).join(", ")}.`);
  return withAccounts(file, async (accounts) => {
    process.stdout.write(await act(accounts, { name, role: words.values["role"] }));
    return 0;
  });
};

async function newPassword(name: string): Promise<string> {
  const password = await askPassword(`New password for ${name}: `);
  if (password === null)
    throw new PeopleRefusal("unfit-password", "No password was given; nothing has been changed.");
  if (!process.stdin.isTTY) return password;
  if ((await askPassword("Once more: ")) === password) return password;
  throw new PeopleRefusal("unfit-password", "The two are not the same; nothing has been changed.");
}

function describe(accounts: readonly AccountView[]): string {
  const rows = accounts.map(({ name, role, isDisabled, createdAt, lastLoginAt }) => [
    name,
    isDisabled ? `${role} (kept out)` : role,
    new Date(createdAt).toISOString().slice(0, 10),
    lastLoginAt === null ? "–" : new Date(lastLoginAt).toISOString(),
  ]);
  return formatTable(["name", "role", "since", "last login"], rows);
}
