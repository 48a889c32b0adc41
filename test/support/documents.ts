import { globSync, readFileSync } from "node:fs";
import { dirname, join, normalize } from "node:path";
import { root } from "./plant.ts";

export interface Document {
  /** From the root of the repository. */
  readonly path: string;
  readonly text: string;
}

/** Everything that is written for users: the README, then the pages under `docs`. */
export const documents: readonly Document[] = [
  "README.md",
  ...globSync("docs/**/*.md", { cwd: root }).sort(),
].map((path) => ({ path, text: readFileSync(join(root, path), "utf8") }));

/** What stands between fences of a language, in the order of the page. */
export function blocksOf({ text }: Document, language: string): string[] {
  return [...text.matchAll(new RegExp(`^\`\`\`${language}\\n([^]*?)^\`\`\``, "gmu"))].map(
    ([, block = ""]) => block,
  );
}

/** The page without what stands between fences. */
export function proseOf({ text }: Document): string {
  return text.replaceAll(/^```[^]*?^```/gmu, "");
}

export interface Link {
  readonly to: string;
  /** From the root of the repository. */
  readonly file: string;
  readonly anchor: string;
}

/** Links and pictures of a page that lead to another file of ours or to a heading. */
export function linksOf(document: Document): Link[] {
  return [...proseOf(document).matchAll(/\]\(([^)\s]+)\)/gu)]
    .map(([, to = ""]) => to)
    .filter((to) => !/^https?:/u.test(to))
    .map((to) => {
      const [path = "", anchor = ""] = to.split("#");
      return {
        to,
        file: path === "" ? document.path : normalize(join(dirname(document.path), path)),
        anchor,
      };
    });
}
