import type { AlarmEvent } from "../../domain/alarm.ts";
import { qualityOf } from "../../domain/status.ts";
import type { OutputContext } from "../context.ts";
import type { FrameOptions, Frames } from "./frames.ts";
import { messageFrames } from "./messages.ts";
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

/** Frames of transitions, on `<group>/<plant>/alarms/<id>`. */
export function alarmFrames(
  events: readonly AlarmEvent[],
  { group, id }: Pick<OutputContext["plant"], "group" | "id">,
  options: FrameOptions,
): Frames {
  return messageFrames(
    events.map((event) => [topic(group, id, "alarms", event.alarm), alarmPayload(event)]),
    options,
  );
}
