import { execFileSync } from "node:child_process";
import {
  appendFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import {
  publicHalf,
  SIGNATURE_SUFFIX,
  signRelease,
  SUM_SUFFIX,
} from "../../src/security/release-signature.ts";
import { programPath, temporaryFolder } from "../support/program.ts";
import { puma } from "../support/puma.ts";
import type { Outcome } from "../support/puma.ts";
import { newReleaseKey, signPackage } from "../support/releases.ts";

const PLANT = `
plant: { id: house, group: test, title: One meter, timeZone: America/Lima }
scanClasses: { fast: 1s, slow: 10s }
connections: { meter: { protocol: modbus-tcp, host: 127.0.0.1, port: 1 } }
devices: { METER: { profile: power-meter, connection: meter, unit: 21, area: utilities } }
outputs: { influx: { url: http://127.0.0.1:1, version: 1, database: d, user: x, password: "\${TREN}" } }
data: { dir: ../../var/lib/puma }
http: { auth: none }
`;

const [KEY, OTHER_KEY] = [newReleaseKey(), newReleaseKey()];

// A whole Debian below a folder, and releases that are as small as they can be: dpkg is the real one.
const folder = temporaryFolder();
const system = join(folder.path, "system");
const backups = join(system, "var", "backups", "puma-gateway");
const run = (program: string, ...args: string[]): string => execFileSync(program, args, { encoding: "utf8" });

/** A release of this version that carries the public half of the key. */
function makeRelease(version: string, name = "puma-gateway"): string {
  const tree = join(folder.path, `${name}-${version}`);
  const library = join(tree, "usr", "lib", "puma-gateway");
  for (const path of [library, join(tree, "DEBIAN")]) mkdirSync(path, { recursive: true });
  writeFileSync(join(library, "version"), version);
  writeFileSync(join(library, "release.pub"), publicHalf(KEY));
  writeFileSync(
    join(tree, "DEBIAN", "control"),
    `Package: ${name}\nVersion: ${version}\nArchitecture: all\nMaintainer: Test\nDescription: Test\n`,
  );
  const file = join(folder.path, `${name}_${version}_all.deb`);
  run(programPath("dpkg-deb", "dpkg"), "--root-owner-group", "-Znone", "--build", tree, file);
  return file;
}

const signed = (file: string, key = KEY): string => signPackage(file, key);

const upgrade = (file: string, ...more: string[]): Promise<Outcome> =>
  puma(["upgrade", file, "--root", system, ...more]);
const installed = (): string => readFileSync(join(system, "usr/lib/puma-gateway/version"), "utf8");
const backupsMade = (): number => (existsSync(backups) ? readdirSync(backups).length : 0);

async function expectRefused(file: string, why: string): Promise<void> {
  const [version, made] = [installed(), backupsMade()];
  const { code, told } = await upgrade(file);
  expect([code, told]).toEqual([1, expect.stringContaining("Nothing has been changed: ")]);
  expect(told).toContain(why);
  expect([installed(), backupsMade()]).toEqual([version, made]);
}

beforeAll(() => {
  const admin = join(system, "var", "lib", "dpkg");
  for (const path of ["info", "updates"]) mkdirSync(join(admin, path), { recursive: true });
  writeFileSync(join(admin, "status"), "");
  mkdirSync(join(system, "etc", "puma"), { recursive: true });
  mkdirSync(join(system, "var", "lib", "puma"), { recursive: true });
  writeFileSync(join(system, "etc", "puma", "plant.yaml"), PLANT);
  writeFileSync(join(system, "etc", "puma", "secrets.env"), 'TREN="tren 58 lluvia"\n');
  run(programPath("dpkg", "dpkg"), `--root=${system}`, "-i", makeRelease("1.1.0"));
});
afterAll(() => folder[Symbol.dispose]());

it("a package that is not signed is refused, and nothing is changed", async () => {
  const file = makeRelease("1.2.0");
  await expectRefused(file, "it is not signed: puma-gateway_1.2.0_all.deb.sha256 is missing beside it");
  signed(file);
  rmSync(file + SIGNATURE_SUFFIX);
  await expectRefused(file, "it is not signed: puma-gateway_1.2.0_all.deb.sha256.sig is missing");
});

it("a package that was altered after it was signed is refused, with its sum written anew too", async () => {
  const file = signed(makeRelease("1.2.0"));
  appendFileSync(file, "x");
  await expectRefused(file, "it has been altered since it was signed");
  writeFileSync(file + SUM_SUFFIX, signRelease(file, OTHER_KEY).sum);
  await expectRefused(file, "its signature is not one of the release key that this gateway knows");
});

it("a package that somebody else has signed is refused", async () => {
  const file = signed(makeRelease("1.2.0"), OTHER_KEY);
  await expectRefused(file, "its signature is not one of the release key");
});

it("another package by the same key, and a file that is not there, are refused", async () => {
  await expectRefused(
    signed(makeRelease("9.0.0", "something-else")),
    "is something-else, and no puma-gateway",
  );
  await expectRefused(join(folder.path, "nothing.deb"), "nothing.deb is not there");
});

it("a signed newer one is installed after a backup, and openssl and sha256sum say the same of its signature", async () => {
  const file = signed(makeRelease("1.2.0"));
  const key = join(folder.path, "release.pub");
  writeFileSync(key, publicHalf(KEY));
  const sum = file + SUM_SUFFIX;
  const signature = ["-rawin", "-in", sum, "-sigfile", file + SIGNATURE_SUFFIX];
  expect(
    run(programPath("openssl", "openssl"), "pkeyutl", "-verify", "-pubin", "-inkey", key, ...signature),
  ).toContain("Verified Successfully");
  execFileSync(programPath("sha256sum", "coreutils"), ["-c", sum], { cwd: folder.path });
  const { code, out, told } = await upgrade(file);
  expect([code, told]).toEqual([0, expect.not.stringContaining("changed")]);
  expect(out).toContain("1.2.0 is installed in the place of 1.1.0.");
  expect(installed()).toBe("1.2.0");
  const [backup = ""] = readdirSync(backups);
  expect(backup).toMatch(/^1\.1\.0-\d{8}T\d{6}Z\.tgz$/u);
  expect(run("tar", "tzf", join(backups, backup))).toContain("configuration/plant.yaml");
});

it("an older one is refused, unless it is asked for, and then a backup is made too", async () => {
  const file = signed(makeRelease("1.0.0"));
  await expectRefused(file, "1.0.0 is older than 1.2.0, which is installed: --allow-older goes back to it");
  expect((await upgrade(file, "--allow-older")).code).toBe(0);
  expect([installed(), backupsMade()]).toEqual(["1.0.0", 2]);
});

it("nothing is installed when no backup can be made", async () => {
  const plant = join(system, "etc", "puma", "plant.yaml");
  cpSync(plant, `${plant}.sound`);
  writeFileSync(plant, "plant: nonsense\n");
  await expectRefused(signed(makeRelease("1.3.0")), "no backup could be made");
  cpSync(`${plant}.sound`, plant);
});

it("a gateway from a package without a key refuses everything", async () => {
  rmSync(join(system, "usr", "lib", "puma-gateway", "release.pub"));
  await expectRefused(signed(makeRelease("1.3.0")), "the installed gateway is none that was signed");
});
