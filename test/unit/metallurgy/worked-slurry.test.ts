import { describe, expect, test } from "vitest";
import { exactly, measured } from "../../../src/domain/figure.ts";
import {
  circulatingLoadFromDensities,
  circulatingLoadFromDilutions,
  circulatingLoadFromFlows,
  passingSize,
} from "../../../src/metallurgy/classification.ts";
import { cutSize, denseCutSize, partition } from "../../../src/metallurgy/cyclone.ts";
import {
  dilution,
  pulpFlow,
  slurryDensity,
  solidsFlow,
  solidsFraction,
  waterFlow,
} from "../../../src/metallurgy/slurry.ts";
import { calendarRate, dryRate } from "../../../src/metallurgy/throughput.ts";
import { stepKind, totalizerStep } from "../../../src/conditioning/totalizer.ts";
import { expectAllNear, expectFigure } from "../../support/near.ts";

const liquor = exactly(1, "t/m3");
const quartz = exactly(2.65, "t/m3");

describe("pulps", () => {
  test("W-01: a litre of pulp in seven seconds gives fraction, flow and solids", () => {
    const flow = exactly((1 / 7) * 3.6, "m3/h");
    const densities = { slurry: exactly(1.4, "t/m3"), solids: quartz, liquor };
    expectFigure(solidsFraction(densities), 0.458874);
    expectFigure(flow, 0.514286);
    expectFigure(solidsFlow({ flow, ...densities }), 0.33039);
  });

  test("W-02: two pulps of given solids fraction, by density and by solids", () => {
    const solids = exactly(3, "t/m3");
    const densities = [0.4, 0.55].map((x) => slurryDensity({ fraction: exactly(x, "1"), solids, liquor }));
    expectAllNear(
      densities.map(({ value }) => value),
      [1.36364, 1.57895],
    );
    const flows = [5, 3.4].map((flow, i) =>
      solidsFlow({ flow: exactly(flow, "m3/h"), slurry: densities[i]!, solids, liquor }),
    );
    expectAllNear(
      flows.map(({ value }) => value),
      [2.72727, 2.95263],
    );
    expectFigure(
      exactly(
        flows.reduce((sum, { value }) => sum + (value ?? NaN), 0),
        "t/h",
      ),
      5.6799,
    );
  });

  test("W-03: the tank that holds five minutes of a pulp", () => {
    const flow = pulpFlow({
      drySolids: exactly(500, "t/h"),
      fraction: exactly(0.4, "1"),
      solids: exactly(2.7, "t/m3"),
      liquor,
    });
    expectFigure(flow, 935.185);
    expectFigure(exactly(((flow.value ?? NaN) * 5) / 60, "m3"), 77.9321);
  });

  test("W-04: a cyclone by its three densities and a timed sample of the underflow", () => {
    const [feed, underflow, overflow] = [1.13, 1.28, 1.04].map((slurry) => ({
      slurry: exactly(slurry, "t/m3"),
      solids: quartz,
      liquor,
    })) as [Densities, Densities, Densities];
    expectAllNear(
      [feed, underflow, overflow].map((x) => solidsFraction(x).value),
      [0.184768, 0.351326, 0.0617716],
    );
    expectAllNear(
      [feed, underflow, overflow].map((x) => dilution(x).value),
      [4.41219, 1.84636, 15.1887],
    );
    const solids = solidsFlow({ flow: exactly((2 / 3.1) * 3.6, "m3/h"), ...underflow });
    expectFigure(solids, 1.04446);
    const load = circulatingLoadFromDilutions({
      feed: dilution(feed),
      overflow: dilution(overflow),
      underflow: dilution(underflow),
    });
    expectFigure(load, 420);
    const inFeed = exactly((solids.value ?? NaN) * (1 + 100 / (load.value ?? NaN)), "t/h");
    expectFigure(inFeed, 1.29314);
    const fromDensities = circulatingLoadFromDensities({
      feed: feed.slurry,
      overflow: overflow.slurry,
      underflow: underflow.slurry,
      solids: quartz,
      liquor,
    });
    expectFigure(fromDensities, 420);
    const overflowSolids = exactly((inFeed.value ?? NaN) - (solids.value ?? NaN), "t/h");
    expectFigure(circulatingLoadFromFlows({ cycloneFeed: inFeed, overflow: overflowSolids }), 420);
  });

  test("W-05: a closed circuit by solids fractions", () => {
    const dilutions = [58, 35, 78.7].map((percent) => exactly((100 - percent) / percent, "1"));
    const [feed, overflow, underflow] = dilutions as [Ratio, Ratio, Ratio];
    expectFigure(circulatingLoadFromDilutions({ feed, overflow, underflow }), 249.841);
  });

  test("W-06: solids and water of the overflow, with the three parts of the uncertainty", () => {
    const slurry = measured(1.31, "t/m3", 0.003, "DT-208");
    const solids = measured(2.65, "t/m3", 0.02, "solids density");
    const flow = measured(8.437, "m3/h", 0.005 * 8.437, "FT-208");
    expectFigure(solidsFraction({ slurry, solids, liquor }), 0.38006, 0.00330225);
    const dry = solidsFlow({ flow, slurry, solids, liquor });
    expectFigure(dry, 4.2006, 0.0496266);
    expectAllNear(
      ["DT-208", "FT-208", "solids density"].map((source) => Math.abs(dry.parts[source] ?? NaN)),
      [0.040651, 0.021003, 0.0192137],
    );
    expectFigure(waterFlow({ flow, slurry, solids, liquor }), 6.85187);
  });
});

describe("throughput", () => {
  test("W-07: dry rate with its uncertainty, and per calendar day", () => {
    const dry = dryRate({ wet: measured(4.3523, "t/h", 0.043523), moisture: measured(0.035, "1", 0.003) });
    expectFigure(dry, 4.19997, 0.0439825);
    const day = calendarRate({ mass: exactly((dry.value ?? NaN) * 24, "t"), calendarTime: exactly(1, "d") });
    expectFigure(day, 100.799);
  });

  test("W-08: a counter that rolls over and is reset", () => {
    const counts = [9_999_950, 9_999_985, 12, 47, 3, 38];
    const steps = counts.slice(1).map((after, i) => totalizerStep(counts[i]!, after, 10_000_000, 60));
    expect(steps).toEqual([35, 27, 35, 3, 35]);
    const kinds = steps.map((step, i) => stepKind(counts[i]!, counts[i + 1]!, step));
    expect(kinds).toEqual(["forward", "rollover", "forward", "reset", "forward"]);
  });
});

describe("sizes", () => {
  test("W-14: cut size and partition of ore and of gold", () => {
    const cut = cutSize({
      flow: exactly(16.394, "m3/h"),
      solidsByVolume: exactly(33.569, "%"),
      referenceCut: exactly(142, "um"),
      referenceFlow: exactly(16.5, "m3/h"),
      referenceSolidsByVolume: exactly(33, "%"),
    });
    expectFigure(cut, 147.61);
    const ore = exactly(147.6, "um");
    const gold = denseCutSize({ cut: ore, solids: quartz, grain: exactly(17, "t/m3"), liquor });
    expectFigure(gold, 47.3989);
    const waterSplit = exactly(0.371, "1");
    const shares = (of: typeof gold): unknown[] =>
      [35.4, 70.7, 141.4, 282.8].map(
        (size) => partition({ size: exactly(size, "um"), cut: of, waterSplit }).value,
      );
    expectAllNear(shares(ore), [0.395586, 0.463484, 0.66705, 0.950618]);
    expectAllNear(shares(gold), [0.572694, 0.865444, 0.998683, 1]);
  });

  test("W-15: 80 % and 50 % passing between the screens", () => {
    const screens = [
      [200, 97],
      [100, 78.52],
      [50, 56.16],
      [25, 38.14],
    ].map(([size, passing]) => ({ size: exactly(size!, "um"), passing: exactly(passing!, "%") }));
    expectFigure(passingSize(screens, 80), 105.708);
    expectFigure(passingSize(screens, 50), 39.4517);
    expectFigure(passingSize(screens.toReversed(), 97), 200);
    expect(passingSize(screens, 30)).toMatchObject({ value: null, reason: "NO_BRACKET" });
    expect(passingSize(screens, 99)).toMatchObject({ value: null, reason: "NO_BRACKET" });
  });
});

type Ratio = ReturnType<typeof exactly<"1">>;
type Density = ReturnType<typeof exactly<"t/m3">>;
type Densities = { slurry: Density; solids: Density; liquor: Density };
