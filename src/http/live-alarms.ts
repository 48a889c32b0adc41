import type { AlarmDesk } from "../domain/alarm.ts";
import { alarmObject, annunciationObject } from "./alarm-object.ts";

/** Which alarms changed when. Like readings, an alarm counts once a tick, with what it has come to. */
export interface LiveAlarms {
  /** Number of the last closed tick, from 0. */
  readonly tick: number;
  /** These have changed; none: what is to be heard has. */
  mark(alarms: readonly string[]): void;
  /** Closes the tick, if anything changed in it. */
  close(): void;
  /** Alarms that changed after tick `since`, and what is to be heard. */
  after(since: number): Buffer;
  /** All alarms that are not simply well. */
  state(): Buffer;
}

export function createLiveAlarms(desk: AlarmDesk): LiveAlarms {
  const changedTick = new Map<string, number>();
  const marked = new Set<string>();
  let tick = 0;
  let isMarked = false;

  const message = (alarms: readonly string[]): Buffer => {
    const objects = alarms.flatMap((alarm) => desk.view(alarm) ?? []).map(alarmObject);
    return Buffer.from(
      JSON.stringify({ alarms: objects, annunciation: annunciationObject(desk.annunciation()) }),
    );
  };

  return {
    get tick() {
      return tick;
    },
    mark(alarms) {
      for (const alarm of alarms) marked.add(alarm);
      isMarked = true;
    },
    close() {
      if (!isMarked) return;
      isMarked = false;
      tick++;
      for (const alarm of marked) changedTick.set(alarm, tick);
      marked.clear();
    },
    after(since) {
      const changed = [...changedTick].filter(([, at]) => at > since).map(([alarm]) => alarm);
      return message(changed);
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
