import { describe, expect, test } from "vitest";
import { fnv1a32, normal, randomFor } from "../../../src/domain/random.ts";
import { deckPpm, hcnShare, naCnMgPerL, solvePh } from "../../../simulators/plant/chemistry.ts";
import { cutSizeUm, goldCutUm, partitionShare } from "../../../simulators/plant/cyclone.ts";
import { createInstruments } from "../../../simulators/plant/instruments.ts";
import type { InstrumentSpec } from "../../../simulators/plant/instruments.ts";
import {
  adsorptionRate,
  createLeach,
  FIRST_CARBON_TANK,
  leachRate,
  stepLeach,
  T_ALKALI,
  T_CYANIDE,
  T_PH,
  T_SOLIDS,
  T_WATER,
  tankDeckPpm,
  tankNaCn,
} from "../../../simulators/plant/leach.ts";
import {
  apparentDensity,
  assessMill,
  createMill,
  grind,
  netPowerKw,
} from "../../../simulators/plant/mill.ts";
import { SOLIDS, SOFTNESS, WATER } from "../../../simulators/plant/pulp.ts";
import { BREAKAGE, CLASSES, crushedFractions, passing80Um } from "../../../simulators/plant/sizes.ts";

const close = (got: number, expected: number, relative = 1e-4) =>
  expect(Math.abs(got / expected - 1), `${got} is not ${expected}`).toBeLessThan(relative);

describe("the equations behind the model", () => {
  test("W-11: net power of the mill after Hogg and Fuerstenau", () => {
    close(apparentDensity(1.773), 5.3592);
    close(netPowerKw(0.3, apparentDensity(1.773)), 33.1714);
  });

  test("W-14: cut of the cyclone and partition of ore and gold", () => {
    close(cutSizeUm(16.394, 33.569), 147.61);
    close(goldCutUm(147.6), 47.3989);
    const sizes = [35.4, 70.7, 141.4, 282.8];
    for (const [i, share] of [0.395586, 0.463484, 0.66705, 0.950618].entries())
      close(partitionShare(sizes[i]!, 147.6, 0.371), share);
    for (const [i, share] of [0.572694, 0.865444, 0.998683, 1].entries())
      close(partitionShare(sizes[i]!, 47.3989, 0.371), share);
  });

  test("W-15: 80 % passing size between the screens 200, 100, 50 and 25 um", () => {
    const finer = [100, 100, 100, 100, 100, 100, 97, 78.52, 56.16, 38.14, 0];
    const masses = Float64Array.from({ length: CLASSES }, (_, i) => finer[i]! - finer[i + 1]!);
    close(passing80Um(masses, 0), 105.708);
  });

  test("W-22: carbon against solution in five stages comes to rest where the linear system says", () => {
    const waterM3PerH = 6.852;
    const carbonT = 0.456;
    const advanceTPerH = 0.0115;
    const c = [4, 0.6, 0.1, 0.02, 0.005, 0.003];
    const q = [2000, 400, 100, 70, 62, 60];
    const stepH = 0.02;
    for (let i = 0; i < 400_000; i++)
      for (let j = 1; j <= 5; j++) {
        const uptake = adsorptionRate(c[j]!, q[j - 1]!, 1) * carbonT;
        c[j] = c[j]! + ((waterM3PerH * (c[j - 1]! - c[j]!) - uptake) / 30) * stepH;
        q[j - 1] = q[j - 1]! + ((uptake + advanceTPerH * (q[j]! - q[j - 1]!)) / carbonT) * stepH;
      }
    for (const [i, value] of [0.628654, 0.100926, 0.0183193, 0.00538854, 0.00336445].entries())
      close(c[i + 1]!, value);
    for (const [i, value] of [2441.3, 432.564, 118.13, 68.9105, 61.206].entries()) close(q[i]!, value);
  });

  test("W-23: pH and HCN of 600 mg/L NaCN at an alkalinity of 12.7 mol/m3", () => {
    const cyanide = 600 / 49.007;
    const pH = solvePh(cyanide, 12.7, 7);
    close(cyanide, 12.2431);
    close(naCnMgPerL(cyanide), 600);
    expect(pH).toBeCloseTo(10.8602, 4);
    close(hcnShare(pH), 0.0218861, 2e-4);
    close(deckPpm(hcnShare(pH) * cyanide), 1.19091, 2e-4);
  });

  test.each([
    [0, 0, 7],
    [5, -3, 2.52288],
    [0, 1, 11],
    [5, 30, 12.39794],
  ])(
    "pH of %f mol/m3 cyanide at an alkalinity of %f is %f from any guess",
    (cyanide, alkalinity, expected) => {
      for (const guess of [0.5, 7, 13.5])
        expect(solvePh(cyanide, alkalinity, guess)).toBeCloseTo(expected, 3);
    },
  );

  test("W-24: leaching in a row of seven mixed tanks", () => {
    const residenceH = 4.5038;
    let grade = 7.575;
    for (const expected of [2.20437, 1.169, 0.825415, 0.671265, 0.58816, 0.537616, 0.504183]) {
      let low = 0.35855;
      let high = grade;
      for (let i = 0; i < 60; i++) {
        const middle = (low + high) / 2;
        if (leachRate(middle - 0.35855, 500, 6) * residenceH > grade - middle) high = middle;
        else low = middle;
      }
      grade = low;
      close(grade, expected);
    }
  });

  test("W-36: a tag's stream begins with these numbers", () => {
    expect(fnv1a32("WIT-201")).toBe(1543276867);
    expect(fnv1a32("AT-401A")).toBe(3689887461);
    const first = randomFor("WIT-201", 20240601);
    close(first(), 0.649615432, 1e-8);
    close(first(), 0.968456206, 1e-8);
    close(normal(randomFor("AT-401A", 20240601)), -0.497541994, 1e-8);
  });

  test("W-36: and so does the noise of its instrument", () => {
    const spec = (tag: string): InstrumentSpec => ({
      tag,
      kind: "analog",
      sigma: 1,
      tauS: 1e12,
      low: -100,
      high: 100,
      step: 0,
      everyS: 1,
      delayS: 0,
      rate: -1,
    });
    const signals = new Float64Array(2);
    const instruments = createInstruments([spec("WIT-201"), spec("AT-401A")], signals, 20240601);
    instruments.read(signals, 1);
    close(instruments.readings[0]!, 1.41990503, 1e-5);
    close(instruments.readings[1]!, -0.497541994, 1e-5);
  });

  test("fragments of every class sum to one, and the crushed ore has the listed fractions", () => {
    for (let parent = 0; parent < CLASSES - 1; parent++) {
      const column = BREAKAGE.subarray(parent * CLASSES, (parent + 1) * CLASSES);
      expect(column.reduce((sum, share) => sum + share, 0)).toBeCloseTo(1, 12);
    }
    const listed = [0.31218, 0.2352, 0.18465, 0.11886, 0.06892, 0.03784, 0.0202, 0.01062, 0.00554, 0.00598];
    for (const [i, share] of [...crushedFractions(9000)].entries()) expect(share).toBeCloseTo(listed[i]!, 4);
  });
});

describe("a mill whose discharge is blocked while its feed goes on", () => {
  test("fills to 1.9 m3 in half an hour: power rises by 15 % and falls again, the bearing pressure only rises", () => {
    const mill = createMill();
    const solidsTPerH = 7.269;
    const waterTPerH = solidsTPerH * (28 / 72);
    const feed = (steps: number, watch: () => void) => {
      for (let i = 0; i < steps; i++) {
        assessMill(mill);
        grind(mill);
        for (let k = 0; k < mill.pulp.length; k++) mill.pulp[k] = mill.pulp[k]! - mill.discharge[k]!;
        mill.pulp[SOLIDS + 5] = mill.pulp[SOLIDS + 5]! + solidsTPerH / 3600;
        mill.pulp[SOFTNESS] = mill.pulp[SOFTNESS]! + solidsTPerH / 3600;
        mill.pulp[WATER] = mill.pulp[WATER]! + waterTPerH / 3600;
        watch();
      }
    };
    feed(6 * 3600, () => {});
    expect(mill.volumeM3).toBeCloseTo(0.719, 2);
    const usualKw = mill.netKw;
    let most = 0;
    mill.trunnion = 0.08;
    feed(1800, () => (most = Math.max(most, mill.netKw)));
    expect(mill.volumeM3).toBeGreaterThan(1.7);
    expect(mill.volumeM3).toBeLessThan(2);
    expect(most / usualKw).toBeCloseTo(1.15, 1);
    expect(mill.netKw).toBeLessThan(0.9 * most);
  });
});

describe("the lime feeder trips, seen from the first tank alone", () => {
  test("pH 10.5 after 17 min, HCN 4.7 ppm after 29, pH 10.0 after 45, HCN 10 ppm after 59", () => {
    const leach = createLeach();
    const tank = leach.tanks[0]!;
    const water = (38 * 6.852) / 8.437;
    const dosed = (31.3 * 150) / 49.007;
    const out = new Float64Array(7);
    for (const one of leach.tanks.slice(0, FIRST_CARBON_TANK)) {
      one[T_WATER] = water;
      one[T_SOLIDS] = (water * 4.2) / 6.852;
      one[T_CYANIDE] = (water * 600) / 49.007;
      one[T_ALKALI] = water * 12.795;
    }
    const seen = new Map<string, number>();
    for (let s = 10; s < 2 * 3600; s += 10) {
      stepLeach(leach, out);
      const h = 10 / 3600;
      const doseMol = seen.has("pH 10.0") ? 0 : dosed * h;
      tank[T_SOLIDS] = tank[T_SOLIDS]! + 4.2 * h;
      tank[T_WATER] = tank[T_WATER]! + 6.852 * h;
      tank[T_CYANIDE] = tank[T_CYANIDE]! + doseMol;
      tank[T_ALKALI] = tank[T_ALKALI]! + doseMol - 4.2 * 22.3 * h;
      const note = (name: string, isSo: boolean) => isSo && !seen.has(name) && seen.set(name, s / 60);
      note("pH 10.5", tank[T_PH]! < 10.5);
      note("4.7 ppm", tankDeckPpm(tank) > 4.7);
      note("pH 10.0", tank[T_PH]! < 10);
      note("10 ppm", tankDeckPpm(tank) > 10);
    }
    for (const [name, minutes] of [
      ["pH 10.5", 17],
      ["4.7 ppm", 29],
      ["pH 10.0", 45],
      ["10 ppm", 59],
    ] as const)
      expect(Math.abs(seen.get(name)! - minutes), `${name} after ${seen.get(name)} min`).toBeLessThan(2);
    expect(tankNaCn(tank)).toBeGreaterThan(400);
  });
});
