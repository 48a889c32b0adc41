import { readFileSync } from "node:fs";
import { isAbsolute, relative } from "node:path";
import { isMap, isPair, isScalar, LineCounter, parseDocument, visit } from "yaml";
import type { Alias, Document, Node, Pair, ParsedNode, YAMLError } from "yaml";
import type { Fault } from "../domain/errors.ts";
import { say } from "../domain/said.ts";
import type { Said } from "../domain/said.ts";

/** Where in a document, key by key from the top. */
export type Path = readonly string[];

/** One YAML file as read: its content, and enough of its text to say where a fault is. */
export interface SourceFile {
  /** As printed in faults. */
  readonly file: string;
  /** Where it is, absolute; the same as `file` where it was not read from a disk. */
  readonly path: string;
  readonly text: string;
  readonly content: unknown;
  readonly document: Document;
  readonly lines: LineCounter;
}

/** Levels of anchors within anchors that a file may use before it is taken for an attack on our memory. */
const ALIASES_MAX = 100;

/** Reads and parses. Faults of the file itself go to `faults`; then the result is null. */
export function readSource(absolute: string, faults: Fault[]): SourceFile | null {
  const file = displayPath(absolute);
  let yaml: string;
  try {
    yaml = readFileSync(absolute, "utf8");
  } catch (error) {
    const isAbsent = (error as NodeJS.ErrnoException).code === "ENOENT";
    const told = say(isAbsent ? "file-absent" : "file-unreadable");
    faults.push({ file, line: 1, column: 1, path: "(file)", told });
    return null;
  }
  const source = parseSource(file, yaml, faults);
  return source === null ? null : { ...source, path: absolute };
}

export function parseSource(file: string, yaml: string, faults: Fault[]): SourceFile | null {
  const lines = new LineCounter();
  const document: Document = parseDocument(yaml, { lineCounter: lines, prettyErrors: false });
  const source = { file, path: file, text: yaml, document, lines, content: null };
  const troubles = [...document.errors, ...document.warnings];
  const loose = looseAliases(document);
  faults.push(...troubles.map((trouble) => syntaxFault(source, trouble)));
  faults.push(...loose.map((alias) => aliasFault(source, alias)));
  if (troubles.length + loose.length > 0) return null;
  try {
    return { ...source, content: document.toJS({ maxAliasCount: ALIASES_MAX }) as unknown };
  } catch (error) {
    if (!(error instanceof ReferenceError)) throw error;
    faults.push(faultAt(source, [], say("anchors-too-often"), "value"));
    return null;
  }
}

function looseAliases(document: Document): Alias[] {
  const loose: Alias[] = [];
  visit(document, {
    Alias(_, alias) {
      if (alias.resolve(document) === undefined) loose.push(alias);
    },
  });
  return loose;
}

function aliasFault(source: SourceFile, alias: Alias): Fault {
  const { line, col } = source.lines.linePos(start(alias) ?? 0);
  const told = say("anchor-unset", { anchor: alias.source });
  return { file: source.file, line, column: col, path: describePath([]), told };
}

/** A fault at the key or the value that `path` leads to; where that is missing, at the nearest thing above it. */
export function faultAt(source: SourceFile, path: Path, told: Said, at: "key" | "value"): Fault {
  const { line, col } = source.lines.linePos(offsetOf(source.document, path, at));
  return {
    file: source.file,
    line: Math.max(line, 1),
    column: Math.max(col, 1),
    path: describePath(path),
    told,
  };
}

function describePath(path: Path): string {
  return path.length === 0 ? "(document)" : path.join(".");
}

function offsetOf(document: Document, path: Path, at: "key" | "value"): number {
  let node = document.contents as unknown;
  let offset = start(node) ?? 0;
  for (const [depth, key] of path.entries()) {
    const pair = pairOf(document, node, key);
    if (pair === null) return offset;
    const keyOffset = start(pair.key) ?? offset;
    const wantsValue = at === "value" && depth === path.length - 1;
    offset = wantsValue ? (start(pair.value) ?? keyOffset) : keyOffset;
    node = pair.value;
  }
  return offset;
}

function pairOf(document: Document, node: unknown, key: string): Pair | null {
  const map = resolveAlias(document, node);
  if (!isMap(map)) return null;
  return map.items.find((pair) => keyText(pair) === key) ?? null;
}

function resolveAlias(document: Document, node: unknown): unknown {
  const alias = node as { resolve?: (document: Document) => Node | undefined } | null;
  return typeof alias?.resolve === "function" ? alias.resolve(document) : node;
}

function keyText(pair: Pair): string {
  return String(isScalar(pair.key) ? pair.key.value : pair.key);
}

function start(node: unknown): number | null {
  return (node as ParsedNode | null)?.range?.[0] ?? null;
}

function syntaxFault(source: SourceFile, { code, message, pos }: YAMLError): Fault {
  const { line, col } = source.lines.linePos(pos[0]);
  const path = code === "DUPLICATE_KEY" ? pathAt(source.document, pos[0]) : [];
  return {
    file: source.file,
    line,
    column: col,
    path: describePath(path),
    told: syntaxTrouble(code, message, path),
  };
}

function syntaxTrouble(code: YAMLError["code"], message: string, path: Path): Said {
  if (code === "DUPLICATE_KEY") return say("key-twice", { key: path.at(-1) ?? "" });
  if (code === "MULTIPLE_DOCS") return say("second-document");
  return say("not-yaml", { yaml: message.split("\n", 1)[0] ?? "" });
}

/** Keys down to the pair whose key starts at `offset`. */
function pathAt(document: Document, offset: number): Path {
  let found: Path = [];
  visit(document, {
    Pair(_, pair, ancestors) {
      if (start(pair.key) !== offset) return;
      found = [...ancestors.filter((one) => isPair(one)), pair].map(keyText);
    },
  });
  return found;
}

/** Short where the file is below the folder we run in. */
export function displayPath(absolute: string): string {
  const short = relative(process.cwd(), absolute);
  return short.startsWith("..") || isAbsolute(short) ? absolute : short;
}
