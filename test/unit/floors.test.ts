import { execFile } from "node:child_process";
import { readdirSync } from "node:fs";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect, it } from "vitest";

const root = join(import.meta.dirname, "..", "..");
const FOLDERS = ["src", "simulators"];

interface Cruise {
  readonly modules: readonly { readonly source: string }[];
  readonly summary: {
    readonly violations: readonly {
      readonly from: string;
      readonly to: string;
      readonly rule: { readonly name: string };
    }[];
  };
}

/** What dependency-cruiser sees; it exits with 1 on a violation, which is not what is asked here. */
async function cruise(): Promise<Cruise> {
  const dir = await mkdtemp(join(tmpdir(), "puma-floors-"));
  const file = join(dir, "cruise.json"); // a pipe would be cut at its first 64 kB
  const program = join(root, "node_modules", ".bin", "depcruise");
  const args = [
    ...FOLDERS,
    "--config",
    ".dependency-cruiser.mjs",
    "--output-type",
    "json",
    "--output-to",
    file,
  ];
  await promisify(execFile)(process.execPath, [program, ...args], { cwd: root }).catch(() => undefined);
  const cruised = JSON.parse(await readFile(file, "utf8")) as Cruise;
  await rm(dir, { recursive: true });
  return cruised;
}

it("no file imports from a floor above it or from a room beside it, and every file was looked at", async () => {
  const { modules, summary } = await cruise();
  const seen = new Set(modules.map(({ source }) => source));
  const files = FOLDERS.flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, encoding: "utf8" }).map((file) => join(folder, file)),
  ).filter((file) => /\.(ts|tsx)$/.test(file));
  expect(files.filter((file) => !seen.has(file))).toEqual([]);
  expect(summary.violations.map(({ from, to, rule }) => `${from} → ${to}: ${rule.name}`)).toEqual([]);
});
