import { createAnnunciator } from "../../alarms/annunciator.ts";
import type { Annunciator } from "../../alarms/annunciator.ts";
import { createAlarmEngine } from "../../alarms/engine.ts";
import type { AlarmRule, Moment } from "../../alarms/rule.ts";
import type { Conditioning } from "../../conditioning/conditioning.ts";
import type { Plant } from "../../config/plant.ts";
import type { AlarmDesk, AlarmStanding } from "../../domain/alarm.ts";
import type { ReadingBatch } from "../../domain/batch.ts";
import type { MetricOutline } from "../../domain/metric.ts";
import type { Log } from "../../domain/ports.ts";
import { sleep } from "../../domain/time.ts";
import type { Clock } from "../../domain/time.ts";
import type { FigureView } from "../../http/figure-view.ts";
import type { Journal } from "../../store/journal/journal.ts";
import { createAdjusting } from "./adjusting.ts";
import { createAlarmFeed } from "./alarm-feed.ts";
import type { AlarmFeed } from "./alarm-feed.ts";
import { compileAlarms } from "./compile.ts";
import { createAlarmDesk } from "./desk.ts";
import { createSignals } from "./signals.ts";
import type { OwnHealth } from "./signals.ts";
import { createTransitionKeeper } from "./transition-keeper.ts";

/** How often everything is judged, changed or not, ms. */
const SWEEP_MS = 1_000;

export interface AlarmsOptions {
  readonly plant: Plant;
  readonly journal: Journal;
  readonly image: Pick<Conditioning, "valueOf" | "statusOf">;
  readonly outlines: readonly MetricOutline[];
  readonly figures: Pick<FigureView, "outlines" | "latest">;
  readonly health: OwnHealth;
  readonly clock: Clock;
  readonly log: Log;
}

/** The alarms of a plant at work. */
export interface Alarms {
  readonly desk: AlarmDesk;
  /** Judges new readings, which are in the process image already. */
  take(batch: ReadingBatch): void;
  feed(output: string): AlarmFeed;
  /** Calls with the names of alarms that have changed. */
  onChange(listener: (alarms: readonly string[]) => void): void;
  /** Judges once a second until the signal is aborted. */
  run(signal: AbortSignal): Promise<void>;
  /** Writes what has not been written. */
  close(): void;
}

export function openAlarms(options: AlarmsOptions): Alarms {
  const { plant, journal, clock, log } = options;
  const { rules, outlines, extras } = compileAlarms(plant, options.outlines);
  const signals = createSignals({ ...options, tags: plant.tags.length, extras, assays: journal.assays });
  const feeds = new Map<string, AlarmFeed>();
  let changed: (alarms: readonly string[]) => void = () => undefined;
  const keeper = createTransitionKeeper({ journal, clock, log }, () => {
    for (const feed of feeds.values()) feed.ring();
  });
  const before = journal.alarms.standings();
  const annunciator = annunciatorOf(rules, before);
  const engine = createAlarmEngine(rules, signals, before, (transition) => {
    keeper.keep(transition);
    annunciator.take(transition);
    changed([transition.alarm]);
  });
  const isWatched = new Uint8Array(plant.tags.length);
  for (const { source } of rules) if (source < isWatched.length) isWatched[source] = 1;
  const moment = (): Moment => ({ now: clock.now(), monotonicMs: clock.monotonic() });
  const adjusting = createAdjusting({ engine, rules, tags: plant.tags, journal, moment, log });
  const desk = createAlarmDesk({
    engine,
    outlines,
    journal,
    adjusting,
    annunciator,
    keeper,
    moment,
    changed: (alarms) => changed(alarms),
    outputs: () => [...feeds.keys()],
  });

  return {
    desk,
    take({ length, tag, value, status, sourceTime }) {
      const at = moment();
      for (let row = 0; row < length; row++) {
        const index = tag[row] as number;
        if (isWatched[index] === 0) continue;
        const time = sourceTime[row] as number;
        if (signals.note(index, time))
          engine.take(index, value[row] as number, status[row] as number, time, at);
      }
    },
    feed(output) {
      const feed = createAlarmFeed(output, journal);
      feeds.set(output, feed);
      return feed;
    },
    onChange: (listener) => void (changed = listener),
    async run(signal) {
      while (!signal.aborted) {
        signals.look(clock.now());
        engine.sweep(moment());
        await sleep(clock, SWEEP_MS, signal).catch(() => undefined);
      }
    },
    close: () => keeper.write(),
  };
}

/** What nobody had taken note of when the gateway stopped is heard again. */
function annunciatorOf(rules: readonly AlarmRule[], before: readonly AlarmStanding[]): Annunciator {
  const known = new Map(before.map((standing) => [standing.alarm, standing]));
  return createAnnunciator(
    rules.flatMap(({ id: alarm, priority }) => {
      const standing = known.get(alarm);
      return standing === undefined ? [] : [{ alarm, priority, state: standing.state, at: standing.since }];
    }),
  );
}
