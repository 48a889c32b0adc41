import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parseSync } from "@swc/core";
import { check } from "recheck";
import { expect, it } from "vitest";

const root = join(import.meta.dirname, "..", "..");

interface Pattern {
  readonly source: string;
  readonly flags: string;
}

/** Patterns by which what people and machines send us is read, with where they stand. */
const patterns = new Map<string, Pattern & { readonly file: string }>();

function note(file: string, { source, flags }: Pattern): void {
  patterns.set(`/${source}/${flags}`, { file, source, flags });
}

function filesBelow(folder: string, kind: RegExp): string[] {
  const files = readdirSync(join(root, folder), { recursive: true, encoding: "utf8" });
  return files.filter((file) => kind.test(file)).map((file) => join(folder, file));
}

/** Calls `visit` with every object within, whatever it is. */
function walk(part: unknown, visit: (node: Readonly<Record<string, unknown>>) => void): void {
  if (typeof part !== "object" || part === null) return;
  if (!Array.isArray(part)) visit(part as Record<string, unknown>);
  for (const one of Object.values(part)) walk(one, visit);
}

for (const file of ["src", "simulators"].flatMap((folder) => filesBelow(folder, /\.(?:ts|tsx|mjs)$/u))) {
  const tree = parseSync(readFileSync(join(root, file), "utf8"), {
    syntax: "typescript",
    tsx: file.endsWith("x"),
  });
  walk(tree.body, ({ type, pattern, flags, key, value }) => {
    if (type === "RegExpLiteral") note(file, { source: String(pattern), flags: String(flags) });
    // Those of a schema are texts.
    const { value: name } = (key ?? {}) as { value?: unknown };
    const text = value as { type?: unknown; value?: unknown } | undefined;
    if (type === "KeyValueProperty" && name === "pattern" && text?.type === "StringLiteral")
      note(file, { source: String(text.value), flags: "u" });
  });
}
for (const file of filesBelow("devices/schema", /\.json$/u))
  walk(JSON.parse(readFileSync(join(root, file), "utf8")), ({ pattern, patternProperties }) => {
    if (typeof pattern === "string") note(file, { source: pattern, flags: "u" });
    for (const source of Object.keys(patternProperties ?? {})) note(file, { source, flags: "u" });
  });

const PATIENCE_MS = 60_000;

/** How the time that a pattern takes can grow, where that is faster than the text; null where it is not. */
async function growthOf({ source, flags }: Pattern): Promise<string | null> {
  const found = await check(source, flags, { timeout: PATIENCE_MS });
  if (found.status === "safe") return null;
  return found.status === "vulnerable" ? found.complexity.summary : found.error.kind;
}

it(
  "no pattern of ours takes longer than in proportion to the text",
  { timeout: 10 * PATIENCE_MS },
  async () => {
    expect(patterns.size).toBeGreaterThan(150);
    const slow: (string | null)[][] = [];
    // One after the other: the patience is for each, not for those that wait in a queue.
    for (const [written, pattern] of patterns) {
      const growth = await growthOf(pattern);
      if (growth !== null) slow.push([pattern.file, written, growth]);
    }
    expect(slow).toEqual([]);
  },
);

it.each([
  ["nested repetition", "^(a+)+$", "exponential"],
  ["alternatives that overlap", "^(a|a)*$", "exponential"],
  ["neighbours that take the same", "^[0-9]*[0-9]*x$", "2nd degree polynomial"],
  ["a beginning that can be anywhere", "\\s+$", "2nd degree polynomial"],
])("the gate itself sees %s", async (_, source, growth) => {
  expect(await growthOf({ source, flags: "u" })).toBe(growth);
});
