import { say } from "../../domain/said.ts";
import { Type } from "typebox";
import type { Static } from "typebox";
import type { AlarmAdjustment, AlarmAnswer, AlarmDesk, AlarmSetting } from "../../domain/alarm.ts";
import {
  alarmObject,
  AlarmObject,
  annunciationObject,
  AnnunciationObject,
  settingChangeObject,
  SettingChangeObject,
} from "../alarm-object.ts";
import type { App } from "../app.ts";
import { Failure, Refusal } from "../failure.ts";
import { personOf } from "../callers.ts";

const CHANGES_MAX = 1_000;

const Params = Type.Object({ id: Type.String() });
const Reason = Type.String({ minLength: 1, maxLength: 300, pattern: "\\S" });
const LimitBody = Type.Object(
  {
    limit: Type.Optional(
      Type.Union([Type.Number(), Type.String({ pattern: "^[0-9]{1,4}([.][0-9]{1,6})?%$" })], {
        description: "In the unit of the value, or in percent of the reference such as 80%.",
      }),
    ),
    band: Type.Optional(Type.Tuple([Type.Number(), Type.Number()])),
    reason: Reason,
  },
  { additionalProperties: false },
);

const CHANGED = { 200: AlarmObject, 400: Failure, 404: Failure, 409: Failure, default: Failure };

/** Limits that are set while the gateway runs, and the horns. */
export function alarmSettingRoutes(app: App, alarms: AlarmDesk): void {
  listRoute(app, alarms);
  setRoute(app, alarms);
  restoreRoute(app, alarms);
  soundRoutes(app, alarms);
}

function listRoute(app: App, alarms: AlarmDesk): void {
  app.get(
    "/api/v1/alarms/limits",
    {
      config: { role: "viewer" },
      schema: {
        summary: "Every change of a limit, newest first",
        description: `Who, when, from what to what, and why; at most ${CHANGES_MAX}.`,
        tags: ["alarms"],
        querystring: Type.Object({ alarm: Type.Optional(Type.String({ maxLength: 200 })) }),
        response: { 200: Type.Array(SettingChangeObject), default: Failure },
      },
    },
    ({ query: { alarm = null } }) => alarms.adjustments(alarm, CHANGES_MAX).map(settingChangeObject),
  );
}

function setRoute(app: App, alarms: AlarmDesk): void {
  app.post(
    "/api/v1/alarms/:id/limit",
    {
      config: { role: "engineer" },
      schema: {
        summary: "Set the limit or band of an alarm while the gateway runs",
        description: "It holds over restarts, until it is set otherwise or the plant file is changed.",
        tags: ["alarms"],
        params: Params,
        body: LimitBody,
        response: CHANGED,
      },
    },
    (request) => {
      const { limit, band, reason } = request.body;
      const setting = settingIn(limit, band);
      if (setting === null) throw new Refusal(400, say("limit-or-band"));
      return adjust(alarms, request.params.id, { setting, by: personOf(request), reason });
    },
  );
}

function restoreRoute(app: App, alarms: AlarmDesk): void {
  app.post(
    "/api/v1/alarms/:id/limit/restore",
    {
      config: { role: "engineer" },
      schema: {
        summary: "Set an alarm back to what the plant file says",
        tags: ["alarms"],
        params: Params,
        body: Type.Object({ reason: Reason }, { additionalProperties: false }),
        response: CHANGED,
      },
    },
    (request) => {
      const adjustment = { setting: null, by: personOf(request), reason: request.body.reason };
      return adjust(alarms, request.params.id, adjustment);
    },
  );
}

/** As the plant file writes it; null where it is neither or both. */
function settingIn(
  limit: number | string | undefined,
  band: readonly [number, number] | undefined,
): AlarmSetting | null {
  if ((limit === undefined) === (band === undefined)) return null;
  if (band !== undefined) return { by: "band", low: band[0], high: band[1] };
  if (typeof limit === "number") return { by: "amount", amount: limit };
  return { by: "share", share: Number(limit?.replace("%", "")) / 100 };
}

function adjust(alarms: AlarmDesk, id: string, adjustment: AlarmAdjustment): Static<typeof AlarmObject> {
  return answered(id, alarms.adjust(id, { ...adjustment, reason: adjustment.reason.trim() }));
}

/** What became of a request. Throws a Refusal. */
export function answered(id: string, answer: AlarmAnswer | null): Static<typeof AlarmObject> {
  if (answer === null) throw unknownAlarm(id);
  if ("refused" in answer) throw new Refusal(409, answer.refused);
  return alarmObject(answer.alarm);
}

export function unknownAlarm(id: string): Refusal {
  return new Refusal(404, say("no-alarm", { alarm: id }));
}

function soundRoutes(app: App, alarms: AlarmDesk): void {
  app.get(
    "/api/v1/alarms/annunciation",
    {
      config: { role: "viewer" },
      schema: {
        summary: "What is to be heard, and which consoles are silenced by whom until when",
        tags: ["alarms"],
        response: { 200: AnnunciationObject, default: Failure },
      },
    },
    () => annunciationObject(alarms.annunciation()),
  );
  app.post(
    "/api/v1/alarms/silence",
    {
      config: { role: "operator" },
      schema: {
        summary: "Silence the horn of one console",
        description:
          "Acknowledges nothing. It sounds again when another alarm calls, and after five minutes.",
        tags: ["alarms"],
        body: Type.Object({ console: Type.String({ pattern: "^[A-Za-z0-9-]{1,64}$" }) }),
        response: { 200: AnnunciationObject, default: Failure },
      },
    },
    (request) => annunciationObject(alarms.silence(request.body.console, personOf(request))),
  );
}
