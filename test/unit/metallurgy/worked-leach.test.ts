import { expect, test } from "vitest";
import { exactly } from "../../../src/domain/figure.ts";
import { adsorptionCascade, batchLoading, carbonActivity } from "../../../src/metallurgy/carbon.ts";
import {
  cyanideMolarity,
  equilibriumPH,
  hydrogenCyanideInAir,
  hydrogenCyanideShare,
} from "../../../src/metallurgy/cyanide.ts";
import {
  extraction,
  leachProfile,
  pulpVolumeFlow,
  residence,
  solubleLoss,
  solubleLossRate,
  totalResidence,
} from "../../../src/metallurgy/leach.ts";
import {
  cyanideAdded,
  cyanideConsumed,
  cyanideInTails,
  dosingRate,
} from "../../../src/metallurgy/reagents.ts";
import { expectAllNear, expectFigure, expectNear } from "../../support/near.ts";

test("W-20: residence, extraction and soluble loss of the leach", () => {
  const flow = pulpVolumeFlow({
    drySolids: exactly(4.2, "t/h"),
    water: exactly(6.852, "t/h"),
    solids: exactly(2.65, "t/m3"),
    liquor: exactly(1, "t/m3"),
  });
  expectFigure(flow, 8.43691);
  const tank = { volume: exactly(38, "m3"), level: exactly(1, "1") };
  expectFigure(residence({ ...tank, flow }), 4.50402);
  expectFigure(
    totalResidence(
      Array.from({ length: 7 }, () => tank),
      flow,
    ),
    31.5281,
  );
  expectFigure(extraction({ before: exactly(7.575, "g/t"), after: exactly(0.52, "g/t") }), 93.1353);
  const lost = solubleLossRate({
    water: exactly(6.852, "t/h"),
    solution: exactly(0.0073, "g/m3"),
    liquor: exactly(1, "t/m3"),
  });
  const loss = solubleLoss({ lost: exactly(lost.value ?? NaN, "g"), goldInFeed: exactly(50.4, "g") });
  expectFigure(loss, 0.0992452);
});

test("W-21: loading in the batch test, and the fit that finds its constants again", () => {
  const hours = [0.5, 1, 2, 4];
  const loadings = hours.map((time) =>
    batchLoading({
      initial: exactly(0, "g/t"),
      rate: exactly(120, "m3/t"),
      solution: exactly(2, "g/m3"),
      time: exactly(time, "1"),
      exponent: exactly(0.7, "1"),
    }),
  );
  expectAllNear(
    loadings.map(({ value }) => value),
    [147.737, 240, 389.881, 633.364],
  );
  const fit = carbonActivity(
    hours.map((time, i) => ({ hours: time, loading: loadings[i]!, solution: exactly(2, "g/m3") })),
  );
  if (typeof fit === "string") throw new Error(fit);
  expectAllNear([fit.rate, fit.exponent], [120, 0.7], 1e-9);
  expect(carbonActivity([{ hours: 1, loading: exactly(240, "g/t"), solution: exactly(2, "g/m3") }])).toBe(
    "TOO_FEW",
  );
});

test("W-22: steady state of five adsorption stages", () => {
  const cascade = adsorptionCascade({
    stages: 5,
    waterM3PerH: 6.852,
    feed: 4,
    carbonT: 0.456,
    advanceTPerH: 0.0115,
    stripped: 60,
    rate: 0.005,
    equilibrium: 20_000,
  });
  if (typeof cascade === "string") throw new Error(cascade);
  expectAllNear(cascade.solution, [0.628654, 0.100926, 0.0183193, 0.00538854, 0.00336445]);
  expectAllNear(cascade.loading, [2441.3, 432.564, 118.13, 68.9105, 61.206]);
  expectNear(cascade.recovery, 0.999159);
});

test("W-23: pH, share of HCN and its vapour over a cyanide solution", () => {
  const cyanide = cyanideMolarity({ naCN: exactly(600, "mg{NaCN}/L") });
  expectFigure(cyanide, 12.2431, undefined, 2e-4);
  const pH = equilibriumPH({ cyanide, alkalinity: exactly(12.7, "mol/m3") });
  expectFigure(pH, 10.8602, undefined, 2e-4);
  expectFigure(hydrogenCyanideShare({ pH }), 2.18861, undefined, 2e-4);
  const air = hydrogenCyanideInAir({
    cyanide,
    pH,
    henry: exactly(9, "mol/L"),
    airDilution: exactly(25, "1"),
  });
  expectFigure(air, 1.19091, undefined, 2e-4);
});

test("W-24: solids along seven tanks that leach by the second order", () => {
  expectAllNear(
    leachProfile(7.575, 0.35855, 0.35, 4.5038, 7),
    [2.20437, 1.169, 0.825415, 0.671265, 0.58816, 0.537616, 0.504183],
  );
});

test("W-25: cyanide added and consumed", () => {
  const strength = exactly(150, "g{NaCN}/L");
  const dry = exactly(4.2, "t");
  const solution = exactly(31.3, "L");
  const water = exactly(6.8523, "m3");
  const residual = exactly(272.8, "mg{NaCN}/L");
  expectFigure(dosingRate({ flow: exactly(31.3, "L/h"), strength }), 4.695);
  expectFigure(cyanideAdded({ solution, strength, dry }), 1.11786);
  expectFigure(cyanideInTails({ water, residual }), 1.86931);
  const consumed = cyanideConsumed({ solution, strength, dry, water, residual });
  expectFigure(consumed, 0.672784);
  expectNear((consumed.value ?? NaN) * 4.2, 2.82569);
});
