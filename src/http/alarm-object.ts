import { Type } from "typebox";
import type { Static } from "typebox";
import { ALARM_STATES } from "../domain/alarm.ts";
import type {
  AlarmEvent,
  AlarmOutline,
  AlarmPerformance,
  AlarmSetting,
  AlarmSettingChange,
  AlarmSettingView,
  AlarmView,
  Annunciation,
} from "../domain/alarm.ts";
import { qualityOf, reasonOf } from "../domain/status.ts";
import { isoTime, Time } from "./tag-object.ts";

const MaybeText = Type.Union([Type.String(), Type.Null()]);
const MaybeNumber = Type.Union([Type.Number(), Type.Null()]);
const MaybeTime = Type.Union([Time, Type.Null()]);
export const AlarmStateText = Type.Enum([...ALARM_STATES]);

const Setting = Type.Object(
  {
    limit: Type.Union([Type.Number(), Type.String(), Type.Null()], {
      description: "In the unit of the value, or in percent of a reference such as 80%.",
    }),
    band: Type.Union([Type.Tuple([Type.Number(), Type.Number()]), Type.Null()]),
  },
  { title: "AlarmSetting" },
);

function settingObject(setting: AlarmSetting): Static<typeof Setting> {
  if (setting.by === "band") return { limit: null, band: [setting.low, setting.high] };
  const limit = setting.by === "amount" ? setting.amount : `${Number((100 * setting.share).toFixed(6))}%`;
  return { limit, band: null };
}

export const SettingChangeObject = Type.Object(
  {
    alarm: Type.String(),
    at: Time,
    from: Setting,
    to: Setting,
    planned: Setting,
    by: MaybeText,
    reason: Type.String(),
  },
  { title: "AlarmSettingChange" },
);

export function settingChangeObject(change: AlarmSettingChange): Static<typeof SettingChangeObject> {
  const { alarm, at, from, to, planned, by, reason } = change;
  return {
    alarm,
    at: isoTime(at),
    from: settingObject(from),
    to: settingObject(to),
    planned: settingObject(planned),
    by,
    reason,
  };
}

const SettingView = Type.Union(
  [
    Type.Object({
      ...Setting.properties,
      planned: Setting,
      isChanged: Type.Boolean({ description: "It differs from the plant file." }),
      change: Type.Union([SettingChangeObject, Type.Null()]),
    }),
    Type.Null(),
  ],
  { description: "What it is judged by; null where there is nothing to set." },
);

function settingView(view: AlarmSettingView | null): Static<typeof SettingView> {
  if (view === null) return null;
  const { setting, planned, isChanged, change } = view;
  return {
    ...settingObject(setting),
    planned: settingObject(planned),
    isChanged,
    change: change === null ? null : settingChangeObject(change),
  };
}

export const AnnunciationObject = Type.Object(
  {
    calls: Type.Array(Type.Object({ priority: Type.Integer(), alarms: Type.Integer(), last: Time })),
    silences: Type.Array(Type.Object({ console: Type.String(), by: Type.String(), at: Time, until: Time })),
    lastTenMinutes: Type.Integer({ description: "Alarms that called within the last ten minutes." }),
    isFlood: Type.Boolean(),
  },
  { title: "Annunciation" },
);

export function annunciationObject({
  calls,
  silences,
  ...flood
}: Annunciation): Static<typeof AnnunciationObject> {
  return {
    calls: calls.map(({ priority, alarms, last }) => ({ priority, alarms, last: isoTime(last) })),
    silences: silences.map(({ console, by, at, until }) => ({
      console,
      by,
      at: isoTime(at),
      until: isoTime(until),
    })),
    ...flood,
  };
}

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
    setting: SettingView,
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
    setting: settingView(view.setting),
    quality: qualityOf(status),
    badReason: reasonOf(status),
    consequence,
    response,
    timeToRespondS: timeToRespondMs === null ? null : timeToRespondMs / 1_000,
  };
}

const AlarmTitle = Type.Union([Type.String(), Type.Null()], {
  description: "Null for an alarm that the plant no longer has.",
});

export const AlarmEventObject = Type.Object(
  {
    sequence: Type.Integer(),
    alarm: Type.String(),
    title: AlarmTitle,
    on: MaybeText,
    type: MaybeText,
    unit: MaybeText,
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

/** An alarm that the plant no longer has. */
const UNKNOWN = { title: null, on: null, type: null, unit: null };

/** A transition, with what the plant says of its alarm as long as it has it. */
export function alarmEventObject(
  event: AlarmEvent,
  outline: AlarmOutline | null,
): Static<typeof AlarmEventObject> {
  const { sequence, alarm, at, priority, cause, from, to, value, limit, status, standing } = event;
  const { by, reason, activeSince, until, firstOut } = standing;
  const { title, on, type, unit } = outline ?? UNKNOWN;
  return {
    sequence,
    alarm,
    title,
    on,
    type,
    unit,
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
    top: Type.Array(
      Type.Object({
        alarm: Type.String(),
        title: AlarmTitle,
        alarms: Type.Integer(),
        share: Type.Number(),
      }),
    ),
    chattering: Type.Array(Type.String()),
    fleeting: Type.Array(Type.String()),
    stale: Type.Array(Type.String()),
  },
  { title: "AlarmPerformance" },
);

/** `titles` by alarm. */
export function performanceObject(
  performance: AlarmPerformance,
  titles: ReadonlyMap<string, string>,
): Static<typeof PerformanceObject> {
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
    top: top.map(({ alarm, alarms, share }) => ({
      alarm,
      title: titles.get(alarm) ?? null,
      alarms,
      share,
    })),
    chattering: [...chattering],
    fleeting: [...fleeting],
    stale: [...stale],
  };
}
