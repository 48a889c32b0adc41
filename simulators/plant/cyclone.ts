import { SOLIDS_DENSITY, STEP_H } from "./constants.ts";
import { ALKALI, FREE, LOCKED, pulp, SOFTNESS, SOLIDS, solidsOf, WATER } from "./pulp.ts";
import { CLASSES, MEAN_UM } from "./sizes.ts";
import { at } from "./vector.ts";

/** Water per solids of the underflow at 72 % and, when the apex ropes, at 78 % solids. */
const UNDERFLOW_DILUTION = 28 / 72;
const ROPE_DILUTION = 22 / 78;
/** Classes 283–18 µm of a roping underflow that go over the top, and the share that does. */
const ROPE_FIRST = 4;
const ROPE_LAST = 7;
const ROPE_SHARE = 0.2;
/** A rope holds on until the underflow is this share of what began it. */
const ROPE_ENDS_SHARE = 0.5;
/** Grains of gold (17 t/m3) are cut as much finer as their settling in water says. */
const GOLD_CUT_RATIO = Math.sqrt((2.65 - 1) / (17 - 1));
const WATER_SPLIT_MIN = 0.05;
const UNDERFLOW_SHARE_MAX = 0.95;

export interface Cyclone {
  readonly overflow: Float64Array;
  readonly underflow: Float64Array;
  /** Share of each class that goes to the underflow: ore (and gold locked in it), then free gold. */
  readonly partition: Float64Array;
  /** m3/h of underflow beyond which the apex ropes. */
  apexM3PerH: number;
  /** 1, more when worn or plugged. */
  cutFactor: number;
  pressureFactor: number;
  isRoping: boolean;
  feedM3PerH: number;
  d50cUm: number;
  waterToUnderflow: number;
  pressureKPa: number;
}

export function createCyclone(): Cyclone {
  return {
    overflow: pulp(),
    underflow: pulp(),
    partition: new Float64Array(2 * CLASSES),
    apexM3PerH: 15,
    cutFactor: 1,
    pressureFactor: 1,
    isRoping: false,
    feedM3PerH: 0,
    d50cUm: NaN,
    waterToUnderflow: 0,
    pressureKPa: 0,
  };
}

/** Corrected cut size, µm, for m3/h of feed and its percentage of solids by volume. Exponents after Plitt 1976. */
export function cutSizeUm(feedM3PerH: number, solidsVolumePercent: number): number {
  return 142 * (feedM3PerH / 16.5) ** -0.45 * Math.exp(0.063 * (solidsVolumePercent - 33));
}

/** Corrected recovery of a size to the underflow. */
function corrected(sizeUm: number, cutUm: number): number {
  const ratio = sizeUm / cutUm;
  return 1 - Math.exp(-Math.LN2 * ratio * ratio);
}

/** Reduced partition with a share of the water short-circuiting to the underflow. */
export function partitionShare(sizeUm: number, cutUm: number, waterShare: number): number {
  return waterShare + (1 - waterShare) * corrected(sizeUm, cutUm);
}

export function goldCutUm(cutUm: number): number {
  return cutUm * GOLD_CUT_RATIO;
}

/** Splits what the pump delivers in this step into overflow and underflow. */
export function split(cyclone: Cyclone, feed: Float64Array): void {
  const solids = solidsOf(feed);
  const water = at(feed, WATER);
  const volume = solids / SOLIDS_DENSITY + water;
  cyclone.feedM3PerH = volume / STEP_H;
  cyclone.pressureKPa = 95 * cyclone.pressureFactor * (cyclone.feedM3PerH / 16.4) ** 1.8;
  if (volume <= 0 || solids <= 0) {
    cyclone.overflow.set(feed);
    cyclone.underflow.fill(0);
    cyclone.isRoping = false;
    cyclone.waterToUnderflow = 0;
    return;
  }
  const solidsPercent = (100 * solids) / SOLIDS_DENSITY / volume;
  cyclone.d50cUm = cyclone.cutFactor * cutSizeUm(cyclone.feedM3PerH, solidsPercent);
  chooseWaterSplit(cyclone, feed, solids, water);
  partitionClasses(cyclone);
  divide(cyclone, feed, solids);
}

/** The underflow takes as much water as its solids need; it ropes when it is more than the apex passes. */
function chooseWaterSplit(cyclone: Cyclone, feed: Float64Array, solids: number, water: number): void {
  let coarse = 0;
  for (let i = 0; i < CLASSES; i++)
    coarse += at(feed, SOLIDS + i) * corrected(at(MEAN_UM, i), cyclone.d50cUm);
  const usual = underflowSolids(coarse, solids, water, UNDERFLOW_DILUTION);
  const usualM3PerH = (usual / SOLIDS_DENSITY + UNDERFLOW_DILUTION * usual) / STEP_H;
  cyclone.isRoping = usualM3PerH > (cyclone.isRoping ? ROPE_ENDS_SHARE : 1) * cyclone.apexM3PerH;
  const dilution = cyclone.isRoping ? ROPE_DILUTION : UNDERFLOW_DILUTION;
  const underflow = cyclone.isRoping ? underflowSolids(coarse, solids, water, dilution) : usual;
  cyclone.waterToUnderflow = water > 0 ? Math.min(1, (dilution * underflow) / water) : 0;
}

function underflowSolids(coarse: number, solids: number, water: number, dilution: number): number {
  if (water <= 0) return UNDERFLOW_SHARE_MAX * solids;
  const left = Math.max(WATER_SPLIT_MIN, 1 - (dilution * (solids - coarse)) / water);
  return Math.min(UNDERFLOW_SHARE_MAX * solids, coarse / left);
}

function partitionClasses({ partition, d50cUm, waterToUnderflow, isRoping }: Cyclone): void {
  const goldUm = goldCutUm(d50cUm);
  for (let i = 0; i < CLASSES; i++) {
    const kept = isRoping && i >= ROPE_FIRST && i <= ROPE_LAST ? 1 - ROPE_SHARE : 1;
    const size = at(MEAN_UM, i);
    partition[i] = kept * partitionShare(size, d50cUm, waterToUnderflow);
    partition[CLASSES + i] = kept * partitionShare(size, goldUm, waterToUnderflow);
  }
}

function divide(cyclone: Cyclone, feed: Float64Array, solids: number): void {
  const { overflow, underflow, partition } = cyclone;
  for (let i = 0; i < CLASSES; i++) {
    const ore = at(partition, i);
    underflow[SOLIDS + i] = ore * at(feed, SOLIDS + i);
    underflow[LOCKED + i] = ore * at(feed, LOCKED + i);
    underflow[FREE + i] = at(partition, CLASSES + i) * at(feed, FREE + i);
  }
  const water = underflowWaterShare(cyclone, feed);
  underflow[WATER] = water * at(feed, WATER);
  underflow[ALKALI] = water * at(feed, ALKALI);
  underflow[SOFTNESS] = at(feed, SOFTNESS) * (solidsOf(underflow) / solids);
  for (let i = 0; i < overflow.length; i++) overflow[i] = at(feed, i) - at(underflow, i);
}

/** A rope keeps its 78 % solids although part of its fines has left it. */
function underflowWaterShare({ isRoping, underflow, waterToUnderflow }: Cyclone, feed: Float64Array): number {
  if (!isRoping) return waterToUnderflow;
  const water = at(feed, WATER);
  return water > 0 ? Math.min(waterToUnderflow, (ROPE_DILUTION * solidsOf(underflow)) / water) : 0;
}
