import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { rawOf } from "../../../simulators/codec/raw.ts";
import { instrumentSpecs } from "../../../simulators/instruments/instrument-specs.ts";
import { readSteadyState } from "../../../simulators/instruments/steady-state-table.ts";
import { assaysCsv } from "../../../simulators/laboratory/assay.ts";
import { createLaboratory, visit } from "../../../simulators/laboratory/laboratory.ts";
import type { Laboratory } from "../../../simulators/laboratory/laboratory.ts";
import { createPlantModel } from "../../../simulators/plant/model.ts";
import type { InstrumentSpec } from "../../../simulators/plant/instruments.ts";
import type { ModelOptions, PlantModel } from "../../../simulators/plant/model.ts";
import { isSetpoint } from "../../../simulators/plant/setpoints.ts";
import { SIGNAL } from "../../../simulators/plant/signal-list.ts";
import type { SignalId } from "../../../simulators/plant/signal-list.ts";
import { createConditioning } from "../../../src/conditioning/conditioning.ts";
import { loadPlant } from "../../../src/config/load.ts";
import type { Plant } from "../../../src/config/plant.ts";
import { clearBatch, createBatch } from "../../../src/domain/batch.ts";
import type { ReadingBatch } from "../../../src/domain/batch.ts";
import { createCalendar } from "../../../src/domain/calendar.ts";
import type { EntryBodies, EntryDraft, EntryKind } from "../../../src/domain/entry.ts";
import type { PeriodKind } from "../../../src/domain/calendar.ts";
import type { MetricPeriod } from "../../../src/domain/metric.ts";
import { systemClock } from "../../../src/domain/system-clock.ts";
import type { Tag } from "../../../src/domain/tag.ts";
import type { Clock, EpochMs } from "../../../src/domain/time.ts";
import { createZone } from "../../../src/domain/zone.ts";
import { sourcesOfMetric } from "../../../src/gateway/metrics/binding.ts";
import { balanceOf } from "../../../src/gateway/metrics/balance.ts";
import { compileMetrics } from "../../../src/gateway/metrics/compile.ts";
import { createEngine } from "../../../src/gateway/metrics/engine.ts";
import type { Engine } from "../../../src/gateway/metrics/engine.ts";
import { assayChange, entryChange } from "../../../src/gateway/metrics/outside-changes.ts";
import { createAssayDesk } from "../../../src/gateway/laboratory/desk.ts";
import { createEntryDesk } from "../../../src/gateway/laboratory/entry-desk.ts";
import { ASSAY_COLUMNS, readAssays } from "../../../src/http/sheets/assay-sheet.ts";
import { rowsOfCsv } from "../../../src/http/sheets/sheet.ts";
import { openJournal } from "../../../src/store/journal/journal.ts";
import type { Journal } from "../../../src/store/journal/journal.ts";
import { biasInstruments, drawsOf, offConstants } from "./biases.ts";
import type { Draw } from "./biases.ts";
import { columnHistory } from "./column-history.ts";

export const PUMA_FILE = join(import.meta.dirname, "../../../devices/plants/puma.yaml");
const SWEEP_S = 10;

export interface VirtualPlantOptions {
  readonly seed: number;
  readonly startMs: EpochMs;
  /** Local time of day then, s. */
  readonly startOfDayS: number;
  /** Metrics of the plant file by name before the point, and the periods that are asked for; what they are made of comes along. */
  readonly metrics: Readonly<Record<string, readonly MetricPeriod[]>>;
  readonly model: ModelOptions;
}

/** The plant of the plant file with everything between ore and figure, on a time of its own and without sockets: process
 *  model, instruments with errors of their own, registers, conditioning, history, laboratory and the engine of figures. */
export interface VirtualPlant extends Disposable {
  readonly model: PlantModel;
  readonly laboratory: Laboratory;
  readonly engine: Engine;
  readonly journal: Journal;
  readonly draw: Draw;
  readonly now: EpochMs;
  /** Lets the plant run; readings go into the history. */
  runTo(time: EpochMs): void;
  /** The same with no gateway to read anything. */
  runUnseenTo(time: EpochMs): void;
  /** Drops readings of before. */
  forget(before: EpochMs): void;
  /** The flowsheet over a closed period. */
  balance(kind: PeriodKind, at: EpochMs): ReturnType<typeof balanceOf>;
  /** Moves the time on without the plant, hands over what the laboratory has reported since, and computes the periods that
   *  were over at `closeMs`. */
  settle(time: EpochMs, closeMs?: EpochMs): Promise<void>;
}

let loaded: Plant | null = null;

export function virtualPlant(options: VirtualPlantOptions): VirtualPlant {
  const { seed, startMs, startOfDayS } = options;
  const plant = (loaded ??= loadPlant(PUMA_FILE));
  const draw = drawsOf(seed);
  const whole = plant.metallurgy;
  if (whole === undefined) throw new Error("The plant file has no figures.");
  const asked = whole.metrics.map((metric) => ({ ...metric, periods: options.metrics[metric.id] ?? [] }));
  const metallurgy = offConstants({ ...whole, metrics: asked }, draw);
  const { metrics } = compileMetrics({ tags: plant.tags, metallurgy });
  const used = usedBy(options.metrics, metrics);
  const wanted = metrics.filter(({ base }) => used.has(base));
  const tags = tagsOf(wanted);
  const instruments = noisyWhereRead(instrumentSpecs(plant.tags, readSteadyState()), tags);
  const model = createPlantModel({ seed, instruments, startOfDayS, ...options.model });
  const laboratory = createLaboratory(seed, startMs, startOfDayS);
  const history = columnHistory();
  const dir = mkdtempSync(join(tmpdir(), "puma-truth-"));
  const journal = openJournal(dir);
  const calendar = createCalendar(plant);
  const points = new Map(metallurgy.assays.map((point) => [point.id, point]));
  let now = startMs;
  journal.started(now);
  const clock: Clock = { ...systemClock, now: () => now };
  const engine = createEngine({ metrics, calendar, history, journal, now: () => now });
  biasInstruments(model, wanted, draw);
  const poll = poller(plant.tags, tags, model, startMs, (batch) => history.append(batch));
  const assays = createAssayDesk({
    metallurgy,
    journal,
    clock,
    changed: (all) => all.forEach((one) => engine.change(assayChange(one, points, calendar, now))),
  });
  const entries = createEntryDesk({
    journal,
    clock,
    changed: (all) => all.forEach((one) => engine.change(entryChange(one, now))),
  });
  const zone = createZone(plant.timeZone);
  let delivered = -Infinity;

  function enter<K extends EntryKind>(kind: K, ref: string, at: EpochMs, body: EntryBodies[K]): void {
    const draft: EntryDraft = { row: 1, kind, ref, from: at, to: at, body, reason: null };
    entries.take([draft], "metallurgist");
  }

  function run(time: EpochMs, read: (timeS: number) => void): void {
    const untilS = Math.round((time - startMs) / 1000);
    while (model.timeS < untilS) {
      model.step(1);
      read(model.timeS);
      visit(laboratory, model);
    }
    now = time;
  }

  const massOf = (bar: string): number =>
    laboratory.bench.reports.find(({ sample, tag }) => sample === bar && tag === "AY-954")?.value ?? NaN;

  /** Results and counts since the last time. */
  function deliver(): void {
    const news = laboratory.bench.reports.filter(
      ({ reportedMs }) => reportedMs > delivered && reportedMs <= now,
    );
    const fresh = laboratory.counts.filter(({ at }) => at > delivered && at <= now);
    delivered = now;
    for (const { component, at, goldG, uG } of fresh)
      enter("stocktake", `${component} ${at}`, at, { component, goldG, uG });
    for (const { sample, tag, value, cutToMs } of news)
      if (tag === "AY-955") enter("pour", sample, cutToMs, { doreG: massOf(sample), fineness: value });
    if (news.length === 0) return;
    const csv = new TextEncoder().encode(assaysCsv(news));
    assays.take(readAssays(rowsOfCsv(csv, ASSAY_COLUMNS), zone), "laboratory");
  }

  return {
    model,
    laboratory,
    engine,
    journal,
    draw,
    get now() {
      return now;
    },
    runTo: (time) => run(time, poll),
    runUnseenTo(time) {
      journal.alive(now);
      run(time, () => undefined);
      journal.started(now);
    },
    forget: (before) => history.forget(before),
    balance: (kind, at) => balanceOf({ flowsheet: metallurgy.flowsheet, points, engine }, kind, at),
    async settle(time, closeMs = time) {
      now = time;
      deliver();
      engine.close(closeMs, startMs);
      await engine.settle();
    },
    [Symbol.dispose]() {
      journal.close();
      rmSync(dir, { recursive: true, force: true });
    },
  };
}

/** Names of the metrics that are asked for and of all that they are made of. */
function usedBy(
  asked: Readonly<Record<string, readonly MetricPeriod[]>>,
  metrics: ReturnType<typeof compileMetrics>["metrics"],
): ReadonlySet<string> {
  const used = new Set(Object.keys(asked));
  for (const metric of metrics.toReversed())
    if (used.has(metric.base))
      for (const source of sourcesOfMetric(metric))
        if (source.from === "metric") used.add(source.metric.split(".", 1)[0] ?? "");
  return used;
}

function isSimulated(id: string): boolean {
  return Object.hasOwn(SIGNAL, id) || isSetpoint(id);
}

function tagsOf(metrics: ReturnType<typeof compileMetrics>["metrics"]): readonly Tag[] {
  const sources = metrics.flatMap(sourcesOfMetric);
  const found = sources.flatMap((source) =>
    source.from === "tag" && isSimulated(source.tag.id) ? [source.tag] : [],
  );
  return [...new Set(found)];
}

/** Instruments that no figure reads show the truth: making up the noise of all of them would take most of the time. */
function noisyWhereRead(specs: readonly InstrumentSpec[], tags: readonly Tag[]): readonly InstrumentSpec[] {
  const read = new Set(tags.map(({ id }) => id));
  const rates = new Set(
    specs.flatMap(({ tag, rate }) => (read.has(tag) && rate >= 0 ? [specs[rate]?.tag] : [])),
  );
  return specs.map((spec) =>
    spec.kind === "analog" && !read.has(spec.tag) && !rates.has(spec.tag) ? { ...spec, kind: "exact" } : spec,
  );
}

/** Reads the registers of some tags, each in its own period, as the gateway does. */
function poller(
  all: readonly Tag[],
  tags: readonly Tag[],
  model: PlantModel,
  startMs: EpochMs,
  keep: (batch: ReadingBatch) => void,
): (timeS: number) => void {
  const conditioning = createConditioning(all);
  const batch = createBatch(tags.length);
  const told = createBatch(tags.length + all.length);
  const everyS = tags.map(({ periodMs }) => Math.max(1, Math.round(periodMs / 1000)));
  const reads = tags.map(({ id }): (() => number) => {
    if (isSetpoint(id)) return () => model.setpoint(id);
    const place = SIGNAL[id as SignalId];
    return () => model.readings[place] as number;
  });
  return (timeS) => {
    clearBatch(batch);
    clearBatch(told);
    const time = startMs + 1000 * timeS;
    for (const [i, tag] of tags.entries()) {
      if (timeS % (everyS[i] as number) !== 0) continue;
      const row = batch.length++;
      batch.tag[row] = tag.index;
      batch.value[row] = Number(rawOf(tag, (reads[i] as () => number)()));
      batch.status[row] = 0;
      batch.sourceTime[row] = time;
      batch.receivedTime[row] = time;
    }
    conditioning.accept(batch, 1000 * timeS, told);
    if (timeS % SWEEP_S === 0) conditioning.sweep(time, 1000 * timeS, told);
    if (told.length > 0) keep(told);
  };
}
