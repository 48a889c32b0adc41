import { Type } from "typebox";
import type { Static } from "typebox";
import { qualityOf } from "../../domain/status.ts";
import { createCalendar } from "../../domain/calendar.ts";
import type { Period } from "../../domain/calendar.ts";
import type { Overview } from "../../domain/equipment.ts";
import type { Plan } from "../../config/metallurgy.ts";
import { METRIC_PERIODS } from "../../domain/metric.ts";
import type { MetricOutline, MetricPeriod } from "../../domain/metric.ts";
import type { Tag } from "../../domain/tag.ts";
import type { Clock, EpochMs } from "../../domain/time.ts";
import type { App } from "../app.ts";
import { Failure } from "../failure.ts";
import { figureObject } from "../figure-object.ts";
import { isoTime, isoTimeOrNull, Time } from "../tag-object.ts";
import type { GatewayView } from "../view.ts";

const MaybeNumber = Type.Union([Type.Number(), Type.Null()]);
const MaybeText = Type.Union([Type.String(), Type.Null()]);
const MaybeTime = Type.Union([Time, Type.Null()]);
const Quality = Type.Enum(["good", "uncertain", "bad"]);
const PeriodObject = Type.Object({ key: Type.String(), from: Time, to: Time });
const SoFar = Type.Object({
  amount: Type.Union([Type.Number(), Type.Null()], {
    description: "Null where there is no reading from the start, or the counter was set back.",
  }),
  since: Type.Union([Time, Type.Null()], { description: "Later than the start where readings begin later." }),
  planned: MaybeNumber,
});

const FigureShown = Type.Object({
  metric: Type.String(),
  title: Type.String(),
  unit: Type.String(),
  period: Type.Enum([...METRIC_PERIODS]),
  planned: MaybeNumber,
  key: Type.String({ description: "Name of the period; empty for the present and where there is none yet." }),
  to: MaybeTime,
  value: MaybeNumber,
  sd: MaybeNumber,
  quality: Quality,
  reason: MaybeText,
  state: MaybeText,
});

const AssayShown = Type.Object({
  point: Type.String(),
  title: Type.String(),
  unit: Type.String(),
  value: MaybeNumber,
  sd: MaybeNumber,
  cutTo: MaybeTime,
});

const OverviewObject = Type.Object(
  {
    areas: Type.Record(Type.String(), Type.Array(Type.String()), {
      description: "Tags on the tile of each area.",
    }),
    figures: Type.Array(FigureShown),
    assays: Type.Array(AssayShown),
    shift: PeriodObject,
    day: PeriodObject,
    counters: Type.Array(
      Type.Object({
        tag: Type.String(),
        shift: SoFar,
        day: SoFar,
        at: Type.Union([Time, Type.Null()], {
          description: "Of the last reading, to which it is counted; null where there is none.",
        }),
        quality: Quality,
      }),
    ),
  },
  { title: "Overview" },
);

const NOTHING: Overview = { areas: {}, counters: {}, assays: [], figures: {} };

/** How far back the last result of a sampling point is looked for, and in how many. */
const ASSAY_MAX_MS = 8 * 86_400_000;
const ASSAY_ROWS_MAX = 200;

/** What the overview of this plant shows. */
export function overviewRoutes(app: App, view: GatewayView, clock: Clock): void {
  const { overview = NOTHING, metallurgy, tags } = view.plant;
  const calendar = createCalendar(view.plant);
  const areas = Object.fromEntries(Object.entries(overview.areas).map(([area, own]) => [area, [...own]]));
  const plan = metallurgy?.plan ?? {};
  const outlines = new Map(view.figures.outlines().map((outline) => [outline.id, outline]));
  const wanted = Object.entries(overview.figures).flatMap(([id, period]) => {
    const outline = outlines.get(id);
    return outline === undefined ? [] : [{ outline, period, planned: plannedOf(plan[id], period) }];
  });
  const counters = Object.entries(overview.counters).flatMap(([id, planned]) => {
    const tag = tags.find((one) => one.id === id);
    return tag === undefined ? [] : [{ tag, planned }];
  });
  const counts = createLastCounts(view);
  app.get(
    "/api/v1/overview",
    {
      config: { role: "viewer" },
      schema: {
        summary: "What the overview shows, and the counters of the running shift and day",
        tags: ["readings"],
        response: { 200: OverviewObject, default: Failure },
      },
    },
    async () => {
      const now = clock.now();
      const shift = calendar.periodAt("shift", now);
      const day = calendar.periodAt("day", now);
      return {
        areas,
        figures: wanted.map((one) => figureShown(view, one)),
        assays: overview.assays.flatMap((point) => assayShown(view, point, now)),
        shift: periodObject(shift),
        day: periodObject(day),
        counters: await Promise.all(
          counters.map(async ({ tag, planned }) => {
            const last = await counts.of(tag, day.from, now);
            return {
              tag: tag.id,
              shift: { ...(await amountSince(view, tag, shift.from, now, last)), planned: planned.shift },
              day: { ...(await amountSince(view, tag, day.from, now, last)), planned: planned.day },
              at: isoTimeOrNull(last?.time ?? null),
              quality: last?.quality ?? "bad",
            };
          }),
        ),
      };
    },
  );
}

function plannedOf(plan: Plan | undefined, period: MetricPeriod): number | null {
  return period === "shift" || period === "day" ? (plan?.[period] ?? null) : null;
}

interface WantedFigure {
  readonly outline: MetricOutline;
  readonly period: MetricPeriod;
  readonly planned: number | null;
}

function figureShown(
  { figures }: GatewayView,
  { outline, period, planned }: WantedFigure,
): Static<typeof FigureShown> {
  const { id: metric, title, unit } = outline;
  const latest = figures.latest(metric, period);
  const base = { metric, title, unit, period, planned };
  if (latest === null)
    return { ...base, key: "", to: null, value: null, sd: null, quality: "bad", reason: null, state: null };
  const { key, to, value, sd, quality, reason, state = null } = figureObject(latest);
  return { ...base, key, to, value, sd, quality, reason, state };
}

/** The last result that counts, by the time of its cut. */
function assayShown({ records }: GatewayView, id: string, now: EpochMs): Static<typeof AssayShown>[] {
  const point = records.assays.points.find((one) => one.id === id);
  if (point === undefined) return [];
  const from = now - ASSAY_MAX_MS;
  const results = records.assays.list({ point: id, from, to: now + 1, all: false, rowsMax: ASSAY_ROWS_MAX });
  const counted = results.filter(({ state, kind }) => state === "accepted" && kind === "sample");
  const last = counted.toSorted((a, b) => b.cutTo - a.cutTo)[0];
  return [
    {
      point: id,
      title: point.title,
      unit: point.unit,
      value: last?.value ?? null,
      sd: last?.u ?? null,
      cutTo: isoTimeOrNull(last?.cutTo ?? null),
    },
  ];
}

function periodObject({ key, from, to }: Period): Static<typeof PeriodObject> {
  return { key, from: isoTime(from), to: isoTime(to) };
}

/** What a counter stood at. */
interface LastCount {
  readonly time: EpochMs;
  readonly value: number;
  readonly quality: Static<typeof Quality>;
}

/** Bad readings in a row that the history is searched through for the last good one. */
const BAD_ROWS_MAX = 20;

/** What counters stand at, or stood at when they were last read: a device that is away has not counted backwards. */
function createLastCounts(view: GatewayView) {
  const known = new Map<number, { readonly time: EpochMs; readonly value: number }>();
  return {
    async of({ index }: Tag, from: EpochMs, now: EpochMs): Promise<LastCount | null> {
      const { value, status, sourceTime: time } = view.reading(index);
      if (typeof value === "number") {
        known.set(index, { time, value });
        return { time, value, quality: qualityOf(status) };
      }
      const last = known.get(index) ?? (await lastGood(view.history, index, from, now).catch(() => null));
      if (last === null) return null;
      known.set(index, last);
      return last.time < from ? null : { ...last, quality: "uncertain" };
    },
  };
}

async function lastGood(
  history: GatewayView["history"],
  index: number,
  from: EpochMs,
  now: EpochMs,
): Promise<{ time: EpochMs; value: number } | null> {
  let time = now + 1;
  for (let row = 0; row < BAD_ROWS_MAX && time > from; row++) {
    const found = await history.latestBefore(index, time);
    if (found === null || Number.isFinite(found.value)) return found;
    time = found.time;
  }
  return null;
}

/** What a counter has counted since a time. It counts from its last reading before, as long as that is no older than a
 *  counter may be silent; else from the first after. */
async function amountSince(
  view: GatewayView,
  tag: Tag,
  from: EpochMs,
  now: EpochMs,
  last: LastCount | null,
): Promise<{ amount: number | null; since: string | null }> {
  const start = await startOf(view.history, tag, from, now).catch(() => null);
  const amount = last !== null && start !== null ? last.value - start.value : -1;
  return {
    amount: amount < 0 ? null : amount,
    since: isoTimeOrNull(start === null ? null : Math.max(from, start.time)),
  };
}

async function startOf(
  history: GatewayView["history"],
  tag: Tag,
  from: EpochMs,
  now: EpochMs,
): Promise<{ time: EpochMs; value: number } | null> {
  const before = await history.latestBefore(tag.index, from);
  const isRecent = before !== null && from - before.time <= 2 * tag.maxSilenceMs;
  if (isRecent && Number.isFinite(before.value)) return before;
  const page = await history.readRaw(tag.index, from, now + 1, 10);
  for (let row = 0; row < page.length; row++) {
    const value = page.value[row] as number;
    if (Number.isFinite(value)) return { time: page.time[row] as number, value };
  }
  return null;
}
