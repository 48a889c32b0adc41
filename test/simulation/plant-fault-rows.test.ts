import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { engineeringOf } from "../../simulators/codec/raw.ts";
import { inject } from "../../simulators/faults/inject.ts";
import { createOutlet } from "../../simulators/instruments/outlet.ts";
import { createWireRecord } from "../../simulators/instruments/wire-record.ts";
import type { Truth } from "../../simulators/plant/truth.ts";
import { createProcess, modelOf } from "../../simulators/process-plant.ts";
import { loadScenario } from "../../simulators/scenario.ts";
import { virtualClock } from "../../simulators/virtual-clock.ts";
import { loadPlant } from "../../src/config/load.ts";

const plant = loadPlant(join(import.meta.dirname, "../../devices/plants/puma.yaml"));
const START = Date.parse("2026-11-22T12:00:00Z");
const dir = mkdtempSync(join(tmpdir(), "puma-rows-"));
afterAll(() => rmSync(dir, { recursive: true }));

interface Seen {
  /** What a correct client makes of what goes over the wire for a tag. */
  readonly read: (tag: string) => number;
  readonly truth: Truth;
  /** Versions that the laboratory has reported of a tag's samples. */
  readonly versions: (tag: string) => readonly number[];
}

/** Runs the plant with the faults of a scenario file, all but the sockets, until `minutes` have passed. */
async function seen(faults: string, minutes: number): Promise<Seen> {
  const file = join(dir, "row.yaml");
  writeFileSync(file, `title: row\ndescription: one fault\nduration: 3d\nfaults:\n  - ${faults}\n`);
  const scenario = loadScenario(file);
  const clock = virtualClock(START);
  const process = createProcess(plant, clock, { seed: 1, model: modelOf(scenario), assayDir: null });
  if (process === null) throw new Error("the plant is not the modelled one");
  const outlet = createOutlet(process.source, createWireRecord(plant.tags.length), 100);
  const [lines, listeners, closing] = [new Map(), new Map(), new AbortController().signal];
  const { source, laboratory } = process;
  const ground = { plant, clock, outlet, lines, listeners, closing, source, laboratory };
  for (const fault of scenario.faults) inject(ground, fault);
  await clock.advance(60_000 * minutes);
  process.refresh();
  const reported = process.view.assays();
  return {
    read(id) {
      const tag = plant.tags.find((one) => one.id === id)!;
      return Number(engineeringOf(tag, outlet.peek(tag, clock.now()).raw));
    },
    truth: process.view.truth(),
    versions: (id) => reported.filter(({ tag }) => tag === id).map(({ version }) => version),
  };
}

describe("every fault of the process, its instruments and its laboratory comes from a scenario file", () => {
  test.each<[string, string, number, (see: Seen) => number, low: number, high: number]>([
    ["belt slip", "{ fault: belt-slip }", 10, ({ read }) => read("ST-201"), 0.54, 0.58],
    [
      "scale bias: the scale shows the setpoint and the mill gets less",
      "{ fault: gain, tag: WIT-201, amount: 1.04 }",
      120,
      ({ read, truth }) => (read("WIT-201") * 0.965) / truth.flows["mill-feed"].solidsT,
      1.02,
      1.06,
    ],
    ["blocked chute", "{ fault: blocked-chute }", 3, ({ read }) => read("LT-108"), 99, 101],
    ["feed loss", "{ fault: feed-loss }", 30, ({ read }) => read("DT-208"), 1.135, 1.155],
    ["mill overload", "{ fault: mill-overload }", 60, ({ read }) => read("PT-204"), 2500, 2800],
    ["roping", "{ fault: roping }", 30, ({ read }) => read("DT-209"), 1.93, 1.96],
    ["cyclone plug", "{ fault: cyclone-plug }", 30, ({ read }) => read("PT-207"), 145, 180],
    [
      "gravity feed stopped",
      "{ fault: gravity-feed-stopped }",
      60,
      ({ truth }) => truth.grades.leachFeed! / 7.575,
      1.1,
      1.16,
    ],
    ["NaCN pump trip", "{ fault: nacn-pump-trip }", 190, ({ read }) => read("AT-401C"), 200, 310],
    ["lime feeder trip", "{ fault: lime-feeder-trip }", 45, ({ read }) => read("AT-401A"), 10.1, 10.5],
    ["SMBS pump trip", "{ fault: smbs-pump-trip }", 40, ({ read }) => read("AT-703"), 25, 80],
    [
      "a failed pH probe costs the permit",
      "{ fault: loop-low, tag: AT-401A }",
      1,
      ({ read }) => read("XS-602P"),
      0,
      0,
    ],
    [
      "a stuck pH probe hides that pH falls",
      "{ fault: frozen, tag: AT-401A }\n  - { fault: lime-feeder-trip }",
      60,
      ({ read }) => read("AT-401A") - read("AT-401D"),
      0.5,
      1,
    ],
    ["air blower off", "{ fault: air-blower-off }", 360, ({ read }) => read("AT-401B"), -0.5, 0.5],
    ["screen hole", "{ fault: screen-hole }", 1440, ({ truth }) => truth.grades.carbon[2]!, 250, 1000],
    [
      "carbon advance stopped",
      "{ fault: carbon-advance-stopped }",
      1440,
      ({ truth }) => truth.grades.carbon[0]!,
      3500,
      6000,
    ],
    [
      "late assay",
      "{ fault: late-assay, amount: 40 }",
      2400,
      ({ versions }) => versions("AY-902").length,
      0,
      0,
    ],
    [
      "restated assay",
      "{ fault: restated-assay }",
      3600,
      ({ versions }) => versions("AY-903").filter((version) => version > 1).length,
      1,
      9,
    ],
  ])("%s", async (_, faults, minutes, of, low, high) => {
    const value = of(await seen(faults, minutes));
    expect(value).toBeGreaterThanOrEqual(low);
    expect(value).toBeLessThanOrEqual(high);
  });

  test("without faults none of this shows", async () => {
    const { read, truth, versions } = await seen("{ fault: frozen, tag: AT-492, at: 2d }", 2400);
    expect([read("ST-201"), read("XS-602P")].map((value) => Math.round(10 * value) / 10)).toEqual([0.8, 1]);
    expect(read("DT-208")).toBeGreaterThan(1.29);
    expect(Math.abs(read("AT-401A") - read("AT-401D"))).toBeLessThan(0.2);
    expect(truth.grades.carbon[0]!).toBeLessThan(3300);
    expect(truth.grades.carbon[2]!).toBeLessThan(240);
    expect(versions("AY-902").length).toBeGreaterThan(0);
  });
});
