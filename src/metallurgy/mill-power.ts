import { formula, ratio } from "./formula.ts";

const FEET_PER_M = 1 / 0.3048;

/** Mill speed at which the outermost ball would stay on the shell, turns per minute, by the inside diameter: 42.305/√D. */
export const criticalSpeed = formula({
  unit: "/min",
  inputs: { diameter: "m" },
  of: ({ diameter }) => (diameter <= 0 ? "OUT_OF_DOMAIN" : 42.305 / Math.sqrt(diameter)),
});

/** M-18. Apparent density of the charge, t/m3: balls with slurry in the voids between them. */
export const apparentDensity = formula({
  unit: "t/m3",
  inputs: { voidFraction: "1", balls: "t/m3", slurry: "t/m3" },
  of: ({ voidFraction, balls, slurry }) => (1 - voidFraction) * balls + voidFraction * slurry,
});

/** M-18. Net power of a tumbling mill, kW: 0.238·D^3.5·(L/D)·Nc·ρ·(J−1.065J²)·sin α with D in feet inside the liners,
 *  Nc fraction of critical speed, J fill, α lifting angle of the charge. No value outside 0 < J < 0.5.
 *  Source: Hogg and Fuerstenau 1972, in the form of the Moly-Cop Tools sheets. */
export const hoggFuerstenauPower = formula({
  unit: "kW",
  inputs: {
    diameter: "m",
    length: "m",
    speedFraction: "1",
    fill: "1",
    liftAngle: "deg",
    voidFraction: "1",
    balls: "t/m3",
    slurry: "t/m3",
  },
  of: ({ diameter, length, speedFraction, fill, liftAngle, ...charge }) => {
    if (diameter <= 0 || fill <= 0 || fill >= 0.5) return "OUT_OF_DOMAIN";
    const density = (1 - charge.voidFraction) * charge.balls + charge.voidFraction * charge.slurry;
    const feet = diameter * FEET_PER_M;
    const lift = (fill - 1.065 * fill ** 2) * Math.sin((liftAngle * Math.PI) / 180);
    return 0.238 * feet ** 3.5 * (length / diameter) * speedFraction * density * lift;
  },
});

/** M-18. Power at the meter, kW, that a net power means; losses of motor and drive are 10 % unless the plant says otherwise. */
export const grossPower = formula({
  unit: "kW",
  inputs: { net: "kW", driveEfficiency: "1" },
  of: ({ net, driveEfficiency }) => ratio(net, driveEfficiency, 0.1),
});

/** M-20. Measured power over the expected one. */
export const powerRatio = formula({
  unit: "1",
  inputs: { measured: "kW", expected: "kW" },
  of: ({ measured, expected }) => ratio(measured, expected, 0.5),
});

/** M-20. Mass in the mill, t, from the pressure under its bearing: (p − p_empty)/k. */
export const millCharge = formula({
  unit: "t",
  inputs: { pressure: "kPa", emptyPressure: "kPa", pressurePerTonne: "kPa/t" },
  of: ({ pressure, emptyPressure, pressurePerTonne }) =>
    ratio(pressure - emptyPressure, pressurePerTonne, 0.1),
});

/** M-20. Share of the mill's volume filled by balls and their voids, from the mass in it: (M − V_sl·ρm)/[V(1−fv)ρb].
 *  No value outside [0, 1]. */
export const millFill = formula({
  unit: "1",
  inputs: {
    charge: "t",
    volume: "m3",
    slurryVolume: "m3",
    slurry: "t/m3",
    voidFraction: "1",
    balls: "t/m3",
  },
  of: ({ charge, volume, slurryVolume, slurry, voidFraction, balls }) => {
    const fill = ratio(charge - slurryVolume * slurry, volume * (1 - voidFraction) * balls, 1e-3);
    return typeof fill === "number" && (fill < 0 || fill > 1) ? "OUT_OF_DOMAIN" : fill;
  },
});

/** M-21. Whether a mill is filling up: its mass rises while its power and its sound fall and it draws less than 95 % of
 *  what it should. Slopes are over ten minutes, per hour; the verdict is to stand for five minutes before it counts. */
export const millOverload = formula({
  unit: "1",
  inputs: { chargeSlope: "t/h", powerSlope: "kW/h", soundSlope: "%/h", powerRatio: "1" },
  of: ({ chargeSlope, powerSlope, soundSlope, powerRatio: share }) =>
    chargeSlope > 0 && powerSlope < 0 && soundSlope < 0 && share < 0.95 ? 1 : 0,
});
