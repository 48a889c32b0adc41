import { C_GOLD, C_MASS } from "../plant/carbon.ts";
import { wadMgPerL } from "../plant/detox.ts";
import {
  carbonLoading,
  FIRST_CARBON_TANK,
  shareUnfouled,
  solidGrade,
  solutionGrade,
  T_CARBON,
  tankVolume,
  TANKS,
} from "../plant/leach.ts";
import type { Movement } from "../plant/ledger.ts";
import type { PlantModel } from "../plant/model.ts";
import { O_SOFTNESS, O_SOLIDS, REFERENCE_WORK_INDEX } from "../plant/ore.ts";
import { SOLIDS } from "../plant/pulp.ts";
import { passingShare, UPPER_UM } from "../plant/sizes.ts";
import type { TruthWindow } from "../plant/truth.ts";
import type { Units } from "../plant/units.ts";
import { at } from "../plant/vector.ts";
import { METHODS, SAMPLING } from "./methods.ts";
import type { Method, Sampling } from "./methods.ts";

/** What is sampled, how often, and what is true of it. */
export interface SamplePlan {
  readonly tag: string;
  readonly unit: string;
  /** `shift` cuts a composite over the shift, `round` a spot sample at the end of each shift, `day` one at the end of the day
   *  shift. */
  readonly every: "shift" | "round" | "day";
  readonly sampling: Sampling;
  readonly method: Method;
  /** NaN when there is nothing to sample. */
  readonly truth: (model: PlantModel, shift: TruthWindow) => number;
}

const { FIRE, ASHED, SOLUTION, OVEN, SIEVES, SCREENED, MILLED, STIRRED, SIEVED, TITRATION } = METHODS;
const { NONE, BELT, PULP, LIQUOR, ORE_WATER, CARBON } = SAMPLING;

const grade = ({ goldG, solidsT }: Movement) => (solidsT > 0 ? goldG / solidsT : NaN);

function ofTanks(
  first: number,
  from: number,
  one: Omit<SamplePlan, "tag" | "every" | "truth">,
  truth: (tank: Float64Array) => number,
) {
  return Array.from({ length: TANKS - from }, (_, i): SamplePlan => {
    const number = first + i;
    return {
      ...one,
      tag: `AY-${number}`,
      every: "round",
      truth: ({ sheet }) => truth(sheet.units.leach.tanks[from + i] as Float64Array),
    };
  });
}

const BOUND_100_UM = UPPER_UM.indexOf(100);

function through100Um(tag: string, of: (units: Units) => Float64Array): SamplePlan {
  return {
    tag,
    unit: "%",
    every: "shift",
    sampling: NONE,
    method: SCREENED,
    truth: ({ sheet }) => 100 * passingShare(of(sheet.units), SOLIDS, BOUND_100_UM),
  };
}

/** Of Bond's locked cycles with the screen and the sizes for which the plant file takes them. */
const BOND = { screenUm: 150, feed80Um: 2250, product80Um: 113 } as const;

/** What a turn of the laboratory's mill gives of an ore, g. */
function bondGramsPerTurn(workIndex: number): number {
  const { screenUm, feed80Um, product80Um } = BOND;
  const sizes = 10 / Math.sqrt(product80Um) - 10 / Math.sqrt(feed80Um);
  return (49.1 / (workIndex * screenUm ** 0.23 * sizes)) ** (1 / 0.82);
}

function workIndexOf(ore: Float64Array): number {
  return (REFERENCE_WORK_INDEX * at(ore, O_SOLIDS)) / at(ore, O_SOFTNESS);
}

/** Rate constant of fresh carbon in the laboratory's test. */
const FRESH_RATE = 120;

function activityIn({ leach }: Units): number {
  return shareUnfouled(leach.tanks[FIRST_CARBON_TANK] as Float64Array);
}

/** The samples of the plant's list, in its order. Doré is weighed and assayed when it is poured and has its own way. */
export const SAMPLE_PLANS: readonly SamplePlan[] = [
  {
    tag: "AY-901",
    unit: "g/t",
    every: "shift",
    sampling: BELT,
    method: FIRE,
    truth: (_, { totals }) => grade(totals["mill-feed"]),
  },
  {
    tag: "AY-902",
    unit: "g/t",
    every: "shift",
    sampling: BELT,
    method: FIRE,
    truth: (_, { totals }) => grade(totals["cyclone-overflow"]),
  },
  {
    tag: "AY-903",
    unit: "g/t",
    every: "shift",
    sampling: PULP,
    method: FIRE,
    truth: (_, { totals }) => (totals.tails.goldG - totals["tails-solution"].goldG) / totals.tails.solidsT,
  },
  {
    tag: "AY-904",
    unit: "mg/L",
    every: "shift",
    sampling: LIQUOR,
    method: SOLUTION,
    truth: (_, { totals }) => totals["tails-solution"].goldG / totals["tails-solution"].waterT,
  },
  {
    tag: "AY-905",
    unit: "g/t",
    every: "day",
    sampling: NONE,
    method: ASHED,
    truth: (_, { totals }) => grade(totals["gravity-concentrate"]),
  },
  {
    tag: "AY-906",
    unit: "g/t",
    every: "day",
    sampling: NONE,
    method: ASHED,
    truth: ({ sheet }) => sheet.units.gravity.residueGrade,
  },
  ...ofTanks(911, 0, { unit: "g/t", sampling: PULP, method: FIRE }, solidGrade),
  ...ofTanks(921, 0, { unit: "mg/L", sampling: LIQUOR, method: SOLUTION }, solutionGrade),
  ...ofTanks(933, FIRST_CARBON_TANK, { unit: "g/t", sampling: NONE, method: ASHED }, carbonLoading),
  ...ofTanks(
    941,
    FIRST_CARBON_TANK,
    { unit: "kg/m3", sampling: CARBON, method: SIEVED },
    (tank) => (1000 * at(tank, T_CARBON)) / tankVolume(tank),
  ),
  {
    tag: "AY-950",
    unit: "%",
    every: "shift",
    sampling: ORE_WATER,
    method: OVEN,
    truth: (_, { totals: { "mill-feed": feed } }) => (100 * feed.waterT) / (feed.waterT + feed.solidsT),
  },
  {
    tag: "AY-951",
    unit: "um",
    every: "day",
    sampling: BELT,
    method: SIEVES,
    truth: ({ sheet }) => sheet.units.feed.f80Um,
  },
  {
    tag: "AY-952",
    unit: "um",
    every: "shift",
    sampling: BELT,
    method: SIEVES,
    truth: ({ sheet }) => sheet.units.sump.overflowP80Um,
  },
  {
    tag: "AY-953",
    unit: "g/t",
    every: "day",
    sampling: NONE,
    method: ASHED,
    truth: ({ sheet: { units } }) => at(units.carbon.stripped, C_GOLD) / at(units.carbon.stripped, C_MASS),
  },
  {
    tag: "AY-956",
    unit: "mg{CN}/L",
    every: "shift",
    sampling: NONE,
    method: TITRATION,
    truth: ({ sheet }) => wadMgPerL(sheet.units.tailings.detox),
  },
  through100Um("AY-961", ({ sump }) => sump.pumped),
  through100Um("AY-962", ({ cyclone }) => cyclone.overflow),
  through100Um("AY-963", ({ cyclone }) => cyclone.underflow),
  {
    tag: "AY-964",
    unit: "g",
    every: "day",
    sampling: BELT,
    method: MILLED,
    truth: ({ sheet }) => bondGramsPerTurn(workIndexOf(sheet.units.feed.drawn)),
  },
  {
    tag: "AY-965",
    unit: "1",
    every: "day",
    sampling: NONE,
    method: STIRRED,
    truth: ({ sheet: { units } }) => FRESH_RATE * units.leach.carbonActivity * activityIn(units),
  },
  { tag: "AY-966", unit: "1", every: "day", sampling: NONE, method: STIRRED, truth: () => FRESH_RATE },
];
