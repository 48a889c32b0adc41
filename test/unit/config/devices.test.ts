import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { loadPlant } from "../../../src/config/load.ts";
import { loadProfile } from "../../../src/config/load-profile.ts";
import { schemaFiles } from "../../../src/config/schema-files.ts";

const devices = join(import.meta.dirname, "..", "..", "..", "devices");
const profiles = readdirSync(join(devices, "profiles"));
const plants = readdirSync(join(devices, "plants")).filter((file) => file.endsWith(".yaml"));

describe("every shipped file", () => {
  it.each(profiles)("profiles/%s loads", (file) => {
    expect(loadProfile(join(devices, "profiles", file)).tags.size).toBeGreaterThan(0);
  });

  it.each(plants)("plants/%s loads", (file) => {
    expect(loadPlant(join(devices, "plants", file), {}).tags.length).toBeGreaterThan(0);
  });

  it.each([
    ...profiles.map((file) => ["profile", join("profiles", file)] as const),
    ...plants.map((file) => ["plant", join("plants", file)] as const),
  ])("names the %s schema in its first line: %s", (kind, file) => {
    const [first] = readFileSync(join(devices, file), "utf8").split("\n", 1);
    expect(first).toBe(`# yaml-language-server: $schema=../schema/${kind}.schema.json`);
  });
});

it.each(schemaFiles())(
  "schema/$name is what the code says; write it with src/config/write-schemas.ts",
  ({ name, json }) => {
    expect(readFileSync(join(devices, "schema", name), "utf8")).toBe(json);
  },
);
