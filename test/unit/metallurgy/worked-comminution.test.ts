import { expect, test } from "vitest";
import { exactly } from "../../../src/domain/figure.ts";
import { quantity } from "../../../src/domain/quantity.ts";
import {
  bondEnergy,
  bondPower,
  bondTest,
  grindingEfficiency,
  operatingWorkIndex,
} from "../../../src/metallurgy/comminution.ts";
import {
  apparentDensity,
  criticalSpeed,
  grossPower,
  hoggFuerstenauPower,
} from "../../../src/metallurgy/mill-power.ts";
import { morrellGrossPower, morrellPower } from "../../../src/metallurgy/morrell.ts";
import type { MorrellInputs } from "../../../src/metallurgy/morrell.ts";
import { expectAllNear, expectFigure, expectNear } from "../../support/near.ts";

test("W-09: Bond's energy, the operating work index and the efficiency of the mills", () => {
  const sizes = { feed80: exactly(9000, "um"), product80: exactly(105.7, "um") };
  const workIndex = exactly(16, "kW.h/t");
  expectFigure(bondEnergy({ workIndex, ...sizes }), 13.8761);
  expectFigure(bondPower({ workIndex, ...sizes, dryRate: exactly(4.2, "t/h") }), 58.2795);
  const specificEnergy = exactly(73.75 / 4.2, "kW.h/t");
  expectFigure(specificEnergy, 17.5595);
  expectFigure(operatingWorkIndex({ specificEnergy, ...sizes }), 20.2473);
  expectFigure(grindingEfficiency({ workIndex, specificEnergy, ...sizes }), 79.023);
});

test("W-10: work index of a locked-cycle test", () => {
  const index = bondTest({
    closingScreen: exactly(150, "um"),
    gramsPerTurn: exactly(1.25, "g"),
    product80: exactly(113, "um"),
    feed80: exactly(2250, "um"),
  });
  expectFigure(index, 17.695);
});

test("W-11: net and gross power of the plant's mill, and its critical speed", () => {
  const charge = {
    voidFraction: exactly(0.4, "1"),
    balls: exactly(7.75, "t/m3"),
    slurry: exactly(1.773, "t/m3"),
  };
  expectFigure(apparentDensity(charge), 5.3592);
  const diameter = exactly(1.5, "m");
  const net = hoggFuerstenauPower({
    diameter,
    length: exactly(1.8, "m"),
    speedFraction: exactly(0.7, "1"),
    fill: exactly(0.3, "1"),
    liftAngle: exactly(35, "deg"),
    ...charge,
  });
  expectFigure(net, 33.1714);
  expectFigure(grossPower({ net, driveEfficiency: exactly(0.9, "1") }), 36.8571);
  expectFigure(criticalSpeed({ diameter }), 34.5419);
});

const LARGE_MILL: MorrellInputs = {
  diameter: quantity(5.3, "m"),
  length: quantity(8.6, "m"),
  coneLength: quantity(0.75, "m"),
  trunnionDiameter: quantity(1.2, "m"),
  speedFraction: quantity(0.75, "1"),
  fill: quantity(0.35, "1"),
  ballFill: quantity(0.35, "1"),
  ore: quantity(2.8, "t/m3"),
  balls: quantity(7.8, "t/m3"),
  slurrySolidsByVolume: quantity(0.45, "1"),
  voidFraction: quantity(0.4, "1"),
  voidFilling: quantity(1, "1"),
  isGrate: quantity(0, "1"),
};

test("W-12: every step of Morrell's model for a large overflow mill", () => {
  const power = morrellPower(LARGE_MILL);
  if (typeof power === "string") throw new Error(power);
  expectAllNear(
    [
      power.speed,
      power.chargeDensity,
      power.toe,
      power.shoulder,
      power.activeShare,
      power.innerRadius,
      power.profile,
    ],
    [0.229664, 5.404, 3.91703, 0.909726, 0.850897, 1.73527, 0.822645],
  );
  expectAllNear([power.cylinder, power.cone, power.noLoad, power.gross], [3447.42, 153.788, 247.77, 4785.29]);
});

test("W-13: Morrell's model for the plant's own mill", () => {
  const power = morrellPower({
    ...LARGE_MILL,
    diameter: quantity(1.5, "m"),
    length: quantity(1.8, "m"),
    coneLength: quantity(0.15, "m"),
    trunnionDiameter: quantity(0.35, "m"),
    speedFraction: quantity(0.7, "1"),
    fill: quantity(0.3, "1"),
    ballFill: quantity(0.3, "1"),
    ore: quantity(2.65, "t/m3"),
    slurrySolidsByVolume: quantity(0.4677, "1"),
  });
  if (typeof power === "string") throw new Error(power);
  expectAllNear(
    [power.speed, power.toe, power.shoulder, power.activeShare, power.innerRadius],
    [0.402923, 4.04808, 0.74255, 0.84732, 0.510671],
  );
  expectAllNear(
    [power.cylinder, power.cone, power.noLoad, power.gross],
    [25.2285, 1.04369, 4.87376, 37.9767],
  );
});

test("Morrell's model as a formula refuses a mill that cannot be", () => {
  const figures = Object.fromEntries(
    Object.entries(morrellGrossPower.inputs).map(([name, unit]) => [
      name,
      exactly(LARGE_MILL[name as keyof MorrellInputs], unit),
    ]),
  ) as unknown as Parameters<typeof morrellGrossPower>[0];
  expectNear(morrellGrossPower(figures).value, 4785.29);
  expect(morrellGrossPower({ ...figures, fill: exactly(0, "1") })).toMatchObject({ reason: "OUT_OF_DOMAIN" });
  expect(morrellGrossPower({ ...figures, ballFill: exactly(0.4, "1") })).toMatchObject({
    reason: "OUT_OF_DOMAIN",
  });
});
