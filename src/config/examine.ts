import type { TSchema } from "typebox";
import { Check } from "typebox/value";
import { didYouMean, nearest } from "../domain/spelling.ts";
import { nearestUnits } from "../domain/unit.ts";
import type { Path } from "./source-file.ts";
import { UCUM } from "./vocabulary.ts";

/** Reports one thing wrong at a place of the document. `found` is the rest of the sentence that quotes what stands there,
 *  apart because a secret must not be quoted. */
export type Complain = (path: Path, sentence: string, at: "key" | "value", found?: string) => void;

/** The JSON Schema keywords that our schemas use. */
interface Rule {
  readonly type?: string;
  readonly const?: string | number;
  readonly enum?: readonly (string | number)[];
  readonly anyOf?: readonly Rule[];
  readonly properties?: Readonly<Record<string, Rule>>;
  readonly required?: readonly string[];
  readonly patternProperties?: Readonly<Record<string, Rule>>;
  readonly additionalProperties?: boolean | Rule;
  readonly minProperties?: number;
  readonly default?: unknown;
  readonly discriminator?: { readonly propertyName: string };
  readonly $comment?: string;
  readonly errorMessage?: string;
  readonly patternErrorMessage?: string;
}

/** Letters of a wrong value that a sentence repeats. */
const SHOWN_MAX = 40;

type Entries = Readonly<Record<string, unknown>>;

/** Walks a document along its schema. Says one sentence for each thing wrong, fills the defaults in, and returns what is left
 *  without the wrong parts, so that later checks can go on. Leaves are judged by TypeBox; maps are walked here,
 *  because its messages about them repeat themselves and name no keys. */
export function examine(schema: TSchema, value: unknown, path: Path, complain: Complain): unknown {
  return walk(schema, value, path, complain);
}

function walk(rule: Rule, value: unknown, path: Path, complain: Complain): unknown {
  if (rule.anyOf !== undefined) return walkUnion(rule, rule.anyOf, value, path, complain);
  if (rule.type === "object") return walkMap(rule, value, path, complain);
  if (Check(rule as TSchema, value)) return value;
  complain(path, leafRule(rule), "value", found(rule, value));
  return undefined;
}

function walkUnion(
  rule: Rule,
  branches: readonly Rule[],
  value: unknown,
  path: Path,
  complain: Complain,
): unknown {
  if (rule.discriminator === undefined) {
    const map = branches.find((branch) => branch.type === "object");
    if (map !== undefined && isEntries(value)) return walkMap(map, value, path, complain);
    if (Check(rule as TSchema, value)) return value;
    complain(path, leafRule(rule), "value", found(rule, value));
    return undefined;
  }
  if (!isEntries(value)) {
    complain(path, "must be a map", "value", notThis(value));
    return undefined;
  }
  const branch = branchFor(rule.discriminator.propertyName, branches, value, path, complain);
  return branch === null ? undefined : walkMap(branch, value, path, complain);
}

function branchFor(
  key: string,
  branches: readonly Rule[],
  value: Entries,
  path: Path,
  complain: Complain,
): Rule | null {
  const kind = Object.hasOwn(value, key) ? value[key] : undefined;
  const fits = (branch: Rule): boolean => {
    const rule = branch.properties?.[key];
    return kind === undefined
      ? rule?.default !== undefined
      : rule !== undefined && Check(rule as TSchema, kind);
  };
  const branch = branches.find(fits);
  if (branch !== undefined) return branch;
  const choices = branches.flatMap((one) => choicesOf(one.properties?.[key]));
  if (kind === undefined)
    complain(path, `the key \`${key}\` is missing; it is one of ${choices.join(", ")}`, "key");
  else
    complain(
      [...path, key],
      mustBe(choices),
      "value",
      notThis(kind) + didYouMean(nearest(textOf(kind), choices)),
    );
  return null;
}

function walkMap(rule: Rule, value: unknown, path: Path, complain: Complain): Entries | undefined {
  if (!isEntries(value) || Object.keys(value).length < (rule.minProperties ?? 0)) {
    complain(path, rule.errorMessage ?? "must be a map", "value", notThis(value));
    return undefined;
  }
  const sound: [string, unknown][] = [];
  for (const [key, entry] of Object.entries(value)) {
    const entryRule = ruleFor(rule, key);
    if (entryRule === null) complain([...path, key], keySentence(rule, key), "key");
    else sound.push([key, walk(entryRule, entry, [...path, key], complain)]);
  }
  sound.push(...absentEntries(rule, value, path, complain));
  return Object.fromEntries(sound.filter(([, entry]) => entry !== undefined));
}

function absentEntries(rule: Rule, value: Entries, path: Path, complain: Complain): [string, unknown][] {
  const absent = Object.entries(rule.properties ?? {}).filter(([key]) => !Object.hasOwn(value, key));
  const filled = absent
    .filter(([, { default: standard }]) => standard !== undefined)
    .map(([key, entry]): [string, unknown] => [key, walk(entry, entry.default, [...path, key], complain)]);
  const misspelt = new Set(
    Object.keys(value)
      .filter((key) => ruleFor(rule, key) === null)
      .flatMap((key) => nearest(key, Object.keys(rule.properties ?? {}))),
  );
  for (const [key, entry] of absent)
    if (entry.default === undefined && rule.required?.includes(key) === true && !misspelt.has(key))
      complain(path, missingSentence(key, entry), "key");
  return filled;
}

function ruleFor(rule: Rule, key: string): Rule | null {
  if (rule.properties !== undefined && Object.hasOwn(rule.properties, key))
    return rule.properties[key] ?? null;
  for (const [pattern, entryRule] of Object.entries(rule.patternProperties ?? {}))
    if (new RegExp(pattern, "u").test(key)) return entryRule;
  return typeof rule.additionalProperties === "object" ? rule.additionalProperties : null;
}

function keySentence(rule: Rule, key: string): string {
  if (rule.patternProperties !== undefined) return rule.patternErrorMessage ?? "cannot be a key here";
  const keys = Object.keys(rule.properties ?? {});
  return `the key \`${key}\` is unknown here${didYouMean(nearest(key, keys)) || `; possible are ${keys.join(", ")}`}`;
}

function missingSentence(key: string, rule: Rule): string {
  const choices = choicesOf(rule);
  const hint = rule.errorMessage ?? (choices.length > 0 ? mustBe(choices) : null);
  return `the key \`${key}\` is missing${hint === null ? "" : `; it ${hint}`}`;
}

function leafRule(rule: Rule): string {
  return rule.errorMessage ?? mustBe(choicesOf(rule));
}

/** What stands there instead, and what was perhaps meant. */
function found(rule: Rule, value: unknown): string {
  const choices = choicesOf(rule);
  const suggest = rule.$comment === UCUM ? nearestUnits(textOf(value)) : nearest(textOf(value), choices);
  return notThis(value) + didYouMean(suggest);
}

function notThis(value: unknown): string {
  return `, not ${show(value)}`;
}

function mustBe(choices: readonly string[]): string {
  return choices.length === 1 ? `must be ${choices[0] ?? ""}` : `must be one of ${choices.join(", ")}`;
}

function choicesOf(rule: Rule | undefined): readonly string[] {
  if (rule?.enum !== undefined) return rule.enum.map(String);
  return rule?.const === undefined ? [] : [String(rule.const)];
}

function isEntries(value: unknown): value is Entries {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function show(value: unknown): string {
  if (value === null || value === undefined) return "nothing";
  if (isEntries(value)) return Object.keys(value).length === 0 ? "an empty map" : "a map";
  const text = JSON.stringify(value);
  if (text.length <= SHOWN_MAX) return text;
  return Array.isArray(value) ? "a list" : `${text.slice(0, SHOWN_MAX)}…"`;
}

/** What a misspelling is looked for by: nothing but a text or a number can be one. */
function textOf(value: unknown): string {
  return typeof value === "string" || typeof value === "number" ? String(value) : "";
}
