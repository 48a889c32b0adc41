import { join } from "node:path";
import { expect, it } from "vitest";
import { loadConfiguration } from "../../../src/config/load.ts";
import type { Plant } from "../../../src/config/plant.ts";
import { differencesOf } from "../../../src/gateway/configuration/difference.ts";
import { spanishChange } from "../../../src/web/i18n/configuration-changes.ts";
import { root } from "../../support/plant.ts";

const { plant } = loadConfiguration(join(root, "devices", "plants", "puma.yaml"));
const { metallurgy: _, ...rest } = plant;
const BARE: Plant = {
  ...rest,
  connections: [],
  devices: [],
  tags: [],
  alarms: [],
  outputs: [],
  equipment: [],
};

it("the page says in Spanish whatever sentence the gateway has about a change", () => {
  const retitled = { ...plant, devices: plant.devices.map((device) => ({ ...device, title: "otro" })) };
  const sentences = [
    ...differencesOf(BARE, plant),
    ...differencesOf(plant, BARE),
    ...differencesOf(plant, retitled),
    ...differencesOf(plant, plant),
  ];
  expect(sentences.length).toBeGreaterThan(15);
  for (const sentence of sentences) {
    const spanish = spanishChange(sentence) ?? `nothing for: ${sentence}`;
    expect(spanish).toMatch(/^(alta|baja|cambio|nada) /u);
    expect(spanish).not.toMatch(/ (added|removed|changed|and \d+ more)/u);
  }
});
