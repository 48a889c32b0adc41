import type { Annunciator } from "../../alarms/annunciator.ts";
import type { AlarmEngine } from "../../alarms/engine.ts";
import { alarmPerformance } from "../../alarms/performance.ts";
import type { Moment } from "../../alarms/rule.ts";
import { ALARM_STATES } from "../../domain/alarm.ts";
import type {
  AlarmCounts,
  AlarmDesk,
  AlarmOutline,
  AlarmPriority,
  AlarmState,
  AlarmView,
} from "../../domain/alarm.ts";
import type { Journal } from "../../store/journal/journal.ts";
import type { Adjusting } from "./adjusting.ts";
import type { TransitionKeeper } from "./transition-keeper.ts";

export interface AlarmDeskOptions {
  readonly engine: AlarmEngine;
  /** In the order of the engine's rules. */
  readonly outlines: readonly AlarmOutline[];
  readonly journal: Pick<Journal, "alarms" | "alarmSettings">;
  readonly adjusting: Adjusting;
  readonly annunciator: Annunciator;
  /** Calls with the names of alarms that show something new without a transition. */
  readonly changed: (alarms: readonly string[]) => void;
  readonly keeper: TransitionKeeper;
  readonly moment: () => Moment;
  readonly outputs: () => readonly string[];
}

/** What people see of alarms and what they do with them. What a person did is on disk before the answer. */
export function createAlarmDesk(options: AlarmDeskOptions): AlarmDesk {
  const { engine, outlines, journal, adjusting, annunciator, keeper, moment } = options;
  const indexOf = new Map(outlines.map(({ id }, index) => [id, index]));
  const viewAt = (index: number): AlarmView => {
    const { standing, value, status, limit } = engine.reading(index);
    const outline = outlines[index] as AlarmOutline;
    return { ...standing, outline, value, status, limit, setting: adjusting.view(index) };
  };
  const all = (): readonly AlarmView[] => outlines.map((_, index) => viewAt(index));
  return {
    outlines,
    view(alarm) {
      const index = indexOf.get(alarm);
      return index === undefined ? null : viewAt(index);
    },
    all,
    act(alarm, request) {
      const index = indexOf.get(alarm);
      if (index === undefined) return null;
      const refused = engine.act(index, request, moment());
      if (refused !== null) return { refused };
      keeper.write();
      return { alarm: viewAt(index) };
    },
    adjust(alarm, adjustment) {
      const index = indexOf.get(alarm);
      if (index === undefined) return null;
      const refused = adjusting.adjust(index, adjustment);
      if (refused !== null) return { refused };
      keeper.write();
      options.changed([alarm]);
      return { alarm: viewAt(index) };
    },
    adjustments: (alarm, rowsMax) => journal.alarmSettings.list(alarm, rowsMax),
    annunciation: () => annunciator.view(moment().now),
    silence(console, by) {
      const { now } = moment();
      annunciator.silence(console, by, now);
      options.changed([]);
      return annunciator.view(now);
    },
    history(from, to, alarm, rowsMax) {
      keeper.write();
      return journal.alarms.latest(from, to, alarm, rowsMax);
    },
    performance(from, to) {
      keeper.write();
      return alarmPerformance({ from, to, events: journal.alarms.between(from, to), standings: all() });
    },
    counts: () => countsOf(options, all()),
  };
}

function countsOf({ keeper, journal, outputs }: AlarmDeskOptions, views: readonly AlarmView[]): AlarmCounts {
  const byState = Object.fromEntries(ALARM_STATES.map((state) => [state, 0])) as Record<AlarmState, number>;
  const standingByPriority: Record<AlarmPriority, number> = { 1: 0, 2: 0, 3: 0, 4: 0 };
  for (const { state, outline } of views) {
    byState[state]++;
    if (state !== "NORM" && state !== "SHELVED" && state !== "SUPPR" && state !== "OOS")
      standingByPriority[outline.priority]++;
  }
  return {
    byState,
    standingByPriority,
    transitions: keeper.count(),
    unpublished: Object.fromEntries(outputs().map((output) => [output, journal.alarms.pending(output)])),
  };
}
