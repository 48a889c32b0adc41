import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import type { TSchema } from "typebox";
import { Check } from "typebox/value";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { examine } from "../../../src/config/examine.ts";
import { PlantSchema } from "../../../src/config/plant-schema.ts";
import { ProfileSchema } from "../../../src/config/profile-schema.ts";
import { asWritten } from "../../../src/config/schema-files.ts";

const devices = join(import.meta.dirname, "..", "..", "..", "devices");

function documentsIn(folder: string, schema: TSchema): readonly (readonly [string, TSchema, unknown])[] {
  const files = readdirSync(join(devices, folder)).filter((file) => file.endsWith(".yaml"));
  return files.map((file) => [
    file,
    schema,
    parse(readFileSync(join(devices, folder, file), "utf8")) as unknown,
  ]);
}

const documents = [...documentsIn("profiles", ProfileSchema), ...documentsIn("plants", PlantSchema)];

function complaintsAbout(
  schema: TSchema,
  document: unknown,
): { readonly count: number; readonly filled: unknown } {
  let count = 0;
  const filled = examine(schema, document, [], () => {
    count++;
  });
  return { count, filled };
}

/** Every place of a document: the map or list that holds it, and its key there. */
function placesIn(value: unknown): (readonly [holder: Record<string, unknown>, key: string])[] {
  if (typeof value !== "object" || value === null) return [];
  const holder = value as Record<string, unknown>;
  const here = Object.keys(holder).map((key) => [holder, key] as const);
  return here.concat(Object.values(holder).flatMap(placesIn));
}

describe.each(documents)("%s", (_, schema, document) => {
  it("brings no complaint and comes out with its defaults, as TypeBox wants it", () => {
    const { count, filled } = complaintsAbout(schema, document);
    expect(count).toBe(0);
    expect(Check(schema, filled)).toBe(true);
  });

  it("with anything in it changed brings a complaint exactly when TypeBox refuses it", () => {
    const written = asWritten(schema) as TSchema;
    const nonsense = fc.constantFrom<unknown>(
      null,
      -1,
      1.5,
      70_000,
      true,
      "",
      "a b",
      "fast",
      "1s",
      [],
      [3, 1],
      {},
      { x: 1 },
    );
    const change = fc.constantFrom("replace", "remove", "add");
    const places = placesIn(document).length;
    fc.assert(
      fc.property(fc.nat(places - 1), change, nonsense, (index, kind, value) => {
        const changed = structuredClone(document);
        const [holder, key] = placesIn(changed)[index] ?? [{}, ""];
        if (kind === "replace") holder[key] = value;
        else if (kind === "add" && !Array.isArray(holder)) holder[`${key}x`] = value;
        else if (!Array.isArray(holder)) delete holder[key];
        const { count, filled } = complaintsAbout(schema, changed);
        expect(count === 0).toBe(Check(written, changed));
        if (count === 0) expect(Check(schema, filled)).toBe(true);
      }),
      { seed: 20_261_122, numRuns: 40 },
    );
  });
});
