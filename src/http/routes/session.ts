import type { FastifyReply, FastifyRequest } from "fastify";
import { Type } from "typebox";
import { say } from "../../domain/said.ts";
import type { Admission, Door } from "../../domain/people.ts";
import type { App } from "../app.ts";
import { knownCaller, originOf } from "../callers.ts";
import { Failure, Refusal } from "../failure.ts";
import { setSessionCookie } from "../session-cookie.ts";
import { SessionObject, sessionObject } from "../session-object.ts";
import type { GatewayView } from "../view.ts";

const BODY_BYTES_MAX = 4096;
const SESSION_S = 12 * 3600;

export const Name = Type.String({ minLength: 1, maxLength: 100 });
export const Password = Type.String({ minLength: 1, maxLength: 400 });

function admitted(
  request: FastifyRequest,
  reply: FastifyReply,
  { secret, caller }: Admission,
): SessionObject {
  setSessionCookie(request, reply, secret, SESSION_S);
  return sessionObject(caller);
}

export function sessionRoutes(app: App, { people }: GatewayView): void {
  app.get(
    "/api/v1/session",
    {
      config: { role: "viewer" },
      schema: {
        summary: "Who I am",
        description: "401 for nobody. Without accounts, everybody at this machine is the local engineer.",
        tags: ["people"],
        response: { 200: SessionObject, 401: Failure, default: Failure },
      },
    },
    (request) => sessionObject(knownCaller(request)),
  );
  if (people === null) return;
  entranceRoutes(app, people.door);
  lockRoutes(app, people.door);
  passwordRoute(app, people.door);
}

function entranceRoutes(app: App, door: Door): void {
  const response = { 200: SessionObject, 400: Failure, 401: Failure, 429: Failure, default: Failure };
  const rest = { config: { role: "public" as const }, bodyLimit: BODY_BYTES_MAX };
  app.post(
    "/api/v1/login",
    {
      ...rest,
      schema: {
        summary: "Sign in",
        description:
          "Sets the cookie of the session. After five wrong passwords from one address it takes time.",
        tags: ["people"],
        security: [],
        body: Type.Object({ name: Name, password: Password }),
        response,
      },
    },
    async (request, reply) => {
      const { name, password } = request.body;
      const admission = await door.signIn(name, password, originOf(request));
      if (request.caller !== null) door.signOut(request.caller, request.ip);
      return admitted(request, reply, admission);
    },
  );
  app.post(
    "/api/v1/set-up",
    {
      ...rest,
      schema: {
        summary: "Make the first account, an admin's",
        description: "With the secret of the link that the gateway prints; on this machine, once.",
        tags: ["people"],
        security: [],
        body: Type.Object({ link: Type.String({ maxLength: 100 }), name: Name, password: Password }),
        response: { ...response, 403: Failure, 422: Failure },
      },
    },
    async (request, reply) => {
      const { link, name, password } = request.body;
      return admitted(request, reply, await door.setUp(link, name, password, originOf(request)));
    },
  );
  app.post(
    "/api/v1/logout",
    {
      config: { role: "viewer" },
      schema: { summary: "Sign out", tags: ["people"], response: { 204: Type.Null(), default: Failure } },
    },
    (request, reply) => {
      door.signOut(knownCaller(request), request.ip);
      setSessionCookie(request, reply, null, 0);
      reply.code(204);
      return null;
    },
  );
}

function lockRoutes(app: App, door: Door): void {
  const response = { 200: SessionObject, 401: Failure, 429: Failure, default: Failure };
  const present = (request: FastifyRequest): SessionObject =>
    sessionObject(door.recall(knownCaller(request)) ?? knownCaller(request));
  app.post(
    "/api/v1/session/activity",
    {
      config: { role: "viewer" },
      schema: {
        summary: "Somebody is at the page",
        description: "Puts off the lock, as every change does; reading and following do not.",
        tags: ["people"],
        response,
      },
    },
    present, // the guard has noted the activity
  );
  app.post(
    "/api/v1/lock",
    {
      config: { role: "viewer" },
      schema: { summary: "Lock my session: it looks on and does nothing", tags: ["people"], response },
    },
    (request) => {
      door.lock(knownCaller(request));
      return present(request);
    },
  );
  app.post(
    "/api/v1/unlock",
    {
      config: { role: "viewer" },
      bodyLimit: BODY_BYTES_MAX,
      schema: {
        summary: "Unlock my session",
        tags: ["people"],
        body: Type.Object({ password: Password }),
        response,
      },
    },
    (request) =>
      door.unlock(knownCaller(request), request.body.password, request.ip).then(() => present(request)),
  );
}

function passwordRoute(app: App, door: Door): void {
  app.post(
    "/api/v1/password",
    {
      config: { role: "viewer" },
      bodyLimit: BODY_BYTES_MAX,
      schema: {
        summary: "Change my password",
        description: "Ends my other sessions.",
        tags: ["people"],
        body: Type.Object({ password: Password, next: Password }),
        response: {
          204: Type.Null(),
          400: Failure,
          401: Failure,
          403: Failure,
          429: Failure,
          default: Failure,
        },
      },
    },
    async (request, reply) => {
      const caller = knownCaller(request);
      if (caller.kind !== "session") throw new Refusal(403, say("program-without-password"));
      await door.changePassword(caller, request.body.password, request.body.next, request.ip);
      reply.code(204);
      return null;
    },
  );
}
