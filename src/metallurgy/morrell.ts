import type { Quantities } from "./formula.ts";
import { formula } from "./formula.ts";
import type { Refusal } from "../domain/figure.ts";

const GRAVITY = 9.81;
/** Calibration of the theoretical power to measured mills. Source: Napier-Munn and others 1996. */
const LOSS_FACTOR = 1.26;
const TWO_PI = 2 * Math.PI;

const INPUTS = {
  diameter: "m",
  length: "m",
  coneLength: "m",
  trunnionDiameter: "m",
  speedFraction: "1",
  fill: "1",
  ballFill: "1",
  ore: "t/m3",
  balls: "t/m3",
  slurrySolidsByVolume: "1",
  voidFraction: "1",
  voidFilling: "1",
  /** 1 for a grate discharge, 0 for an overflow. */
  isGrate: "1",
} as const;

export type MorrellInputs = Quantities<typeof INPUTS>;

/** Angles of the charge's toe and shoulder and of the slurry pool's toe, rad, and its speed, rev/s. */
interface Motion {
  readonly speed: number;
  readonly toe: number;
  readonly shoulder: number;
  readonly poolToe: number;
}

export interface MorrellPower extends Motion {
  readonly chargeDensity: number;
  readonly activeShare: number;
  readonly innerRadius: number;
  readonly profile: number;
  readonly cylinder: number;
  readonly cone: number;
  readonly noLoad: number;
  readonly gross: number;
}

function motionOf({ diameter, speedFraction, fill, isGrate }: MorrellInputs): Motion {
  const fullCentrifuge = 0.35 * (3.364 - fill);
  const toe =
    2.5307 * (1.2796 - fill) * (1 - Math.exp(-19.42 * (fullCentrifuge - speedFraction))) + Math.PI / 2;
  const drop = 0.3386 + 0.1041 * speedFraction + (1.54 - 2.5673 * speedFraction) * fill;
  return {
    speed: (speedFraction * Math.sqrt((2 * GRAVITY) / diameter)) / TWO_PI,
    toe,
    shoulder: Math.PI / 2 - (toe - Math.PI / 2) * drop,
    poolToe: isGrate > 0.5 ? toe : 3.395,
  };
}

/** Share of the charge that is lifted (the rest is in flight), and the inner radius of the lifted part, m. */
function activeCharge(
  x: MorrellInputs,
  { speed, toe, shoulder }: Motion,
): { share: number; innerRadius: number } {
  const radius = x.diameter / 2;
  const arc = TWO_PI + shoulder - toe;
  const meanRadius = (radius / 2) * (1 + Math.sqrt(1 - (TWO_PI * x.fill) / arc));
  const lifted = arc / (Math.PI * speed); // the charge turns at half the speed of the shell
  const falling = Math.sqrt((2 * meanRadius * (Math.sin(shoulder) - Math.sin(toe))) / GRAVITY);
  const share = lifted / (falling + lifted);
  return { share, innerRadius: radius * Math.sqrt(1 - (TWO_PI * share * x.fill) / arc) };
}

function chargeDensity(x: MorrellInputs): number {
  const { fill, ore, balls, ballFill, voidFraction: voids, voidFilling, slurrySolidsByVolume: solids } = x;
  const rock = fill * ore * (1 - voids + voids * voidFilling * solids);
  const steel = ballFill * (balls - ore) * (1 - voids);
  return (rock + steel + fill * voids * voidFilling * (1 - solids)) / fill;
}

interface Lift {
  readonly x: MorrellInputs;
  readonly speed: number;
  readonly density: number;
  readonly innerRadius: number;
  readonly profile: number;
  /** Σ density × difference of heights: charge, then slurry pool. */
  readonly torque: number;
}

function cylinderPower({ x, speed, density, innerRadius: ri, profile: z, torque }: Lift): number {
  const rm = x.diameter / 2;
  const a = rm - z * ri;
  const potential =
    ((Math.PI * GRAVITY * x.length * speed * rm) / (3 * a)) *
    (2 * rm ** 3 - 3 * z * rm ** 2 * ri + ri ** 3 * (3 * z - 2)) *
    torque;
  const kinetic = x.length * density * ((Math.PI * speed * rm) / a) ** 3 * (a ** 4 - ri ** 4 * (z - 1) ** 4);
  return potential + kinetic;
}

function conePower({ x, speed, density, innerRadius: ri, torque }: Lift): number {
  const rm = x.diameter / 2;
  const depth = rm - x.trunnionDiameter / 2;
  if (x.coneLength === 0) return 0;
  const potential =
    ((Math.PI * x.coneLength * GRAVITY * speed) / (3 * depth)) *
    (rm ** 4 - 4 * rm * ri ** 3 + 3 * ri ** 4) *
    torque;
  const kinetic =
    ((2 * Math.PI ** 3 * speed ** 3 * x.coneLength * density) / (5 * depth)) *
    (rm ** 5 - 5 * rm * ri ** 4 + 4 * ri ** 5);
  return potential + kinetic;
}

/** M-19. Every step of Morrell's C-model, powers in kW. No value where the charge would centrifuge or does not fit the
 *  mill. Source: Morrell 1996, Trans. IMM C 105; Napier-Munn and others 1996, Mineral Comminution Circuits. */
export function morrellPower(x: MorrellInputs): MorrellPower | Refusal {
  const isPossible = x.diameter > x.trunnionDiameter && x.fill > 0 && x.fill < 0.6 && x.speedFraction > 0;
  if (!isPossible || x.ballFill > x.fill) return "OUT_OF_DOMAIN";
  const motion = motionOf(x);
  const { share, innerRadius } = activeCharge(x, motion);
  const density = chargeDensity(x);
  const pool = x.slurrySolidsByVolume * x.ore + 1 - x.slurrySolidsByVolume;
  const { toe, shoulder, poolToe, speed } = motion;
  const torque = density * (Math.sin(shoulder) - Math.sin(toe)) + pool * (Math.sin(toe) - Math.sin(poolToe));
  const profile = (1 - x.fill) ** 0.4532;
  const lift: Lift = { x, speed, density, innerRadius, profile, torque };
  const cylinder = cylinderPower(lift);
  const cone = conePower(lift);
  const noLoad = 1.68 * x.diameter ** 2.05 * (x.speedFraction * (0.667 * x.coneLength + x.length)) ** 0.82;
  const gross = noLoad + LOSS_FACTOR * (cylinder + cone);
  return Number.isFinite(gross)
    ? {
        ...motion,
        chargeDensity: density,
        activeShare: share,
        innerRadius,
        profile,
        cylinder,
        cone,
        noLoad,
        gross,
      }
    : "OUT_OF_DOMAIN";
}

/** M-19. Gross power of a mill, kW, by Morrell's C-model. */
export const morrellGrossPower = formula({
  unit: "kW",
  inputs: INPUTS,
  of: (x) => {
    const power = morrellPower(x);
    return typeof power === "string" ? power : power.gross;
  },
});
