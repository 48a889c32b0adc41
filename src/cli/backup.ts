import { existsSync, statSync } from "node:fs";
import { resolve } from "node:path";
import type { Configuration } from "../config/configuration.ts";
import { loadConfiguration } from "../config/load.ts";
import type { EpochMs } from "../domain/time.ts";
import { systemClock } from "../domain/system-clock.ts";
import { writeBackup } from "../store/backup/write.ts";
import type { BackupContent } from "../store/backup/write.ts";
import { configurationHash } from "../gateway/configuration/hash.ts";
import { readArguments } from "./arguments.ts";
import type { Command } from "./arguments.ts";
import { auditFromHere } from "./audit-note.ts";
import { filesBeside, isBelow, nameBeside } from "./backup-places.ts";
import { version } from "./package.ts";

const OPTIONS = {
  to: { type: "string" },
  history: { type: "boolean" },
  spool: { type: "boolean" },
} as const;

/** `puma backup PLANT.yaml [--to FILE] [--history] [--spool]`: everything of a plant that cannot be made again, in one file,
 *  whether a gateway runs or not. */
export const backup: Command = async (args) => {
  const { values, positionals } = readArguments(args, OPTIONS, ["PLANT.yaml"]);
  const configuration = loadConfiguration(positionals[0] ?? "");
  const { plant } = configuration;
  const now = systemClock.now();
  const to = resolve(typeof values["to"] === "string" ? values["to"] : usualName(plant.id, now));
  const fault = placeFault(to, plant.data.dir);
  if (fault !== null) {
    process.stderr.write(`${fault}\n`);
    return 1;
  }
  const choice = { withHistory: values["history"] === true, withSpool: values["spool"] === true };
  const content = contentOf(configuration, now);
  const data = { ...choice, dir: plant.data.dir };
  const { manifest, seal } = await writeBackup(to, { ...content, data });
  auditFromHere(plant.data.dir, { action: "backup-made", subject: plant.id, after: seal });
  const left = [
    choice.withHistory ? "" : "the history (--history)",
    choice.withSpool ? "" : "what waits for the outputs (--spool)",
  ];
  process.stdout.write(
    [
      `${to}: ${manifest.files.length} files, ${(statSync(to).size / 2 ** 20).toFixed(1)} MiB`,
      `configuration  ${manifest.configuration}`,
      `seal           ${seal}`,
      ...left.filter((one) => one !== "").map((one) => `without        ${one}`),
      ...manifest.variables.map((name) => `not in it      the secret in the environment variable ${name}`),
      "It holds keys and hashes of passwords: keep it where nobody else reads it, and the seal apart from it.",
      "",
    ].join("\n"),
  );
  return 0;
};

function usualName(plant: string, now: EpochMs): string {
  return `${plant}-${new Date(now).toISOString().slice(0, 19).replaceAll(/[-:]/gu, "")}Z.backup.tgz`;
}

function placeFault(to: string, dataDir: string): string | null {
  if (existsSync(to)) return `${to} is there already: nothing has been written.`;
  if (isBelow(to, dataDir))
    return `${to} lies in the data folder, and would be lost with it: choose another place with --to.`;
  return null;
}

const FOLDERS = { plant: "", profile: "profiles/", text: "texts/" } as const;

function contentOf(configuration: Configuration, now: EpochMs): Omit<BackupContent, "data"> {
  const { plant, sources, secrets, dataDir } = configuration;
  return {
    about: {
      plant: plant.id,
      title: plant.title,
      version,
      at: new Date(now).toISOString(),
      configuration: configurationHash(sources),
      dataDir,
      variables: [...secrets.variables],
    },
    texts: sources.map(({ kind, name, text }) => ({ name: `configuration/${FOLDERS[kind]}${name}`, text })),
    files: filesBeside(configuration).map((path) => ({ name: nameBeside(path, plant.file), path })),
  };
}
