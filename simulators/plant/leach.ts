import { deckPpm, hcnShare, naCnMgPerL, solvePh } from "./chemistry.ts";
import { MOLAR_GOLD, SLOW_STEP_H, SOLIDS_DENSITY } from "./constants.ts";
import { add, at, move, take, transfer } from "./vector.ts";

/** A leach or CIL tank as one row of numbers. First what flows with the pulp: solids t, water t, gold on solids g, gold in
 *  solution g, gold that no leaching reaches g (part of the gold on solids), total cyanide mol, alkalinity mol. */
export const T_SOLIDS = 0;
export const T_WATER = 1;
export const T_GOLD_SOLID = 2;
export const T_GOLD_SOLUTION = 3;
export const T_LOCKED = 4;
export const T_CYANIDE = 5;
export const T_ALKALI = 6;
export const PULP_WIDTH = 7;
/** Then the carbon: t, gold on it g, and its age, t·d since regeneration. */
export const T_CARBON = 7;
export const T_GOLD_CARBON = 8;
export const T_CARBON_AGE = 9;
/** And what belongs to the tank: dissolved oxygen mg/L and pH. */
export const T_OXYGEN = 10;
export const T_PH = 11;
const TANK_WIDTH = 12;

export const TANKS = 7;
/** Tanks before this one hold no carbon. */
export const FIRST_CARBON_TANK = 2;
export const LIVE_M3 = 38;
/** Levels are % of this: 88 % is the usual stand. */
export const TANK_M3 = LIVE_M3 / 0.88;
const OVERFLOW_PER_H = 50;
/** Lip of the overflow: 38 m3 stand in the tank at the usual 8.44 m3/h. */
export const LIP_M3 = LIVE_M3 - 8.437 / OVERFLOW_PER_H;

const LEACH_RATE = 0.35;
const ADSORPTION_RATE = 0.005;
/** (g/t) / (mg/L). */
const CARBON_AFFINITY = 20_000;
const FOULING_PER_DAY = 0.5 / 100;
const CYANIDE_LOSS_PER_H = 0.03;
const CYANIDE_PER_GOLD = 2;
const STRIPPING_PER_H = 0.05;
const ALKALI_DEMAND = 0.02;
const OXYGEN_SATURATION = 6.9;
const OXYGEN_DEMAND = 10;
const OXYGEN_DEMAND_BY_TANK = Float64Array.of(1.5, 1, 0.8, 0.7, 0.6, 0.5, 0.5);

export interface Leach {
  readonly tanks: readonly Float64Array[];
  /** The same tanks, only their carbon. */
  readonly carbons: readonly Float64Array[];
  /** What leaves each tank in this step. */
  readonly overflows: readonly Float64Array[];
  /** Per tank, of this step: gold dissolved g, gold adsorbed g (negative: given back), cyanide lost with alkalinity mol, HCN
   *  stripped mol, other alkalinity lost mol. */
  readonly reactions: readonly Float64Array[];
  /** Oxygen transfer, 1/h. */
  aerationPerH: number;
  /** 1 for fresh carbon. */
  carbonActivity: number;
}

const DISSOLVED = 0;
const ADSORBED = 1;
const CYANIDE_LOST = 2;
const STRIPPED = 3;
const ALKALI_LOST = 4;

export function createLeach(): Leach {
  const rows = (width: number) => Array.from({ length: TANKS }, () => new Float64Array(width));
  const tanks = rows(TANK_WIDTH);
  for (const tank of tanks) {
    tank[T_OXYGEN] = 6;
    tank[T_PH] = 10.8;
  }
  const carbons = tanks.map((tank) => tank.subarray(T_CARBON, T_CARBON_AGE + 1));
  return {
    tanks,
    carbons,
    overflows: rows(PULP_WIDTH),
    reactions: rows(5),
    aerationPerH: 12,
    carbonActivity: 1,
  };
}

/** Gold that leaching leaves in the solids, g/t, after the size of the grind. */
export function residualGrade(p80Um: number): number {
  return 0.2 + 0.0015 * p80Um;
}

/** Leach rate, g/t/h. Second order in gold after Mintek; cyanide after Crundwell and Godorr 1997; oxygen after
 *  de Andrade Lima and Hodouin 2005. */
export function leachRate(excessGrade: number, naCn: number, oxygen: number): number {
  if (excessGrade <= 0 || naCn <= 0 || oxygen <= 0) return 0;
  return LEACH_RATE * excessGrade * excessGrade * Math.sqrt(naCn / 500) * (oxygen / 6) ** 0.228;
}

/** Uptake of carbon, g/t/h. Source: Nicol, Fleming and Cromberge 1984. */
export function adsorptionRate(solution: number, loading: number, activity: number): number {
  return ADSORPTION_RATE * activity * (CARBON_AFFINITY * solution - loading);
}

/** One slow step of all tanks. What leaves the last one goes to `after`. Returns the gold dissolved, g. */
export function stepLeach(leach: Leach, after: Float64Array): void {
  for (let i = 0; i < TANKS; i++) assessTank(leach, i);
  for (let i = 0; i < TANKS; i++) {
    const tank = leach.tanks[i] as Float64Array;
    react(tank, leach.reactions[i] as Float64Array);
    transfer(tank, leach.tanks[i + 1] ?? after, leach.overflows[i] as Float64Array);
    breathe(leach, tank, at(OXYGEN_DEMAND_BY_TANK, i));
    settlePh(tank);
  }
}

export function tankVolume(tank: Float64Array): number {
  return at(tank, T_SOLIDS) / SOLIDS_DENSITY + at(tank, T_WATER);
}

function assessTank({ tanks, overflows, reactions, carbonActivity }: Leach, index: number): void {
  const tank = tanks[index] as Float64Array;
  const reaction = reactions[index] as Float64Array;
  const volume = tankVolume(tank);
  const flow = OVERFLOW_PER_H * Math.max(0, volume - LIP_M3);
  take(tank, volume > 0 ? Math.min(1, (flow / volume) * SLOW_STEP_H) : 0, overflows[index] as Float64Array);
  const water = at(tank, T_WATER);
  if (water <= 0) {
    reaction.fill(0);
    return;
  }
  reaction[DISSOLVED] = dissolved(tank, water);
  reaction[ADSORBED] = index < FIRST_CARBON_TANK ? 0 : adsorbed(tank, water, carbonActivity);
  assessCyanide(tank, reaction);
}

function dissolved(tank: Float64Array, water: number): number {
  const solids = at(tank, T_SOLIDS);
  if (solids <= 0) return 0;
  const open = at(tank, T_GOLD_SOLID) - at(tank, T_LOCKED);
  const rate = leachRate(open / solids, naCnMgPerL(at(tank, T_CYANIDE) / water), at(tank, T_OXYGEN));
  return Math.min(Math.max(0, open), rate * solids * SLOW_STEP_H);
}

/** What a tank's carbon still takes up of what it would take up fresh, 0…1; NaN without carbon. */
export function shareUnfouled(tank: Float64Array): number {
  return Math.max(0, 1 - (FOULING_PER_DAY * at(tank, T_CARBON_AGE)) / at(tank, T_CARBON));
}

function adsorbed(tank: Float64Array, water: number, activity: number): number {
  const carbon = at(tank, T_CARBON);
  if (carbon <= 0) return 0;
  const gold = at(tank, T_GOLD_SOLUTION);
  const rate = adsorptionRate(gold / water, at(tank, T_GOLD_CARBON) / carbon, activity * shareUnfouled(tank));
  return Math.min(0.5 * gold, rate * carbon * SLOW_STEP_H);
}

function assessCyanide(tank: Float64Array, reaction: Float64Array): void {
  const cyanide = at(tank, T_CYANIDE);
  const complexed = (CYANIDE_PER_GOLD * at(reaction, DISSOLVED)) / MOLAR_GOLD;
  const pH = at(tank, T_PH);
  const hydroxide = 1000 * 10 ** (pH - 14);
  reaction[CYANIDE_LOST] = Math.min(cyanide, CYANIDE_LOSS_PER_H * cyanide * SLOW_STEP_H + complexed);
  reaction[STRIPPED] = STRIPPING_PER_H * hcnShare(pH) * cyanide * SLOW_STEP_H;
  reaction[ALKALI_LOST] =
    ((ALKALI_DEMAND * at(tank, T_SOLIDS) * hydroxide) / (hydroxide + 0.1)) * SLOW_STEP_H;
}

function react(tank: Float64Array, reaction: Float64Array): void {
  move(tank, T_GOLD_SOLID, tank, T_GOLD_SOLUTION, at(reaction, DISSOLVED));
  move(tank, T_GOLD_SOLUTION, tank, T_GOLD_CARBON, at(reaction, ADSORBED));
  const lost = at(reaction, CYANIDE_LOST);
  add(tank, T_CYANIDE, -lost - at(reaction, STRIPPED));
  add(tank, T_ALKALI, -lost - at(reaction, ALKALI_LOST));
}

function breathe(leach: Leach, tank: Float64Array, demand: number): void {
  const oxygen = at(tank, T_OXYGEN);
  const rate = leach.aerationPerH * (OXYGEN_SATURATION - oxygen) - OXYGEN_DEMAND * demand;
  tank[T_OXYGEN] = Math.max(0, oxygen + rate * SLOW_STEP_H);
}

function settlePh(tank: Float64Array): void {
  const water = at(tank, T_WATER);
  if (water <= 0) return;
  tank[T_PH] = solvePh(Math.max(0, at(tank, T_CYANIDE)) / water, at(tank, T_ALKALI) / water, at(tank, T_PH));
}

/** g/t of dry solids; 0 in an empty tank. */
export function solidGrade(tank: Float64Array): number {
  const solids = at(tank, T_SOLIDS);
  return solids > 0 ? at(tank, T_GOLD_SOLID) / solids : 0;
}

/** mg/L. */
export function solutionGrade(tank: Float64Array): number {
  const water = at(tank, T_WATER);
  return water > 0 ? at(tank, T_GOLD_SOLUTION) / water : 0;
}

/** g/t of carbon. */
export function carbonLoading(tank: Float64Array): number {
  const carbon = at(tank, T_CARBON);
  return carbon > 0 ? at(tank, T_GOLD_CARBON) / carbon : 0;
}

/** mg/L. */
export function tankNaCn(tank: Float64Array): number {
  const water = at(tank, T_WATER);
  return water > 0 ? naCnMgPerL(at(tank, T_CYANIDE) / water) : 0;
}

/** HCN in the air over the tank, ppm. */
export function tankDeckPpm(tank: Float64Array): number {
  const water = at(tank, T_WATER);
  return water > 0 ? deckPpm((hcnShare(at(tank, T_PH)) * at(tank, T_CYANIDE)) / water) : 0;
}

/** Gold dissolved in the last step in all tanks, g. */
export function dissolvedNow({ reactions }: Leach): number {
  let gold = 0;
  for (const reaction of reactions) gold += at(reaction, DISSOLVED);
  return gold;
}

/** Gold taken up by carbon in the last step in all tanks, g. */
export function adsorbedNow({ reactions }: Leach): number {
  let gold = 0;
  for (const reaction of reactions) gold += at(reaction, ADSORBED);
  return gold;
}
