import type { MetricRecord } from "../../../src/domain/metric.ts";
import type { Inventory } from "../../../simulators/plant/inventory.ts";
import type { TruthWindow } from "../../../simulators/plant/truth.ts";
import { virtualPlant } from "./virtual-plant.ts";
import type { VirtualPlant } from "./virtual-plant.ts";

const HOUR = 3_600_000;
/** 18:00 in Lima: an hour before the end of a shift. */
const START = Date.UTC(2026, 10, 22, 23);
const EVENING_S = 18 * 3600;
const MORNING = START + 13 * HOUR;
const END = MORNING + 12 * HOUR;
/** All results are in by then. */
const LATER = END + 80 * HOUR;

const PERIODS = ["shift", "day"] as const;
const ASKED = Object.fromEntries(
  ["feed-tonnes", "accounting", "gold-in-circuit", "gravity-recovery", "gold"].map((id) => [id, PERIODS]),
);

/** A figure of the shift and what is true of it. */
export interface Compared {
  readonly metric: string;
  readonly value: number;
  readonly u: number;
  readonly truth: number;
}

export const inCircuit = (inventory: Inventory): number =>
  inventory.goldInGrindingG +
  inventory.goldInGravityG +
  inventory.goldInLeachSolidsG +
  inventory.goldInSolutionG +
  inventory.goldOnCarbonG +
  inventory.goldInGoldRoomG;

/** One shift of a plant whose instruments, constants, samples and ore are drawn anew with the seed. */
export async function compareShift(seed: number): Promise<readonly Compared[]> {
  using plant = virtualPlant({
    seed,
    startMs: START,
    startOfDayS: EVENING_S,
    metrics: ASKED,
    model: {
      disturbances: {
        "feed-grade": { sigma: 0.1, correlationH: 6 },
        moisture: { sigma: 0.08, correlationH: 12 },
        hardness: { sigma: 0.03, correlationH: 24 },
      },
    },
  });
  const { model } = plant;
  plant.runTo(MORNING);
  const before = model.truth().inventory;
  plant.runTo(END);
  const after = model.truth().inventory;
  plant.runTo(END + 60_000);
  await plant.settle(END + 60_000);
  await plant.settle(LATER, END + 60_000);
  const window = model.truthBetween((MORNING - START) / 1000, (END - START) / 1000);
  return compare(plant, window, before, after);
}

function compare(
  { journal, model }: VirtualPlant,
  { totals }: TruthWindow,
  before: Inventory,
  after: Inventory,
): Compared[] {
  const of = (id: string, period: "shift" | "day", truth: number): Compared => {
    const record: MetricRecord | null = journal.versions.latest(id, period, MORNING);
    const { value, u } = record ?? { value: null, u: null };
    return { metric: id, value: value ?? NaN, u: u ?? NaN, truth };
  };
  const feed = totals["mill-feed"];
  const held = inCircuit(after);
  const gained = totals.poured.goldG + held - inCircuit(before);
  const concentrate = totals["gravity-concentrate"];
  const { residueGrade } = model.sheet.units.gravity;
  const leached = 1 - residueGrade / (concentrate.goldG / concentrate.solidsT);
  return [
    of("feed-tonnes", "shift", feed.solidsT),
    of("accounting.headTails", "shift", 100 * (1 - totals.tails.goldG / feed.goldG)),
    of("gravity-recovery", "day", (100 * concentrate.goldG * leached) / feed.goldG),
    of("gold-in-circuit", "shift", held),
    of("gold.recovered", "day", gained),
    of("accounting.accounted", "shift", gained + totals.tails.goldG),
  ];
}
