import type { FastifyInstance, FastifyRequest } from "fastify";
import type { Actor, Caller, Origin, People } from "../domain/people.ts";
import { sessionSecret } from "./session-cookie.ts";

declare module "fastify" {
  interface FastifyRequest {
    /** Who asks; null for somebody unknown. */
    caller: Caller | null;
  }
}

const LOOPBACK = /^(?:::1|(?:::ffff:)?127(?:\.\d{1,3}){3})$/;
const FORWARDING = ["forwarded", "via", "x-forwarded-for", "x-real-ip"] as const;
const BEARER = /^Bearer ([\w.~+/-]+=*)$/i;

/** Whoever sits at the machine of a plant that has no accounts. */
const LOCAL_ENGINEER: Caller = {
  name: "local engineer",
  role: "engineer",
  kind: "local",
  session: null,
  isLocked: false,
  endsAt: null,
};

export function isLoopback(address: string): boolean {
  return LOOPBACK.test(address);
}

/** True for a request that began on this machine: one that a proxy on it passes on did not. */
export function isLocal(request: FastifyRequest): boolean {
  return isLoopback(request.ip) && FORWARDING.every((name) => request.headers[name] === undefined);
}

/** Who asks, by token, by session, or, without accounts, by being here. A token that is shown and not known is nobody's,
 *  whatever else is shown. */
export function callerOf(request: FastifyRequest, people: People | null): Caller | null {
  if (people === null) return isLocal(request) ? LOCAL_ENGINEER : null;
  const { authorization } = request.headers;
  if (authorization !== undefined) {
    const token = BEARER.exec(authorization)?.[1];
    return token === undefined ? null : people.door.byToken(token);
  }
  const secret = sessionSecret(request);
  return secret === null ? null : people.door.bySession(secret);
}

export function rememberCallers(app: FastifyInstance): void {
  app.decorateRequest("caller", null);
}

/** Who asks on a route that needs a role, which nobody reaches without one. */
export function knownCaller({ caller }: FastifyRequest): Caller {
  if (caller === null) throw new Error("a route that needs a role was reached by nobody");
  return caller;
}

/** Whose name goes beside what the request changes. */
export function personOf({ caller }: FastifyRequest): string {
  return caller?.name ?? "unknown";
}

export function actorOf(request: FastifyRequest): Actor {
  return { name: personOf(request), address: request.ip };
}

export function originOf(request: FastifyRequest): Origin {
  return { address: request.ip, agent: request.headers["user-agent"] ?? "" };
}
