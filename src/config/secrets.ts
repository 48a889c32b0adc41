import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { say } from "../domain/said.ts";
import type { Said } from "../domain/said.ts";
import type { Complain } from "./examine.ts";
import type { Path } from "./source-file.ts";

export type Environment = Readonly<Record<string, string | undefined>>;

/** A content with its secrets filled in. */
export interface Opened {
  readonly content: unknown;
  /** True where a text holds a secret, which no fault may print. */
  isSecret(path: Path): boolean;
  /** True where a secret is missing, so that nothing more needs to be said about the text. */
  isMissing(path: Path): boolean;
  readonly references: SecretReferences;
}

/** Where the secrets of a plant file are kept. */
export interface SecretReferences {
  /** Names of environment variables. */
  readonly variables: readonly string[];
  /** Files, absolute. */
  readonly files: readonly string[];
}

const REFERENCE = /\$?\$\{((?:(?!\$\{)[^}])*)\}/gu;

/** Replaces `${NAME}` by the environment's value and `${file:PATH}` by a file's text, its last line break left out, in every
 *  text of a document. A relative path starts at `folder`. `$${` stands for `${`. Empty secrets count as missing. */
export function openSecrets(
  content: unknown,
  folder: string,
  environment: Environment,
  complain: Complain,
): Opened {
  const secrets = new Set<string>();
  const missing = new Set<string>();
  const variables = new Set<string>();
  const files = new Set<string>();
  const lookUp = (inside: string): string | undefined => {
    if (!inside.startsWith("file:")) {
      variables.add(inside);
      return environment[inside];
    }
    const file = resolve(folder, inside.slice(5));
    files.add(file);
    return readSecret(file);
  };
  const openText = (text: string, path: Path): string =>
    text.replace(REFERENCE, (reference, inside: string) => {
      if (reference.startsWith("$$")) return reference.slice(1);
      secrets.add(keyOf(path));
      const secret = lookUp(inside);
      if (secret !== undefined && secret !== "") return secret;
      missing.add(keyOf(path));
      complain(path, missingSecret(inside), "value");
      return reference;
    });
  const open = (value: unknown, path: Path): unknown => {
    if (typeof value === "string") return openText(value, path);
    if (Array.isArray(value)) return value.map((one: unknown, index) => open(one, [...path, String(index)]));
    if (typeof value !== "object" || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, open(one, [...path, key])]));
  };
  const opened = open(content, []);
  return {
    content: opened,
    references: { variables: [...variables], files: [...files] },
    isSecret: (path) => secrets.has(keyOf(path)),
    isMissing: (path) => missing.has(keyOf(path)),
  };
}

function readSecret(file: string): string | undefined {
  try {
    return readFileSync(file, "utf8").replace(/\r?\n$/u, "");
  } catch {
    return undefined; // said by the caller, with the place in the plant file
  }
}

function missingSecret(inside: string): Said {
  return inside.startsWith("file:")
    ? say("secret-file-missing", { file: inside.slice(5) })
    : say("variable-missing", { variable: inside });
}

function keyOf(path: Path): string {
  return path.join("\n");
}
