import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";

const src = join(import.meta.dirname, "..", "..", "src");
const files = readdirSync(src, { recursive: true, encoding: "utf8" }).filter((file) =>
  /\.(ts|tsx|mjs)$/u.test(file),
);

/** Comments and texts may speak of what the code must not do. */
const TOKENS = /\/\*[^]*?\*\/|\/\/[^\n]*|"(?:[^"\\\n]|\\.)*"/gu;
const MODULE = /^"(?:node:)?[a-z_/]+"$/u;

const codes = new Map(
  files.map((file) => {
    const text = readFileSync(join(src, file), "utf8");
    return [file, text.replaceAll(TOKENS, (token) => (MODULE.test(token) ? token : " "))] as const;
  }),
);

const FORBIDDEN: readonly (readonly [what: string, pattern: RegExp, allowed: RegExp])[] = [
  ["eval", /(?<![.\w])eval\s*\(/u, /^$/u],
  ["Function as a compiler", /\bnew\s+Function\b|(?<![.\w])Function\s*\(/u, /^$/u],
  ["node:vm", /"(?:node:)?vm"/u, /^$/u],
  ["timers that run a text", /\bset(?:Timeout|Interval)\s*\(\s*["'`]/u, /^$/u],
  // The demonstration starts the simulators, and `puma upgrade` calls dpkg; the gateway of a plant starts nothing.
  ["child processes", /"(?:node:)?child_process"/u, /^cli\/(?:demo(?:-past)?|upgrade)\.ts$/u],
  [
    "innerHTML",
    /dangerouslySetInnerHTML|\.(?:inner|outer)HTML\s*=|insertAdjacentHTML|document\.write/u,
    /^$/u,
  ],
];

it.each(FORBIDDEN)("nothing in the sources uses %s", (_what, pattern, allowed) => {
  expect(codes.size).toBeGreaterThan(300);
  const found = [...codes].filter(([file, code]) => !allowed.test(file) && pattern.test(code));
  expect(found.map(([file]) => file)).toEqual([]);
});

it("the gate itself sees what it looks for", () => {
  const samples = [
    'eval("1")',
    'new Function("return 1")',
    'import vm from "node:vm";',
    'setTimeout("x()", 1)',
    'import { fork } from "node:child_process";',
    "element.innerHTML = text",
  ];
  for (const [index, [, pattern]] of FORBIDDEN.entries()) expect(samples[index]).toMatch(pattern);
});
