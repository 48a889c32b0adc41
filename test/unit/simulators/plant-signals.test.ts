import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { isModelled } from "../../../simulators/instruments/process-source.ts";
import { readSteadyState } from "../../../simulators/instruments/steady-state-table.ts";
import { SETPOINTS } from "../../../simulators/plant/setpoints.ts";
import type { SetpointName } from "../../../simulators/plant/setpoints.ts";
import { SIGNAL, SIGNALS } from "../../../simulators/plant/signal-list.ts";
import { loadPlant } from "../../../src/config/load.ts";
import { createPlantModel } from "../../../simulators/plant/model.ts";
import { PUMA_MEASUREMENTS } from "../../support/puma-tags.ts";

const plant = loadPlant(join(import.meta.dirname, "../../../devices/plants/puma.yaml"));
const model = createPlantModel({ hasBatches: false });
model.step(2 * 3600);

/** Follow the batches and the bins, or stand otherwise by the equations: the crushers' chambers fill with 9.6 t/h to 30 and 34 %. */
const ELSEWHERE = new Set(
  "LT-101 LT-109 LT-104 LT-108 LT-304 TT-304 AT-304 XS-304 FT-420 XS-425 XS-302 KQ-302 WT-303".split(" "),
);

describe("the signals of the model", () => {
  test("are the on-line measurements of the plant, numbered without a gap", () => {
    expect(SIGNALS).toHaveLength(PUMA_MEASUREMENTS);
    expect(SIGNALS.map((tag) => SIGNAL[tag])).toEqual(Array.from(SIGNALS, (_, place) => place));
    expect(SIGNALS.toSorted()).toEqual(
      plant.tags
        .map(({ id }) => id)
        .filter((id) => !id.endsWith(".SP"))
        .sort(),
    );
    expect(isModelled(plant)).toBe(true);
  });

  test("show in the usual run what the list of tags calls typical", () => {
    for (const [id, row] of readSteadyState()) {
      if (!Object.hasOwn(SIGNAL, id) || ELSEWHERE.has(id)) continue;
      const value = model.signal(id as keyof typeof SIGNAL);
      if (row.kind === "noisy")
        expect(Math.abs(value / row.value - 1), `${id} is ${value}`).toBeLessThan(0.03);
      if (row.kind === "state") expect(value, id).toBe(row.value);
    }
  });

  test("of totals are the integrals of their rates", () => {
    for (const [rate, total] of [
      ["WIT-201", "WQT-201"],
      ["JT-203", "JQ-203"],
      ["FT-803", "FQ-803"],
    ] as const)
      expect(model.signal(total) / (2 * model.signal(rate))).toBeCloseTo(1, 2);
  });
});

describe("setpoints", () => {
  test("on the wire are setpoints of the model, with limits inside the tag's range", () => {
    for (const { id, range, unit } of plant.tags.filter((tag) => tag.id.endsWith(".SP"))) {
      const setpoint = SETPOINTS[id as SetpointName];
      expect([id, setpoint.unit, setpoint.low, setpoint.high]).toEqual([id, unit, range?.low, range?.high]);
    }
  });

  test("of the density and of the sump water hand the controller to each other", () => {
    const one = createPlantModel({ hasBatches: false });
    one.set("DIC-207.SP", 1.6);
    one.step(4 * 3600);
    expect(one.signal("DT-207")).toBeCloseTo(1.6, 2);
    expect(one.setpoint("FIC-205.SP")).toBeLessThan(2.5);
    one.set("FIC-205.SP", 2.55);
    one.step(4 * 3600);
    expect(one.signal("DT-207")).toBeCloseTo(1.554, 2);
  });

  test("of the cyanide dosing and of the concentration likewise", () => {
    const one = createPlantModel({ hasBatches: false });
    one.set("FIC-602.SP", 20);
    one.step(3600);
    expect([one.signal("FT-602"), one.setpoint("FIC-602.SP")]).toEqual(
      [20, 20].map((flow) => expect.closeTo(flow, 6)),
    );
    one.set("AIC-401C.SP", 500);
    one.step(86_400);
    expect(one.signal("AT-401C")).toBeCloseTo(500, -1);
  });

  test("of the concentrator's cycle changes how often it flushes", () => {
    const one = createPlantModel();
    one.set("KIC-302.SP", 30);
    one.step(4 * 3600 + 60);
    expect(one.signal("KQ-302")).toBe(8);
    expect(one.signal("KI-302")).toBeCloseTo(30, 1);
  });
});
