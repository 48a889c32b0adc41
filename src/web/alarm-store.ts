import { computed, signal } from "@preact/signals";
import type { AlarmPriority, AlarmState } from "../domain/alarm.ts";
import type { AlarmAnswer, AnnunciationAnswer } from "./api.ts";

export const annunciation = signal<AnnunciationAnswer>({
  calls: [],
  silences: [],
  lastTenMinutes: 0,
  isFlood: false,
});

/** Every alarm that is not simply well, by name; kept up by the live socket. */
export const alarms = signal<ReadonlyMap<string, AlarmAnswer>>(new Map());

/** States that ask for an operator's eye: not those that somebody has put aside. */
const STANDING: ReadonlySet<AlarmState> = new Set(["UNACK", "ACK", "RTNUN", "LATCH_UN", "LATCH_ACK"]);
const UNACKNOWLEDGED: ReadonlySet<AlarmState> = new Set(["UNACK", "RTNUN", "LATCH_UN"]);

export function isStanding({ state }: AlarmAnswer): boolean {
  return STANDING.has(state);
}

export function isUnacknowledged({ state }: AlarmAnswer): boolean {
  return UNACKNOWLEDGED.has(state);
}

export function applyAlarms(changed: readonly AlarmAnswer[]): void {
  const next = new Map(alarms.value);
  for (const alarm of changed) {
    if (alarm.state === "NORM") next.delete(alarm.alarm);
    else next.set(alarm.alarm, alarm);
  }
  alarms.value = next;
}

/** Before the link tells all of them again. */
export function forgetAlarms(): void {
  alarms.value = new Map();
}

export interface PriorityCount {
  readonly priority: AlarmPriority;
  readonly standing: number;
  readonly unacknowledged: number;
}

export const PRIORITIES = [1, 2, 3, 4] as const satisfies readonly AlarmPriority[];

export const countsByPriority = computed<readonly PriorityCount[]>(() => {
  const all = [...alarms.value.values()].filter(isStanding);
  return PRIORITIES.map((priority) => {
    const own = all.filter((alarm) => alarm.priority === priority);
    return { priority, standing: own.length, unacknowledged: own.filter(isUnacknowledged).length };
  });
});
