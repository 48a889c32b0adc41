import { say } from "../../domain/said.ts";
import type { FastifyReply, FastifyRequest } from "fastify";
import { Type } from "typebox";
import type { Static } from "typebox";
import { REPORT_LANGUAGES } from "../../domain/report.ts";
import type { HandoverAnswer, ReportKind } from "../../domain/report.ts";
import type { Clock } from "../../domain/time.ts";
import type { App } from "../app.ts";
import { Failure, Refusal } from "../failure.ts";
import { personOf } from "../callers.ts";
import { RangeQuery, readRange } from "../history-range.ts";
import { OutlineObject, outlineObject, ReportObject, reportObject } from "../report-object.ts";
import { DOCS_POLICY } from "../security-headers.ts";
import type { GatewayView } from "../view.ts";

const DAYS_MAX = 62;
const USUAL_MS = 14 * 86_400_000;
const NAME_LENGTH_MAX = 60;
const NOTE_LENGTH_MAX = 500;

const Query = Type.Object({
  format: Type.Optional(Type.Enum(["json", "csv", "html"])),
  language: Type.Optional(Type.Enum([...REPORT_LANGUAGES], { description: "Of the HTML." })),
  as: Type.Optional(
    Type.Enum(["signed", "now"], {
      description: "As it was signed or last corrected, which is usual, or as it would be made now.",
    }),
  ),
});

const ShiftParams = Type.Object({ date: Type.String(), shift: Type.String() });
const Name = Type.Optional(
  Type.String({
    maxLength: NAME_LENGTH_MAX,
    description: "Who signs, where the gateway has no accounts to know it from.",
  }),
);

export function reportRoutes(app: App, view: GatewayView, clock: Clock): void {
  readRoutes(app, view);
  listRoute(app, view, clock);
  handoverRoute(app, view);
  correctionRoute(app, view);
}

function readRoutes(app: App, view: GatewayView): void {
  const described = {
    description:
      "The figures with what people entered, what the laboratory reported and owes, what the alarms did and the shift log.",
    tags: ["records"],
    querystring: Query,
    response: { 200: ReportObject, 404: Failure, default: Failure },
  };
  app.get(
    "/api/v1/reports/shift/:date/:shift",
    {
      config: { role: "viewer" },
      schema: { summary: "Report of a shift", ...described, params: ShiftParams },
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

function listRoute(app: App, { reports }: GatewayView, clock: Clock): void {
  app.get(
    "/api/v1/reports",
    {
      config: { role: "viewer" },
      schema: {
        summary: "Shifts, newest first, and how they were handed over",
        description: "With any part within from <= t < to; without from the last two weeks.",
        tags: ["records"],
        querystring: Type.Object(RangeQuery),
        response: { 200: Type.Array(OutlineObject), 400: Failure, default: Failure },
      },
    },
    ({ query }) => {
      const range = readRange(query, clock.now() + 1, DAYS_MAX, USUAL_MS);
      return reports.list(range.from, range.to).map(outlineObject);
    },
  );
}

function handoverRoute(app: App, view: GatewayView): void {
  app.post(
    "/api/v1/reports/shift/:date/:shift/handover",
    {
      config: { role: "operator" },
      schema: {
        summary: "Sign the report of a shift: who hands over first, then who takes over",
        description: "After both it is locked; what changes then is a numbered correction.",
        tags: ["records"],
        params: ShiftParams,
        body: Type.Object({
          part: Type.Enum(["out", "in"]),
          document: Type.Optional(
            Type.Integer({ description: "What was read: `handover.document` of the report. To take over." }),
          ),
          name: Name,
          note: Type.Optional(Type.String({ maxLength: NOTE_LENGTH_MAX })),
        }),
        response: { 200: ReportObject, 404: Failure, 409: Failure, default: Failure },
      },
    },
    (request) => {
      const { part, document = null, name, note = "" } = request.body;
      const key = keyOf(request.params);
      const by = signerOf(view, request, name);
      return settled(key, view.reports.sign(key, { part, by, note: note.trim(), document }));
    },
  );
}

function correctionRoute(app: App, view: GatewayView): void {
  app.post(
    "/api/v1/reports/shift/:date/:shift/corrections",
    {
      config: { role: "operator" },
      schema: {
        summary: "Correct a report that was handed over, for a reason",
        description: "Takes in everything that has changed since. What was signed stays.",
        tags: ["records"],
        params: ShiftParams,
        body: Type.Object({
          reason: Type.String({ minLength: 3, maxLength: NOTE_LENGTH_MAX, pattern: "\\S" }),
          name: Name,
        }),
        response: { 200: ReportObject, 404: Failure, 409: Failure, default: Failure },
      },
    },
    (request) => {
      const key = keyOf(request.params);
      const by = signerOf(view, request, request.body.name);
      return settled(key, view.reports.correct(key, by, request.body.reason.trim()));
    },
  );
}

function keyOf({ date, shift }: Static<typeof ShiftParams>): string {
  return `${date}/${shift}`;
}

/** With accounts a signature is the account's. Without, whoever sits at this machine says who it is. */
function signerOf({ plant }: GatewayView, request: FastifyRequest, name = ""): string {
  if (plant.http.auth === "accounts") return personOf(request);
  if (name.trim() === "") throw new Refusal(409, say("signature-without-name"));
  return name.trim();
}

function settled(key: string, result: HandoverAnswer): Static<typeof ReportObject> {
  if (result === null) throw new Refusal(404, say("no-period", { period: "shift", key }));
  if ("refused" in result) throw new Refusal(409, result.refused);
  return reportObject(result.report);
}

function send(
  reply: FastifyReply,
  { reports, plant }: GatewayView,
  kind: ReportKind,
  key: string,
  { format, language = "es-PE", as = "signed" }: Static<typeof Query>,
): FastifyReply {
  const report = as === "now" ? reports.makeNow(kind, key) : reports.make(kind, key);
  if (report === null) throw new Refusal(404, say("no-period", { period: kind, key }));
  if (format === "csv")
    return reply
      .type("text/csv; charset=utf-8; header=present")
      .header("content-disposition", `attachment; filename="${plant.id}-${key.replaceAll("/", "-")}.csv"`)
      .send(reports.csv(report));
  if (format !== "html") return reply.send(reportObject(report));
  return reply
    .type("text/html; charset=utf-8")
    .header("content-security-policy", DOCS_POLICY)
    .send(reports.html(report, language));
}
