import { Told, toldObject } from "../told.ts";
import type { FastifyRequest, FastifySchemaCompiler } from "fastify";
import { Type } from "typebox";
import type { Static, TSchema } from "typebox";
import { Check } from "typebox/value";
import { presentRole } from "../../domain/people.ts";
import type { PreparedWrite, WriteDesk, Writer, WriteReport, WriteRule } from "../../domain/write.ts";
import type { App } from "../app.ts";
import { knownCaller } from "../callers.ts";
import { Failure } from "../failure.ts";
import { isoTime, jsonValue, Time } from "../tag-object.ts";

const Value = Type.Union([Type.Number(), Type.String(), Type.Boolean(), Type.Null()]);
const Params = Type.Object({ tag: Type.String() });

const RuleObject = Type.Object(
  {
    tag: Type.String(),
    role: Type.String({ description: "Who may write it, and those above." }),
    range: Type.Union([Type.Tuple([Type.Number(), Type.Number()]), Type.Null()], {
      description: "What may be written, in the unit of the tag; null for a bool.",
    }),
    rate: Type.Object({ writes: Type.Integer(), perS: Type.Number() }),
    when: Type.Union([Type.String(), Type.Null()], { description: "Tag that must be true." }),
  },
  { title: "WriteRule" },
);

const PreparedObject = Type.Object(
  {
    token: Type.String({ description: "To be sent to `write/confirm`, once." }),
    tag: Type.String(),
    before: Value,
    after: Value,
    expiresAt: Time,
  },
  { title: "PreparedWrite" },
);

const ReportObject = Type.Object(
  {
    tag: Type.String(),
    outcome: Type.Enum(["confirmed", "not-confirmed", "refused"], {
      description:
        "confirmed: the device was read again and holds it; not-confirmed: it does not within two periods; refused: it said no.",
    }),
    before: Value,
    after: Value,
    found: Value,
    detail: Type.Union([Type.String(), Type.Null()], { description: "What the device said." }),
    said: Told,
  },
  { title: "WriteReport" },
);

const WishBody = Type.Object(
  {
    value: Type.Union([Type.Number(), Type.Boolean()]),
    reason: Type.String({ minLength: 1, maxLength: 300, pattern: "\\S" }),
  },
  { additionalProperties: false },
);

const Refused = Type.Object(
  { ...Failure.properties, kind: Type.Optional(Type.String({ description: "What speaks against it." })) },
  { title: "WriteRefusal" },
);
const REFUSALS = {
  400: Refused,
  403: Refused,
  404: Refused,
  409: Refused,
  410: Refused,
  429: Refused,
  503: Refused,
  default: Failure,
};

/** What is to be written is taken as it stands: a text that looks like a number is none. */
const asItStands: FastifySchemaCompiler<TSchema> =
  ({ schema }) =>
  (data: unknown) =>
    Check(schema, data)
      ? { value: data }
      : { error: new Error("Give a number or true or false, and a reason.") };

function ruleObject({ tag, role, range, rate, when }: WriteRule): Static<typeof RuleObject> {
  return {
    tag,
    role,
    range: range === null ? null : [range.low, range.high],
    rate: { writes: rate.writesMax, perS: rate.perMs / 1000 },
    when,
  };
}

function preparedObject(prepared: PreparedWrite): Static<typeof PreparedObject> {
  const { before, expiresAt } = prepared;
  return { ...prepared, before: jsonValue(before), expiresAt: isoTime(expiresAt) };
}

function reportObject(report: WriteReport): Static<typeof ReportObject> {
  return {
    ...report,
    before: jsonValue(report.before),
    found: jsonValue(report.found),
    said: toldObject(report.said),
  };
}

function writerOf(request: FastifyRequest): Writer {
  const caller = knownCaller(request);
  const { name, kind, session } = caller;
  return { name, role: presentRole(caller), session: session ?? kind, address: request.ip };
}

/** Values that people and programs set, each in two steps: select before operate. */
export function writeRoutes(app: App, writes: WriteDesk): void {
  app.get(
    "/api/v1/writes",
    {
      config: { role: "viewer" },
      schema: {
        summary: "Tags that may be written, by whom and under which conditions",
        tags: ["writes"],
        response: { 200: Type.Array(RuleObject), default: Failure },
      },
    },
    () => writes.rules.map(ruleObject),
  );
  app.post(
    "/api/v1/tags/:tag/write",
    {
      config: { role: "operator" },
      validatorCompiler: asItStands,
      schema: {
        summary: "Prepare a write: everything is checked, nothing is written",
        tags: ["writes"],
        params: Params,
        body: WishBody,
        response: { 200: PreparedObject, ...REFUSALS },
      },
    },
    (request) => {
      const { value, reason } = request.body;
      const wish = { tag: request.params.tag, value, reason: reason.trim() };
      return preparedObject(writes.prepare(writerOf(request), wish));
    },
  );
  app.post(
    "/api/v1/tags/:tag/write/confirm",
    {
      config: { role: "operator" },
      schema: {
        summary: "Confirm a prepared write: it is written once and read back",
        description:
          "Answers when the device holds the value, or after two periods of the tag, 20 s at the most.",
        tags: ["writes"],
        params: Params,
        body: Type.Object({ token: Type.String({ maxLength: 100 }) }, { additionalProperties: false }),
        response: { 200: ReportObject, ...REFUSALS },
      },
    },
    (request) => writes.confirm(writerOf(request), request.params.tag, request.body.token).then(reportObject),
  );
}
