import type { Figure } from "../domain/figure.ts";
import { formula, ratio, sumOf } from "./formula.ts";

const GRAMS_PER_TROY_OUNCE = 31.1034768;
const DRY_TONNES_MIN = 0.2;
const GOLD_GRAMS_MIN = 0.1;

/** One place that holds gold. */
export interface Holding {
  /** `carbon CIL1`, `mill hold-up`, `safe` … */
  readonly component: string;
  readonly gold: Figure<"g">;
}

/** M-43. Gold in circuit, g: grinding hold-up, solids, solution and carbon of every tank, intensive leach, eluate, cathodes
 *  and safe. One unknown component makes the sum unknown: gold that is not counted is not zero. */
export function goldInCircuit(holdings: readonly Holding[]): Figure<"g"> {
  return sumOf(
    "g",
    holdings.map(({ gold }) => gold),
  );
}

/** M-43. Gold in the solids of a tank, g. */
export const goldInTankSolids = formula({
  unit: "g",
  inputs: { pulpVolume: "m3", slurry: "t/m3", solidsFraction: "1", grade: "g/t" },
  of: ({ pulpVolume, slurry, solidsFraction, grade }) => pulpVolume * slurry * solidsFraction * grade,
});

/** M-43. Gold in the solution of a tank, g (1 mg/L is 1 g/m3). */
export const goldInTankSolution = formula({
  unit: "g",
  inputs: { pulpVolume: "m3", slurry: "t/m3", solidsFraction: "1", solution: "g/m3", liquor: "t/m3" },
  of: ({ pulpVolume, slurry, solidsFraction, solution, liquor }) =>
    ratio(pulpVolume * slurry * (1 - solidsFraction) * solution, liquor, 0.5),
});

/** M-44. Gold in a doré bar, g, from its mass and fineness (share of gold). No value for a fineness outside [0, 1]. */
export const goldPoured = formula({
  unit: "g",
  inputs: { dore: "g", fineness: "1" },
  of: ({ dore, fineness }) => (fineness < 0 || fineness > 1 || dore < 0 ? "OUT_OF_DOMAIN" : dore * fineness),
});

/** M-44. Grams as troy ounces. */
export const troyOunces = formula({
  unit: "[oz_tr]",
  inputs: { gold: "g" },
  of: ({ gold }) => gold / GRAMS_PER_TROY_OUNCE,
});

/** M-44. Gold recovered in a period, g: poured, and what the circuit holds more than before. */
export const goldRecovered = formula({
  unit: "g",
  inputs: { poured: "g", inventoryStart: "g", inventoryEnd: "g" },
  of: ({ poured, inventoryStart, inventoryEnd }) => poured + inventoryEnd - inventoryStart,
});

/** M-45. Gold in the tails, g: in the solids and in the water that leaves with them. */
export const tailsGold = formula({
  unit: "g",
  inputs: { dry: "t", grade: "g/t", water: "m3", solution: "g/m3" },
  of: ({ dry, grade, water, solution }) =>
    dry < 0 || grade < 0 || water < 0 || solution < 0 ? "OUT_OF_DOMAIN" : dry * grade + water * solution,
});

const OUT = { poured: "g", inventoryStart: "g", inventoryEnd: "g", tails: "g" } as const;

interface Out {
  readonly poured: number;
  readonly inventoryStart: number;
  readonly inventoryEnd: number;
  readonly tails: number;
}

function accounted({ poured, inventoryStart, inventoryEnd, tails }: Out): number {
  return poured + inventoryEnd - inventoryStart + tails;
}

/** M-46. Gold that is accounted for, g: poured + change of inventory + tails. */
export const goldAccounted = formula({ unit: "g", inputs: OUT, of: accounted });

/** M-46. Head grade that the products mean, g/t, to be set beside the assayed one. */
export const calculatedHead = formula({
  unit: "g/t",
  inputs: { ...OUT, dry: "t" },
  of: ({ dry, ...out }) => ratio(accounted(out), dry, DRY_TONNES_MIN),
});

/** M-46. Check-in/check-out recovery, %: recovered over accounted. Needs no head assay. */
export const checkOutRecovery = formula({
  unit: "%",
  inputs: OUT,
  of: (out) => ratio(100 * (accounted(out) - out.tails), accounted(out), GOLD_GRAMS_MIN),
});

/** M-46. Recovery by head and tails, %: 1 − tails gold / gold in feed. No value when the tails hold more than the feed. */
export const headTailsRecovery = formula({
  unit: "%",
  inputs: { goldInFeed: "g", tails: "g" },
  of: ({ goldInFeed, tails }) => {
    const lost = ratio(tails, goldInFeed, GOLD_GRAMS_MIN);
    if (typeof lost === "string") return lost;
    return lost > 1 || lost < 0 ? "OUT_OF_DOMAIN" : 100 * (1 - lost);
  },
});

/** M-46. Gold fed and not accounted for, g; negative when more came out. */
export const unaccountedGold = formula({
  unit: "g",
  inputs: { goldInFeed: "g", ...OUT },
  of: ({ goldInFeed, ...out }) => goldInFeed - accounted(out),
});

/** M-46. The same as a share of the feed, %. */
export const unaccountedShare = formula({
  unit: "%",
  inputs: { goldInFeed: "g", ...OUT },
  of: ({ goldInFeed, ...out }) => ratio(100 * (goldInFeed - accounted(out)), goldInFeed, GOLD_GRAMS_MIN),
});

/** M-46. Plant call factor: accounted gold over gold in feed. To be looked into outside 0.95 to 1.05, or when it differs
 *  from 1 by more than twice its uncertainty; never to be spread over the raw numbers. */
export const callFactor = formula({
  unit: "1",
  inputs: { goldInFeed: "g", ...OUT },
  of: ({ goldInFeed, ...out }) => ratio(accounted(out), goldInFeed, GOLD_GRAMS_MIN),
});
