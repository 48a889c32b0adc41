import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ModbusProfileSchema, OpcUaProfileSchema } from "../../../src/config/profile-schema.ts";
import { PlantSchema } from "../../../src/config/plant-schema.ts";
import { loadPlant } from "../../../src/config/load.ts";
import { loadProfile } from "../../../src/config/load-profile.ts";
import { parseSource } from "../../../src/config/source-file.ts";
import { BadConfiguration } from "../../../src/domain/errors.ts";
import type { Fault } from "../../../src/domain/errors.ts";
import type { Said } from "../../../src/domain/said.ts";
import { compileExpression, isExpressionFault } from "../../../src/metallurgy/expression.ts";
import { EXPRESSION_ES, YAML_ES } from "../../../src/web/i18n/parser-words.ts";
import { language } from "../../../src/web/preferences.ts";
import { sentenceOf } from "../../../src/web/told.ts";
import { plantFaults, profileFaults } from "./expected-faults.ts";

const folder = join(import.meta.dirname, "faults");

/** Words that an English sentence can hardly do without and a Spanish one never has. */
const ENGLISH =
  /(?<![\p{L}.:/-])(?:the|is|are|must|be|not|has|have|there|of|which|with|an|it|already|needs)(?![\p{L}:/-])/u;
/** What is a name in a file: between backticks or quotes, in braces or brackets. */
const NAMES = /`[^`]*`|"[^"]*"|\{[^}]*\}|\[[^\]]*\]/gu;

function faultsOf(load: () => unknown): readonly Fault[] {
  try {
    load();
  } catch (error) {
    if (error instanceof BadConfiguration) return error.faults;
    throw error;
  }
  return [];
}

function spanish(told: Said | string): string {
  if (typeof told === "string") throw new Error(`only the English is known: ${told}`);
  return sentenceOf(told.sentence, JSON.parse(JSON.stringify(told)) as Said);
}

beforeAll(() => {
  language.value = "es-PE";
});
afterAll(() => {
  language.value = "en";
});

describe("what is wrong in a plant file or a profile is said to a Spanish reader in Spanish", () => {
  const loads = [
    ...Object.keys(plantFaults).map((file) => [file, loadPlant] as const),
    ...Object.keys(profileFaults).map((file) => [file, loadProfile] as const),
  ];
  it.each(loads)("%s", (file, load) => {
    const faults = faultsOf(() => load(join(folder, file), { SECRET_URL: "hunter2" }));
    expect(faults).not.toEqual([]);
    for (const { told } of faults) {
      const said = spanish(told);
      expect(said.replaceAll(NAMES, "")).not.toMatch(ENGLISH);
      expect(said).not.toMatch(/hunter2|\{\w+\}/u);
    }
  });

  it.each([
    ["bad-duration.yaml", 'tiene que ser una duración como 250ms, 1s o 10m, no "1 second"'],
    ["unknown-connection.yaml", "no existe la conexión lien; ¿quiso decir `line`?"],
    ["missing-key.yaml", "falta la clave `title`; tiene que ser un texto de 1 a 200 caracteres"],
    ["secret-missing.yaml", "la variable de entorno BROKER_HOST no está definida"],
    [
      "same-names.yaml",
      "D1 ya tiene las señales kW, on; dé un `prefix` a este equipo o cámbieles el nombre en `tags`",
    ],
  ])("%s says it as an engineer of the plant would", (file, expected) => {
    expect(faultsOf(() => loadPlant(join(folder, file), {})).map(({ told }) => spanish(told))).toContain(
      expected,
    );
  });

  it("overlapping registers, with the tag that has them", () => {
    const faults = faultsOf(() => loadProfile(join(folder, "profiles/overlap.yaml")));
    expect(faults.map(({ told }) => spanish(told))).toEqual([
      "los registros 11 a 12 se superponen con los de A (un float32 en 10 a 11)",
    ]);
  });
});

/** Every rule that a schema states. */
function rulesOf(schema: unknown, found: Said[] = []): readonly Said[] {
  if (typeof schema !== "object" || schema === null) return found;
  for (const [key, part] of Object.entries(schema))
    if (key === "errorMessage" || key === "patternErrorMessage") found.push(part as Said);
    else rulesOf(part, found);
  return found;
}

it("every rule of the schemas has its Spanish", () => {
  const rules = [PlantSchema, ModbusProfileSchema, OpcUaProfileSchema].flatMap((schema) => rulesOf(schema));
  expect(rules.length).toBeGreaterThan(100);
  for (const rule of rules) {
    expect(spanish(rule)).toMatch(/^tiene que ser /u);
    expect(spanish(rule).replaceAll(NAMES, "")).not.toMatch(ENGLISH);
  }
});

describe("what the readers of other people's making say", () => {
  const BROKEN = [
    "a: 1\n b: 2",
    "a:\n    b: 1\n  c: 2",
    "a:\n  - 1\n - 2",
    "a\nb: 1",
    "a: {b: 1",
    "a: [1,2",
    "{a: 1",
    "[1, 2",
    'a: "x',
    "a: 'x",
    "a:\n\tb: 1",
    "a: @x",
    "a: `x",
    "a: %x",
    "a: {b: 1 c: 2}",
    'a: {"b" 1}',
    'a: ["b" "c"]',
    "a: {b: 1,, c: 2}",
    "a: [1,,2]",
    'a: "x"#c',
    'a: "x" y',
    "a: &x &y 1",
    "x: &b 1\na: &c *b",
    "a: - b",
  ];

  it("of a broken YAML file is said in Spanish, for all that people usually break", () => {
    const faults: Fault[] = [];
    for (const text of BROKEN) parseSource("plant.yaml", text, faults);
    const said = new Set(faults.map(({ told }) => (told as Said).params["yaml"]));
    expect(Object.keys(YAML_ES).toSorted()).toEqual([...said].map(String).toSorted());
    for (const { told } of faults) expect(spanish(told).replaceAll(NAMES, "")).not.toMatch(ENGLISH);
  });

  it("of a broken expression too", () => {
    const texts = ["(1", "[1", "a[1", "f(1 2", "f(,", "f(1;2)", "-", "1.2.3"];
    const faults = texts.map((text) => compileExpression(text, { a: "1" })).filter(isExpressionFault);
    const said = new Set(faults.map(({ told }) => told.params["parser"]).filter((one) => one !== undefined));
    expect(Object.keys(EXPRESSION_ES).toSorted()).toEqual([...said].map(String).toSorted());
  });
});
