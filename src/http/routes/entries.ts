import type { FastifyRequest } from "fastify";
import { Type } from "typebox";
import type { Static, TSchema } from "typebox";
import { bodyKey, ENTRY_FORMS } from "../../domain/entry-fields.ts";
import type { EntryField } from "../../domain/entry-fields.ts";
import { ENTRY_KINDS } from "../../domain/entry.ts";
import type { Entry, EntryKind } from "../../domain/entry.ts";
import type { Clock } from "../../domain/time.ts";
import { createZone } from "../../domain/zone.ts";
import type { App } from "../app.ts";
import { Failure, failure, InputRefusal } from "../failure.ts";
import { personOf } from "../guard.ts";
import { RangeQuery, readRange } from "../history-range.ts";
import type { Role } from "../roles.ts";
import { entryColumns, readEntries } from "../sheets/entry-sheet.ts";
import { rowsOfCsv, rowsOfJson } from "../sheets/sheet.ts";
import type { SheetRow } from "../sheets/sheet.ts";
import { isoTime, Time } from "../tag-object.ts";
import type { GatewayView } from "../view.ts";
import { unchecked } from "./assays.ts";

const ROWS_MAX = 10_000;
const DAYS_MAX = 3_660;
const USUAL_MS = 35 * 86_400_000;

/** What happens on shift is the operator's to tell; what gold is counted by is the metallurgist's. */
const ROLES: Readonly<Record<EntryKind, Role>> = {
  lot: "operator",
  downtime: "operator",
  pour: "metallurgist",
  stocktake: "metallurgist",
  "leach-batch": "metallurgist",
  screen: "metallurgist",
};

const TITLES: Readonly<Record<EntryKind, string>> = {
  lot: "Lots of ore that were delivered",
  pour: "Bars of doré",
  stocktake: "Gold counted in the circuit",
  "leach-batch": "Batches of the intensive leach reactor",
  downtime: "Downtime of equipment",
  screen: "Sieve analyses",
};

const EntryObject = Type.Object(
  {
    kind: Type.Enum([...ENTRY_KINDS]),
    ref: Type.String(),
    version: Type.Integer(),
    from: Time,
    to: Time,
    body: Type.Union([Type.Record(Type.String(), Type.Unknown()), Type.Null()], {
      description: "Null when it was taken back.",
    }),
    by: Type.String(),
    at: Time,
    reason: Type.Union([Type.String(), Type.Null()]),
  },
  { title: "Entry" },
);

const Receipt = Type.Object(
  {
    received: Type.Integer(),
    added: Type.Integer(),
    unchanged: Type.Integer({ description: "Known already, word for word." }),
  },
  { title: "EntryReceipt" },
);

function entryObject({
  kind,
  ref,
  version,
  from,
  to,
  body,
  by,
  at,
  reason,
}: Entry): Static<typeof EntryObject> {
  const content = body === null ? null : { ...body };
  return {
    kind,
    ref,
    version,
    from: isoTime(from),
    to: isoTime(to),
    body: content,
    by,
    at: isoTime(at),
    reason,
  };
}

export function entryRoutes(app: App, view: GatewayView, clock: Clock): void {
  for (const kind of ENTRY_KINDS) {
    listRoute(app, view, clock, kind);
    intakeRoutes(app, view, kind);
  }
}

function listRoute(app: App, { records: { entries } }: GatewayView, clock: Clock, kind: EntryKind): void {
  app.get(
    `/api/v1/${ENTRY_FORMS[kind].path}`,
    {
      config: { role: "viewer" },
      schema: {
        summary: TITLES[kind],
        description:
          "Every version of those that start within from <= t < to; without from the last 35 days.",
        tags: ["records"],
        querystring: Type.Object(RangeQuery),
        response: { 200: Type.Array(EntryObject), 400: Failure, default: Failure },
      },
    },
    ({ query }, reply) => {
      const range = readRange(query, clock.now() + 1, DAYS_MAX, USUAL_MS);
      if (typeof range !== "string")
        return entries.list(kind, range.from, range.to, ROWS_MAX).map(entryObject);
      reply.code(400);
      return failure(400, range);
    },
  );
}

function intakeRoutes(app: App, { plant, records }: GatewayView, kind: EntryKind): void {
  const columns = entryColumns(kind);
  const zone = createZone(plant.timeZone);
  const record = recordOf(kind);
  const take = (rows: readonly SheetRow[], request: FastifyRequest): Static<typeof Receipt> => ({
    ...records.entries.take(readEntries(kind, rows, zone), personOf(request)),
  });
  const described = {
    description: "All or nothing. The same again changes nothing; with a reason it is a correction.",
    tags: ["records"],
    response: { 200: Receipt, 400: InputRefusal, default: Failure },
  };
  const { path } = ENTRY_FORMS[kind];
  app.post(
    `/api/v1/${path}`,
    {
      config: { role: ROLES[kind] },
      validatorCompiler: unchecked,
      schema: {
        summary: `${TITLES[kind]}: one or a list`,
        ...described,
        body: Type.Union([record, Type.Array(record)]),
      },
    },
    (request) => take(rowsOfJson(request.body, columns), request),
  );
  app.post(
    `/api/v1/${path}.csv`,
    {
      config: { role: ROLES[kind] },
      validatorCompiler: unchecked,
      schema: {
        summary: `${TITLES[kind]} as CSV`,
        ...described,
        consumes: ["text/csv"],
        body: Type.String({ description: `Columns: ${columns.map(({ name }) => name).join(", ")}.` }),
      },
    },
    (request, reply) => {
      const body: unknown = request.body;
      if (Buffer.isBuffer(body)) return take(rowsOfCsv(body, columns), request);
      reply.code(415);
      return failure(415, "Send the file as text/csv.");
    },
  );
}

/** One record as it is sent; for the document only. */
function recordOf(kind: EntryKind): TSchema {
  const { when, refAliases, fields } = ENTRY_FORMS[kind];
  const time = (description: string): TSchema => Type.String({ description });
  const isoOrLocal = "ISO 8601; without a zone plant time.";
  const own = Object.fromEntries(fields.map((field) => [bodyKey(field.name), schemaOf(field)]));
  return Type.Object({
    ref: refAliases.length > 0 ? Type.String() : Type.Optional(Type.String()),
    ...(when === "moment"
      ? { at: time(isoOrLocal) }
      : { from: time(isoOrLocal), to: Type.Optional(time(isoOrLocal)) }),
    ...own,
    withdrawn: Type.Optional(Type.Boolean({ description: "Takes it back." })),
    reason: Type.Optional(Type.String({ description: "Of a correction." })),
  });
}

function schemaOf({ type, isOptional, unit, range: [low, high], choices }: EntryField): TSchema {
  const limits = { minimum: low, ...(high === Infinity ? {} : { maximum: high }) };
  const schemas = {
    text: () => Type.String(),
    number: () => Type.Number({ ...limits, ...(unit === null ? {} : { description: unit }) }),
    choice: () => Type.Enum([...choices]),
    screens: () => Type.Array(Type.Object({ sizeUm: Type.Number(), passingPercent: Type.Number() })),
  };
  const schema = schemas[type]();
  return isOptional ? Type.Optional(schema) : schema;
}
