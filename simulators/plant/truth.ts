import { carbonLoading, FIRST_CARBON_TANK, solidGrade, solutionGrade } from "./leach.ts";
import type { Flowsheet } from "./flowsheet.ts";
import { takeInventory } from "./inventory.ts";
import type { Inventory } from "./inventory.ts";
import { movement, STREAMS } from "./ledger.ts";
import type { Movement, Stream } from "./ledger.ts";

/** What really is, without instruments. */
export interface Truth {
  /** Since the start of the model, s. */
  readonly timeS: number;
  /** Of every stream, per hour. */
  readonly flows: Readonly<Record<Stream, Movement>>;
  /** Of every stream, since the start. */
  readonly totals: Readonly<Record<Stream, Movement>>;
  readonly grades: Grades;
  readonly inventory: Inventory;
  /** Share of the gold that went to concentrate, carbon or doré and not to tailings, over the last 24 h (since the start when that
   *  is shorter), 0…1; null while neither has got any. */
  readonly recovery: number | null;
}

export interface Grades {
  /** g/t; null where nothing flows. */
  readonly feed: number | null;
  readonly leachFeed: number | null;
  /** Solids of what goes to the tailings with its dissolved gold, g/t. */
  readonly tails: number | null;
  /** Leach 1 … CIL 5. */
  readonly solids: readonly number[];
  /** mg/L. */
  readonly solutions: readonly number[];
  /** CIL 1 … 5, g/t of carbon. */
  readonly carbon: readonly number[];
  readonly p80Um: number;
}

/** What happened in a window: differences of the books. */
export interface TruthWindow {
  readonly fromS: number;
  readonly toS: number;
  readonly totals: Readonly<Record<Stream, Movement>>;
  /** Gold that the products took up: poured, and what concentrate, carbon and gold room hold more than before, g. */
  readonly productsG: number;
  readonly tailsG: number;
  readonly recovery: number | null;
}

/** One line of the books as it stood at a time: totals of all streams, then gold held by the products, g. */
export type BookLine = Float64Array;

export function bookLine({ ledger, units }: Flowsheet): BookLine {
  const line = new Float64Array(ledger.totals.length + 1);
  line.set(ledger.totals);
  line[ledger.totals.length] = goldInProducts(takeInventory(units));
  return line;
}

export function goldInProducts(inventory: Inventory): number {
  return inventory.goldInGravityG + inventory.goldOnCarbonG + inventory.goldInGoldRoomG;
}

export function streams(values: Float64Array): Record<Stream, Movement> {
  const all = STREAMS.map((stream) => [stream, movement(values, stream)] as const);
  return Object.fromEntries(all) as Record<Stream, Movement>;
}

/** What lies between two lines of the books. */
export function windowBetween(fromS: number, toS: number, from: BookLine, to: BookLine): TruthWindow {
  const difference = to.map((value, i) => value - (from[i] as number));
  const totals = streams(difference);
  const tailsG = totals.tails.goldG;
  const productsG = totals.poured.goldG + (difference.at(-1) as number);
  const accounted = productsG + tailsG;
  return { fromS, toS, totals, productsG, tailsG, recovery: accounted > 0 ? productsG / accounted : null };
}

export function truthOf(sheet: Flowsheet, lastDay: TruthWindow): Truth {
  const { units, ledger, timeS } = sheet;
  const flows = streams(ledger.rates);
  const { tanks } = units.leach;
  return {
    timeS,
    flows,
    totals: streams(ledger.totals),
    grades: {
      feed: gradeOf(flows["mill-feed"]),
      leachFeed: gradeOf(flows["cyclone-overflow"]),
      tails: gradeOf(flows.tails),
      solids: tanks.map(solidGrade),
      solutions: tanks.map(solutionGrade),
      carbon: tanks.slice(FIRST_CARBON_TANK).map(carbonLoading),
      p80Um: units.sump.overflowP80Um,
    },
    inventory: takeInventory(units),
    recovery: lastDay.recovery,
  };
}

function gradeOf({ goldG, solidsT }: Movement): number | null {
  return solidsT > 0 ? goldG / solidsT : null;
}
