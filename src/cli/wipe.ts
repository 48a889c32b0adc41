import { randomBytes } from "node:crypto";
import {
  closeSync,
  existsSync,
  fsyncSync,
  openSync,
  readdirSync,
  rmSync,
  statSync,
  writeSync,
} from "node:fs";
import { basename, join } from "node:path";
import { loadConfiguration } from "../config/load.ts";
import { lockFolder } from "../store/historian/folder-lock.ts";
import { readArguments } from "./arguments.ts";
import type { Command } from "./arguments.ts";
import { filesBeside } from "./backup-places.ts";
import { askLine } from "./prompt.ts";

/** Files up to this size may hold a secret and are written over; readings are not, however many there are. */
const SECRET_BYTES_MAX = 16 * 1024 * 1024;
const SECRET = /^accounts[.]sqlite|[.](pem|key|der|p12|pfx)$|secret|password|token/iu;

/** `puma wipe PLANT.yaml`: removes the data and the secrets of a plant before its machine is given away. The plant's id must be
 *  typed; exit code 1 when it is not, or while a gateway runs. */
export const wipe: Command = async (args) => {
  const [file = ""] = readArguments(args, {}, ["PLANT.yaml"]).positionals;
  const configuration = loadConfiguration(file);
  const { plant, secrets } = configuration;
  const { dir } = plant.data;
  const beside = filesBeside(configuration).filter((path) => existsSync(path));
  const busy = isInUse(dir);
  if (busy) {
    process.stderr.write(`A gateway is using ${dir}: stop it first. Nothing has been removed.\n`);
    return 1;
  }
  const doomed = [`${dir} with everything in it`, ...beside];
  process.stdout.write(`This removes, for good:\n${doomed.map((one) => `  ${one}\n`).join("")}`);
  if ((await askLine(`Type the plant's id (${plant.id}) to go on: `)) !== plant.id) {
    process.stderr.write("That is not the plant's id. Nothing has been removed.\n");
    return 1;
  }
  for (const path of [...filesBelow(dir), ...beside]) if (isSecret(path, beside)) overwrite(path);
  for (const path of [dir, ...beside]) rmSync(path, { recursive: true, force: true });
  process.stdout.write(
    [
      "Removed. The plant file and its profiles are still there; so is what is not on this machine: backups, and what outputs took.",
      ...secrets.variables.map(
        (name) => `The environment variable ${name} is set elsewhere: remove it there.`,
      ),
      "A disk may keep what was removed: flash is only clean once the whole disk has been erased or destroyed (NIST SP 800-88).",
      "",
    ].join("\n"),
  );
  return 0;
};

function isInUse(dir: string): boolean {
  if (!existsSync(dir)) return false;
  try {
    lockFolder(dir).release();
    return false;
  } catch {
    return true;
  }
}

function filesBelow(dir: string): string[] {
  if (!existsSync(dir)) return [];
  return readdirSync(dir, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
}

function isSecret(path: string, beside: readonly string[]): boolean {
  return (beside.includes(path) || SECRET.test(basename(path))) && statSync(path).size <= SECRET_BYTES_MAX;
}

function overwrite(path: string): void {
  const file = openSync(path, "r+");
  try {
    writeSync(file, randomBytes(statSync(path).size));
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}
