import { spawnSync } from "node:child_process";
import {
  chownSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { basename, join, resolve } from "node:path";
import { parseEnv } from "node:util";
import { systemClock } from "../domain/system-clock.ts";
import { releaseFault, SIGNATURE_SUFFIX, SUM_SUFFIX } from "../security/release-signature.ts";
import { readArguments } from "./arguments.ts";
import type { Command } from "./arguments.ts";
import { packageDir } from "./package.ts";

const PACKAGE = "puma-gateway";
const OPTIONS = { "allow-older": { type: "boolean" }, root: { type: "string" } } as const;

/** Where the Debian package has its things, below the root of a system. */
const KEY = "usr/lib/puma-gateway/release.pub";
const PLANT_FILE = "etc/puma/plant.yaml";
const SECRETS = "etc/puma/secrets.env";
const DATA = "var/lib/puma";
const BACKUPS = "var/backups/puma-gateway";

/** Why nothing was done. */
class NotUpgraded extends Error {
  readonly code = "NOT_UPGRADED";
}

/** `puma upgrade FILE.deb [--allow-older] [--root DIR]`: puts a release in the place of the one that is installed, without any
 *  network: only what is signed by the key that the installed one knows, nothing older unless it is asked for, and never
 *  without a backup. `--root` is the system below another folder, as `dpkg --root` has it. */
export const upgrade: Command = async (args) => {
  const { values, positionals } = readArguments(args, OPTIONS, ["FILE.deb"]);
  const root = resolve(typeof values["root"] === "string" ? values["root"] : "/");
  // What is checked is what is installed: nobody else can write here.
  const folder = mkdtempSync(join(tmpdir(), "puma-upgrade-"));
  try {
    const file = checkedCopy(resolve(positionals[0] ?? ""), folder, root);
    const [before, next] = [installedVersion(root), versionOf(file)];
    refuseOlder(before, next, values["allow-older"] === true);
    const kept = backUp(root, before);
    return install(root, file, farewell(before, next, kept));
  } catch (error) {
    if (!(error instanceof NotUpgraded)) throw error;
    process.stderr.write(`Nothing has been changed: ${error.message}.\n`);
    return 1;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
};

function checkedCopy(given: string, folder: string, root: string): string {
  if (process.getuid?.() !== 0) throw new NotUpgraded("this is for root, as dpkg is");
  if (!existsSync(given)) throw new NotUpgraded(`${given} is not there`);
  const key = join(root, KEY);
  if (!existsSync(key))
    throw new NotUpgraded("the installed gateway is none that was signed, and knows no key to check with");
  const file = join(folder, basename(given));
  for (const suffix of ["", SUM_SUFFIX, SIGNATURE_SUFFIX])
    if (existsSync(given + suffix)) copyFileSync(given + suffix, file + suffix);
  const fault = releaseFault(file, readFileSync(key, "utf8"));
  if (fault !== null) throw new NotUpgraded(`${basename(given)} is refused: ${fault}`);
  return file;
}

function versionOf(file: string): string {
  const name = run("dpkg-deb", ["-f", file, "Package"]);
  if (name !== PACKAGE) throw new NotUpgraded(`${basename(file)} is ${name}, and no ${PACKAGE}`);
  return run("dpkg-deb", ["-f", file, "Version"]);
}

function installedVersion(root: string): string {
  const admin = `--admindir=${join(root, "var/lib/dpkg")}`;
  return run("dpkg-query", [admin, "-W", "-f", "${Version}", PACKAGE]);
}

function refuseOlder(before: string, next: string, isAllowed: boolean): void {
  const isOlder = spawnSync("dpkg", ["--compare-versions", next, "lt", before]).status === 0;
  if (isOlder && !isAllowed)
    throw new NotUpgraded(
      `${next} is older than ${before}, which is installed: --allow-older goes back to it`,
    );
}

/** As the user whose the data are, so that nothing in their folder becomes root's. Null where there is no plant yet. */
function backUp(root: string, version: string): string | null {
  const plant = join(root, PLANT_FILE);
  if (!existsSync(plant)) return null;
  const { uid, gid } = statSync(join(root, DATA));
  const backups = join(root, BACKUPS);
  mkdirSync(backups, { recursive: true, mode: 0o700 });
  chownSync(backups, uid, gid);
  const at = new Date(systemClock.now()).toISOString().slice(0, 19).replaceAll(/[-:]/gu, "");
  const to = join(backups, `${version}-${at}Z.tgz`);
  const secrets = join(root, SECRETS);
  const env = { ...process.env, ...(existsSync(secrets) ? parseEnv(readFileSync(secrets, "utf8")) : {}) };
  const command = [...process.execArgv, join(packageDir, "src", "puma.mjs"), "backup", plant, "--to", to];
  const { status } = spawnSync(process.execPath, command, { uid, gid, env, cwd: "/", stdio: "inherit" });
  if (status !== 0) throw new NotUpgraded("no backup could be made");
  return to;
}

/** What dpkg says of it is for whoever sits there. */
function install(root: string, file: string, farewellText: string): number {
  const { status } = spawnSync("dpkg", [`--root=${root}`, "-i", file], { stdio: "inherit" });
  if (status === 0) process.stdout.write(`${farewellText}\n`);
  else process.stderr.write("dpkg has not finished: look at what it says above.\n");
  return status === 0 ? 0 : 1;
}

function farewell(before: string, next: string, kept: string | null): string {
  return [
    `${next} is installed in the place of ${before}.`,
    kept === null ? "There is no plant yet, so that there is no backup." : `Backup of before: ${kept}`,
    `To go back: puma upgrade ${PACKAGE}_${before}_….deb --allow-older`,
  ].join("\n");
}

/** What a program of Debian's printed. Throws when it failed, with what it said. */
function run(command: string, args: readonly string[]): string {
  const { status, stdout, stderr, error } = spawnSync(command, [...args], { encoding: "utf8" });
  if (status === 0) return stdout.trim();
  throw new NotUpgraded(`${command} failed: ${error?.message ?? `${stdout}${stderr}`.trim()}`, {
    cause: error,
  });
}
