import { normal, randomFor } from "../../src/domain/random.ts";
import type { Random } from "../../src/domain/random.ts";
import { STEP_H } from "./constants.ts";
import { book, STREAM } from "./ledger.ts";
import type { Ledger } from "./ledger.ts";
import { composition, O_SOLIDS, O_WATER, oreGold, wetMass } from "./ore.ts";
import type { Lot } from "./ore.ts";
import { ROM_BIN_T } from "./units.ts";
import type { Units } from "./units.ts";
import { at, deposit } from "./vector.ts";

/** What varies in the ore besides the lots: an autoregression on the logarithm of the property. */
export interface Disturbance {
  /** Standard deviation of the logarithm. */
  readonly sigma: number;
  readonly correlationH: number;
}

export type DisturbanceName = "feed-grade" | "moisture" | "hardness";
export type Disturbances = Readonly<Partial<Record<DisturbanceName, Disturbance>>>;

interface Wander {
  readonly random: Random;
  readonly sigma: number;
  readonly phi: number;
  state: number;
}

/** The loader that keeps the ROM bin full, bucket by bucket, out of the lots. */
export interface Mine {
  readonly lots: readonly Lot[];
  /** Wet t taken from each lot so far. */
  readonly taken: Float64Array;
  readonly wanders: Readonly<Record<DisturbanceName, Wander | null>>;
  lastBucketS: number;
  /** Lot of the last bucket. */
  current: number;
}

const BUCKET_T = 3;
const BUCKET_EVERY_S = 600;
const TOP_UP_PERCENT = 60;

export function createMine(lots: readonly Lot[], disturbances: Disturbances, seed: number): Mine {
  const wander = (name: DisturbanceName) => startWander(name, disturbances[name], seed);
  return {
    lots,
    taken: new Float64Array(lots.length),
    wanders: {
      "feed-grade": wander("feed-grade"),
      moisture: wander("moisture"),
      hardness: wander("hardness"),
    },
    lastBucketS: -BUCKET_EVERY_S,
    current: 0,
  };
}

function startWander(
  name: DisturbanceName,
  disturbance: Disturbance | undefined,
  seed: number,
): Wander | null {
  if (disturbance === undefined) return null;
  const { sigma, correlationH } = disturbance;
  return {
    random: randomFor(name, seed),
    sigma,
    phi: Math.exp(-BUCKET_EVERY_S / 3600 / correlationH),
    state: 0,
  };
}

/** Brings a bucket whenever there is room for it. */
export function stepMine(mine: Mine, units: Units, ledger: Ledger, timeS: number): void {
  if (timeS - mine.lastBucketS < BUCKET_EVERY_S) return;
  if (100 * wetMass(units.rom) > TOP_UP_PERCENT * ROM_BIN_T) return;
  mine.lastBucketS = timeS;
  const bucket = fillBucket(mine, units);
  deposit(units.rom, bucket);
  book(ledger, STREAM["ore-delivered"], at(bucket, O_SOLIDS), at(bucket, O_WATER), oreGold(bucket), STEP_H);
}

function fillBucket(mine: Mine, { mine: factors }: Units): Float64Array {
  mine.current = nextLot(mine);
  const lot = mine.lots[mine.current] as Lot;
  const grade = factors.gradeFactor * wandered(mine.wanders["feed-grade"]);
  const moisture = factors.moistureFactor * wandered(mine.wanders.moisture);
  const hardness = factors.hardnessFactor * wandered(mine.wanders.hardness);
  const bucket = composition(lot, grade, moisture, hardness);
  const perT = BUCKET_T / wetMass(bucket);
  for (let i = 0; i < bucket.length; i++) bucket[i] = at(bucket, i) * perT;
  mine.taken[mine.current] = at(mine.taken, mine.current) + BUCKET_T;
  return bucket;
}

/** The lot that is furthest behind its share; lots that are used up begin again. */
function nextLot({ lots, taken }: Mine): number {
  let next = 0;
  let least = Infinity;
  for (const [i, lot] of lots.entries()) {
    const used = (at(taken, i) + BUCKET_T / 2) / lot.wetMassT;
    if (used < least) [next, least] = [i, used];
  }
  return next;
}

/** A factor with a mean of 1. */
function wandered(wander: Wander | null): number {
  if (wander === null) return 1;
  const { phi, sigma, random } = wander;
  wander.state = phi * wander.state + Math.sqrt(1 - phi * phi) * normal(random);
  return Math.exp(sigma * wander.state - (sigma * sigma) / 2);
}
