import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Release } from "../domain/release.ts";

/** The folder that holds package.json, in a checkout and in a packed copy alike. */
export const packageDir = findPackageDir(dirname(fileURLToPath(import.meta.url)));

function findPackageDir(dir: string): string {
  if (existsSync(join(dir, "package.json"))) return dir;
  if (dirname(dir) === dir) throw new Error("package.json of puma-gateway is missing: install it again.");
  return findPackageDir(dirname(dir));
}

const { version, license } = JSON.parse(readFileSync(join(packageDir, "package.json"), "utf8")) as {
  version: string;
  license: string;
};
export { version };

const billOfMaterials = join(packageDir, "sbom.cdx.json");

export const release: Release = {
  licence: license,
  billOfMaterials: existsSync(billOfMaterials) ? billOfMaterials : null,
};

/** The built control-room page. */
export const webDir = join(packageDir, "dist", "web");

/** The simulators' program: TypeScript in a checkout, JavaScript in a packed copy. */
export const simulatorsProgram = existsSync(join(packageDir, "simulators", "main.ts"))
  ? join(packageDir, "simulators", "main.ts")
  : join(packageDir, "dist", "simulators", "main.js");
