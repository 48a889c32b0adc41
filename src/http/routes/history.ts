import { Readable } from "node:stream";
import { Type } from "typebox";
import type { Static } from "typebox";
import { say } from "../../domain/said.ts";
import type { Tag } from "../../domain/tag.ts";
import type { Clock } from "../../domain/time.ts";
import type { App } from "../app.ts";
import { Failure, Refusal } from "../failure.ts";
import { historyCsv } from "../history-csv.ts";
import { RangeQuery, readRange } from "../history-range.ts";
import type { TimeRange } from "../history-range.ts";
import { isoTime, jsonValue, Time } from "../tag-object.ts";
import { readTrend } from "../trend.ts";
import type { GatewayView } from "../view.ts";

const POINTS_MAX = 10_000;
const POINTS_USUAL = 1_000;

/** Tags in one CSV file, or in one answer. */
const TAGS_MAX = 100;

/** CSV files that are being sent at the same time. */
const CSV_RUNNING_MAX = 4;

/** Points of each tag where there are many. */
const POINTS_TOGETHER_MAX = 500;
const HOUR_MS = 3_600_000;

const TagList = {
  tags: Type.String({ minLength: 1, maxLength: 8_192, description: "Ids, with commas between them." }),
};

const TrendObject = Type.Object(
  {
    tag: Type.String(),
    unit: Type.Union([Type.String(), Type.Null()]),
    from: Time,
    to: Time,
    reduced: Type.Boolean({
      description:
        "True when there are more readings than points: smallest and largest of each stretch remain.",
    }),
    t: Type.Array(Type.Number(), { description: "Source times, ms since 1970." }),
    v: Type.Array(Type.Union([Type.Number(), Type.String(), Type.Boolean(), Type.Null()]), {
      description: "Values; null where the reading is bad or there is none.",
    }),
    s: Type.Array(Type.Integer(), {
      description:
        "OPC UA StatusCodes: the worst of what the point stands for; BadNoData (0x809B0000) for a hole.",
    }),
  },
  { title: "Trend" },
);

export function historyRoutes(app: App, view: GatewayView, clock: Clock): void {
  const { tags, timeZone } = view.plant;
  const byId = new Map(tags.map((tag) => [tag.id, tag]));
  trendRoute(app, view, clock, byId);
  let running = 0;

  app.get(
    "/api/v1/history.csv",
    {
      config: { role: "viewer" },
      schema: {
        summary: "Readings of some tags as CSV",
        description:
          "UTF-8 with a byte order mark; columns time_utc, time_local, tag, value, unit, quality, reason. " +
          "Texts that a spreadsheet would take for a formula begin with an apostrophe.",
        tags: ["readings"],
        querystring: Type.Object({
          ...TagList,
          ...RangeQuery,
        }),
        response: { 200: Type.Unknown(), 400: Failure, 404: Failure, 503: Failure },
      },
    },
    (request, reply) => {
      const range = rangeOf(view, request.query, clock);
      const wanted = readTags(request.query.tags, byId);
      if (running >= CSV_RUNNING_MAX) {
        reply.header("retry-after", "10");
        throw new Refusal(503, say("files-enough", { most: CSV_RUNNING_MAX }));
      }
      running++;
      const stream = Readable.from(historyCsv(view.history, wanted, range, timeZone), { highWaterMark: 1 });
      stream.once("close", () => running--);
      const name = `${view.plant.id}-${isoTime(range.from).slice(0, 19).replaceAll(":", "")}.csv`;
      return reply
        .type("text/csv; charset=utf-8; header=present")
        .header("content-disposition", `attachment; filename="${name}"`)
        .header("cache-control", "no-store")
        .send(stream);
    },
  );
}

function trendRoute(app: App, view: GatewayView, clock: Clock, byId: ReadonlyMap<string, Tag>): void {
  app.get(
    "/api/v1/tags/:tag/history",
    {
      config: { role: "viewer" },
      schema: {
        summary: "Readings of one tag, no more than can be drawn",
        description: "Without to it ends now, without from it is eight hours long. from <= t < to.",
        tags: ["readings"],
        params: Type.Object({ tag: Type.String() }),
        querystring: Type.Object({
          ...RangeQuery,
          points: Type.Integer({ minimum: 10, maximum: POINTS_MAX, default: POINTS_USUAL }),
        }),
        response: { 200: TrendObject, 400: Failure, 404: Failure, default: Failure },
      },
    },
    async ({ params, query }) => {
      const tag = byId.get(params.tag);
      if (tag === undefined) throw new Refusal(404, say("no-tag", { name: params.tag }));
      const range = rangeOf(view, query, clock);
      return trendObject(view, tag, range, query.points);
    },
  );
  app.get(
    "/api/v1/history",
    {
      config: { role: "viewer" },
      schema: {
        summary: "Readings of some tags, no more of each than can be drawn",
        description: "Without to it ends now, without from it is one hour long. from <= t < to.",
        tags: ["readings"],
        querystring: Type.Object({
          ...TagList,
          ...RangeQuery,
          points: Type.Integer({ minimum: 10, maximum: POINTS_TOGETHER_MAX, default: 60 }),
        }),
        response: { 200: Type.Array(TrendObject), 400: Failure, default: Failure },
      },
    },
    async ({ query }) => {
      const range = rangeOf(view, query, clock, HOUR_MS);
      const trends: Static<typeof TrendObject>[] = [];
      // One after the other: a page of a hundred small pictures must not hold up what is polled.
      for (const tag of readTags(query.tags, byId))
        trends.push(await trendObject(view, tag, range, query.points));
      return trends;
    },
  );
}

/** Throws a Refusal also where no history is kept. */
function rangeOf(
  { plant: { data } }: GatewayView,
  query: Parameters<typeof readRange>[0],
  clock: Clock,
  usualMs?: number,
): TimeRange {
  if (data.historyDays === 0) throw new Refusal(404, say("history-unkept"));
  return readRange(query, clock.now(), data.historyDays, usualMs);
}

/** Throws a Refusal where there is no history to read. */
async function trendObject(
  view: GatewayView,
  tag: Tag,
  range: TimeRange,
  pointsMax: number,
): Promise<Static<typeof TrendObject>> {
  const trend = await readTrend(view.history, tag, range, pointsMax).catch(() => null);
  if (trend === null) throw new Refusal(503, view.historyHealth().lastError ?? say("history-unread"));
  return {
    tag: tag.id,
    unit: tag.unit,
    from: isoTime(range.from),
    to: isoTime(range.to),
    reduced: trend.reduced,
    t: trend.points.map(({ time }) => time),
    v: trend.points.map(({ value }) => jsonValue(value)),
    s: trend.points.map(({ status }) => status),
  };
}

/** The tags of a list with commas, each once. Throws a Refusal. */
function readTags(list: string, byId: ReadonlyMap<string, Tag>): readonly Tag[] {
  const names = [...new Set(list.split(",").map((name) => name.trim()))].filter((name) => name !== "");
  if (names.length === 0) throw new Refusal(400, say("tags-unnamed"));
  if (names.length > TAGS_MAX) throw new Refusal(400, say("tags-enough", { most: TAGS_MAX }));
  return names.map((name) => {
    const tag = byId.get(name);
    if (tag === undefined) throw new Refusal(400, say("no-tag", { name }));
    return tag;
  });
}
