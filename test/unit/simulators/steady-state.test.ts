import { resolve } from "node:path";
import { describe, expect, test } from "vitest";
import { quantised, rawOf } from "../../../simulators/codec/raw.ts";
import { correlatedNoise, ORIGIN } from "../../../simulators/instruments/noise.ts";
import { readSteadyState } from "../../../simulators/instruments/steady-state-table.ts";
import { steadyState } from "../../../simulators/instruments/steady-state.ts";
import { loadPlant } from "../../../src/config/load.ts";
import { modbusTag, plantOf } from "../../support/simulated-plant.ts";

const puma = loadPlant(resolve("devices/plants/puma.yaml"));
const HOUR = 3_600_000;

describe("instrument noise", () => {
  test.each([
    ["WIT-201", [1.41990503]],
    ["AT-401A", [-0.497541994]],
  ])("the stream of %s begins with the normals of the shared worked example W-36", (tag, [first]) => {
    const noise = correlatedNoise(tag, 20240601, 1000, 0);
    expect(noise(ORIGIN)).toBeCloseTo(first ?? NaN, 8);
  });

  test("the value at a time does not depend on what was asked before", () => {
    const steps = [0, 1, 5, 255, 256, 300, 511, 512, 70_000, 70_001, 3];
    const walked = correlatedNoise("FT-207", 1, 100, 2000);
    for (let step = 0; step < 1000; step++) walked(ORIGIN + 100 * step);
    for (const step of steps) {
      const fresh = correlatedNoise("FT-207", 1, 100, 2000);
      expect(walked(ORIGIN + 100 * step)).toBe(fresh(ORIGIN + 100 * step));
    }
  });

  test("it has unit variance and the correlation of its time constant", () => {
    const noise = correlatedNoise("FT-207", 1, 100, 1000);
    const values = Array.from({ length: 100_000 }, (_, i) => noise(ORIGIN + 100 * i));
    const mean = values.reduce((sum, x) => sum + x, 0) / values.length;
    const variance = values.reduce((sum, x) => sum + (x - mean) ** 2, 0) / values.length;
    const lagged = values.slice(10).reduce((sum, x, i) => sum + (x - mean) * ((values[i] ?? 0) - mean), 0);
    expect(Math.abs(mean)).toBeLessThan(0.05);
    expect(variance).toBeCloseTo(1, 1);
    expect(lagged / values.length / variance).toBeCloseTo(Math.exp(-1), 1);
  });
});

describe("the steady state", () => {
  test("every tag of the Puma plant has its row, and every row its tag", () => {
    const rows = [...readSteadyState().keys()].sort();
    expect(rows).toEqual(puma.tags.map((tag) => tag.id).sort());
  });

  test("the same seed gives the same values, another seed others", () => {
    const [one, same, other] = [steadyState(puma, 1), steadyState(puma, 1), steadyState(puma, 2)];
    const time = ORIGIN + 17 * HOUR;
    const all = (source: typeof one) => puma.tags.map((tag) => source.valueAt(tag, time));
    expect(all(one)).toEqual(all(same));
    expect(all(one)).not.toEqual(all(other));
  });

  test("adding a tag changes no other tag's stream", () => {
    const two = [
      modbusTag({ id: "FT-207", source: {} }),
      modbusTag({ id: "LT-999", source: { address: 2 } }),
    ];
    const before = plantOf([], [], two);
    const after = plantOf([], [], [modbusTag({ id: "PT-000", source: { address: 9 } }), ...two]);
    const [small, large] = [steadyState(before, 1), steadyState(after, 1)];
    for (let time = ORIGIN; time < ORIGIN + 60_000; time += 1000)
      for (const tag of before.tags) {
        const moved = after.tags.find(({ id }) => id === tag.id) ?? tag;
        expect(large.valueAt(moved, time)).toBe(small.valueAt(tag, time));
      }
  });

  test("no value leaves its range in a day, quantised as it is", () => {
    const source = steadyState(puma, 1);
    for (const tag of puma.tags.filter(({ range }) => range !== null))
      for (let time = ORIGIN; time < ORIGIN + 24 * HOUR; time += 307_000) {
        const value = Number(quantised(tag, source.valueAt(tag, time)));
        const { low, high } = tag.range ?? { low: NaN, high: NaN };
        if (!(value >= low && value <= high)) expect.fail(`${tag.id} shows ${value}`);
      }
  });

  test("no instrument repeats itself bit by bit for as long as would look stuck", () => {
    const source = steadyState(puma, 3);
    for (const tag of puma.tags) {
      if (tag.stuckAfterMs === null) continue;
      let [since, last] = [ORIGIN, rawOf(tag, source.valueAt(tag, ORIGIN))];
      for (let time = ORIGIN; time < ORIGIN + HOUR; time += 5000) {
        const raw = rawOf(tag, source.valueAt(tag, time));
        if (raw !== last) [since, last] = [time, raw];
        if (time - since > 0.95 * tag.stuckAfterMs) expect.fail(`${tag.id} stands still at ${String(raw)}`);
      }
    }
  });

  test("a total is the integral of its rate's middle value", () => {
    const source = steadyState(puma, 1);
    const tag = puma.tags.find(({ id }) => id === "WQT-201") ?? modbusTag({ source: {} });
    const gained = Number(source.valueAt(tag, ORIGIN + 10 * HOUR)) - Number(source.valueAt(tag, ORIGIN));
    expect(gained).toBeCloseTo(43.52, 6);
  });

  test("the concentrator runs, flushes and rinses within the hour", () => {
    const source = steadyState(puma, 1);
    const tag = puma.tags.find(({ id }) => id === "XS-302") ?? modbusTag({ source: {} });
    const at = (minute: number) => source.valueAt(tag, ORIGIN + minute * 60_000);
    expect([at(0), at(56.9), at(57.5), at(59.5), at(60.1)]).toEqual([1, 1, 2, 3, 1]);
  });

  test("a tag that no table knows gets a plausible value of its type", () => {
    const tags = [
      modbusTag({ id: "X1", range: { low: 10, high: 20 }, source: {} }),
      modbusTag({ id: "X2", type: "bool", range: null, unit: null, source: {} }),
      modbusTag({ id: "X3", type: "uint16", range: null, unit: null, source: {} }),
      modbusTag({ id: "X4", type: "uint64", range: null, unit: null, source: {} }),
      modbusTag({ id: "X5", type: "string", range: null, unit: null, source: {} }),
      modbusTag({ id: "X6", type: "uint16", range: null, unit: null, values: { 4: "on" }, source: {} }),
      modbusTag({ id: "M2-FT-207", range: { low: 0, high: 40 }, source: {} }),
    ];
    const plant = plantOf([], [], tags);
    const source = steadyState(plant, 1);
    const [flow, bit, counter, long, text, state, copy] = plant.tags.map((tag) =>
      source.valueAt(tag, ORIGIN + 5000),
    );
    expect(flow).toBeGreaterThan(13.5);
    expect(flow).toBeLessThan(16.5);
    expect([bit, counter, text, state]).toEqual([false, 5, "X5", 4]);
    expect(long).toBe(2n ** 53n + 6n);
    expect(copy).toBeCloseTo(16.4, -0.5);
  });
});
