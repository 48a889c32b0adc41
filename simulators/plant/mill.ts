import { SOLIDS_DENSITY, STEP_H } from "./constants.ts";
import { ALKALI, FREE, LOCKED, pulp, SOFTNESS, SOLIDS, solidsOf, WATER } from "./pulp.ts";
import { BREAKAGE, CLASSES, MEAN_UM } from "./sizes.ts";
import { add, at, clamp, take } from "./vector.ts";

/** A ball mill of 1.5 m × 1.8 m inside the liners at 70 % of its critical speed. */
const DIAMETER_FT = 1.5 * 3.28084;
const LENGTH_PER_DIAMETER = 1.8 / 1.5;
const CRITICAL_SHARE = 0.7;
const LIFT_ANGLE = (35 * Math.PI) / 180;
const BALL_DENSITY = 7.75;
const VOIDS = 0.4;
const BALL_FILLING = 0.3;
const MILL_VOLUME_M3 = 3.181;
/** Slurry beyond this volume stands above the charge and shortens the lever arm of the balls, m3. */
const DRAINED_VOLUME_M3 = 0.75;
const CHARGE_T = 4.437;
/** The slurry below the discharge trunnion, m3. */
const HELD_VOLUME_M3 = 0.45;
const DISCHARGE_FACTOR = 40;
/** Net power at the shell over power at the meter. */
const DRIVE_EFFICIENCY = 0.9;
const GOLD_MALLEABILITY = 0.08;
/** Selection per specific energy, t/kW.h, for the reference work index of 16 kW.h/t. */
const SELECTION = Float64Array.from(MEAN_UM, (size, i) =>
  i === CLASSES - 1 ? 0 : (0.0089 * size ** 0.58) / (1 + (size / 9130) ** 2.5),
);

export interface Mill {
  readonly pulp: Float64Array;
  /** What leaves in this step. */
  readonly discharge: Float64Array;
  /** What is broken out of each class in this step: solids, locked gold, free gold. */
  readonly broken: Float64Array;
  isRunning: boolean;
  /** 1 when the trunnion is free, less when it is blocked. */
  trunnion: number;
  volumeM3: number;
  holdUpT: number;
  slurryDensity: number;
  netKw: number;
}

export function createMill(): Mill {
  return {
    pulp: pulp(),
    discharge: pulp(),
    broken: new Float64Array(3 * CLASSES),
    isRunning: true,
    trunnion: 1,
    volumeM3: 0,
    holdUpT: 0,
    slurryDensity: 1,
    netKw: 0,
  };
}

/** Net power of a ball mill, kW, for a charge filling and an apparent charge density. Source: Hogg and Fuerstenau 1972. */
export function netPowerKw(filling: number, chargeDensity: number): number {
  const arm = filling - 1.065 * filling * filling;
  const size = 0.238 * DIAMETER_FT ** 3.5 * LENGTH_PER_DIAMETER * CRITICAL_SHARE;
  return Math.max(0, size * chargeDensity * arm * Math.sin(LIFT_ANGLE));
}

/** t/m3 of balls with slurry in their voids. */
export function apparentDensity(slurryDensity: number): number {
  return (1 - VOIDS) * BALL_DENSITY + VOIDS * slurryDensity;
}

/** Looks at the mill as it stands and works out what this step breaks and discharges. */
export function assessMill(mill: Mill): void {
  const { pulp: held } = mill;
  const solids = solidsOf(held);
  const water = at(held, WATER);
  const volume = solids / SOLIDS_DENSITY + water;
  mill.holdUpT = solids;
  mill.volumeM3 = volume;
  mill.slurryDensity = volume > 0 ? (solids + water) / volume : 1;
  const filling = BALL_FILLING + Math.max(0, volume - DRAINED_VOLUME_M3) / MILL_VOLUME_M3;
  mill.netKw = mill.isRunning ? netPowerKw(filling, apparentDensity(mill.slurryDensity)) : 0;
  const head = mill.isRunning ? Math.max(0, volume - HELD_VOLUME_M3) : 0;
  const flowM3PerH = DISCHARGE_FACTOR * mill.trunnion * head * Math.sqrt(head);
  take(held, volume > 0 ? Math.min(1, (flowM3PerH / volume) * STEP_H) : 0, mill.discharge);
  assessBreakage(mill, solids);
}

function assessBreakage({ pulp: held, broken, netKw }: Mill, solids: number): void {
  const softness = solids > 0 ? at(held, SOFTNESS) / solids : 0;
  const intensity = solids > 0 ? (softness * netKw * STEP_H) / solids : 0;
  for (let i = 0; i < CLASSES; i++) {
    const share = clamp(at(SELECTION, i) * intensity, 0, 0.5);
    broken[i] = share * at(held, SOLIDS + i);
    broken[CLASSES + i] = share * at(held, LOCKED + i);
    broken[2 * CLASSES + i] = GOLD_MALLEABILITY * share * at(held, FREE + i);
  }
}

/** Breaks in place what `assessMill` found. */
export function grind({ pulp: held, broken }: Mill): void {
  distribute(held, SOLIDS, broken, 0);
  distribute(held, LOCKED, broken, CLASSES);
  distribute(held, FREE, broken, 2 * CLASSES);
}

/** The last class takes what the others left, so that breakage neither makes nor loses mass. */
function distribute(held: Float64Array, first: number, broken: Float64Array, from: number): void {
  for (let parent = 0; parent < CLASSES - 1; parent++) {
    const mass = at(broken, from + parent);
    let rest = mass;
    for (let child = parent + 1; child < CLASSES - 1; child++) {
      const fragment = at(BREAKAGE, parent * CLASSES + child) * mass;
      add(held, first + child, fragment);
      rest -= fragment;
    }
    add(held, first + CLASSES - 1, rest);
    add(held, first + parent, -mass);
  }
}

/** At the meter, kW. */
export function grossKw(mill: Mill): number {
  return mill.netKw / DRIVE_EFFICIENCY;
}

/** Load pressure of the trunnion bearing, kPa. */
export function bearingKPa(mill: Mill): number {
  return 1500 + 150 * (CHARGE_T + mill.volumeM3 * mill.slurryDensity);
}

/** Crushed ore of one step: t of solids and water, g of gold, softness (t), alkalinity (mol). */
export interface FeedOre {
  solids: number;
  water: number;
  locked: number;
  free: number;
  softness: number;
  alkali: number;
}

/** Feeds ore with these fractions of ore and of free gold by class. The caller has taken the same masses from the bin. */
export function feedMill(
  held: Float64Array,
  ore: FeedOre,
  fractions: Float64Array,
  freeFractions: Float64Array,
): void {
  for (let i = 0; i < CLASSES; i++) {
    add(held, SOLIDS + i, ore.solids * at(fractions, i));
    add(held, LOCKED + i, ore.locked * at(fractions, i));
    add(held, FREE + i, ore.free * at(freeFractions, i));
  }
  add(held, WATER, ore.water);
  add(held, SOFTNESS, ore.softness);
  add(held, ALKALI, ore.alkali);
}
