import { Type } from "typebox";
import type { Static } from "typebox";
import { ALARM_STATES } from "../domain/alarm.ts";
import type { AlarmEvent, AlarmPerformance, AlarmView } from "../domain/alarm.ts";
import { qualityOf, reasonOf } from "../domain/status.ts";
import { isoTime, Time } from "./tag-object.ts";

const MaybeText = Type.Union([Type.String(), Type.Null()]);
const MaybeNumber = Type.Union([Type.Number(), Type.Null()]);
const MaybeTime = Type.Union([Time, Type.Null()]);
export const AlarmStateText = Type.Enum([...ALARM_STATES]);

export const AlarmObject = Type.Object(
  {
    alarm: Type.String(),
    title: Type.String(),
    area: Type.String(),
    on: Type.String({ description: "Tag, metric, assay, device, or a part of the gateway." }),
    type: Type.String(),
    priority: Type.Integer({ description: "1 is the gravest; 4 is diagnostic." }),
    state: AlarmStateText,
    since: Type.Union([Time, Type.Null()], { description: "Last transition; null when there was none." }),
    activeSince: Type.Union([Time, Type.Null()], {
      description: "Source time with which the condition began.",
    }),
    until: Type.Union([Time, Type.Null()], { description: "End of a shelving." }),
    by: MaybeText,
    reason: MaybeText,
    firstOut: Type.Union([Type.Enum(["first", "follower", "undetermined"]), Type.Null()]),
    group: MaybeText,
    value: MaybeNumber,
    unit: MaybeText,
    limit: MaybeNumber,
    quality: Type.Enum(["good", "uncertain", "bad"]),
    badReason: MaybeText,
    consequence: Type.String(),
    response: Type.String(),
    timeToRespondS: MaybeNumber,
  },
  { title: "Alarm" },
);

export function alarmObject(view: AlarmView): Static<typeof AlarmObject> {
  const { outline, state, since, activeSince, until, by, reason, firstOut, value, status, limit } = view;
  const { id, title, area, on, type, priority, group, unit, consequence, response, timeToRespondMs } =
    outline;
  return {
    alarm: id,
    title,
    area,
    on,
    type,
    priority,
    state,
    since: since === 0 ? null : isoTime(since),
    activeSince: activeSince === null ? null : isoTime(activeSince),
    until: until === null ? null : isoTime(until),
    by,
    reason,
    firstOut,
    group,
    value,
    unit,
    limit,
    quality: qualityOf(status),
    badReason: reasonOf(status),
    consequence,
    response,
    timeToRespondS: timeToRespondMs === null ? null : timeToRespondMs / 1_000,
  };
}

export const AlarmEventObject = Type.Object(
  {
    sequence: Type.Integer(),
    alarm: Type.String(),
    at: Time,
    priority: Type.Integer(),
    cause: Type.String({
      description: "alarm, return, first-out, what a person did, or what the gateway did by itself.",
    }),
    from: AlarmStateText,
    to: AlarmStateText,
    value: MaybeNumber,
    limit: MaybeNumber,
    quality: Type.Enum(["good", "uncertain", "bad"]),
    by: MaybeText,
    reason: MaybeText,
    activeSince: MaybeTime,
    until: MaybeTime,
    firstOut: MaybeText,
  },
  { title: "AlarmEvent" },
);

export function alarmEventObject(event: AlarmEvent): Static<typeof AlarmEventObject> {
  const { sequence, alarm, at, priority, cause, from, to, value, limit, status, standing } = event;
  const { by, reason, activeSince, until, firstOut } = standing;
  return {
    sequence,
    alarm,
    at: isoTime(at),
    priority,
    cause,
    from,
    to,
    value,
    limit,
    quality: qualityOf(status),
    by,
    reason,
    activeSince: activeSince === null ? null : isoTime(activeSince),
    until: until === null ? null : isoTime(until),
    firstOut,
  };
}

export const PerformanceObject = Type.Object(
  {
    from: Time,
    to: Time,
    measures: Type.Array(
      Type.Object({
        name: Type.String(),
        value: MaybeNumber,
        unit: Type.String(),
        target: Type.Number(),
        limit: Type.Number(),
        rating: Type.Union([Type.Enum(["acceptable", "manageable", "unacceptable"]), Type.Null()]),
      }),
    ),
    perTenMinutes: Type.Array(Type.Integer()),
    floods: Type.Array(Type.Object({ from: Time, to: Time, alarms: Type.Integer() })),
    top: Type.Array(Type.Object({ alarm: Type.String(), alarms: Type.Integer(), share: Type.Number() })),
    chattering: Type.Array(Type.String()),
    fleeting: Type.Array(Type.String()),
    stale: Type.Array(Type.String()),
  },
  { title: "AlarmPerformance" },
);

export function performanceObject(performance: AlarmPerformance): Static<typeof PerformanceObject> {
  const { from, to, measures, perTenMinutes, floods, top, chattering, fleeting, stale } = performance;
  return {
    from: isoTime(from),
    to: isoTime(to),
    measures: [...measures],
    perTenMinutes: [...perTenMinutes],
    floods: floods.map((flood) => ({
      from: isoTime(flood.from),
      to: isoTime(flood.to),
      alarms: flood.alarms,
    })),
    top: [...top],
    chattering: [...chattering],
    fleeting: [...fleeting],
    stale: [...stale],
  };
}
