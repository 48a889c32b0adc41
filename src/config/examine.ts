import type { TSchema } from "typebox";
import { Check } from "typebox/value";
import { say } from "../domain/said.ts";
import type { Said } from "../domain/said.ts";
import { didYouMean, hinting, nearest, suggesting } from "../domain/spelling.ts";
import { nearestUnits } from "../domain/unit.ts";
import type { Path } from "./source-file.ts";
import { UCUM } from "./vocabulary.ts";

/** Reports one thing wrong at a place of the document. `quoted` says so with what stands there, apart because a secret must
 *  not be quoted. */
export type Complain = (path: Path, told: Said, at: "key" | "value", quoted?: Said) => void;

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
  readonly errorMessage?: Said;
  readonly patternErrorMessage?: Said;
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
  complain(path, leafRule(rule), "value", notOfRule(rule, value));
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
    complain(path, leafRule(rule), "value", notOfRule(rule, value));
    return undefined;
  }
  if (!isEntries(value)) {
    complain(path, say("rule-map"), "value", notThis(say("rule-map"), value));
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
    complain(path, say("key-missing-one-of", { key, choices: choices.join(", ") }), "key");
  else {
    const quoted = suggesting(notThis(mustBe(choices), kind), nearest(textOf(kind), choices));
    complain([...path, key], mustBe(choices), "value", quoted);
  }
  return null;
}

function walkMap(rule: Rule, value: unknown, path: Path, complain: Complain): Entries | undefined {
  if (!isEntries(value) || Object.keys(value).length < (rule.minProperties ?? 0)) {
    const told = rule.errorMessage ?? say("rule-map");
    complain(path, told, "value", notThis(told, value));
    return undefined;
  }
  const sound: [string, unknown][] = [];
  for (const [key, entry] of Object.entries(value)) {
    const entryRule = ruleFor(rule, key);
    if (entryRule === null) complain([...path, key], unfitKey(rule, key), "key");
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
      complain(path, missingKey(key, entry), "key");
  return filled;
}

function ruleFor(rule: Rule, key: string): Rule | null {
  if (rule.properties !== undefined && Object.hasOwn(rule.properties, key))
    return rule.properties[key] ?? null;
  for (const [pattern, entryRule] of Object.entries(rule.patternProperties ?? {}))
    if (new RegExp(pattern, "u").test(key)) return entryRule;
  return typeof rule.additionalProperties === "object" ? rule.additionalProperties : null;
}

function unfitKey(rule: Rule, key: string): Said {
  if (rule.patternProperties !== undefined) return rule.patternErrorMessage ?? say("key-unfit");
  const keys = Object.keys(rule.properties ?? {});
  const possible = say("keys-possible", { keys: keys.join(", ") });
  return hinting(say("key-unknown", { key }), didYouMean(nearest(key, keys)) ?? possible);
}

function missingKey(key: string, entry: Rule): Said {
  const choices = choicesOf(entry);
  const rule = entry.errorMessage ?? (choices.length > 0 ? mustBe(choices) : null);
  return rule === null ? say("key-missing", { key }) : say("key-missing-rule", { key, rule });
}

function leafRule(rule: Rule): Said {
  return rule.errorMessage ?? mustBe(choicesOf(rule));
}

/** The rule with what stands there instead, and what was perhaps meant. */
function notOfRule(rule: Rule, value: unknown): Said {
  const choices = choicesOf(rule);
  const suggest = rule.$comment === UCUM ? nearestUnits(textOf(value)) : nearest(textOf(value), choices);
  return suggesting(notThis(leafRule(rule), value), suggest);
}

function notThis(rule: Said, value: unknown): Said {
  return say("not-this", { rule, found: shown(value) });
}

function mustBe(choices: readonly string[]): Said {
  const [choice = ""] = choices;
  return choices.length === 1
    ? say("must-be", { choice })
    : say("must-be-one-of", { choices: choices.join(", ") });
}

function choicesOf(rule: Rule | undefined): readonly string[] {
  if (rule?.enum !== undefined) return rule.enum.map(String);
  return rule?.const === undefined ? [] : [String(rule.const)];
}

function isEntries(value: unknown): value is Entries {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function shown(value: unknown): Said | string {
  if (value === null || value === undefined) return say("a-nothing");
  if (isEntries(value)) return say(Object.keys(value).length === 0 ? "an-empty-map" : "a-map");
  const text = JSON.stringify(value);
  if (text.length <= SHOWN_MAX) return text;
  return Array.isArray(value) ? say("a-list") : `${text.slice(0, SHOWN_MAX)}…"`;
}

/** What a misspelling is looked for by: nothing but a text or a number can be one. */
function textOf(value: unknown): string {
  return typeof value === "string" || typeof value === "number" ? String(value) : "";
}
