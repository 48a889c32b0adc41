import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { loadPlant } from "../../../src/config/load.ts";
import type { Plant } from "../../../src/config/plant.ts";
import { BadConfiguration } from "../../../src/domain/errors.ts";
import { compileMetrics } from "../../../src/gateway/metrics/compile.ts";
import { outlinesOf } from "../../../src/gateway/metrics/outlines.ts";
import { createTranslator, translated } from "../../../src/domain/phrases.ts";
import { textOf } from "../../../src/domain/said.ts";
import { diagnosticsOf, ownAlarms } from "../../../src/gateway/alarms/own-alarms.ts";

const PUMA = join(import.meta.dirname, "../../../devices/plants/puma.yaml");
const folder = mkdtempSync(join(tmpdir(), "puma-texts-"));
afterAll(() => {
  rmSync(folder, { recursive: true });
});

/** The same in both languages. */
const SAME = new Set(["SMBS"]);

/** Every text that people read of the plant, with what it is in Spanish. */
function saidOf(value: unknown, spanish: unknown): [string, string][] {
  if (typeof value !== "object" || value === null) return [];
  const said = spanish as Readonly<Record<string, unknown>>;
  return Object.entries(value).flatMap(([key, one]) => {
    if (typeof one !== "string") return saidOf(one, said[key]);
    const isRead = ["title", "consequence", "response"].includes(key);
    return isRead ? [[one, said[key] as string] as [string, string]] : [];
  });
}

describe("the Spanish of the Puma plant", () => {
  const { texts, ...plant } = loadPlant(PUMA);
  const say = createTranslator(texts?.["es-PE"] ?? {});
  // Its page, broker and outputs with certificates, and an OPC UA user with one: each of them may end.
  const file = { certificateFile: "/x.pem", keyFile: "/x.key" };
  const encrypted: Plant = {
    ...plant,
    http: { ...plant.http, tls: { kind: "generated" } },
    broker: { host: "0.0.0.0", port: 1, wsPort: 2, tls: { kind: "given", ...file } },
    outputs: plant.outputs.map((one) =>
      one.type === "mqtt" ? { ...one, tls: { caFile: null, ...file } } : one,
    ),
    connections: plant.connections.map((one) =>
      one.protocol === "opcua" ? { ...one, identity: { kind: "certificate", ...file } } : one,
    ),
  };
  const all = {
    ...plant,
    own: ownAlarms(encrypted),
    diagnostics: diagnosticsOf(plant),
    figures: outlinesOf(compileMetrics(plant).metrics),
  };
  const said = saidOf(all, translated(all, say));

  it("says every title, consequence and response", () => {
    expect(said.length).toBeGreaterThan(500);
    expect(said.filter(([text, spanish]) => text === spanish && !SAME.has(text))).toEqual([]);
  });

  it("leaves no English word of the plant within", () => {
    const english =
      /\b(?:rate|recovery|head|trend|added|mean|fill|charge|share|yield|solids|slope)\b|\b(the|of|level|flow|tank|mill|pump|feed|high|low|stop|look|water|gold|and|is|in)\b/iu;
    expect(said.filter(([, spanish]) => english.test(spanish))).toEqual([]);
  });
});

const written = (texts: string, name = "plant.es-PE.yaml"): string => {
  mkdirSync(join(folder, "texts"), { recursive: true });
  writeFileSync(join(folder, "texts", "plant.es-PE.yaml"), texts);
  const file = join(folder, "plant.yaml");
  writeFileSync(
    file,
    `plant: { id: p, group: g, title: House, timeZone: UTC }
scanClasses: { slow: 10s, fast: 1s }
connections: { line: { protocol: modbus-tcp, host: 10.0.0.9 } }
devices: { E: { profile: power-meter, connection: line, unit: 1, area: utilities } }
http: { auth: none }
texts: { es-PE: ${name} }
`,
  );
  return file;
};

function faultsOf(texts: string, name?: string): readonly string[] {
  try {
    loadPlant(written(texts, name));
  } catch (error) {
    if (!(error instanceof BadConfiguration)) throw error;
    return error.faults.map(({ line, path, told }) => `${line} ${path}: ${textOf(told)}`);
  }
  return [];
}

describe("the file of texts that a plant names", () => {
  it("comes on top of what is shipped", () => {
    const { texts } = loadPlant(written("House: Casa\nidle: quieto\n"));
    const say = createTranslator(texts?.["es-PE"] ?? {});
    expect([say("House"), say("idle"), say("fill")]).toEqual(["Casa", "quieto", "llenado"]);
  });

  it("is refused with the line of what is wrong", () => {
    expect(faultsOf("House: Casa\nidle: 3\n'{} level': Nivel\n")).toEqual([
      "2 idle: must be a text, in quotes where YAML takes it for something else",
      "3 {} level: must have as many {} as the text that it stands for",
    ]);
    expect(faultsOf("House: Casa\n", "other.yaml")).toEqual([
      "6 texts.es-PE: there is no file texts/other.yaml",
    ]);
    expect(faultsOf("- House\n")).toEqual([
      "1 (document): must be a map from the texts of the plant to those of the language",
    ]);
  });
});
