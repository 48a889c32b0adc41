import { isIP } from "node:net";
import { hostname } from "node:os";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { failure } from "./failure.ts";
import { mayUse } from "./roles.ts";
import type { Role } from "./roles.ts";

const HOST = /^(\[[0-9a-f:.]+\]|[^:[\]]+)(?::\d{1,5})?$/i;
const LOOPBACK = /^(?:::1|(?:::ffff:)?127(?:\.\d{1,3}){3})$/;
const FORWARDING = ["forwarded", "via", "x-forwarded-for", "x-real-ip"] as const;

export function isLoopback(address: string): boolean {
  return LOOPBACK.test(address);
}

/** A name in the Host header that is neither ours nor an address has been pointed at us by somebody else's DNS
 *  (rebinding): then a page from the internet would be speaking through the visitor's browser. */
export function isOwnHost(header: string | undefined, ownNames: ReadonlySet<string>): boolean {
  const name = HOST.exec(header ?? "")?.[1]?.toLowerCase();
  if (name === undefined) return false;
  return ownNames.has(name) || isIP(name.replace(/^\[|\]$/g, "")) !== 0;
}

/** True when a browser says that the request comes from one of our own pages, and when no browser is involved. */
export function isOwnOrigin(origin: string | undefined, host: string | undefined): boolean {
  if (origin === undefined) return true;
  if (!URL.canParse(origin)) return false;
  const { protocol, host: originHost } = new URL(origin);
  return (protocol === "http:" || protocol === "https:") && originHost === host?.toLowerCase();
}

/** Without accounts, whoever sits at this machine is its engineer. A request that came through a proxy on this
 *  machine did not start here, so it is nobody's. */
function roleOf(request: FastifyRequest): Role | null {
  if (!isLoopback(request.ip)) return null;
  return FORWARDING.some((name) => request.headers[name] !== undefined) ? null : "engineer";
}

/** Whose name goes beside what the request changes. */
export function personOf(request: FastifyRequest): string {
  return roleOf(request) === "engineer" ? "local engineer" : "unknown";
}

type Refusal = readonly [statusCode: number, message: string];

/** Foreign pages may send these, because their browser keeps the answer from them. */
function onlyReads({ ws, method }: FastifyRequest): boolean {
  return !ws && (method === "GET" || method === "HEAD");
}

function refusalOf(request: FastifyRequest, ownNames: ReadonlySet<string>): Refusal | null {
  const { host, origin } = request.headers;
  if (!isOwnHost(host, ownNames)) return [421, "This gateway does not answer to that host name."];
  if (!onlyReads(request) && !isOwnOrigin(origin, host))
    return [403, "The request comes from another site's page."];
  const role = roleOf(request);
  const needed = request.routeOptions.config.role ?? (request.is404 ? "viewer" : "admin");
  if (mayUse(role ?? "public", needed)) return null;
  if (role === null) return [401, "Only this machine is served until the first account exists."];
  return [403, `This needs the role ${needed}.`];
}

/** Turns away, before anything else is read: foreign host names, other sites' pages, and people without the role. */
export function guardRequests(app: FastifyInstance, configuredHost: string): void {
  const ownNames = new Set(["localhost", hostname().toLowerCase(), configuredHost.toLowerCase()]);
  app.addHook("onRequest", (request: FastifyRequest, reply: FastifyReply, done) => {
    const refusal = refusalOf(request, ownNames);
    if (refusal === null) return done();
    const [statusCode, message] = refusal;
    if (statusCode === 401) reply.header("www-authenticate", "Bearer");
    reply.code(statusCode).send(failure(statusCode, message));
  });
}
