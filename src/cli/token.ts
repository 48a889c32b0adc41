import { nameWord, roleOption, withAccounts } from "./accounts.ts";
import { readArguments, UsageError } from "./arguments.ts";
import type { Command } from "./arguments.ts";
import { formatTable } from "./table.ts";

const ACTIONS = ["add", "list", "remove"] as const;

/** `puma token PLANT.yaml add NAME --role ROLE|list|remove NAME`: programs. A token is shown when it is added, and never again. */
export const token: Command = (args) => {
  const words = readArguments(args, { role: { type: "string" } }, [
    "PLANT.yaml",
    ACTIONS.join("|"),
    "[NAME]",
  ]);
  const [file = "", word = "", name] = words.positionals;
  const action = ACTIONS.find((one) => one === word);
  if (action === undefined) throw new UsageError(`"${word}" is not one of ${ACTIONS.join(", ")}.`);
  return withAccounts(file, ({ administration, by }) => {
    if (action === "add") {
      const secret = administration.addToken(by, nameWord(name), roleOption(words.values["role"]));
      process.stdout.write(`${secret}\n`);
      process.stderr.write("It is shown this once: the program sends it as Authorization: Bearer TOKEN.\n");
    } else if (action === "remove") {
      administration.removeToken(by, nameWord(name));
      process.stdout.write(`Removed: ${name}\n`);
    } else {
      const rows = administration
        .tokens()
        .map((one) => [
          one.name,
          one.role,
          new Date(one.createdAt).toISOString().slice(0, 10),
          one.createdBy,
        ]);
      process.stdout.write(
        rows.length === 0 ? "No tokens yet.\n" : formatTable(["name", "role", "since", "added by"], rows),
      );
    }
    return 0;
  });
};
