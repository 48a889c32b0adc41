import { signal } from "@preact/signals";
import type { AlarmAction } from "../../../domain/alarm.ts";
import { alarms, applyAlarms } from "../../alarm-store.ts";
import { ask, tell } from "../../api.ts";
import type { AlarmAnswer } from "../../api.ts";
import { alarmWords } from "../../i18n/alarms.ts";
import { words } from "../../preferences.ts";

/** Why the last request was not granted; null when it was. */
export const refusal = signal<string | null>(null);

async function post(path: string, body: object): Promise<string | null> {
  const told = await tell<AlarmAnswer>("POST", path, body);
  if ("refused" in told) return told.refused;
  applyAlarms([told.answer]);
  return null;
}

const pathOf = (alarm: string, what: string): string => `/api/v1/alarms/${encodeURIComponent(alarm)}/${what}`;

/** Who was quicker: where somebody else has acknowledged in the meantime, that is what the operator wants to know. */
async function quicker(alarm: string): Promise<string | null> {
  try {
    const now = await ask<AlarmAnswer>(`/api/v1/alarms/${encodeURIComponent(alarm)}`);
    applyAlarms([now]);
    return now.state === "ACK" || now.state === "NORM" ? (now.by ?? null) : null;
  } catch {
    return null;
  }
}

/** Does something with an alarm. Gives a sentence when it was not granted. */
export async function act(alarm: string, action: AlarmAction, body: object = {}): Promise<string | null> {
  const fault = await post(pathOf(alarm, action), body);
  const by = fault !== null && action === "acknowledge" ? await quicker(alarm) : null;
  refusal.value = by === null ? fault : alarmWords.value.otherWas(by);
  return refusal.value;
}

export async function setLimit(alarm: string, body: object): Promise<string | null> {
  return post(pathOf(alarm, "limit"), body);
}

export async function restoreLimit(alarm: string, reason: string): Promise<string | null> {
  return post(pathOf(alarm, "limit/restore"), { reason });
}

/** Acknowledges these, as far as nobody has. */
export async function acknowledgeAll(names: readonly string[]): Promise<void> {
  const open = names.filter((name) =>
    ["UNACK", "RTNUN", "LATCH_UN"].includes(alarms.peek().get(name)?.state ?? ""),
  );
  for (const name of open) if ((await act(name, "acknowledge")) === words.value.away) return;
}
