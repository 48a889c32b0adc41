import { existsSync, readdirSync, realpathSync } from "node:fs";
import { basename, resolve } from "node:path";
import type { ConfigurationSource } from "../config/configuration.ts";
import { openAccounts, ACCOUNTS_FILE } from "../store/accounts/accounts.ts";
import { BackupRefused } from "../store/backup/manifest.ts";
import { checkBackup, unpackBackup } from "../store/backup/read.ts";
import type { CheckedBackup } from "../store/backup/read.ts";
import { configurationHash } from "../gateway/configuration/hash.ts";
import { readArguments, UsageError } from "./arguments.ts";
import type { Command } from "./arguments.ts";
import { auditFromHere } from "./audit-note.ts";
import { placesAround } from "./backup-places.ts";

const OPTIONS = { from: { type: "string" }, seal: { type: "string" } } as const;

/** `puma restore PLANT.yaml --from FILE [--seal SEAL]`: puts a backup where nothing is yet. Whatever is wrong with it is told
 *  before anything is written, with exit code 1. */
export const restore: Command = async (args) => {
  const { values, positionals } = readArguments(args, OPTIONS, ["PLANT.yaml"]);
  const plantFile = resolve(positionals[0] ?? "");
  const { from, seal } = values;
  if (typeof from !== "string") throw new UsageError("--from is missing; it names the backup.");
  if (!existsSync(from)) throw new UsageError(`there is no file ${from}.`);
  try {
    const checked = await checkBackup(from);
    if (typeof seal === "string" && seal !== checked.seal)
      throw new BackupRefused(`This is another backup: its seal is ${checked.seal}.`);
    const places = placesAround(plantFile, checked.manifest.dataDir);
    refuseOccupied(checked, places);
    refuseForgedConfiguration(checked);
    await unpackBackup(from, checked, places.placeOf);
    settle(places.data, checked, basename(from));
    process.stdout.write(describe(checked, plantFile, places));
    return 0;
  } catch (error) {
    if (!(error instanceof BackupRefused)) throw error;
    process.stderr.write(`${error.message} Nothing has been changed.\n`);
    return 1;
  }
};

type Places = ReturnType<typeof placesAround>;

function refuseOccupied({ manifest }: CheckedBackup, { data, placeOf }: Places): void {
  if (existsSync(data) && readdirSync(realpathSync(data)).length > 0)
    throw new BackupRefused(`The data folder ${data} is not empty.`);
  const taken = manifest.files.map(({ name }) => placeOf(name)).find((place) => existsSync(place));
  if (taken !== undefined) throw new BackupRefused(`${taken} is there already.`);
}

const KINDS = [
  [/^configuration\/profiles\//u, "profile"],
  [/^configuration\/texts\//u, "text"],
  [/^configuration\//u, "plant"],
] as const;

/** The hash of the configuration is what people write down, so that it must be that of the files. */
function refuseForgedConfiguration({ manifest, configuration }: CheckedBackup): void {
  const sources = [...configuration].map(([path, text]): Omit<ConfigurationSource, "path"> => {
    const kind = KINDS.find(([pattern]) => pattern.test(path))?.[1] ?? "plant";
    return { kind, name: basename(path), text };
  });
  if (configurationHash(sources) !== manifest.configuration)
    throw new BackupRefused("The backup is damaged: its configuration is not the one that it names.");
}

/** Nobody who was signed in when the backup was made is signed in now: they may have been shut out since. */
function settle(dataDir: string, { manifest, seal }: CheckedBackup, from: string): void {
  if (existsSync(resolve(dataDir, ACCOUNTS_FILE))) {
    const accounts = openAccounts(dataDir);
    for (const { id } of accounts.sessions()) accounts.removeSession(id);
    accounts.removeLinks();
    accounts.close();
  }
  auditFromHere(dataDir, { action: "backup-restored", subject: manifest.plant, after: `${from} ${seal}` });
}

function describe({ manifest, seal }: CheckedBackup, plantFile: string, { data, placeOf }: Places): string {
  const elsewhere = manifest.files.filter(({ name }) => name.startsWith("elsewhere/"));
  const lines = [
    `${manifest.title}, as it was at ${manifest.at}: ${manifest.files.length} files`,
    `plant file     ${plantFile}`,
    `data           ${data}`,
    `configuration  ${manifest.configuration}`,
    `seal           ${seal}`,
    ...elsewhere.map(({ name }) => `move           ${placeOf(name)} to ${name.replace(/^elsewhere/u, "")}`),
    ...manifest.variables.map((name) => `set            the environment variable ${name}`),
  ];
  if (!manifest.hasHistory) lines.push("The history was not part of it and begins anew.");
  return `${lines.join("\n")}\nEverybody signs in anew.\n`;
}
