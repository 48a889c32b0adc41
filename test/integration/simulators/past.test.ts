import { resolve } from "node:path";
import { describe, expect, test } from "vitest";
import { createProcess } from "../../../simulators/process-plant.ts";
import { virtualClock } from "../../../simulators/virtual-clock.ts";
import { loadPlant } from "../../../src/config/load.ts";
import type { ReadingBatch } from "../../../src/domain/batch.ts";
import { Status } from "../../../src/domain/status.ts";

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const START = Date.UTC(2026, 10, 22, 12);
const FROM = START - DAY_MS - 2 * HOUR_MS;

const plant = loadPlant(resolve("devices/plants/puma.yaml"));
const clock = virtualClock(START);
const process = createProcess(plant, clock, {
  seed: 1,
  model: {},
  assayDir: null,
  pastMs: START - FROM,
})!;
const past = process.view.past!;

function tagOf(id: string) {
  return plant.tags.find((tag) => tag.id === id)!;
}

function valuesOf({ length, tag, sourceTime, value }: ReadingBatch, id: string) {
  const { index } = tagOf(id);
  const rows = Array.from({ length }, (_, row) => row).filter((row) => tag[row] === index);
  return rows.map((row) => ({ time: sourceTime[row]!, value: value[row]! }));
}

describe("a plant that has been running before it is served", () => {
  test("is served in the state that its past has led to", () => {
    const hour = past.readings(START - HOUR_MS, START);
    for (const [id, stepMax] of [
      ["WQT-201", 0.05],
      ["JQ-203", 0.5],
      ["LT-101", 2],
      ["LT-402", 2],
      ["TT-103", 2],
    ] as const) {
      const last = valuesOf(hour, id).at(-1)!;
      expect(last.time, id).toBeGreaterThan(START - 90_000);
      const now = Number(process.source.valueAt(tagOf(id), START));
      expect(Math.abs(now - last.value), id).toBeLessThan(stepMax);
    }
  });

  test("tells its past as simulated, every ten seconds where something changes", () => {
    const { length, tag, status, value } = past.readings(START - HOUR_MS, START);
    expect(new Set(status.subarray(0, length))).toEqual(new Set([Status.UncertainSimulated]));
    expect(new Set(tag.subarray(0, length)).size).toBe(plant.tags.length);
    expect(value.subarray(0, length).some((number) => Number.isNaN(number))).toBe(false);
    expect(valuesOf(past.readings(START - HOUR_MS, START), "FT-207").length).toBeGreaterThan(355);
  });

  test("is one past: a day before the start nothing begins anew", () => {
    const batch = past.readings(START - DAY_MS - HOUR_MS, START - DAY_MS + HOUR_MS);
    for (const id of ["WQT-201", "JQ-203", "KQ-299"]) {
      const counts = valuesOf(batch, id).map(({ value }) => value);
      const steps = counts.slice(1).map((count, i) => count - counts[i]!);
      expect(counts.length, id).toBeGreaterThan(100);
      expect(Math.min(...steps), id).toBeGreaterThanOrEqual(0);
      expect(Math.max(...steps), id).toBeLessThan(30);
    }
    const flow = valuesOf(batch, "FT-207");
    expect(flow[0]!.time).toBeLessThan(START - DAY_MS - HOUR_MS + 20_000);
    expect(flow.every(({ value }) => value > 5 && value < 30)).toBe(true);
  });

  test("has no readings before it began or once they are forgotten", () => {
    expect(past.readings(FROM - HOUR_MS, FROM).length).toBe(0);
    past.forget();
    expect(past.readings(START - HOUR_MS, START).length).toBe(0);
  });
});
