import { loadPlant } from "../config/load.ts";
import type { Plant } from "../config/plant.ts";
import { ACCOUNT_ROLES, PeopleRefusal } from "../domain/people.ts";
import type { AccountRole, Actor, Administration } from "../domain/people.ts";
import { systemClock } from "../domain/system-clock.ts";
import { createAdministration } from "../gateway/people/administration.ts";
import type { AdministrationOptions } from "../gateway/people/administration.ts";
import { createAuditor } from "../gateway/people/people.ts";
import { createPasswords, PASSWORD_COST } from "../security/passwords.ts";
import { openAccounts } from "../store/accounts/accounts.ts";
import { openJournal } from "../store/journal/journal.ts";
import { UsageError } from "./arguments.ts";
import { commandLineName } from "./audit-note.ts";
import { createLog } from "./log.ts";

/** The accounts of a plant as the command line changes them, whether a gateway runs or not. */
export interface OpenAccounts {
  readonly plant: Plant;
  readonly options: AdministrationOptions;
  readonly administration: Administration;
  readonly by: Actor;
}

/** Does `work` with the accounts of the plant file. What is refused is told on standard error, with exit code 1. */
export async function withAccounts(
  file: string,
  work: (accounts: OpenAccounts) => Promise<number> | number,
): Promise<number> {
  const plant = loadPlant(file);
  const journal = openJournal(plant.data.dir);
  const store = openAccounts(plant.data.dir);
  const options = {
    store,
    passwords: createPasswords(PASSWORD_COST),
    audit: createAuditor(journal, createLog("error")),
    now: () => systemClock.now(),
  };
  const by = { name: commandLineName(), address: null };
  try {
    return await work({ plant, options, administration: createAdministration(options), by });
  } catch (error) {
    if (!(error instanceof PeopleRefusal)) throw error;
    process.stderr.write(`${error.message}\n`);
    return 1;
  } finally {
    store.close();
    journal.close();
  }
}

/** The role that --role names. Throws UsageError when it names none. */
export function roleOption(word: string | boolean | undefined): AccountRole {
  const role = ACCOUNT_ROLES.find((one) => one === word);
  if (role !== undefined) return role;
  const found = typeof word === "string" ? `, not "${word}"` : "";
  throw new UsageError(`--role takes one of ${ACCOUNT_ROLES.join(", ")}${found}.`);
}

/** The name that an action needs. */
export function nameWord(word: string | undefined): string {
  if (word === undefined) throw new UsageError("NAME is missing; list shows them.");
  return word;
}
