import { Type } from "typebox";
import type { Static, TSchema } from "typebox";
import { bodyKey, ENTRY_FORMS } from "../../domain/entry-fields.ts";
import type { EntryField } from "../../domain/entry-fields.ts";
import { ENTRY_KINDS } from "../../domain/entry.ts";
import type { Entry, EntryKind } from "../../domain/entry.ts";
import type { Clock } from "../../domain/time.ts";
import { createZone } from "../../domain/zone.ts";
import type { App } from "../app.ts";
import { Failure } from "../failure.ts";
import { personOf } from "../callers.ts";
import { RangeQuery, readRange } from "../history-range.ts";
import { entryColumns, readEntries } from "../sheets/entry-sheet.ts";
import { isoTime, Time } from "../tag-object.ts";
import type { GatewayView } from "../view.ts";
import { intakeRoutes } from "./intake.ts";

const ROWS_MAX = 10_000;
const DAYS_MAX = 3_660;
const USUAL_MS = 35 * 86_400_000;

const TITLES: Readonly<Record<EntryKind, string>> = {
  lot: "Lots of ore that were delivered",
  pour: "Bars of doré",
  stocktake: "Gold counted in the circuit",
  "leach-batch": "Batches of the intensive leach reactor",
  downtime: "Downtime of equipment",
  screen: "Sieve analyses",
  note: "Notes of the shift log",
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

function entryObject({ from, to, at, body, ...rest }: Entry): Static<typeof EntryObject> {
  const times = { from: isoTime(from), to: isoTime(to), at: isoTime(at) };
  return { ...rest, ...times, body: body === null ? null : { ...body } };
}

export function entryRoutes(app: App, view: GatewayView, clock: Clock): void {
  for (const kind of ENTRY_KINDS) {
    listRoute(app, view, clock, kind);
    takingRoutes(app, view, kind);
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
    ({ query }) => {
      const { from, to } = readRange(query, clock.now() + 1, DAYS_MAX, USUAL_MS);
      return entries.list(kind, from, to, ROWS_MAX).map(entryObject);
    },
  );
}

function takingRoutes(app: App, { plant, records: { entries } }: GatewayView, kind: EntryKind): void {
  const zone = createZone(plant.timeZone);
  const intake = {
    path: `/api/v1/${ENTRY_FORMS[kind].path}`,
    role: ENTRY_FORMS[kind].role,
    summary: TITLES[kind],
    description: "All or nothing. The same again changes nothing; with a reason it is a correction.",
    columns: entryColumns(kind),
    record: recordOf(kind),
    receipt: Receipt,
  };
  intakeRoutes(app, intake, (rows, request) =>
    entries.take(readEntries(kind, rows, zone), personOf(request)),
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
    prose: () => Type.String(),
    number: () => Type.Number({ ...limits, ...(unit === null ? {} : { description: unit }) }),
    choice: () => Type.Enum([...choices]),
    screens: () => Type.Array(Type.Object({ sizeUm: Type.Number(), passingPercent: Type.Number() })),
  };
  const schema = schemas[type]();
  return isOptional ? Type.Optional(schema) : schema;
}
