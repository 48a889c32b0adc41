import { LABORATORY_FAULTS, disturb } from "../../../simulators/laboratory/faults.ts";
import type { Inventory } from "../../../simulators/plant/inventory.ts";
import type { MetricRecord } from "../../../src/domain/metric.ts";
import { inCircuit } from "./shift-against-truth.ts";
import { virtualPlant } from "./virtual-plant.ts";
import type { VirtualPlant } from "./virtual-plant.ts";

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
/** 18:00 in Lima, the evening before the first production day of a month. */
const START = Date.UTC(2026, 9, 31, 23);
const EVENING_S = 18 * 3600;
export const FIRST = START + 13 * HOUR;

const PERIODS = ["shift", "day", "month"] as const;
const ASKED = Object.fromEntries(
  [
    "feed-tonnes",
    "feed-dry",
    "accounting",
    "gold",
    "concentrate",
    "overflow",
    "tailings",
    "soluble-gold",
    "residue",
    "gold-poured",
    "pulp-gold-change",
    "ore-water",
    "mill-water",
    "reagent-water",
    "fresh-water",
    "reclaimed",
  ].map((id) => [id, PERIODS]),
);

/** What became of some days. */
export interface DaysOfFigures {
  /** Last versions of the shifts, the days and the month of a metric. */
  of(metric: string, period: "shift" | "day" | "month"): readonly MetricRecord[];
  readonly balance: ReturnType<VirtualPlant["balance"]>;
  readonly openWork: number;
  readonly truth: {
    readonly dryT: number;
    readonly tailsG: number;
    readonly gainedG: number;
    readonly pouredG: number;
  };
}

/** Days of a plant with an outage of the gateway each day, a scale that sticks, late results of the laboratory, and ore that
 *  varies; figures are computed at the end of each shift, and readings of the day before yesterday are no longer there. */
export async function runDays(seed: number, days: number): Promise<DaysOfFigures> {
  using plant = virtualPlant({
    seed,
    startMs: START,
    startOfDayS: EVENING_S,
    metrics: ASKED,
    model: {
      disturbances: {
        "feed-grade": { sigma: 0.15, correlationH: 12 },
        moisture: { sigma: 0.1, correlationH: 24 },
      },
    },
  });
  const { model, journal } = plant;
  plant.runTo(FIRST);
  const before: Inventory = model.truth().inventory;
  await plant.settle(FIRST + 60_000);
  for (let day = 0; day < days; day++) await runDay(plant, FIRST + day * DAY);
  const end = FIRST + days * DAY;
  const after = model.truth().inventory;
  await plant.settle(end + 4 * DAY, end + 60_000);
  const { totals } = model.truthBetween((FIRST - START) / 1000, (end - START) / 1000);
  const gainedG = totals.poured.goldG + inCircuit(after) - inCircuit(before);
  const records = new Map(
    Object.values(plant.engine.graph.metrics).flatMap(({ id }) =>
      PERIODS.map(
        (period) => [`${id} ${period}`, journal.versions.between(id, period, FIRST, end, false)] as const,
      ),
    ),
  );
  return {
    of: (metric, period) => records.get(`${metric} ${period}`) ?? [],
    balance: plant.balance("month", FIRST),
    openWork: journal.work.count(),
    truth: {
      dryT: totals["mill-feed"].solidsT,
      tailsG: totals.tails.goldG,
      gainedG,
      pouredG: totals.poured.goldG,
    },
  };
}

async function runDay(plant: VirtualPlant, from: number): Promise<void> {
  const { model, laboratory } = plant;
  plant.runTo(from + 3 * HOUR);
  const release = model.strike("WIT-201", { isStuck: true });
  plant.runTo(from + 3 * HOUR + HOUR / 3);
  release();
  plant.runTo(from + 5 * HOUR);
  plant.runUnseenTo(from + 6 * HOUR);
  const comeBack = disturb(laboratory.bench, "late-assay", LABORATORY_FAULTS["late-assay"].usualAmount);
  plant.runTo(from + 12 * HOUR);
  comeBack();
  await plant.settle(from + 12 * HOUR + 60_000);
  plant.runTo(from + DAY);
  await plant.settle(from + DAY + 60_000);
  plant.forget(from - DAY);
}
