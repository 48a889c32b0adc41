import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { normal, randomFor } from "../../../src/domain/random.ts";
import { belowDetection } from "../../../src/metallurgy/detection.ts";
import { meanOfReplicates } from "../../../src/metallurgy/duplicates.ts";
import { judgeBlank, judgeStandard } from "../../../src/metallurgy/laboratory-controls.ts";
import { lotRecoveries, trackLots } from "../../../src/metallurgy/ore-lots.ts";

describe("a standard", () => {
  const material = { value: 5, sd: 0.1 };
  it.each([
    [5, null, 0, true],
    [5.29, null, 2.9, true],
    [5.31, null, 3.1, false],
    [4.69, null, -3.1, false],
    [5.21, 2.1, 2.1, false],
    [5.21, -2.1, 2.1, false],
    [5.21, 1.9, 2.1, true],
    [5.19, 2.9, 1.9, true],
  ])(
    "of 5.0 ± 0.1 found as %d after z = %s has z = %d, and its batch may be believed: %s",
    (found, before, z, isFine) => {
      const verdict = judgeStandard(found, material, before);
      expect(verdict.z).toBeCloseTo(z, 9);
      expect(verdict.failure === null).toBe(isFine);
    },
  );

  it("without a standard deviation is met or not", () => {
    expect(judgeStandard(5, { value: 5, sd: 0 }, null)).toEqual({ z: 0, failure: null });
    expect(judgeStandard(5.01, { value: 5, sd: 0 }, null).failure).not.toBeNull();
  });
});

describe("a blank", () => {
  it("fails above its limit only, and never below the detection limit", () => {
    expect(judgeBlank(0.02, false, 0.02)).toBeNull();
    expect(judgeBlank(0.021, false, 0.02)).toBe("a blank with 0.021, more than 0.02");
    expect(judgeBlank(0.05, true, 0.02)).toBeNull();
  });
});

describe("a result below the detection limit", () => {
  it("has mean and standard deviation of a value anywhere below it", () => {
    const random = randomFor("below detection", 1);
    const draws = Array.from({ length: 20_000 }, () => 0.005 * random());
    const mean = draws.reduce((sum, one) => sum + one, 0) / draws.length;
    const sd = Math.sqrt(draws.reduce((sum, one) => sum + (one - mean) ** 2, 0) / draws.length);
    const { value, u } = belowDetection(0.005);
    expect(value).toBeCloseTo(mean, 4);
    expect(u).toBeCloseTo(sd, 4);
  });
});

describe("duplicates", () => {
  it("of one have the usual uncertainty, and none have no mean", () => {
    expect(meanOfReplicates([{ value: 12, u: 0.4 }])).toEqual({ value: 12, u: 0.4 });
    expect(meanOfReplicates([])).toBeNull();
  });

  it("that differ by more than usual are less certain than those that agree", () => {
    const pair = (a: number, b: number) =>
      meanOfReplicates([
        { value: a, u: 0.4 },
        { value: b, u: 0.4 },
      ]);
    expect(pair(11.9, 12.1)?.value).toBeCloseTo(12, 12);
    // sqrt((8 * 0.16 + 0.02) / 9 / 2) and sqrt((8 * 0.16 + 8) / 9 / 2)
    expect(pair(11.9, 12.1)?.u).toBeCloseTo(0.26874, 5);
    expect(pair(10, 14)?.u).toBeCloseTo(0.71802, 5);
    expect(
      meanOfReplicates([
        { value: 10, u: 0 },
        { value: 14, u: 0 },
      ])?.u,
    ).toBeCloseTo(2, 12);
  });

  it("have the truth within twice their uncertainty in 93 to 98 of a hundred cases", () => {
    const random = randomFor("duplicates", 7);
    let within = 0;
    for (let trial = 0; trial < 4_000; trial++) {
      const replicates = [0, 1].map(() => ({ value: 12 + 0.36 * normal(random), u: 0.36 }));
      const { value, u } = meanOfReplicates(replicates) as { value: number; u: number };
      if (Math.abs(value - 12) <= 2 * u) within++;
    }
    expect(within / 4_000).toBeGreaterThan(0.93);
    expect(within / 4_000).toBeLessThan(0.98);
  });
});

const HOUR = 3_600_000;

describe("ore lots", () => {
  it("are milled in the order of their delivery, and what no delivery accounts for has no lot", () => {
    const track = trackLots(
      [
        { lot: "B", at: 2 * HOUR, dryT: 30 },
        { lot: "A", at: 0, dryT: 20 },
      ],
      [
        { from: 0, to: 12 * HOUR, dryT: 48 },
        { from: 12 * HOUR, to: 24 * HOUR, dryT: 24 },
      ],
      10,
    );
    expect(track.milled).toEqual([
      [
        { lot: null, dryT: 10 },
        { lot: "A", dryT: 20 },
        { lot: "B", dryT: 18 },
      ],
      [
        { lot: "B", dryT: 12 },
        { lot: null, dryT: 12 },
      ],
    ]);
    expect(track.left).toEqual([]);
  });

  it("cannot be milled before they came", () => {
    const { milled, left } = trackLots(
      [{ lot: "A", at: 6 * HOUR, dryT: 100 }],
      [{ from: 0, to: 12 * HOUR, dryT: 48 }],
      0,
    );
    expect(milled).toEqual([
      [
        { lot: null, dryT: 24 },
        { lot: "A", dryT: 24 },
      ],
    ]);
    expect(left).toEqual([{ lot: "A", dryT: 76 }]);
  });

  it("add up: what was milled and what is left is what was there, whatever the order of the records", () => {
    const tonnes = fc.double({ min: 0, max: 200, noNaN: true });
    fc.assert(
      fc.property(
        fc.array(fc.record({ at: fc.integer({ min: 0, max: 100 }), dryT: tonnes }), { maxLength: 8 }),
        fc.array(tonnes, { maxLength: 8 }),
        tonnes,
        (deliveries, milled, opening) => {
          const lots = deliveries.map(({ at, dryT }, i) => ({ lot: `L${i}`, at: at * HOUR, dryT }));
          const stretches = milled.map((dryT, i) => ({ from: 12 * i * HOUR, to: 12 * (i + 1) * HOUR, dryT }));
          const track = trackLots(lots, stretches, opening);
          const all = [...track.milled.flat(), ...track.left];
          for (const { lot, dryT } of lots)
            expect(all.reduce((sum, one) => sum + (one.lot === lot ? one.dryT : 0), 0)).toBeCloseTo(dryT, 6);
          for (const [i, shares] of track.milled.entries())
            expect(shares.reduce((sum, one) => sum + one.dryT, 0)).toBeCloseTo(milled[i] as number, 6);
          const reversed = trackLots(lots.toReversed(), stretches.toReversed(), opening);
          expect(reversed.milled.toReversed()).toEqual(track.milled);
        },
      ),
    );
  });

  it("have the recovery of the shifts that milled them, by the gold that they brought", () => {
    const milled = [
      [
        { lot: "A", dryT: 40 },
        { lot: "B", dryT: 10 },
      ],
      [{ lot: "B", dryT: 50 }],
      [{ lot: "B", dryT: 50 }],
    ];
    const results = [
      { recoveryPercent: 90, u: 1, headGPerT: 10 },
      { recoveryPercent: 96, u: 0.5, headGPerT: 20 },
      null,
    ];
    expect(lotRecoveries(milled, results)).toEqual([
      { lot: "A", dryT: 40, goldG: 400, recoveryPercent: 90, u: 1 },
      {
        lot: "B",
        dryT: 60,
        goldG: 1100,
        recoveryPercent: expect.closeTo((100 * 90 + 1000 * 96) / 1100, 9) as number,
        u: expect.closeTo((100 + 500) / 1100, 9) as number,
      },
    ]);
  });
});
