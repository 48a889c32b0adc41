import type { AlarmDesk } from "../domain/alarm.ts";
import { alarmObject } from "./alarm-object.ts";

/** Which alarms changed when. Like readings, an alarm counts once a tick, with what it has come to. */
export interface LiveAlarms {
  /** Number of the last closed tick, from 0. */
  readonly tick: number;
  mark(alarms: readonly string[]): void;
  /** Closes the tick, if anything changed in it. */
  close(): void;
  /** Alarms that changed after tick `since`; null when none did. */
  after(since: number): Buffer | null;
  /** All alarms that are not simply well. */
  state(): Buffer;
}

export function createLiveAlarms(desk: AlarmDesk): LiveAlarms {
  const changedTick = new Map<string, number>();
  const marked = new Set<string>();
  let tick = 0;

  const message = (alarms: readonly string[]): Buffer => {
    const objects = alarms.flatMap((alarm) => desk.view(alarm) ?? []).map(alarmObject);
    return Buffer.from(JSON.stringify({ alarms: objects }));
  };

  return {
    get tick() {
      return tick;
    },
    mark(alarms) {
      for (const alarm of alarms) marked.add(alarm);
    },
    close() {
      if (marked.size === 0) return;
      tick++;
      for (const alarm of marked) changedTick.set(alarm, tick);
      marked.clear();
    },
    after(since) {
      const changed = [...changedTick].filter(([, at]) => at > since).map(([alarm]) => alarm);
      return changed.length === 0 ? null : message(changed);
    },
    state: () =>
      message(
        desk
          .all()
          .filter(({ state }) => state !== "NORM")
          .map(({ alarm }) => alarm),
      ),
  };
}
