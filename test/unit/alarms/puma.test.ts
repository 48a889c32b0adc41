import { join } from "node:path";
import { describe, expect, test } from "vitest";
import type { Plant } from "../../../src/config/plant.ts";
import { loadPlant } from "../../../src/config/load.ts";
import { planPlant } from "../../../src/drivers/index.ts";
import { compileAlarms } from "../../../src/gateway/alarms/compile.ts";
import { compileMetrics } from "../../../src/gateway/metrics/compile.ts";
import { outlinesOf } from "../../../src/gateway/metrics/outlines.ts";

const root = join(import.meta.dirname, "..", "..", "..");
const plant = loadPlant(join(root, "devices", "plants", "puma.yaml"), {});
const alarms = plant.alarms ?? [];
const set = compileAlarms(plant, outlinesOf(compileMetrics(plant).metrics));
const alarm = (id: string) => alarms.find((one) => one.id === id);
const rule = (id: string) => set.rules.find((one) => one.id === id);
const ids = (pattern: RegExp): string[] => alarms.map(({ id }) => id).filter((id) => pattern.test(id));

describe("the rationalised list of the Puma plant", () => {
  test.each([
    ["AT-491.HH", "HH", 10, 0, 1],
    ["AT-401A.LL", "LL", 10, 10, 1],
    ["AT-703.HH", "HH", 50, 60, 1],
    ["XS-605.ON", "on", null, 0, 1],
    ["LT-709.LL", "LL", 0.5, 60, 1],
    ["AT-494.H", "H", 4.7, 15, 2],
    ["AT-401A.L", "L", 10.3, 60, 2],
    ["LDH-601.ON", "on", null, 5, 2],
    ["FT-604.L", "L", 10, 60, 2],
    ["AT-703.H", "H", 25, 120, 2],
    ["PZ-710B.H", "H", 80, 600, 2],
    ["TT-501.H", "H", 135, 10, 2],
    ["PT-204C.L", "L", 80, 5, 2],
    ["LT-101.L", "L", 10, 60, 3],
    ["LT-104.H", "H", 95, 10, 3],
    ["TT-103.H", "H", 90, 60, 3],
    ["LT-108.H", "H", 95, 10, 3],
    ["PT-107.H", "H", 7000, 2, 3],
    ["FT-107.L", "L", 15, 5, 3],
    ["ME-110.ON", "on", null, 0, 3],
    ["LT-109.L", "L", 15, 120, 3],
    ["WIT-201.L", "L", 0.3, 300, 3],
    ["TT-204B.H", "H", 65, 60, 3],
    ["FT-202.L", "L", 1, 60, 3],
    ["LT-205.H", "H", 90, 30, 3],
    ["LT-205.L", "L", 20, 15, 3],
    ["PT-207.H", "H", 150, 30, 3],
    ["PT-207.L", "L", 50, 60, 3],
    ["DT-209.H", "H", 1.95, 30, 3],
    ["AT-208.H", "H", 140, 900, 3],
    ["PT-302.L", "L", 80, 10, 3],
    ["VT-302.H", "H", 7, 10, 3],
    ["LT-407.H", "H", 97, 60, 3],
    ["LDT-405.H", "H", 300, 60, 3],
    ["XS-403.OFF", "off", null, 30, 3],
    ["AT-406B.L", "L", 4, 900, 3],
    ["AT-401C.L", "L", 400, 600, 3],
    ["FT-602.L", "L", 10, 120, 3],
    ["AY-904.H", "H", 0.03, 0, 3],
    ["LT-604.L", "L", 20, 300, 3],
    ["IT-706.H", "H", 70, 60, 3],
    ["PT-805.L", "L", 550, 30, 3],
    ["LT-801.L", "L", 20, 120, 3],
    ["KQ-299.LOST", "still", null, 15, 3],
    ["L.LOST", "offline", null, 15, 3],
  ])("%s is of type %s at %s after %s s with priority %s", (id, type, amount, delayS, priority) => {
    expect(alarm(id)).toMatchObject({
      type,
      limit: amount === null ? null : { amount },
      onDelayMs: delayS * 1_000,
      priority,
    });
  });

  test.each([
    ["IT-103.H", 1.1, { by: "value", value: 60 }],
    ["ST-105.DEV", 0.1, { by: "value", value: 0.8 }],
    ["KI-302.H", 1.5, { by: "source", source: plant.tags.findIndex(({ id }) => id === "KIC-302.SP") }],
    ["WIT-201.DEV", 0.1, { by: "source", source: plant.tags.findIndex(({ id }) => id === "FIC-201.SP") }],
    ["FT-705.LEAK", 0.9, { by: "source", source: plant.tags.findIndex(({ id }) => id === "FT-208") }],
  ])("%s is reckoned as %s of its reference", (id, share, reference) => {
    expect(rule(id)).toMatchObject({ condition: { limit: { by: "share", share } }, reference });
  });

  test("bands are on both sides and equipment that is off is no alarm", () => {
    expect(alarm("DT-208.BAND")?.band).toEqual([1.26, 1.36]);
    expect(alarm("AT-701.BAND")?.band).toEqual([8, 9.5]);
    expect(alarm("FT-602.L")?.when).toEqual([{ tag: "XS-602P", above: 0, below: Infinity }]);
    expect(alarm("WIT-201.L")?.when).toEqual([{ tag: "XS-203", above: 0, below: Infinity }]);
  });

  test("families have one alarm for each of their tags", () => {
    expect(ids(/^AT-49.\.HH$/u)).toHaveLength(4);
    expect(ids(/^LT-40.\.H$/u)).toHaveLength(7);
    expect(ids(/^LDT-40.\.H$/u)).toHaveLength(5);
    expect(ids(/^XS-40.\.OFF$/u)).toHaveLength(7);
    expect(ids(/^AT-40.B\.L$/u)).toHaveLength(4);
    expect(ids(/^KQ-.*\.LOST$/u)).toHaveLength(3);
  });

  test("what is not said of delays and deadbands is the usual for its kind of measurement", () => {
    expect(alarm("LT-205.H")?.deadband).toBeCloseTo(5, 9);
    expect(alarm("TT-107.H")).toMatchObject({ deadband: 1, onDelayMs: 60_000 });
    expect(alarm("PT-805.L")?.deadband).toBeCloseTo(20, 9);
  });

  test("few alarms are grave: at most 5 entries of priority 1 and 9 of priority 2", () => {
    const keys = (priority: number): number =>
      new Set(alarms.filter((one) => one.priority === priority).map(({ key }) => key)).size;
    expect(keys(1)).toBe(5);
    expect(keys(2)).toBe(9);
    expect(alarms.every(({ consequence, response }) => consequence !== "" && response !== "")).toBe(true);
  });
});

test("trips and interlocks are read every 20 ms in one small request of each PLC, so that those 100 ms apart are told apart", () => {
  const trips = plant.tags.filter(({ scanClass }) => scanClass === "trip");
  expect(plant.scanClasses["trip"]).toEqual({ periodMs: 20 });
  const plans = planPlant(plant).flatMap((plan) => (plan.protocol === "opcua" ? [] : plan.groups));
  expect(plans.filter(({ scanClass }) => scanClass === "trip")).toMatchObject([
    { device: "P1", requests: 1, tags: 8 },
    { device: "P2", requests: 1, tags: 8 },
  ]);
  const ranked = alarms.filter(({ group, on, type }) => group !== null && on.from === "tag" && type === "on");
  const slow = ranked.filter(({ on }) => !trips.some(({ id }) => id === on.id));
  expect(slow.map(({ id }) => id)).toEqual([]);
});

describe("alarms that every gateway has", () => {
  test("a diagnostic one for each tag with an alarm, silent while its whole device is", () => {
    const bad = rule("AT-401A.BAD");
    expect(bad).toMatchObject({ priority: 4, condition: { type: "bad" } });
    const source = bad?.when[0]?.source ?? -1;
    expect(set.extras[source - plant.tags.length]).toEqual({ from: "device", id: "L" });
    expect(rule("KQ-199.BAD")).toBeUndefined();
  });

  test("for its stores, its outputs and its devices", () => {
    for (const id of [
      "gateway.spool-unprotected",
      "gateway.spool-damaged",
      "gateway.spool-full",
      "gateway.output-mqtt",
    ])
      expect(rule(id), id).toMatchObject({ priority: 4, condition: { type: "on" } });
    expect(rule("gateway.device-P1")).toMatchObject({ onDelayMs: 15_000 });
    // The plant file has one of its own for this device.
    expect(rule("gateway.device-L")).toBeUndefined();
  });

  test("and the plant file has the last word on an alarm of that name", () => {
    const own = { ...alarms[0], id: "gateway.spool-full", priority: 2 } as NonNullable<
      Plant["alarms"]
    >[number];
    const changed = compileAlarms({ ...plant, alarms: [own] }, []);
    expect(changed.rules.filter(({ id }) => id === "gateway.spool-full")).toMatchObject([{ priority: 2 }]);
  });
});

test("a figure of several results is named with the one that is meant", () => {
  const own = { ...alarms[0], key: "X", id: "X", on: { from: "metric", id: "overflow" } } as NonNullable<
    Plant["alarms"]
  >[number];
  const { faults } = compileAlarms({ ...plant, alarms: [own] }, outlinesOf(compileMetrics(plant).metrics));
  expect(faults).toHaveLength(1);
  expect(faults[0]).toMatchObject({ path: ["X", "on"] });
  expect(faults[0]?.told.sentence).toMatch(/^there is no result overflow; it has overflow\./u);
});
