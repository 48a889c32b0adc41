import type { AlarmConfig } from "../../src/config/alarms.ts";

/** An alarm of a plant file that says no more than it must; tests change what they are about. */
export function alarmConfig(id: string, changes: Partial<AlarmConfig>): AlarmConfig {
  return {
    id,
    key: id,
    title: id,
    area: "grinding",
    on: { from: "tag", id },
    type: "H",
    limit: null,
    band: null,
    reference: null,
    deadband: 0,
    onDelayMs: 0,
    offDelayMs: 0,
    reAlarmMs: null,
    priority: 3,
    latch: false,
    group: null,
    follows: false,
    when: [],
    consequence: "",
    response: "",
    timeToRespondMs: null,
    ...changes,
  };
}
