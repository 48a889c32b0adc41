import type { AlarmEvent } from "../../domain/alarm.ts";
import { qualityOf } from "../../domain/status.ts";
import type { OutputContext } from "../context.ts";
import type { Message } from "./messages.ts";
import { topic } from "./topic.ts";

/** What an alarm has come to: the state and why, what was measured, and who did it where somebody did. */
export function alarmPayload({
  at,
  from,
  to,
  cause,
  priority,
  value,
  status,
  limit,
  standing,
}: AlarmEvent): string {
  const { activeSince, until, by, reason, firstOut } = standing;
  return JSON.stringify({
    t: at,
    state: to,
    before: from,
    cause,
    priority,
    v: value,
    limit,
    q: qualityOf(status),
    s: status,
    since: activeSince,
    until,
    by,
    reason,
    firstOut,
  });
}

/** Transitions, on `<group>/<plant>/alarms/<id>`. */
export function alarmMessages(
  events: readonly AlarmEvent[],
  { group, id }: Pick<OutputContext["plant"], "group" | "id">,
): readonly Message[] {
  return events.map((event) => ({
    topic: topic(group, id, "alarms", event.alarm),
    payload: alarmPayload(event),
  }));
}
