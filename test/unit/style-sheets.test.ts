import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";

const PAGES = join(import.meta.dirname, "..", "..", "src", "web", "pages");

/** Selectors of a style sheet, outside what is for some screens only. */
function selectorsOf(file: string): string[] {
  const text = readFileSync(join(PAGES, file), "utf8").replaceAll(/\/\*.*?\*\//gs, "");
  const rules = text.matchAll(/^(?<selectors>[^\s@}][^{}]*)\{/gm);
  return Array.from(rules).flatMap(({ groups }) =>
    (groups?.["selectors"] ?? "").split(/,(?![^(]*\))/).map((one) => one.trim()),
  );
}

// A style sheet stays once its page has been open: the next page would look different afterwards.
it("no page's style sheet dresses what another page's does", () => {
  const pages = new Map<string, Set<string>>();
  const files = globSync("*/*.css", { cwd: PAGES });
  expect(files.length).toBeGreaterThan(10);
  for (const file of files)
    for (const selector of selectorsOf(file))
      pages.set(selector, (pages.get(selector) ?? new Set()).add(file.split(/[/\\]/)[0] ?? ""));
  expect(pages.size).toBeGreaterThan(100);
  const shared = Array.from(pages).filter(([, folders]) => folders.size > 1);
  expect(shared.map(([selector, folders]) => `${selector}: ${[...folders].join(", ")}`)).toEqual([]);
});
