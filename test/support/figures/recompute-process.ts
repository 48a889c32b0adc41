/** A program that computes the figures of a day of the plant in a data folder: `recompute-process.ts DIR STEPS`. It kills
 *  itself after so many steps, a step being a figure that is computed or one that is written; prints `done` when it gets to
 *  the end. */
import { join } from "node:path";
import { steadyState } from "../../../simulators/instruments/steady-state.ts";
import { readSteadyState } from "../../../simulators/instruments/steady-state-table.ts";
import { quantised } from "../../../simulators/codec/raw.ts";
import { loadPlant } from "../../../src/config/load.ts";
import type { Assay } from "../../../src/domain/assay.ts";
import { createBatch } from "../../../src/domain/batch.ts";
import { createCalendar } from "../../../src/domain/calendar.ts";
import { sourcesOfMetric } from "../../../src/gateway/metrics/binding.ts";
import { createEngine } from "../../../src/gateway/metrics/engine.ts";
import type { Engine } from "../../../src/gateway/metrics/engine.ts";
import { compileMetrics } from "../../../src/gateway/metrics/compile.ts";
import { assayChange } from "../../../src/gateway/metrics/outside-changes.ts";
import { openJournal } from "../../../src/store/journal/journal.ts";
import type { Journal } from "../../../src/store/journal/journal.ts";
import { columnHistory } from "./column-history.ts";
import type { ColumnHistory } from "./column-history.ts";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
/** 07:00 in Lima. */
const MORNING = Date.UTC(2026, 10, 22, 12);
const NOW = MORNING + 24 * HOUR + 60_000;
const GRADES = [
  ["AY-901", "g/t", 12],
  ["AY-902", "g/t", 7.6],
  ["AY-903", "g/t", 0.52],
  ["AY-904", "mg/L", 0.0073],
  ["AY-950", "%", 3.5],
] as const;

const plant = loadPlant(join(import.meta.dirname, "../../../devices/plants/puma.yaml"));

export const METRICS = compileMetrics(plant).metrics;

/** Counts down to the end of this process. */
function fuse(steps: number): () => void {
  let left = steps;
  return () => {
    if (--left === 0) process.kill(process.pid, "SIGKILL");
  };
}

/** A reading a minute of every tag of the figures. */
function dayOfHistory(): ColumnHistory {
  const history = columnHistory();
  const source = steadyState(plant, 1, readSteadyState());
  const sources = METRICS.flatMap(sourcesOfMetric);
  const tags = new Set(sources.flatMap((one) => (one.from === "tag" ? [one.tag] : [])));
  const batch = createBatch(1);
  batch.length = 1;
  for (const tag of tags)
    for (let time = MORNING - HOUR; time < NOW; time += MINUTE) {
      batch.tag[0] = tag.index;
      batch.value[0] = Number(quantised(tag, source.valueAt(tag, time)));
      batch.sourceTime[0] = time;
      history.append(batch);
    }
  return history;
}

/** Results that come when the figures are there already: everything that is made of them is computed again. */
function takeAssays(journal: Journal, engine: Engine): void {
  const points = new Map((plant.metallurgy?.assays ?? []).map((point) => [point.id, point]));
  const calendar = createCalendar(plant);
  for (const [point, unit, value] of GRADES)
    for (const from of [MORNING, MORNING + 12 * HOUR]) {
      const to = from + 12 * HOUR;
      if (journal.assays.cutWithin(point, from, to).length > 0) continue;
      const times = { cutFrom: from, cutTo: to, reportedAt: NOW, receivedAt: NOW };
      journal.transaction(() => {
        journal.assays.append([{ ...ASSAY, ...times, point, unit, value, sample: `${point}-${from}` }]);
        const change = { point, from, to, by: "laboratory", reason: null };
        engine.change(assayChange(change, points, calendar, NOW));
      });
    }
}

const ASSAY: Omit<
  Assay,
  "point" | "unit" | "value" | "sample" | "cutFrom" | "cutTo" | "reportedAt" | "receivedAt"
> = {
  kind: "sample",
  version: 1,
  revision: 1,
  u: null,
  asReported: "",
  method: null,
  batch: null,
  material: null,
  state: "accepted",
  by: "laboratory",
  reason: null,
};

async function recompute(dir: string, steps: number): Promise<void> {
  const burn = fuse(steps);
  const journal = openJournal(dir);
  const { outbox } = journal;
  const engine = createEngine({
    metrics: METRICS,
    calendar: createCalendar(plant),
    history: dayOfHistory(),
    journal: {
      ...journal,
      outbox: {
        ...outbox,
        post(figure) {
          burn();
          outbox.post(figure);
        },
      },
    },
    now() {
      burn();
      return NOW;
    },
  });
  engine.close(NOW, MORNING);
  await engine.settle();
  takeAssays(journal, engine);
  await engine.settle();
  journal.close();
  process.stdout.write("done\n");
}

const [, , dir = "", steps = "0"] = process.argv;
if (import.meta.main) await recompute(dir, Number(steps));
