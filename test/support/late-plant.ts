import { createConditioning } from "../../src/conditioning/conditioning.ts";
import { linearOf } from "../../src/conditioning/scaling.ts";
import type { Plant } from "../../src/config/plant.ts";
import type { ReadingBatch } from "../../src/domain/batch.ts";
import type { MetricRecord } from "../../src/domain/metric.ts";
import { openMetrics } from "../../src/gateway/metrics/metrics.ts";
import type { Metrics } from "../../src/gateway/metrics/metrics.ts";
import { openHistorian } from "../../src/store/historian/historian.ts";
import type { Historian } from "../../src/store/historian/historian.ts";
import { openJournal } from "../../src/store/journal/journal.ts";
import type { Journal } from "../../src/store/journal/journal.ts";
import { from, SHIFT } from "./gold-gateway.ts";
import { batchFrom } from "./history.ts";
import { silentLog } from "./http-server.ts";
import { clockAt, metallurgyOf } from "./laboratory.ts";
import { course } from "./metric-bench.ts";
import { constantOf, metricOf } from "./records.ts";
import { plantOf } from "./simulated-plant.ts";
import { tagOf } from "./tags.ts";

export { SHIFT };

/** Figures of one belt over a real history and a real journal, without a gateway around them. */
export interface LatePlant {
  readonly metrics: Metrics;
  readonly historian: Historian;
  readonly journal: Journal;
  belt(from: number, to: number, tonnesPerHour: number): ReadingBatch;
  latest(): MetricRecord | null;
}

/** Within this time, minutes after the shift, the next round of the figures is not due. */
const NOW = SHIFT.to + 3_600_000;

export async function openLatePlant(dir: string, past = Promise.resolve()): Promise<LatePlant> {
  const tags = plantOf([], [], [tagOf(0, { id: "WIT-201", unit: "t/h" })]).tags;
  const tonnes = {
    ...metricOf("tonnes", "M-04", {}),
    periods: ["rolling", "shift"] as const,
    inputs: { wet: from("WIT-201"), moisture: constantOf(0) },
  };
  const plant: Plant = {
    ...plantOf([], [], tags),
    metallurgy: metallurgyOf({ metrics: [tonnes] }),
    data: { dir, spoolBytesMax: 1_000_000, groupCommitMs: 20, historyDays: 400 },
  };
  const clock = clockAt(() => NOW);
  const log = silentLog;
  const shelves = tags.map((tag) => ({ name: tag.id, linear: linearOf(tag) }));
  const historian = await openHistorian({ dir, tags: shelves, historyDays: 400, clock, log });
  const journal = openJournal(dir);
  const metrics = openMetrics({
    plant,
    journal,
    history: historian,
    image: createConditioning(tags),
    clock,
    log,
    past,
  });
  return {
    metrics,
    historian,
    journal,
    belt: (start, end, rate) =>
      batchFrom(
        0,
        course(start, end, 30_000, () => rate),
      ),
    latest: () => journal.versions.latest("tonnes", "shift", SHIFT.from),
  };
}

/** Half an hour of other readings, from the middle of the shift. */
export function late(plant: LatePlant): ReadingBatch {
  const start = SHIFT.from + 6 * 3_600_000 + 15_000;
  return plant.belt(start, start + 1_800_000, 8);
}
