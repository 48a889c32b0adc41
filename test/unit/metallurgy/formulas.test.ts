import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { exactly, measured, unknown } from "../../../src/domain/figure.ts";
import type { Figure } from "../../../src/domain/figure.ts";
import { Status } from "../../../src/domain/status.ts";
import { measureOf } from "../../../src/domain/unit-algebra.ts";
import * as accounting from "../../../src/metallurgy/accounting.ts";
import * as availability from "../../../src/metallurgy/availability.ts";
import * as carbon from "../../../src/metallurgy/carbon.ts";
import * as classification from "../../../src/metallurgy/classification.ts";
import * as comminution from "../../../src/metallurgy/comminution.ts";
import * as cyanide from "../../../src/metallurgy/cyanide.ts";
import * as cyclone from "../../../src/metallurgy/cyclone.ts";
import type { Formula } from "../../../src/metallurgy/formula.ts";
import * as gravity from "../../../src/metallurgy/gravity.ts";
import * as leach from "../../../src/metallurgy/leach.ts";
import * as millPower from "../../../src/metallurgy/mill-power.ts";
import * as morrell from "../../../src/metallurgy/morrell.ts";
import * as reagents from "../../../src/metallurgy/reagents.ts";
import * as recovery from "../../../src/metallurgy/recovery.ts";
import * as slurry from "../../../src/metallurgy/slurry.ts";
import * as throughput from "../../../src/metallurgy/throughput.ts";
import * as water from "../../../src/metallurgy/water.ts";

const ROOMS: Readonly<Record<string, object>> = {
  accounting,
  availability,
  carbon,
  classification,
  comminution,
  cyanide,
  cyclone,
  gravity,
  leach,
  millPower,
  morrell,
  reagents,
  recovery,
  slurry,
  throughput,
  water,
};

const FORMULAS: readonly (readonly [name: string, formula: Formula])[] = Object.entries(ROOMS).flatMap(
  ([room, exported]) =>
    Object.entries(exported).flatMap(([name, value]: [string, unknown]) =>
      typeof value === "function" && "inputs" in value
        ? [[`${room}.${name}`, value as Formula] as const]
        : [],
    ),
);

type Range = readonly [low: number, high: number];

/** Where a plant's readings lie, by unit. */
const BY_UNIT: Readonly<Record<string, Range>> = {
  "t/h": [3, 9],
  "t/d": [0.1, 2],
  t: [50, 200],
  kg: [100, 500],
  h: [5, 20],
  d: [1, 30],
  min: [30, 90],
  "1": [0.2, 0.8],
  "%": [10, 60],
  "g/t": [1, 20],
  g: [1_000, 50_000],
  "g/m3": [0.01, 5],
  "t/m3": [1.1, 2],
  "kg/m3": [5, 20],
  "m3/h": [5, 20],
  "m3/d": [5, 60],
  m3: [20, 400],
  m: [1.4, 1.8],
  L: [100, 2_000],
  "L/h": [10, 60],
  "m3/t": [50, 200],
  "kg/m": [1, 4],
  "m/s": [0.2, 1.5],
  kW: [20, 60],
  "kW.h": [300, 2_000],
  "kW.h/t": [10, 20],
  um: [80, 200],
  kPa: [80, 150],
  "kPa/t": [100, 200],
  A: [10, 80],
  V: [400, 480],
  "/min": [10, 30],
  deg: [30, 40],
  "[pH]": [9, 11],
  "mol/m3": [5, 14],
  "mol/L": [5, 12],
  "kg/h": [2, 8],
  "kg/d": [20, 80],
  "mg{NaCN}/L": [100, 700],
  "mg{CN}/L": [50, 200],
  "g{NaCN}/L": [100, 200],
  "t/h/h": [-2, 2],
  "kW/h": [-9, 9],
  "%/h": [-9, 9],
  "kPa/h": [-1, 1],
};

/** Inputs whose names say more than their units. */
const BY_NAME: Readonly<Record<string, Range>> = {
  solids: [2.5, 3.2],
  liquor: [0.98, 1.04],
  slurry: [1.1, 2.2],
  grain: [12, 19],
  balls: [7.6, 7.9],
  ore: [2.5, 3.2],
  moisture: [0.01, 0.1],
  feed80: [5_000, 12_000],
  product80: [80, 200],
  cycles: [5, 30],
};

/** What a formula wants of inputs that are related to each other. */
const BY_FORMULA: Readonly<Record<string, Readonly<Record<string, Range>>>> = {
  "availability.availability": { calendar: [700, 720], planned: [0, 40], breakdown: [1, 40] },
  "availability.utilisation": {
    calendar: [700, 720],
    planned: [1, 40],
    breakdown: [1, 40],
    standby: [1, 40],
  },
  "availability.runningShare": {
    calendar: [700, 720],
    planned: [1, 40],
    breakdown: [1, 40],
    standby: [1, 40],
  },
  "carbon.batchLoading": { time: [0.5, 4] },
  "classification.circulatingLoadFromDilutions": {
    feed: [0.6, 0.9],
    overflow: [1.5, 3],
    underflow: [0.2, 0.5],
  },
  "classification.circulatingLoadFromDensities": {
    feed: [1.5, 1.6],
    overflow: [1.25, 1.35],
    underflow: [1.75, 1.85],
  },
  "classification.circulatingLoadFromSizes": { feed: [30, 40], overflow: [60, 80], underflow: [10, 20] },
  "cyanide.equilibriumPH": { alkalinity: [9, 12], cyanide: [10, 14] },
  "gravity.flushMass": { before: [10, 12], after: [20, 30] },
  "gravity.intensiveLeachRecovery": {
    residue: [0.1, 0.2],
    concentrate: [0.2, 0.5],
    residueGrade: [40, 80],
    concentrateGrade: [1_000, 3_000],
  },
  "leach.extraction": { before: [5, 9], after: [0.3, 1] },
  "accounting.headTailsRecovery": { goldInFeed: [500, 600], tails: [20, 60] },
  "millPower.millFill": {
    charge: [6, 8],
    volume: [3, 3.5],
    slurryVolume: [0.3, 0.5],
    voidFraction: [0.38, 0.42],
  },
  "millPower.hoggFuerstenauPower": { fill: [0.2, 0.4] },
  "morrell.morrellGrossPower": {
    fill: [0.3, 0.4],
    ballFill: [0.2, 0.29],
    speedFraction: [0.65, 0.75],
    coneLength: [0.1, 0.2],
    trunnionDiameter: [0.3, 0.4],
    voidFraction: [0.38, 0.42],
    voidFilling: [0.9, 1],
    slurrySolidsByVolume: [0.4, 0.5],
  },
  "reagents.dayTankUse": { levelStart: [0.6, 0.8], levelEnd: [0.2, 0.5] },
  "recovery.twoProductYield": { feed: [8, 15], concentrate: [500, 2_000], tails: [0.3, 7] },
  "recovery.twoProductRecovery": { feed: [8, 15], concentrate: [500, 2_000], tails: [0.3, 7] },
  "recovery.concentrationRatio": { feed: [8, 15], concentrate: [500, 2_000], tails: [0.3, 7] },
};

function rangeOf(key: string, input: string, unit: string): Range {
  const range = BY_FORMULA[key]?.[input] ?? BY_NAME[input] ?? BY_UNIT[unit];
  if (range === undefined) throw new Error(`no range for ${key} ${input} in ${unit}`);
  return range;
}

type Point = Readonly<Record<string, number>>;

function pointOf(key: string, { inputs }: Formula): fc.Arbitrary<Point> {
  return fc.record(
    Object.fromEntries(
      Object.entries(inputs).map(([input, unit]) => {
        const [min, max] = rangeOf(key, input, unit);
        return [input, fc.double({ min, max, noNaN: true })];
      }),
    ),
  );
}

function figuresAt(x: Point, { inputs }: Formula, share: number): Record<string, Figure> {
  return Object.fromEntries(
    Object.entries(x).map(([name, value]) => [
      name,
      measured(value, inputs[name] ?? "1", share * (Math.abs(value) + 1e-3), name),
    ]),
  );
}

/** Derivative by four points, good to h⁴; null where a smaller step says something else: at a corner. */
function slopeBy(of: (value: number) => number, at: number): number | null {
  const by = (h: number): number =>
    (8 * (of(at + h) - of(at - h)) - (of(at + 2 * h) - of(at - 2 * h))) / (12 * h);
  const size = 1e-3 * (Math.abs(at) + 1e-3);
  const [coarse, fine] = [by(size), by(size / 4)];
  const isSmooth =
    Math.abs(coarse - fine) <= 1e-6 * (Math.abs(fine) + Math.abs(of(at)) / (Math.abs(at) + 1e-3));
  return isSmooth ? fine : null;
}

describe.each(FORMULAS)("%s", (key, formula) => {
  test("has units that can be told apart and converted", () => {
    for (const unit of [formula.unit, ...Object.values(formula.inputs)])
      expect(measureOf(unit), unit).not.toBeNull();
  });

  test("has a value over its domain, and the uncertainty that its slopes say", () => {
    let compared = 0;
    fc.assert(
      fc.property(pointOf(key, formula), (x) => {
        const figures = figuresAt(x, formula, 1e-3);
        const figure = formula(figures);
        expect(figure.reason).toBeUndefined();
        if (figure.value === null) return;
        let variance = 0;
        for (const [name, { u }] of Object.entries(figures)) {
          const at = (value: number): number => Number(formula.of({ ...x, [name]: value } as never));
          const slope = slopeBy(at, x[name]!);
          const part = (figure.parts[name] ?? 0) / u!;
          variance += (part * u!) ** 2;
          if (slope === null) continue;
          const scale = Math.abs(slope) + Math.abs(figure.value) / (Math.abs(x[name]!) + 1e-3);
          expect(Math.abs(part - slope), `∂/∂${name}`).toBeLessThanOrEqual(1e-5 * scale);
          compared++;
        }
        expect(figure.u).toBeCloseTo(Math.sqrt(variance), 10);
      }),
      { numRuns: 50, seed: 4 },
    );
    expect(compared).toBeGreaterThan(40 * Object.keys(formula.inputs).length * 0.5);
  });

  test("never gives infinity or NaN, whatever comes in", () => {
    const wild = fc.oneof(
      fc.constantFrom(0, -0, 1, -1, 1e-300, 1e300, -1e300, Infinity, -Infinity, NaN),
      fc.double({ min: -100, max: 100 }),
    );
    const inputs = Object.keys(formula.inputs);
    fc.assert(
      fc.property(fc.array(wild, { minLength: inputs.length, maxLength: inputs.length }), (values) => {
        const x = Object.fromEntries(inputs.map((name, i) => [name, values[i]!]));
        const figure = formula(figuresAt(x, formula, 0.01));
        if (figure.value === null) expect(figure.reason).toBeTypeOf("string");
        else {
          expect(Number.isFinite(figure.value)).toBe(true);
          expect(Number.isFinite(figure.u)).toBe(true);
        }
      }),
      { numRuns: 200, seed: 5 },
    );
  });

  test("knows nothing when an input is unknown, and is as bad as its worst input", () => {
    const middle = Object.fromEntries(
      Object.entries(formula.inputs).map(([input, unit]) => {
        const [low, high] = rangeOf(key, input, unit);
        return [input, (low + high) / 2];
      }),
    );
    for (const [name, unit] of Object.entries(formula.inputs)) {
      const figures = figuresAt(middle, formula, 0);
      const missing = formula({ ...figures, [name]: unknown("TOO_FEW", Status.BadStale) });
      expect(missing).toMatchObject({ value: null, u: null, reason: "MISSING", status: Status.BadStale });
      const doubtful = { ...exactly(middle[name]!, unit), status: Status.UncertainStuck };
      expect(formula({ ...figures, [name]: doubtful }).status).toBe(Status.UncertainStuck);
    }
  });
});

test("all formulas are looked at", () => {
  expect(FORMULAS.length).toBeGreaterThan(85);
});
