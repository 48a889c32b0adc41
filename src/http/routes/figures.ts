import { say } from "../../domain/said.ts";
import { Type } from "typebox";
import type { Static } from "typebox";
import { createCalendar, PERIOD_KINDS } from "../../domain/calendar.ts";
import type { MetricOutline, MetricPeriod } from "../../domain/metric.ts";
import { METRIC_PERIODS } from "../../domain/metric.ts";
import type { Clock, EpochMs } from "../../domain/time.ts";
import type { App } from "../app.ts";
import { Failure, Refusal } from "../failure.ts";
import { FigureObject, figureObject } from "../figure-object.ts";
import type { FigureView, Refused } from "../figure-view.ts";
import { personOf } from "../callers.ts";
import { RangeQuery, readRange } from "../history-range.ts";
import type { GatewayView } from "../view.ts";

/** Periods of figures that may be asked for at once, days. */
const DAYS_MAX = 3_660;

const MetricObject = Type.Object(
  {
    metric: Type.String(),
    title: Type.String(),
    kind: Type.String({ description: "Number of its formula, or the formula itself." }),
    unit: Type.String(),
    area: Type.String(),
    latest: Type.Array(FigureObject, { description: "The newest of each period that is known." }),
  },
  { title: "Metric" },
);

const Range = Type.Object(RangeQuery);
const PeriodKindText = Type.Enum([...PERIOD_KINDS]);
const PeriodBody = { period: PeriodKindText, key: Type.String({ minLength: 4, maxLength: 40 }) };
const sentence = Type.String({ minLength: 3, maxLength: 300, pattern: "\\S" });

export function figureRoutes(app: App, view: GatewayView, clock: Clock): void {
  const { figures } = view;
  listRoute(app, figures);
  historyRoute(app, view, clock);
  versionsRoute(app, view);
  signRoutes(app, figures);
  restateRoutes(app, figures);
}

function metricObject(
  { id, periods, ...outline }: MetricOutline,
  figures: FigureView,
): Static<typeof MetricObject> {
  const latest = periods.flatMap((period) => figures.latest(id, period) ?? []).map(figureObject);
  return { metric: id, ...outline, latest };
}

function listRoute(app: App, figures: FigureView): void {
  app.get(
    "/api/v1/metrics",
    {
      config: { role: "viewer" },
      schema: {
        summary: "All figures with their newest values",
        tags: ["figures"],
        querystring: Type.Object({ area: Type.Optional(Type.String({ maxLength: 100 })) }),
        response: { 200: Type.Array(MetricObject), default: Failure },
      },
    },
    ({ query }) =>
      figures
        .outlines()
        .filter(({ area }) => query.area === undefined || area === query.area)
        .map((outline) => metricObject(outline, figures)),
  );
}

function historyRoute(app: App, { figures }: GatewayView, clock: Clock): void {
  app.get(
    "/api/v1/metrics/:id",
    {
      config: { role: "viewer" },
      schema: {
        summary: "One figure over the periods that start in a time",
        description:
          "Without from and to the newest. versions=all gives every version of each, oldest first.",
        tags: ["figures"],
        params: Type.Object({ id: Type.String() }),
        querystring: Type.Object({
          ...RangeQuery,
          period: Type.Enum([...METRIC_PERIODS], { default: "shift" }),
          versions: Type.Optional(Type.Enum(["last", "all"])),
        }),
        response: { 200: Type.Array(FigureObject), 400: Failure, 404: Failure, default: Failure },
      },
    },
    ({ params: { id }, query }) => find(figures, id, query, clock.now()),
  );
}

interface FigureQuery extends Static<typeof Range> {
  readonly period: MetricPeriod;
  readonly versions?: "last" | "all";
}

function find(figures: FigureView, id: string, query: FigureQuery, now: EpochMs): FigureObject[] {
  const { period } = query;
  const outline = figures.outlines().find((one) => one.id === id);
  if (outline === undefined) throw new Refusal(404, say("no-metric", { name: id }));
  if (!outline.periods.includes(period))
    throw new Refusal(404, say("metric-not-told", { name: id, period, known: outline.periods.join(", ") }));
  const isAll = query.versions === "all";
  if (query.from === undefined && query.to === undefined) return newest(figures, id, period, isAll);
  if (period === "instant" || period === "rolling") throw new Refusal(400, say("newest-only", { period }));
  const { from, to } = readRange(query, now, DAYS_MAX);
  return figures.between(id, period, from, to, isAll).map(figureObject);
}

function newest(figures: FigureView, id: string, period: MetricPeriod, isAll: boolean): FigureObject[] {
  const figure = figures.latest(id, period);
  if (figure === null) return [];
  if (!isAll || period === "instant" || period === "rolling") return [figureObject(figure)];
  return figures.between(id, period, figure.from, figure.from + 1, true).map(figureObject);
}

function granted<T extends object>(result: T | Refused): T {
  if ("refused" in result) throw new Refusal(409, result.refused);
  return result;
}

function versionsRoute(app: App, { figures, plant }: GatewayView): void {
  const calendar = createCalendar(plant);
  app.get(
    "/api/v1/versions",
    {
      config: { role: "viewer" },
      schema: {
        summary: "Every version of every figure of one period",
        tags: ["figures"],
        querystring: Type.Object(PeriodBody),
        response: {
          200: Type.Array(Type.Object({ ...FigureObject.properties, title: Type.String() })),
          404: Failure,
          default: Failure,
        },
      },
    },
    ({ query: { period, key } }) => {
      const found = calendar.find(period, key);
      if (found === null) throw new Refusal(404, say("no-period", { period, key }));
      return figures
        .outlines()
        .filter(({ periods }) => periods.includes(period))
        .flatMap(({ id, title }) =>
          figures
            .between(id, period, found.from, found.from + 1, true)
            .map((record) => Object.assign(figureObject(record), { title })),
        );
    },
  );
}

function signRoutes(app: App, figures: FigureView): void {
  app.post(
    "/api/v1/signatures",
    {
      config: { role: "metallurgist" },
      schema: {
        summary: "Sign a period: its figures become FINAL",
        tags: ["figures"],
        body: Type.Object({ ...PeriodBody, note: Type.Optional(Type.String({ maxLength: 300 })) }),
        response: { 200: Type.Object({ signed: Type.Integer() }), 409: Failure, default: Failure },
      },
    },
    (request) => {
      const { period, key, note = "" } = request.body;
      return granted(figures.sign(period, key, personOf(request), note.trim()));
    },
  );
}

function restateRoutes(app: App, figures: FigureView): void {
  app.get(
    "/api/v1/restatements",
    {
      config: { role: "viewer" },
      schema: {
        summary: "Figures that differ from what was signed, and wait for a reason",
        tags: ["figures"],
        response: {
          200: Type.Array(
            Type.Object({
              metric: Type.String(),
              period: PeriodKindText,
              key: Type.String(),
              cause: Type.String(),
            }),
          ),
          default: Failure,
        },
      },
    },
    () => [...figures.held()],
  );
  app.post(
    "/api/v1/restatements",
    {
      config: { role: "metallurgist" },
      schema: {
        summary: "Restate what was signed of a period, for a reason",
        tags: ["figures"],
        body: Type.Object({ ...PeriodBody, reason: sentence }),
        response: { 200: Type.Object({ restated: Type.Integer() }), 409: Failure, default: Failure },
      },
    },
    (request) => {
      const { period, key, reason } = request.body;
      return granted(figures.restate(period, key, personOf(request), reason.trim()));
    },
  );
}
