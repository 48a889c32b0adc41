import { STATUS_CODES } from "node:http";
import type { FastifyError, FastifyInstance } from "fastify";
import { Type } from "typebox";
import type { Static } from "typebox";
import type { Log } from "../domain/ports.ts";

/** What every refused or failed request gets. */
export const Failure = Type.Object(
  {
    statusCode: Type.Integer({ description: "The HTTP status." }),
    error: Type.String({ description: "Its name." }),
    message: Type.String({ description: "A sentence for a person." }),
  },
  { title: "Failure" },
);
export type Failure = Static<typeof Failure>;

export function failure(statusCode: number, message: string): Failure {
  return { statusCode, error: STATUS_CODES[statusCode] ?? "Error", message };
}

/** One shape for all errors. What went wrong inside goes to the log and never to the client. */
export function answerFailures(app: FastifyInstance, log: Log): void {
  app.setErrorHandler((error: FastifyError, request, reply) => {
    const statusCode = error.statusCode ?? 500;
    if (statusCode >= 500) {
      log.error({ error, method: request.method, route: request.routeOptions.url }, "a request failed");
      return reply.code(statusCode).send(failure(statusCode, "The gateway could not answer this request."));
    }
    return reply.code(statusCode).send(failure(statusCode, error.message));
  });
  app.setNotFoundHandler((request, reply) => {
    if (request.method === "GET" || request.method === "HEAD")
      return reply.code(404).send(failure(404, "There is nothing at this address."));
    reply.header("allow", "GET, HEAD");
    return reply.code(405).send(failure(405, `${request.method} is not possible at this address.`));
  });
}
