import type { FastifyRequest } from "fastify";
import { Type } from "typebox";
import type { TSchema } from "typebox";
import { say } from "../../domain/said.ts";
import type { App } from "../app.ts";
import { Failure, InputRefusal, Refusal } from "../failure.ts";
import type { Role } from "../../domain/people.ts";
import { rowsOfCsv, rowsOfJson } from "../sheets/sheet.ts";
import type { Column, SheetRow } from "../sheets/sheet.ts";

/** What is handed in at an address. */
export interface Intake {
  readonly path: string;
  readonly role: Role;
  readonly summary: string;
  readonly description: string;
  readonly columns: readonly Column[];
  /** One record as it is sent; for the document only, because our own reading says in which row and column a fault is. */
  readonly record: TSchema;
  readonly receipt: TSchema;
}

/** CSV comes as bytes, because only its reader knows the encoding. */
export function acceptCsv(app: App): void {
  app.addContentTypeParser(
    ["text/csv", "application/vnd.ms-excel", "application/octet-stream"],
    { parseAs: "buffer" },
    (_request, body, done) => done(null, body),
  );
}

/** Lets everything through: the handler reads the body itself. */
const unchecked = () => () => true;

/** Two ways in for the same records: as JSON, one or a list, and as CSV. */
export function intakeRoutes(
  app: App,
  { path, role, summary, description, columns, record, receipt }: Intake,
  take: (rows: readonly SheetRow[], request: FastifyRequest) => object,
): void {
  const described = {
    description,
    tags: ["records"],
    response: { 200: receipt, 400: InputRefusal, default: Failure },
  };
  app.post(
    path,
    {
      config: { role },
      validatorCompiler: unchecked,
      schema: {
        summary: `${summary}, one or a list`,
        ...described,
        body: Type.Union([record, Type.Array(record)]),
      },
    },
    (request) => take(rowsOfJson(request.body, columns), request),
  );
  app.post(
    `${path}.csv`,
    {
      config: { role },
      validatorCompiler: unchecked,
      schema: {
        summary: `${summary}, as CSV`,
        ...described,
        consumes: ["text/csv"],
        body: Type.String({ description: `Columns: ${columns.map(({ name }) => name).join(", ")}.` }),
      },
    },
    (request) => {
      const body: unknown = request.body;
      if (!Buffer.isBuffer(body)) throw new Refusal(415, say("csv-wanted"));
      return take(rowsOfCsv(body, columns), request);
    },
  );
}
