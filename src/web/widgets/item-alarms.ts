import { computed, signal, useSignalEffect } from "@preact/signals";
import { alarms } from "../alarm-store.ts";
import { ask } from "../api.ts";
import type { AlarmAnswer } from "../api.ts";
import { link } from "../store.ts";

/** Every alarm of the plant, those that are well too. */
const known = signal<readonly AlarmAnswer[]>([]);

/** As they stand now: what the live socket has told since wins. */
const present = computed(() => {
  return known.value.map((one) => alarms.value.get(one.alarm) ?? normal(one));
});

/** The socket tells of every alarm that is not well: one that it does not know is. */
function normal(alarm: AlarmAnswer): AlarmAnswer {
  return alarm.state === "NORM" ? alarm : { ...alarm, state: "NORM", firstOut: null, activeSince: null };
}

/** All alarms, kept up while the page is there. */
export function useAllAlarms(): readonly AlarmAnswer[] {
  useSignalEffect(() => {
    if (link.value !== "live") return;
    void ask<AlarmAnswer[]>("/api/v1/alarms").then(
      (answer) => {
        known.value = answer;
      },
      () => undefined,
    );
  });
  return present.value;
}
