import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { build } from "vite";
import type { TestProject } from "vitest/node";

declare module "vitest" {
  interface ProvidedContext {
    /** The folder of the page that the browsers show. */
    readonly webDir: string;
  }
}

/** The page as it is in the sources now, built once for all tests that show it to a browser. */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const webDir = await mkdtemp(join(tmpdir(), "puma-page-"));
  await build({ logLevel: "silent", build: { outDir: webDir } });
  project.provide("webDir", webDir);
  return () => rm(webDir, { recursive: true });
}
