import type { Plant } from "../../config/plant.ts";
import type { Conditioning } from "../../conditioning/conditioning.ts";
import type { ReadingBatch } from "../../domain/batch.ts";
import { whenAborted } from "../../domain/aborted.ts";
import { createCalendar } from "../../domain/calendar.ts";
import type { History } from "../../domain/history.ts";
import type { MetricOutline } from "../../domain/metric.ts";
import type { Log } from "../../domain/ports.ts";
import type { Cancel, Clock, EpochMs } from "../../domain/time.ts";
import { sleep } from "../../domain/time.ts";
import type { FigureView } from "../../http/figure-view.ts";
import type { Journal } from "../../store/journal/journal.ts";
import type { AssayChange } from "../laboratory/desk.ts";
import type { EntryChange } from "../laboratory/entry-desk.ts";
import { assayChange, entryChange } from "./outside-changes.ts";
import { balanceOf } from "./balance.ts";
import type { BoundMetric } from "./binding.ts";
import type { Change } from "./changes.ts";
import { compileMetrics } from "./compile.ts";
import { createEngine } from "./engine.ts";
import type { Engine } from "./engine.ts";
import { createFigureFeed } from "./figure-feed.ts";
import type { FigureFeed } from "./figure-feed.ts";
import { createLateReadings } from "./late-readings.ts";
import { createLiveFigures } from "./live-figures.ts";
import { createFigureView } from "./figure-view.ts";
import { outlinesOf } from "./outlines.ts";

/** How often periods that are over are looked for, and whether the gateway still runs is written down, ms. */
const LOOK_MS = 5_000;

/** How far back the history is gone through when figures are computed for the very first time, ms. */
const PAST_MS = 62 * 86_400_000;

const RETRY_MS = 30_000;

export interface MetricsOptions {
  readonly plant: Plant;
  readonly journal: Journal;
  readonly history: History;
  readonly image: Pick<Conditioning, "valueOf" | "statusOf">;
  readonly clock: Clock;
  readonly log: Log;
  /** The gateway has been running all along, with another plant file: no outage lies before this. */
  readonly continues?: boolean;
  /** Figures of periods wait for it: made without the history that they stand for they would have no value. */
  readonly past?: Promise<void>;
}

/** Everything about figures, at work: computes them when their periods are over and when what they are made of changes,
 *  and hands them to the outputs. */
export interface Metrics {
  readonly engine: Engine;
  readonly outlines: readonly MetricOutline[];
  readonly view: FigureView;
  feed(output: string): FigureFeed;
  /** Looks for readings of periods that are over. */
  note(batch: ReadingBatch): void;
  /** Readings of the past have come into the history: everything from there on is computed again. */
  reopen(from: EpochMs): void;
  /** Results of the laboratory have come or changed. Within the transaction that writes them down. */
  assaysChanged(changes: readonly AssayChange[]): void;
  /** People have entered or corrected something. Within the transaction that writes it down. */
  entriesChanged(changes: readonly EntryChange[]): void;
  /** Resolves when the signal is aborted and the period in hand is written. */
  run(signal: AbortSignal): Promise<void>;
}

export function openMetrics(options: MetricsOptions): Metrics {
  const { plant, journal, history, image, clock, log } = options;
  const { metrics } = compileMetrics(plant);
  const calendar = createCalendar(plant);
  const now = (): EpochMs => clock.now();
  const engine = createEngine({ metrics, calendar, history, journal, now });
  const byId = new Map(metrics.map((metric) => [metric.id, metric]));
  const points = new Map((plant.metallurgy?.assays ?? []).map((point) => [point.id, point]));
  const flowsheet = plant.metallurgy?.flowsheet ?? { nodes: [], streams: [] };
  const feeds = new Map<string, FigureFeed>();
  const live = createLiveFigures({ metrics, engine, image, clock }, (figure) => {
    for (const feed of feeds.values()) feed.show(figure);
  });
  const late = createLateReadings({ tags: plant.tags, engine, history, journal, now, log });
  const worker = createWorker(clock, log);

  function take(changes: readonly Change[]): void {
    for (const change of changes) engine.change(change);
    worker.wake();
  }

  async function round(first: EpochMs, signal: AbortSignal): Promise<void> {
    engine.close(now(), first);
    late.closed();
    await late.mark();
    await engine.settle(signal);
    for (const feed of feeds.values()) feed.ring();
    journal.outbox.trim([...feeds.keys()]);
  }

  return {
    engine,
    outlines: outlinesOf(metrics),
    view: createFigureView({
      metrics,
      engine,
      journal,
      live,
      now,
      wake: () => worker.wake(),
      outputs: () => [...feeds.keys()],
      balance: (kind, at) => balanceOf({ flowsheet, points, engine }, kind, at),
    }),
    feed(output) {
      const feed = createFigureFeed(output, journal, (metric) => byId.get(metric)?.area ?? null);
      feeds.set(output, feed);
      return feed;
    },
    note: (batch) => late.note(batch),
    reopen(from) {
      engine.reopen(from);
      worker.wake();
    },
    assaysChanged: (changes) => take(changes.map((one) => assayChange(one, points, calendar, now()))),
    entriesChanged: (changes) => take(changes.map((one) => entryChange(one, now()))),
    async run(signal) {
      const alive = lifeSigns(options);
      const begun = untilIn(options.past, signal).then(() => firstReading(history, metrics, now(), log));
      const work = begun.then((first) => worker.run(() => round(first, signal), signal));
      await Promise.all([work, live.run(signal), alive.stay(signal)]);
    },
  };
}

interface Worker {
  wake(): void;
  run(round: () => Promise<void>, signal: AbortSignal): Promise<void>;
}

/** Does a round every few seconds, and at once when woken. What fails (a disk, a history that is closed) is tried again. */
function createWorker(clock: Clock, log: Log): Worker {
  let wake = (): void => undefined;

  function pause(signal: AbortSignal, ms: number): Promise<void> {
    return new Promise((resolve) => {
      const stop = (): void => {
        cancel();
        signal.removeEventListener("abort", stop);
        resolve();
      };
      const cancel: Cancel = clock.schedule(ms, stop);
      wake = stop;
      signal.addEventListener("abort", stop, { once: true });
      if (signal.aborted) stop();
    });
  }

  return {
    wake: () => wake(),
    async run(round, signal) {
      while (!signal.aborted) {
        let pauseMs = LOOK_MS;
        try {
          await round();
        } catch (error) {
          pauseMs = RETRY_MS;
          log.error(
            { reason: (error as Error).message },
            "figures could not be computed and are tried again",
          );
        }
        await pause(signal, pauseMs);
      }
    },
  };
}

/** Leaves in the journal when the gateway ran. A disk that takes nothing is no reason to end. */
function lifeSigns({ journal, clock, log, continues = false }: MetricsOptions) {
  let isFailing = false;

  function attempt(write: () => void): void {
    try {
      write();
      isFailing = false;
    } catch (error) {
      if (!isFailing)
        log.error({ reason: (error as Error).message }, "the journal takes nothing: figures wait");
      isFailing = true;
    }
  }

  const tell = (): void => attempt(() => journal.alive(clock.now()));
  if (!continues) attempt(() => journal.started(clock.now()));
  return {
    async stay(signal: AbortSignal): Promise<void> {
      while (!signal.aborted) {
        tell();
        await sleep(clock, LOOK_MS, signal).catch(() => undefined);
      }
      tell();
    },
  };
}

/** Resolves when the past is in, and at once when the signal is aborted. */
async function untilIn(past: Promise<void> | undefined, signal: AbortSignal): Promise<void> {
  if (!signal.aborted) await Promise.race([past, new Promise<void>((stop) => whenAborted(signal, stop))]);
}

/** Where the history of what figures are made of begins; now where there is none. */
async function firstReading(
  history: History,
  metrics: readonly BoundMetric[],
  now: EpochMs,
  log: Log,
): Promise<EpochMs> {
  let first = now;
  for (const index of tagIndexesOf(metrics)) {
    const page = await history.readRaw(index, now - PAST_MS, now, 1).catch((error: unknown) => {
      log.warn({ reason: (error as Error).message }, "there is no history to compute figures from");
      return null;
    });
    if (page === null) break;
    if (page.length > 0) first = Math.min(first, page.time[0] as number);
  }
  return first;
}

function tagIndexesOf(metrics: readonly BoundMetric[]): ReadonlySet<number> {
  const sources = metrics.flatMap(({ inputs }) => inputs.flatMap((input) => input.sources));
  return new Set(sources.flatMap((source) => (source.from === "tag" ? [source.tag.index] : [])));
}
