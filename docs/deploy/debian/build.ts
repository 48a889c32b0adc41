import { execFileSync } from "node:child_process";
import {
  chmodSync,
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { billOfShipped } from "./bill-of-materials.ts";
import type { Bill } from "./bill-of-materials.ts";
import {
  publicHalf,
  SIGNATURE_SUFFIX,
  signRelease,
  SUM_SUFFIX,
} from "../../../src/security/release-signature.ts";

// npm run deb [-- FOLDER]: makes puma-gateway_VERSION_ARCH.deb with the runtime and every library in it, so that a machine
// without any network installs it. Built on the machine's own architecture. PUMA_RELEASE_KEY names the file of the key that signs
// it (Ed25519, PEM); without one it is a package that `puma upgrade` refuses.

const here = import.meta.dirname;
const root = join(here, "..", "..", "..");
const target = resolve(process.argv[2] ?? ".");
const { version, description } = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as {
  version: string;
  description: string;
};

const ARCHITECTURES: Readonly<Record<string, string>> = { x64: "amd64", arm64: "arm64" };
const architecture = ARCHITECTURES[process.arch];
if (architecture === undefined)
  throw new Error(`There is no Node runtime for ${process.arch} among our packages.`);

const keyFile = process.env["PUMA_RELEASE_KEY"];
const releaseKey = keyFile === undefined ? null : readFileSync(keyFile, "utf8");

const staging = mkdtempSync(join(tmpdir(), "puma-deb-"));
try {
  build();
} finally {
  rmSync(staging, { recursive: true, force: true });
}

function build(): void {
  const library = folder("usr/lib/puma-gateway");
  unpackInto(library);
  const documents = folder("usr/share/doc/puma-gateway");
  // By it the next release is known.
  if (releaseKey !== null) writeFileSync(join(library, "release.pub"), publicHalf(releaseKey));
  // The page shows it too.
  writeFileSync(join(library, "sbom.cdx.json"), billOfMaterials(library));
  symlinkSync("../../../lib/puma-gateway/sbom.cdx.json", join(documents, "sbom.cdx.json"));
  // Where Debian has them; the README's links lead to `docs`.
  for (const name of ["README.md", "LICENSE", "docs"]) renameSync(join(library, name), join(documents, name));
  program("usr/bin", "puma", starter());
  copyFileSync(
    join(here, "puma-gateway.service"),
    join(folder("usr/lib/systemd/system"), "puma-gateway.service"),
  );
  const control = folder("DEBIAN");
  writeFileSync(join(control, "control"), controlText());
  for (const script of ["postinst", "prerm"])
    program("DEBIAN", script, readFileSync(join(here, script), "utf8"));
  mkdirSync(target, { recursive: true });
  const file = join(target, `puma-gateway_${version}_${architecture}.deb`);
  run("dpkg-deb", ["--root-owner-group", "-Zxz", "-z1", "--build", join(staging, "tree"), file], root);
  process.stdout.write(`${file}\n`);
  signPackage(file);
}

function signPackage(file: string): void {
  if (releaseKey === null) {
    process.stderr.write("It is not signed: PUMA_RELEASE_KEY names no key.\n");
    return;
  }
  const { sum, signature } = signRelease(file, releaseKey);
  writeFileSync(file + SUM_SUFFIX, sum);
  writeFileSync(file + SIGNATURE_SUFFIX, signature);
}

/** The packed gateway, and the libraries exactly as the lock file has them. */
function unpackInto(library: string): void {
  const packed = run("npm", ["pack", "--silent", "--pack-destination", staging], root)
    .trim()
    .split("\n")
    .at(-1);
  run("tar", ["xzf", join(staging, packed ?? ""), "-C", library, "--strip-components=1"], root);
  copyFileSync(join(root, "package-lock.json"), join(library, "package-lock.json"));
  const quiet = ["--ignore-scripts", "--prefer-offline", "--no-audit", "--no-fund", "--silent"];
  run("npm", ["ci", "--omit=dev", ...quiet], library);
}

/** CycloneDX: every package in it with its version, licence and hash. npm itself would leave out what the gateway shares with the
 *  tools that build it (`--omit=dev`). */
function billOfMaterials(library: string): string {
  const everything = run("npm", ["sbom", "--package-lock-only", "--sbom-format=cyclonedx"], root);
  const licencesOfPage = readFileSync(join(library, "dist", "web", "licences.txt"), "utf8");
  return JSON.stringify(billOfShipped(JSON.parse(everything) as Bill, licencesOfPage), null, 2);
}

/** The options of src/puma.mjs's first line. */
function starter(): string {
  const [first = ""] = readFileSync(join(root, "src", "puma.mjs"), "utf8").split("\n");
  const options = first.replace(/^.*\bnode\b/u, "").trim();
  const lib = "/usr/lib/puma-gateway";
  return `#!/bin/sh\nexec ${lib}/node_modules/.bin/node ${options} ${lib}/src/puma.mjs "$@"\n`;
}

function controlText(): string {
  const kibibytes = Number(run("du", ["-sk", join(staging, "tree")], root).split("\t")[0]);
  const [summary = "", ...rest] = description.split(": ");
  return `Package: puma-gateway
Version: ${version}
Architecture: ${architecture}
Maintainer: Puma Gateway
Installed-Size: ${kibibytes}
Depends: libc6 (>= 2.28), libstdc++6, passwd
Section: net
Priority: optional
Description: ${summary}
 ${rest.join(": ")}
`;
}

function folder(path: string): string {
  const made = join(staging, "tree", path);
  mkdirSync(made, { recursive: true });
  return made;
}

function program(path: string, name: string, text: string): void {
  const file = join(folder(path), name);
  writeFileSync(file, text);
  chmodSync(file, 0o755);
}

function run(command: string, args: readonly string[], cwd: string): string {
  return execFileSync(command, args, {
    cwd,
    encoding: "utf8",
    maxBuffer: 64 * 1024 * 1024,
    stdio: ["ignore", "pipe", "inherit"],
  });
}
