import { compileMetrics } from "../../../src/gateway/metrics/compile.ts";
import type { MetricRecord } from "../../../src/domain/metric.ts";
import { PERIOD_KINDS } from "../../../src/domain/calendar.ts";
import { loadPlant } from "../../../src/config/load.ts";
import { PUMA_FILE, virtualPlant } from "./virtual-plant.ts";

const HOUR = 3_600_000;
/** 06:00 in Lima, an hour before a production day. */
const START = Date.UTC(2026, 10, 22, 11);
const MORNING = START + HOUR;
const END = MORNING + 24 * HOUR;
/** All results are in by then. */
const LATER = END + 80 * HOUR;
/** In the afternoon the mill feed belt runs empty, and shows the zero of its scale. */
const EMPTY = MORNING + 8 * HOUR;
const EMPTY_MS = 600_000;

export interface FiguresOfADay {
  /** Every version of every figure. */
  readonly figures: readonly MetricRecord[];
  /** What each is called. */
  readonly expected: readonly string[];
}

/** Every metric of the plant file over a production day of the simulated plant. What the file asks for at every moment and
 *  over the last hour only is asked for by shift. */
export async function figuresOfADay(): Promise<FiguresOfADay> {
  const { tags, metallurgy } = loadPlant(PUMA_FILE);
  if (metallurgy === undefined) throw new Error("The plant file has no figures.");
  const asked = metallurgy.metrics.map(
    ({ id, periods }) => [id, [...new Set([...periods, "shift" as const])]] as const,
  );
  using plant = virtualPlant({
    seed: 1,
    startMs: START,
    startOfDayS: 6 * 3600,
    metrics: Object.fromEntries(asked),
    model: {},
  });
  plant.runTo(EMPTY);
  const end = plant.model.upset("feed-loss", 0);
  plant.runTo(EMPTY + EMPTY_MS);
  end();
  plant.runTo(END + 60_000);
  await plant.settle(END + 60_000);
  await plant.settle(LATER, END + 60_000);
  const { metrics } = compileMetrics({ tags, metallurgy });
  const figures = metrics.flatMap(({ id }) =>
    PERIOD_KINDS.flatMap((kind) =>
      plant.journal.versions.between(id, kind, MORNING - 31 * 24 * HOUR, END, false),
    ),
  );
  return { figures, expected: metrics.map(({ id }) => id) };
}
