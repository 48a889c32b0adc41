import { Readable } from "node:stream";
import type { FastifyRequest } from "fastify";
import { Type } from "typebox";
import { ALARM_ACTIONS, ALARM_ROLES } from "../../domain/alarm.ts";
import type { AlarmAction, AlarmDesk, AlarmRequest, AlarmState } from "../../domain/alarm.ts";
import type { Clock } from "../../domain/time.ts";
import {
  alarmEventObject,
  AlarmEventObject,
  alarmObject,
  AlarmObject,
  AlarmStateText,
  performanceObject,
  PerformanceObject,
} from "../alarm-object.ts";
import { alarmsCsv } from "../alarms-csv.ts";
import type { App } from "../app.ts";
import { Failure } from "../failure.ts";
import { personOf } from "../callers.ts";
import { RangeQuery, readRange } from "../history-range.ts";
import type { GatewayView } from "../view.ts";
import { alarmSettingRoutes, answered, unknownAlarm } from "./alarm-settings.ts";

const ROWS_MAX = 10_000;
const CSV_ROWS_MAX = 200_000;
const DAYS_MAX = 366;
const DAY_MS = 86_400_000;

const SUMMARIES: Readonly<Record<AlarmAction, string>> = {
  acknowledge: "Take note of an alarm",
  reset: "Reset a latched alarm",
  shelve: "Put an alarm aside for a time",
  unshelve: "Take a shelved alarm back",
  suppress: "Suppress an alarm",
  unsuppress: "Take a suppressed alarm back",
  "out-of-service": "Take an alarm out of service for maintenance",
  "return-to-service": "Bring an alarm back into service",
};

const Reason = Type.Optional(Type.String({ minLength: 1, maxLength: 300, pattern: "\\S" }));
const Params = Type.Object({ id: Type.String() });
const PlainBody = Type.Object({ reason: Reason });
/** What needs no reason needs no body. */
const PlainBodyOrNone = Type.Union([PlainBody, Type.Null()]);
const ShelveBody = Type.Object({
  reason: Reason,
  minutes: Type.Number({ exclusiveMinimum: 0, maximum: 720 }),
  secondPerson: Type.Optional(
    Type.String({ minLength: 1, maxLength: 100, pattern: "\\S", description: "Priority 1 needs one." }),
  ),
});

export function alarmRoutes(app: App, { alarms, plant }: GatewayView, clock: Clock): void {
  listRoutes(app, alarms);
  pastRoutes(app, alarms, clock, plant.timeZone);
  alarmSettingRoutes(app, alarms);
  for (const action of ALARM_ACTIONS) if (action !== "shelve") actionRoute(app, alarms, action);
  shelveRoute(app, alarms);
}

function listRoutes(app: App, alarms: AlarmDesk): void {
  const State = Type.Union([AlarmStateText, Type.Literal("standing")]);
  app.get(
    "/api/v1/alarms",
    {
      config: { role: "viewer" },
      schema: {
        summary: "All alarms, or those in some states",
        description:
          "state may be given more than once; standing is every state but NORM. The gravest first.",
        tags: ["alarms"],
        querystring: Type.Object({ state: Type.Optional(Type.Union([State, Type.Array(State)])) }),
        response: { 200: Type.Array(AlarmObject), default: Failure },
      },
    },
    ({ query: { state } }) => {
      const wanted = new Set<AlarmState | "standing">(state === undefined ? [] : [state].flat());
      return alarms
        .all()
        .filter((one) => isWanted(one.state, wanted))
        .toSorted((a, b) => a.outline.priority - b.outline.priority || b.since - a.since)
        .map(alarmObject);
    },
  );
  app.get(
    "/api/v1/alarms/:id",
    {
      config: { role: "viewer" },
      schema: {
        summary: "One alarm",
        tags: ["alarms"],
        params: Params,
        response: { 200: AlarmObject, 404: Failure, default: Failure },
      },
    },
    ({ params: { id } }) => {
      const view = alarms.view(id);
      if (view === null) throw unknownAlarm(id);
      return alarmObject(view);
    },
  );
}

function isWanted(state: AlarmState, wanted: ReadonlySet<AlarmState | "standing">): boolean {
  return wanted.size === 0 || wanted.has(state) || (wanted.has("standing") && state !== "NORM");
}

const PastQuery = Type.Object({ ...RangeQuery, alarm: Type.Optional(Type.String({ maxLength: 200 })) });

/** What is asked for, the last day where nothing is said. */
function lastDay(query: Parameters<typeof readRange>[0], clock: Clock): ReturnType<typeof readRange> {
  return readRange(query, clock.now() + 1, DAYS_MAX, DAY_MS);
}

function pastRoutes(app: App, alarms: AlarmDesk, clock: Clock, timeZone: string): void {
  const outlines = new Map(alarms.outlines.map((outline) => [outline.id, outline]));
  const titles = new Map(alarms.outlines.map(({ id, title }) => [id, title]));
  app.get(
    "/api/v1/alarms/history",
    {
      config: { role: "viewer" },
      schema: {
        summary: "Every transition, newest first",
        description: `Those within from <= t < to, without from the last day; at most ${ROWS_MAX}.`,
        tags: ["alarms"],
        querystring: PastQuery,
        response: { 200: Type.Array(AlarmEventObject), 400: Failure, default: Failure },
      },
    },
    ({ query }) => {
      const { from, to } = lastDay(query, clock);
      const events = alarms.history(from, to, query.alarm ?? null, ROWS_MAX);
      return events.map((event) => alarmEventObject(event, outlines.get(event.alarm) ?? null));
    },
  );
  csvRoute(app, alarms, clock, timeZone);
  app.get(
    "/api/v1/alarms/performance",
    {
      config: { role: "viewer" },
      schema: {
        summary: "How the alarms loaded the operator",
        description: "Against ISA-18.2 and EEMUA 191; without from the last day.",
        tags: ["alarms"],
        querystring: Type.Object(RangeQuery),
        response: { 200: PerformanceObject, 400: Failure, default: Failure },
      },
    },
    ({ query }) => {
      const { from, to } = lastDay(query, clock);
      return performanceObject(alarms.performance(from, to), titles);
    },
  );
}

function csvRoute(app: App, alarms: AlarmDesk, clock: Clock, timeZone: string): void {
  app.get(
    "/api/v1/alarms/history.csv",
    {
      config: { role: "viewer" },
      schema: {
        summary: "Every transition as CSV, oldest first",
        description: `Those within from <= t < to, without from the last day; at most ${CSV_ROWS_MAX}.`,
        tags: ["alarms"],
        querystring: PastQuery,
        response: { 200: Type.Unknown(), 400: Failure },
      },
    },
    ({ query }, reply) => {
      const { from, to } = lastDay(query, clock);
      const events = alarms.history(from, to, query.alarm ?? null, CSV_ROWS_MAX);
      return reply
        .type("text/csv; charset=utf-8; header=present")
        .header("content-disposition", 'attachment; filename="alarms.csv"')
        .header("cache-control", "no-store")
        .send(Readable.from(alarmsCsv(events.toReversed(), timeZone)));
    },
  );
}

function described(action: AlarmAction) {
  return {
    summary: SUMMARIES[action],
    tags: ["alarms"],
    params: Params,
    response: { 200: AlarmObject, 404: Failure, 409: Failure, default: Failure },
  };
}

function actionRoute(app: App, alarms: AlarmDesk, action: Exclude<AlarmAction, "shelve">): void {
  app.post(
    `/api/v1/alarms/:id/${action}`,
    {
      config: { role: ALARM_ROLES[action] },
      schema: { ...described(action), body: PlainBodyOrNone },
    },
    (request) => {
      const { id } = request.params;
      return answered(id, alarms.act(id, asked(action, request, request.body)));
    },
  );
}

function shelveRoute(app: App, alarms: AlarmDesk): void {
  app.post(
    "/api/v1/alarms/:id/shelve",
    { config: { role: ALARM_ROLES.shelve }, schema: { ...described("shelve"), body: ShelveBody } },
    (request) => {
      const { id } = request.params;
      const { minutes, secondPerson: second = null } = request.body;
      const plain = asked("shelve", request, request.body);
      return answered(id, alarms.act(id, { ...plain, forMs: minutes * 60_000, second }));
    },
  );
}

function asked(
  action: AlarmAction,
  request: FastifyRequest,
  body: { readonly reason?: string } | null | undefined,
): AlarmRequest {
  return { action, by: personOf(request), reason: body?.reason?.trim() ?? null, forMs: null, second: null };
}
