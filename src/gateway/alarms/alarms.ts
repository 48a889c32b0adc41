import { createAlarmEngine } from "../../alarms/engine.ts";
import type { Moment } from "../../alarms/rule.ts";
import type { Conditioning } from "../../conditioning/conditioning.ts";
import type { Plant } from "../../config/plant.ts";
import type { AlarmDesk } from "../../domain/alarm.ts";
import type { ReadingBatch } from "../../domain/batch.ts";
import type { MetricOutline } from "../../domain/metric.ts";
import type { Log } from "../../domain/ports.ts";
import { sleep } from "../../domain/time.ts";
import type { Clock } from "../../domain/time.ts";
import type { FigureView } from "../../http/figure-view.ts";
import type { Journal } from "../../store/journal/journal.ts";
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
  const engine = createAlarmEngine(rules, signals, journal.alarms.standings(), (transition) => {
    keeper.keep(transition);
    changed([transition.alarm]);
  });
  const moment = (): Moment => ({ now: clock.now(), monotonicMs: clock.monotonic() });

  return {
    desk: createAlarmDesk({ engine, outlines, journal, keeper, moment, outputs: () => [...feeds.keys()] }),
    take({ length, tag, value, status, sourceTime }) {
      const at = moment();
      for (let row = 0; row < length; row++) {
        const index = tag[row] as number;
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
