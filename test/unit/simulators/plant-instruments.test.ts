import { describe, expect, test } from "vitest";
import { createInstruments } from "../../../simulators/plant/instruments.ts";
import type { InstrumentSpec } from "../../../simulators/plant/instruments.ts";

const quiet: InstrumentSpec = {
  tag: "FT-1",
  kind: "analog",
  sigma: 0,
  tauS: 0,
  low: 0,
  high: 100,
  step: 0,
  everyS: 1,
  delayS: 0,
  rate: -1,
};

function bank(...specs: readonly Partial<InstrumentSpec>[]) {
  const signals = new Float64Array(specs.length).fill(50);
  const instruments = createInstruments(
    Array.from(specs, (spec, i) => Object.assign({}, quiet, { tag: `FT-${i}` }, spec)),
    signals,
    1,
  );
  let timeS = 0;
  const run = (seconds: number) => {
    for (let i = 0; i < seconds; i++) instruments.read(signals, ++timeS);
    return instruments.readings;
  };
  return { signals, instruments, run, now: () => timeS };
}

describe("an instrument", () => {
  test("follows a step with its lag", () => {
    const { signals, run } = bank({ tauS: 10 });
    signals[0] = 60;
    expect(run(10)[0]).toBeCloseTo(50 + 10 * (1 - Math.exp(-1)), 6);
    expect(run(60)[0]).toBeCloseTo(60, 1);
  });

  test("keeps to its limits and its converter's steps", () => {
    const { signals, run } = bank({ step: 0.5 }, {});
    signals.set([33.3, 140]);
    expect([...run(1)]).toEqual([33.5, 100]);
  });

  test("has noise of its standard deviation and its correlation", () => {
    const { run } = bank({ sigma: 2, tauS: 5 });
    const values = Array.from({ length: 40_000 }, () => run(1)[0]! - 50);
    const variance = values.reduce((sum, x) => sum + x * x, 0) / values.length;
    const lagged = values.slice(5).reduce((sum, x, i) => sum + x * values[i]!, 0) / values.length;
    expect(Math.sqrt(variance)).toBeCloseTo(2, 0);
    expect(lagged / variance).toBeCloseTo(Math.exp(-1), 1);
  });

  test("that is an analyser shows each result late and holds it until the next", () => {
    const { signals, run } = bank({ kind: "batch", everyS: 600, delayS: 480 });
    signals[0] = 80;
    expect(run(1079)[0]).toBe(50);
    expect(run(1)[0]).toBe(80);
    signals[0] = 90;
    expect(run(599)[0]).toBe(80);
    expect(run(1)[0]).toBe(90);
  });

  test("has a stream of its own: one more instrument changes none of the others", () => {
    const of = (tags: readonly string[]) => {
      const { run } = bank(...tags.map((tag) => ({ tag, sigma: 1, tauS: 3 })));
      return Array.from({ length: 100 }, () => new Map([...run(1)].map((value, i) => [tags[i], value])));
    };
    const [few, more] = [of(["FT-207", "DT-208"]), of(["AT-999", "FT-207", "PT-999", "DT-208"])];
    for (const tag of ["FT-207", "DT-208"])
      expect(more.map((shown) => shown.get(tag))).toEqual(few.map((shown) => shown.get(tag)));
    expect(few.map((shown) => shown.get("FT-207"))).not.toEqual(few.map((shown) => shown.get("DT-208")));
  });

  test("that counts, counts what its neighbour shows and not what is true", () => {
    const { signals, instruments, run, now } = bank({}, { kind: "total", rate: 0 });
    signals[1] = 50;
    const heal = instruments.strike(0, { gain: 1.04 }, now());
    expect(run(3600)[1]).toBeCloseTo(50 + 52, 6);
    heal();
    expect(run(3600)[1]).toBeCloseTo(50 + 52 + 50, 6);
  });
});

describe("a struck instrument", () => {
  test.each([
    ["bias", { bias: 2 }, 52],
    ["gain", { gain: 1.1 }, 55],
    ["drift of 24 a day, after an hour", { driftPerDay: 24 }, 51],
    ["failed low", { shows: -5 }, -5],
  ])("%s, also of an analyser that shows its result for long", (_, fault, expected) => {
    const { instruments: analysers, run: runAnalyser } = bank({ kind: "batch", everyS: 900, delayS: 600 });
    const healAnalyser = analysers.strike(0, fault, 0);
    expect(runAnalyser(3600)[0]).toBeCloseTo(expected, 6);
    healAnalyser();
    expect(runAnalyser(1)[0]).toBe(50);
    const { instruments, run } = bank({});
    const heal = instruments.strike(0, fault, 0);
    expect(run(3600)[0]).toBeCloseTo(expected, 6);
    heal();
    expect(run(1)[0]).toBe(50);
  });

  test("that is stuck shows the same bits", () => {
    const { instruments, run } = bank({ sigma: 1, tauS: 1 });
    const last = run(10)[0]!;
    const heal = instruments.strike(0, { isStuck: true }, 10);
    expect(new Set(Array.from({ length: 100 }, () => run(1)[0]))).toEqual(new Set([last]));
    heal();
    expect(run(1)[0]).not.toBe(last);
  });

  test("that spikes does so about as often as it should", () => {
    const { instruments, run } = bank({});
    instruments.strike(0, { spikesPerH: 60, spike: 20 }, 0);
    const spikes = Array.from({ length: 36_000 }, () => run(1)[0]).filter((value) => value === 70);
    expect(spikes.length).toBeGreaterThan(450);
    expect(spikes.length).toBeLessThan(750);
  });
});
