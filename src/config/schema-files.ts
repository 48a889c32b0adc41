import { textOf } from "../domain/said.ts";
import type { Said } from "../domain/said.ts";
import { PlantSchema } from "./plant-schema.ts";
import { ProfileSchema } from "./profile-schema.ts";

/** A JSON Schema file for editors, below `devices/schema`. */
export interface SchemaFile {
  readonly name: string;
  readonly json: string;
}

/** The schemas of both kinds of YAML file as editors want them: a key that has a default may be left out. */
export function schemaFiles(): readonly SchemaFile[] {
  return [
    schemaFile("profile", "Device profile of Puma Gateway", ProfileSchema),
    schemaFile("plant", "Plant file of Puma Gateway", PlantSchema),
  ];
}

function schemaFile(kind: string, title: string, schema: object): SchemaFile {
  const head = { $schema: "http://json-schema.org/draft-07/schema#", title };
  return {
    name: `${kind}.schema.json`,
    json: `${JSON.stringify({ ...head, ...(asWritten(schema) as object) }, inEnglish, 2)}\n`,
  };
}

/** Editors show a rule as a text. */
function inEnglish(key: string, value: unknown): unknown {
  return key === "errorMessage" || key === "patternErrorMessage" ? textOf(value as Said) : value;
}

/** A schema of what people write, where TypeBox has one of what the program reads once the defaults are in.
 *  Parts without keys stay the same objects, and so keep the checks that JSON Schema cannot say. */
export function asWritten(schema: unknown): unknown {
  if (!hasKeys(schema)) return schema;
  if (Array.isArray(schema)) return schema.map(asWritten);
  const written = Object.fromEntries(Object.entries(schema).map(([key, part]) => [key, asWritten(part)]));
  const { properties = {}, required = [] } = schema as KeyRules;
  const needed = required.filter((key) => properties[key]?.default === undefined);
  const { required: _, ...rest } = written;
  return needed.length === 0 ? rest : { ...rest, required: needed };
}

interface KeyRules {
  readonly properties?: Readonly<Record<string, { readonly default?: unknown }>>;
  readonly required?: readonly string[];
}

function hasKeys(schema: unknown): schema is object {
  if (typeof schema !== "object" || schema === null) return false;
  return "properties" in schema || Object.values(schema).some(hasKeys);
}
