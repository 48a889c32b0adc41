import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { parse, stringify } from "yaml";
import { loadMeetable } from "../../src/cli/check.ts";
import { PlantSchema } from "../../src/config/plant-schema.ts";
import { selfSign } from "../../src/security/self-signed.ts";
import { blocksOf, documents, linksOf, proseOf } from "../support/documents.ts";
import type { Document, Link } from "../support/documents.ts";
import { root } from "../support/plant.ts";
import { temporaryFolder } from "../support/program.ts";

const pages = documents.map((document) => [document.path, document] as const);

/** Languages whose blocks a test reads: what a page shows and nobody checks would grow old. */
const CHECKED = new Set(["console", "csv", "js", "nft", "sh", "yaml"]);

/** As GitHub names them. */
function anchorsOf(document: Document): string[] {
  return [...proseOf(document).matchAll(/^#+ (.+)$/gmu)].map(([, heading = ""]) =>
    heading
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N} _-]/gu, "")
      .replaceAll(" ", "-"),
  );
}

function isSound({ file, anchor }: Link): boolean {
  if (!existsSync(join(root, file))) return false;
  if (anchor === "") return true;
  const target = documents.find(({ path }) => path === file);
  return target !== undefined && anchorsOf(target).includes(anchor);
}

describe.each(pages)("%s", (_path, document) => {
  it("leads with every link to a file and a heading that are there", () => {
    expect(linksOf(document).filter((link) => !isSound(link))).toEqual([]);
  });

  it("names only scripts and files that exist", () => {
    const { scripts } = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as { scripts: object };
    for (const [, name] of document.text.matchAll(/`npm run ([\w:]+)/gu))
      expect(Object.keys(scripts)).toContain(name);
    const paths = [...document.text.matchAll(/`((?:src|devices|test|docs)\/[\w./-]+)`/gu)];
    expect(paths.map(([, path = ""]) => path).filter((path) => !existsSync(join(root, path)))).toEqual([]);
  });

  it("shows only what a test reads", () => {
    const languages = [...document.text.matchAll(/^```(.*)\n[^]*?^```/gmu)].map(([, language]) => language);
    expect(languages.filter((language) => !CHECKED.has(language ?? ""))).toEqual([]);
  });
});

it("every page is linked from the README", () => {
  const [readme, ...others] = documents;
  const linked = new Set(readme === undefined ? [] : linksOf(readme).map(({ file }) => file));
  expect(others.length).toBeGreaterThan(8);
  expect(others.map(({ path }) => path).filter((path) => !linked.has(path))).toEqual([]);
});

describe("an example of a plant file is sound in", () => {
  const folder = temporaryFolder();
  const example = join(folder.path, "example.yaml");
  const puma = parse(readFileSync(join(root, "devices", "plants", "puma.yaml"), "utf8")) as Record<
    string,
    object
  >;

  /** Whole plant files, and sections of one: in blocks, and in the text where their first word is a section's. */
  const examples = documents.flatMap((document) => {
    const blocks = blocksOf(document, "yaml").filter((yaml) => !yaml.startsWith("title:"));
    const sections = [...proseOf(document).matchAll(/`((\w+): \{[^`…]*\})`/gu)].filter(
      ([, , section = ""]) => section in PlantSchema.properties,
    );
    return [...blocks, ...sections.map(([, yaml = ""]) => yaml)].map(
      (yaml) => [document.path, yaml.replace(/\n[^]*/u, ""), yaml] as const,
    );
  });

  beforeAll(() => {
    const from = Date.parse("2026-01-01");
    const { cert, key } = selfSign({ name: "broker", hosts: ["127.0.0.1"], from, to: from + 864e5 });
    writeFileSync(join(folder.path, "broker.pem"), cert);
    writeFileSync(join(folder.path, "broker.key"), key);
    writeFileSync(join(folder.path, "ca.pem"), cert);
    vi.stubEnv("MQTT_PASSWORD", "secret");
  });
  afterAll(() => {
    vi.unstubAllEnvs();
    folder[Symbol.dispose]();
  });

  it("are many", () => {
    expect(examples.length).toBeGreaterThan(10);
  });

  it.each(examples)("%s: %s", (_path, _start, yaml) => {
    const shown = parse(yaml) as Record<string, object>;
    const sections = Object.entries(shown).map(([name, section]) => [name, { ...puma[name], ...section }]);
    const plant = "plant" in shown ? yaml : stringify({ ...puma, ...Object.fromEntries(sections) });
    writeFileSync(example, plant);
    expect(loadMeetable(example).configuration.plant.tags.length).toBeGreaterThan(3);
  });
});
