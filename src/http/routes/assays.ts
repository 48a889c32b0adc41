import { say } from "../../domain/said.ts";
import { Type } from "typebox";
import type { Static, TSchema } from "typebox";
import { ASSAY_KINDS } from "../../domain/assay.ts";
import type { Assay, AssayQuery, ControlResult } from "../../domain/assay.ts";
import type { Clock } from "../../domain/time.ts";
import { createZone } from "../../domain/zone.ts";
import type { App } from "../app.ts";
import { Failure, Refusal } from "../failure.ts";
import { personOf } from "../callers.ts";
import { RangeQuery, readRange } from "../history-range.ts";
import { ASSAY_COLUMNS, readAssays } from "../sheets/assay-sheet.ts";
import { isoTime, Time } from "../tag-object.ts";
import type { GatewayView } from "../view.ts";
import { intakeRoutes } from "./intake.ts";

const ROWS_MAX = 10_000;
const DAYS_MAX = 3_660;
const USUAL_MS = 30 * 86_400_000;

const Text = Type.Union([Type.String(), Type.Null()]);

const AssayObject = Type.Object(
  {
    point: Type.String({ description: "Sampling point; empty for standards and blanks." }),
    sample: Type.String(),
    kind: Type.Enum([...ASSAY_KINDS]),
    version: Type.Integer({ description: "Counts what the gateway was told of the sample, from 1." }),
    revision: Type.Integer({ description: "As the laboratory counts its results." }),
    cutFrom: Time,
    cutTo: Time,
    unit: Type.String(),
    value: Type.Union([Type.Number(), Type.Null()], { description: "Half the limit below detection." }),
    u: Type.Union([Type.Number(), Type.Null()], { description: "Standard uncertainty, one sigma." }),
    asReported: Type.String({ description: "`<0.005`, `>10`, `12.4`." }),
    method: Text,
    batch: Text,
    material: Text,
    state: Type.Enum(["accepted", "held", "over-limit", "withdrawn"], {
      description: "Only accepted results count.",
    }),
    reportedAt: Time,
    receivedAt: Time,
    by: Type.String(),
    reason: Text,
  },
  { title: "Assay" },
);

const ControlObject = Type.Object(
  {
    ...AssayObject.properties,
    z: Type.Union([Type.Number(), Type.Null()], { description: "(found - certified) / sd" }),
    failure: Type.Union([Type.String(), Type.Null()], { description: "Why its batch is held." }),
  },
  { title: "Control" },
);

const Receipt = Type.Object(
  {
    received: Type.Integer(),
    added: Type.Integer(),
    unchanged: Type.Integer({ description: "Known already, word for word." }),
    superseded: Type.Integer({ description: "Older than the result that is known." }),
    heldBatches: Type.Array(Type.String(), { description: "Held back by their standards and blanks." }),
  },
  { title: "AssayReceipt" },
);

const AssayQueryObject = Type.Object({
  ...RangeQuery,
  point: Type.Optional(Type.String({ maxLength: 64 })),
  versions: Type.Optional(Type.Enum(["last", "all"])),
});

const AssayRecord = Type.Object(
  {
    sample: Type.String(),
    point: Type.String({ description: "Also `tag`." }),
    kind: Type.Optional(Type.Enum([...ASSAY_KINDS])),
    version: Type.Optional(Type.Integer({ description: "The laboratory's count of its results." })),
    cut_from: Type.String({
      description: "ISO 8601; without a zone plant time. A spot sample needs no more.",
    }),
    cut_to: Type.Optional(Type.String()),
    reported: Type.Optional(Type.String()),
    method: Type.Optional(Type.String()),
    batch: Type.Optional(Type.String({ description: "Implied by method and cut where absent." })),
    material: Type.Optional(Type.String({ description: "Of a standard." })),
    value: Type.Union([Type.Number(), Type.String()], { description: "12.4, `<0.005`, `>10`, `withdrawn`" }),
    unit: Type.String({ description: "UCUM code." }),
    reason: Type.Optional(Type.String({ description: "Of a correction that is not counted." })),
  },
  { title: "AssayRecord" },
);

export function assayObject(assay: Assay): Static<typeof AssayObject> {
  const { cutFrom, cutTo, reportedAt, receivedAt, ...rest } = assay;
  const times = { cutFrom: isoTime(cutFrom), cutTo: isoTime(cutTo) };
  return { ...rest, ...times, reportedAt: isoTime(reportedAt), receivedAt: isoTime(receivedAt) };
}

function controlObject({ assay, z, failure: reason }: ControlResult): Static<typeof ControlObject> {
  return { ...assayObject(assay), z, failure: reason };
}

export function assayRoutes(app: App, view: GatewayView, clock: Clock): void {
  readRoutes(app, view, clock);
  takingRoutes(app, view);
  const { assays } = view.records;
  app.post(
    "/api/v1/assays/batches/:batch/release",
    {
      config: { role: "metallurgist" },
      schema: {
        summary: "Let a batch that was held back count",
        tags: ["records"],
        params: Type.Object({ batch: Type.String() }),
        body: Type.Object({ reason: Type.String({ minLength: 3, maxLength: 200, pattern: "\\S" }) }),
        response: { 200: Type.Object({ released: Type.Integer() }), 404: Failure, default: Failure },
      },
    },
    (request) => {
      const { batch } = request.params;
      const released = assays.release(batch, personOf(request), request.body.reason.trim());
      if (released === 0) throw new Refusal(404, say("nothing-held", { batch }));
      return { released };
    },
  );
}

function takingRoutes(app: App, { plant, records: { assays } }: GatewayView): void {
  const zone = createZone(plant.timeZone);
  const intake = {
    path: "/api/v1/assays",
    role: "metallurgist",
    summary: "Results of the laboratory",
    description:
      "All or nothing. The same again changes nothing. A higher version, or another result with a reason, is a new " +
      "version of the sample. A batch whose standard or blank fails is held until somebody releases it.",
    columns: ASSAY_COLUMNS,
    record: AssayRecord,
    receipt: Receipt,
  } as const;
  intakeRoutes(app, intake, (rows, request) => assays.take(readAssays(rows, zone), personOf(request)));
}

type ListQuery = Static<typeof AssayQueryObject>;

/** Throws a Refusal. */
function queryOf(query: ListQuery, clock: Clock): AssayQuery {
  const range = readRange(query, clock.now(), DAYS_MAX, USUAL_MS);
  return { point: query.point ?? null, ...range, all: query.versions === "all", rowsMax: ROWS_MAX };
}

const listing = <T extends TSchema>(summary: string, item: T) => ({
  summary,
  description: "Samples with any part cut within from <= t < to; without from the last 30 days.",
  tags: ["records"],
  querystring: AssayQueryObject,
  response: { 200: Type.Array(item), 400: Failure, default: Failure },
});

function readRoutes(app: App, { records: { assays } }: GatewayView, clock: Clock): void {
  app.get(
    "/api/v1/assays",
    {
      config: { role: "viewer" },
      schema: listing("Results of the laboratory, newest cut first", AssayObject),
    },
    ({ query }) => assays.list(queryOf(query, clock)).map(assayObject),
  );
  app.get(
    "/api/v1/assays/controls",
    {
      config: { role: "viewer" },
      schema: listing("Standards and blanks against their limits", ControlObject),
    },
    ({ query }) => assays.controls(queryOf(query, clock)).map(controlObject),
  );
  app.get(
    "/api/v1/assays/points",
    {
      config: { role: "viewer" },
      schema: {
        summary: "Sampling points of the plant",
        tags: ["records"],
        response: {
          200: Type.Array(Type.Object({ id: Type.String(), title: Type.String(), unit: Type.String() })),
          default: Failure,
        },
      },
    },
    () => [...assays.points],
  );
}
