import { MOLAR_CAO, MOLAR_NACN, SLOW_STEP_H } from "./constants.ts";
import { add, at } from "./vector.ts";

/** kg/L of NaCN and SMBS in their solutions. */
const NACN_G_PER_L = 150;
export const SMBS_KG_PER_L = 0.2;
/** Lime is 65 % CaO, and each CaO gives two OH. */
export const LIME_MOL_PER_KG = (0.65 * 1000 * 2) / MOLAR_CAO;
/** Acid that a t of ore brings, mol. */
export const ORE_ACID_MOL_PER_T = 22.3;

/** A solution tank that is filled up again when it is low: from a truck, from a mixer, or from water and sacks. */
export interface Stock {
  /** Row of one number: m3 of solution, or t of powder. */
  readonly content: Float64Array;
  readonly capacity: number;
  readonly refillBelowPercent: number;
  readonly refillToPercent: number;
  readonly refillPerH: number;
  isFilling: boolean;
}

export interface Reagents {
  readonly naCnMixing: Stock;
  readonly naCnDay: Stock;
  readonly smbs: Stock;
  readonly copper: Stock;
  readonly lime: Stock;
  /** Drawn in the last slow step. */
  naCnLPerH: number;
  smbsLPerH: number;
  copperLPerH: number;
}

export function createReagents(): Reagents {
  return {
    naCnMixing: createStock(3, 55, 20, 90, 1.5),
    naCnDay: createStock(2, 60, 40, 85, 0.4),
    smbs: createStock(4, 60, 30, 90, 2),
    copper: createStock(0.5, 60, 30, 90, 0.5),
    lime: createStock(12, 70, 25, 90, 20),
    naCnLPerH: 0,
    smbsLPerH: 0,
    copperLPerH: 0,
  };
}

function createStock(
  capacity: number,
  nowPercent: number,
  below: number,
  to: number,
  refillPerH: number,
): Stock {
  return {
    content: Float64Array.of((capacity * nowPercent) / 100),
    capacity,
    refillBelowPercent: below,
    refillToPercent: to,
    refillPerH,
    isFilling: false,
  };
}

export function stockLevel({ content, capacity }: Stock): number {
  return (100 * at(content, 0)) / capacity;
}

/** How much is to come into a stock in this slow step: what went out when averaged, else by its own rule. */
export function refill(stock: Stock, usedPerH: number, isAveraged: boolean): number {
  if (isAveraged) return usedPerH * SLOW_STEP_H;
  const level = stockLevel(stock);
  if (level < stock.refillBelowPercent) stock.isFilling = true;
  if (level >= stock.refillToPercent) stock.isFilling = false;
  return stock.isFilling ? stock.refillPerH * SLOW_STEP_H : 0;
}

/** Takes solution for one slow step; gives what came, in the unit of the stock. */
export function use(stock: Stock, perH: number): number {
  const amount = Math.min(at(stock.content, 0), perH * SLOW_STEP_H);
  add(stock.content, 0, -amount);
  return amount;
}

/** mol of NaCN in m3 of dosing solution. */
export function naCnMol(volumeM3: number): number {
  return (volumeM3 * 1000 * NACN_G_PER_L) / MOLAR_NACN;
}
