import { existsSync } from "node:fs";
import { join } from "node:path";
import { loadPlant } from "../config/load.ts";
import { JOURNAL_FILE, openJournal } from "../store/journal/journal.ts";
import { readArguments, UsageError } from "./arguments.ts";
import type { Command } from "./arguments.ts";

/** `puma audit PLANT.yaml verify`: whether what the audit says is what was written into it. Exit code 1 when it is not. */
export const audit: Command = async (args) => {
  const [file = "", action = ""] = readArguments(args, {}, ["PLANT.yaml", "verify"]).positionals;
  if (action !== "verify") throw new UsageError(`"${action}" is not verify.`);
  const { dir } = loadPlant(file).data;
  if (!existsSync(join(dir, JOURNAL_FILE))) {
    process.stdout.write(`There is no journal in ${dir}: nothing has been done yet.\n`);
    return 0;
  }
  const journal = openJournal(dir);
  try {
    const { rows, firstFault } = journal.audit.verify();
    if (firstFault === null) {
      process.stdout.write(`The audit has ${rows} rows, each as it was written.\n`);
      return 0;
    }
    process.stdout.write(`The audit has been tampered with: row ${firstFault} is changed or missing.\n`);
    return 1;
  } finally {
    journal.close();
  }
};
