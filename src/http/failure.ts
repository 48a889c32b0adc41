import { Params } from "./told.ts";
import { say, textOf } from "../domain/said.ts";
import type { Said } from "../domain/said.ts";
import { STATUS_CODES } from "node:http";
import type { FastifyError, FastifyInstance, FastifyReply } from "fastify";
import { Type } from "typebox";
import type { Static } from "typebox";
import { RefusedInput } from "../domain/assay.ts";
import { PeopleRefusal } from "../domain/people.ts";
import type { RefusalKind } from "../domain/people.ts";
import type { Log } from "../domain/ports.ts";
import { WriteRefusal } from "../domain/write.ts";
import type { WriteRefusalKind } from "../domain/write.ts";

/** What every refused or failed request gets. */
export const Failure = Type.Object(
  {
    statusCode: Type.Integer({ description: "The HTTP status." }),
    error: Type.String({ description: "Its name." }),
    message: Type.String({ description: "A sentence for a person." }),
    code: Type.Optional(Type.String({ description: "Which sentence it is; it stays the same." })),
    params: Type.Optional(Params),
  },
  { title: "Failure" },
);
export type Failure = Static<typeof Failure>;

export function failure(statusCode: number, told: Said | string): Failure {
  const base = { statusCode, error: STATUS_CODES[statusCode] ?? "Error", message: textOf(told) };
  return typeof told === "string" ? base : { ...base, code: told.code, params: { ...told.params } };
}

/** Thrown by a route whose request cannot be answered as it stands: it becomes the answer. */
export class Refusal extends Error {
  readonly statusCode: number;
  readonly told: Said;

  constructor(statusCode: number, told: Said) {
    super(textOf(told));
    this.statusCode = statusCode;
    this.told = told;
  }
}

const Fault = Type.Object({
  row: Type.Integer(),
  column: Type.String(),
  code: Type.String({ description: "Which sentence it is; it stays the same." }),
  params: Params,
  sentence: Type.String(),
});

/** What gets who sent something of which a part is wrong: where, and what. */
export const InputRefusal = Type.Object(
  {
    ...Failure.properties,
    faults: Type.Array(Fault, {
      description: "All that is wrong; nothing was taken. Row 1 of a CSV is its head.",
    }),
  },
  { title: "InputRefusal" },
);

/** Faults in one answer. */
const FAULTS_MAX = 200;

function inputRefusal(error: RefusedInput): Static<typeof InputRefusal> {
  return {
    ...failure(400, error.message),
    faults: error.faults.slice(0, FAULTS_MAX),
  };
}

const PEOPLE_STATUS: Readonly<Record<RefusalKind, number>> = {
  "wrong-password": 401,
  throttled: 429,
  "unfit-name": 422,
  "unfit-password": 400,
  taken: 409,
  unknown: 404,
  "last-admin": 409,
  busy: 503,
  closed: 403,
};

const WRITE_STATUS: Readonly<Record<WriteRefusalKind, number>> = {
  "unknown-tag": 404,
  "not-enabled": 403,
  role: 403,
  unfit: 400,
  range: 400,
  interlock: 409,
  "not-known": 409,
  rate: 429,
  busy: 409,
  expired: 410,
  unkept: 503,
};

function sendPeopleRefusal(reply: FastifyReply, { kind, message, retryAfterS }: PeopleRefusal): FastifyReply {
  if (retryAfterS !== null) reply.header("retry-after", retryAfterS);
  return reply.code(PEOPLE_STATUS[kind]).send(failure(PEOPLE_STATUS[kind], message));
}

/** SQLITE_FULL: https://sqlite.org/rescode.html#full */
function isOfFullDisk(error: object): boolean {
  return "errcode" in error && error.errcode === 13;
}

/** One shape for all errors. What went wrong inside goes to the log and never to the client. */
export function answerFailures(app: FastifyInstance, log: Log): void {
  app.setErrorHandler((error: FastifyError, request, reply) => {
    if (error instanceof RefusedInput) return reply.code(400).send(inputRefusal(error));
    if (error instanceof Refusal)
      return reply.code(error.statusCode).send(failure(error.statusCode, error.told));
    if (error instanceof WriteRefusal)
      return reply
        .code(WRITE_STATUS[error.kind])
        .send({ ...failure(WRITE_STATUS[error.kind], error.message), kind: error.kind });
    if (error instanceof PeopleRefusal) return sendPeopleRefusal(reply, error);
    const statusCode = error.statusCode ?? (isOfFullDisk(error) ? 507 : 500);
    if (statusCode === 507) return reply.code(507).send(failure(507, say("disk-full")));
    if (statusCode >= 500) {
      log.error({ error, method: request.method, route: request.routeOptions.url }, "a request failed");
      return reply.code(statusCode).send(failure(statusCode, say("could-not-answer")));
    }
    const why = say("request-unfit", { why: error.message });
    return reply.code(statusCode).send(failure(statusCode, why));
  });
  app.setNotFoundHandler((request, reply) => {
    if (request.method === "GET" || request.method === "HEAD")
      return reply.code(404).send(failure(404, say("nothing-here")));
    reply.header("allow", "GET, HEAD");
    return reply.code(405).send(failure(405, say("method-impossible", { method: request.method })));
  });
}
