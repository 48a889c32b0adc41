import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { definitionOf, FAULT_NAMES } from "../../../simulators/faults/catalogue.ts";
import { isLaboratoryFault } from "../../../simulators/laboratory/faults.ts";
import { drawTrends } from "../../../simulators/plot/svg.ts";
import { trendsOf } from "../../../simulators/plot/trends.ts";
import { isUpset } from "../../../simulators/plant/upsets.ts";
import { loadScenario, shippedScenarios } from "../../../simulators/scenario.ts";
import { loadPlant } from "../../../src/config/load.ts";

const plant = loadPlant(join(import.meta.dirname, "../../../devices/plants/puma.yaml"));
const dir = mkdtempSync(join(tmpdir(), "puma-scenario-"));
afterAll(() => rmSync(dir, { recursive: true }));

let files = 0;
function written(text: string): string {
  const file = join(dir, `scenario-${++files}.yaml`);
  writeFileSync(file, text);
  return file;
}

describe("scenarios", () => {
  test("nine come with the simulators", () => {
    expect(shippedScenarios()).toEqual([
      "comms-chaos",
      "cyanide-trip",
      "cyclone-roping",
      "lime-trip",
      "mill-overload",
      "month-of-production",
      "power-cut",
      "scale-bias",
      "steady-day",
    ]);
  });

  test.each(shippedScenarios())("%s is well-formed, and its faults and plots exist", (name) => {
    const scenario = loadScenario(name);
    const known = new Set(plant.tags.map(({ id }) => id));
    for (const request of scenario.faults) {
      expect(FAULT_NAMES).toContain(request.fault);
      if (!isUpset(request.fault) && !isLaboratoryFault(request.fault)) definitionOf(request);
    }
    const shown = scenario.plot.flat().filter((tag) => /^[A-Z]/.test(tag));
    expect(shown.filter((tag) => !known.has(tag))).toEqual([]);
    expect(scenario.durationMs).toBeGreaterThan(0);
  });

  test.each([
    ["nowhere", /There is no scenario "nowhere". Known ones: comms-chaos, .*; or give a file/],
    [written("title: x\ndescription: y\nduration: 1h\nsurprise: 1\n"), /scenario-\d+[.]yaml .*/],
  ])("%s is refused with a sentence", (name, sentence) => {
    expect(() => loadScenario(name)).toThrow(sentence);
  });

  test("a setpoint that does not exist is refused", () => {
    const file = written(
      "title: x\ndescription: y\nduration: 1h\nset: [{ at: 1m, tag: FIC-999.SP, value: 1 }]\n",
    );
    expect(() => loadScenario(file)).toThrow(/FIC-999.SP is no setpoint/);
  });
});

describe("a picture of a scenario", () => {
  const file = written(
    [
      "title: Short & sharp",
      "description: y",
      "duration: 20min",
      "lots: puma",
      "set: [{ at: 2min, tag: FIC-201.SP, value: 3 }]",
      "faults: [{ fault: roping, at: 5min, for: 5min }, { fault: gain, tag: FT-207, at: 1min, amount: 1.5 }]",
      "plot: [[DT-209, DT-208], [FT-207], [WIT-201], [recovery]]",
      "",
    ].join("\n"),
  );
  const picture = trendsOf(loadScenario(file), plant, 1);

  test("shows what is true, what the instruments showed, and the marks of faults and setpoints", () => {
    const [[underflow] = [], [flow] = [], [feed] = [], [recovery] = []] = picture.panels;
    expect(picture.hours.at(-1)).toBeCloseTo(1 / 3, 2);
    expect(Math.max(...underflow!.truth)).toBeCloseTo(1.944, 2);
    expect(flow!.band!.high.at(-1)! / flow!.truth.at(-1)!).toBeCloseTo(1.5, 1);
    expect(feed!.truth.at(-1)).toBeCloseTo(3, 1);
    expect(recovery!.band).toBeNull();
    expect(recovery!.truth.at(-1)).toBeGreaterThan(90);
    expect(picture.marks.map(({ name, from, to }) => [name, 60 * from, Math.round(60 * to)])).toEqual([
      ["gain FT-207", 1, 20],
      ["FIC-201.SP = 3", 2, 2],
      ["roping", 5, 10],
    ]);
  });

  test("is an SVG with a line for each trend and its title escaped", () => {
    const svg = drawTrends(picture);
    expect(svg).toContain("Short &amp; sharp");
    expect(svg).toContain(">FIC-201.SP = 3</text>");
    expect(svg.match(/<path /g)).toHaveLength(5);
    expect(svg).not.toContain("NaN");
  });

  test("of something unknown is refused with what is known", () => {
    const odd = loadScenario(written("title: x\ndescription: y\nduration: 1h\nplot: [[FT-999]]\n"));
    expect(() => trendsOf(odd, plant, 1)).toThrow(/nothing to plot called "FT-999"/);
  });
});
