import type { FastifyReply } from "fastify";
import { Type } from "typebox";
import type { Static } from "typebox";
import type { Entry } from "../../domain/entry.ts";
import { REPORT_LANGUAGES } from "../../domain/report.ts";
import type { PlantReport, ReportFigure, ReportKind } from "../../domain/report.ts";
import { qualityOf } from "../../domain/status.ts";
import type { App } from "../app.ts";
import { Failure, Refusal } from "../failure.ts";
import { DOCS_POLICY } from "../security-headers.ts";
import { isoTime, Time } from "../tag-object.ts";
import type { GatewayView } from "../view.ts";

const NumberOrNull = Type.Union([Type.Number(), Type.Null()]);
const TextOrNull = Type.Union([Type.String(), Type.Null()]);

const Figure = Type.Object({
  metric: Type.String(),
  title: Type.String(),
  kind: Type.String({ description: "M-number of its formula." }),
  area: Type.String(),
  unit: Type.String(),
  value: NumberOrNull,
  u: Type.Union([Type.Number(), Type.Null()], { description: "Standard uncertainty; U = 2u." }),
  quality: Type.Enum(["good", "uncertain", "bad"]),
  status: Type.Integer(),
  reason: TextOrNull,
  coverage: Type.Number(),
  state: Type.String(),
  version: Type.Integer(),
  cause: Type.String(),
});

const Entered = Type.Object({
  ref: Type.String(),
  version: Type.Integer(),
  from: Time,
  to: Time,
  body: Type.Record(Type.String(), Type.Unknown()),
  by: Type.String(),
});

const ReportObject = Type.Object(
  {
    plant: Type.Object({ id: Type.String(), title: Type.String(), timeZone: Type.String() }),
    kind: Type.String(),
    key: Type.String(),
    from: Time,
    to: Time,
    madeAt: Time,
    isOver: Type.Boolean(),
    state: TextOrNull,
    signature: Type.Union([Type.Object({ by: Type.String(), at: Time, note: Type.String() }), Type.Null()]),
    figures: Type.Array(Figure),
    downtime: Type.Array(Entered),
    deliveries: Type.Array(Entered),
    pours: Type.Array(Entered),
    lots: Type.Array(
      Type.Object({
        lot: TextOrNull,
        vein: TextOrNull,
        dryT: Type.Number(),
        goldG: NumberOrNull,
        recoveryPercent: NumberOrNull,
        u: NumberOrNull,
      }),
      { description: "First in, first milled." },
    ),
    pending: Type.Array(
      Type.Object({ point: Type.String(), title: Type.String(), from: Time, to: Time, why: Type.String() }),
    ),
  },
  { title: "Report" },
);

const Query = Type.Object({
  format: Type.Optional(Type.Enum(["json", "csv", "html"])),
  language: Type.Optional(Type.Enum([...REPORT_LANGUAGES], { description: "Of the HTML." })),
});

function figureObject({ status, ...rest }: ReportFigure): Static<typeof Figure> {
  return { ...rest, status, quality: qualityOf(status) };
}

function enteredObject({ ref, version, from, to, body, by }: Entry): Static<typeof Entered> {
  return { ref, version, from: isoTime(from), to: isoTime(to), body: { ...body }, by };
}

/** A report as JSON, with ISO times. */
export function reportObject(report: PlantReport): Static<typeof ReportObject> {
  const { from, to, madeAt, signature, figures, downtime, deliveries, pours, lots, pending, ...rest } =
    report;
  return {
    ...rest,
    from: isoTime(from),
    to: isoTime(to),
    madeAt: isoTime(madeAt),
    signature: signature === null ? null : { ...signature, at: isoTime(signature.at) },
    figures: figures.map(figureObject),
    downtime: downtime.map(enteredObject),
    deliveries: deliveries.map(enteredObject),
    pours: pours.map(enteredObject),
    lots: [...lots],
    pending: pending.map(({ point, title, from: start, to: end, why }) => ({
      point,
      title,
      from: isoTime(start),
      to: isoTime(end),
      why,
    })),
  };
}

export function reportRoutes(app: App, view: GatewayView): void {
  const described = {
    description: "The last versions of the figures, with what people entered and what the laboratory owes.",
    tags: ["records"],
    querystring: Query,
    response: { 200: ReportObject, 404: Failure, default: Failure },
  };
  app.get(
    "/api/v1/reports/shift/:date/:shift",
    {
      config: { role: "viewer" },
      schema: {
        summary: "Report of a shift",
        ...described,
        params: Type.Object({ date: Type.String(), shift: Type.String() }),
      },
    },
    ({ params: { date, shift }, query }, reply) => void send(reply, view, "shift", `${date}/${shift}`, query),
  );
  app.get(
    "/api/v1/reports/day/:date",
    {
      config: { role: "viewer" },
      schema: {
        summary: "Report of a production day",
        ...described,
        params: Type.Object({ date: Type.String() }),
      },
    },
    ({ params: { date }, query }, reply) => void send(reply, view, "day", date, query),
  );
}

function send(
  reply: FastifyReply,
  { reports, plant }: GatewayView,
  kind: ReportKind,
  key: string,
  { format, language = "es-PE" }: Static<typeof Query>,
): FastifyReply {
  const report = reports.make(kind, key);
  if (report === null) throw new Refusal(404, `There is no ${kind} ${key}.`);
  if (format === "csv")
    return reply
      .type("text/csv; charset=utf-8; header=present")
      .header("content-disposition", `attachment; filename="${plant.id}-${key.replaceAll("/", "-")}.csv"`)
      .send(reports.csv(report));
  if (format !== "html") return reply.send(reportObject(report));
  // The file carries its style with it, so that it can be kept and sent.
  return reply
    .type("text/html; charset=utf-8")
    .header("content-security-policy", DOCS_POLICY)
    .send(reports.html(report, language));
}
