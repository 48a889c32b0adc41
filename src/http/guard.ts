import { say } from "../domain/said.ts";
import type { Said } from "../domain/said.ts";
import { isIP } from "node:net";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { mayUse, presentRole } from "../domain/people.ts";
import type { Caller, People, Role } from "../domain/people.ts";
import { callerOf, isLocal, rememberCallers } from "./callers.ts";
import { failure } from "./failure.ts";

const HOST = /^(\[[0-9a-f:.]+\]|[^:[\]]+)(?::\d{1,5})?$/i;

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

/** Foreign pages may send these, because their browser keeps the answer from them. */
function onlyReads(request: FastifyRequest): boolean {
  return !request.ws && !isDoing(request);
}

/** Somebody wants something; that a page follows what happens does not count. */
function isDoing({ method }: FastifyRequest): boolean {
  return method !== "GET" && method !== "HEAD";
}

/** Whether one of our own pages sends it, by all that a browser says of it: Origin, Referer and Fetch Metadata, to which a
 *  WebSocket of the same page may be another site. */
function isOwnPage({ headers, ws }: FastifyRequest): boolean {
  const { origin, referer, host } = headers;
  const site = headers["sec-fetch-site"];
  if (!ws && site !== undefined && site !== "same-origin" && site !== "none") return false;
  return isOwnOrigin(origin, host) && isOwnOrigin(referer, host);
}

/** How a client may make itself known (RFC 9110, 11.6.1); tells the page whether there is anybody to be. */
function challengeOf(people: People | null): string {
  return people?.door.hasAccounts() === false ? 'Bearer realm="no account yet"' : "Bearer";
}

type Refusal = readonly [statusCode: number, told: Said | string];

const FIRST_ACCOUNT_MISSING =
  "Only this machine is served until the first account exists: open the set-up link that the gateway printed at its start.";

function refusalOf(request: FastifyRequest, people: People | null): Refusal | null {
  const isFresh = people?.door.hasAccounts() === false;
  const { role, isLiveness = false } = request.routeOptions.config;
  if (isFresh && !isLiveness && !isLocal(request)) return [401, FIRST_ACCOUNT_MISSING];
  const needed = role ?? (request.is404 ? "viewer" : "admin");
  return (
    pageRefusal(request) ??
    roleRefusal(request.caller, needed, people === null ? "Only this machine is served." : signIn(isFresh))
  );
}

/** A browser shows its cookie without asking anybody; so what is done by it must come from a page of ours. */
function pageRefusal(request: FastifyRequest): Refusal | null {
  const { caller, headers } = request;
  if (onlyReads(request) || caller?.kind !== "session" || headers.origin !== undefined) return null;
  return [403, "With a session a request says from which page it comes: send the Origin header, or a token."];
}

function signIn(isFresh: boolean): Said | string {
  return isFresh ? FIRST_ACCOUNT_MISSING : say("signed-out");
}

function roleRefusal(caller: Caller | null, needed: Role, unknown: Said | string): Refusal | null {
  if (mayUse(caller === null ? "public" : presentRole(caller), needed)) return null;
  if (caller === null) return [401, unknown];
  if (mayUse(caller.role, needed)) return [423, say("locked")];
  return [403, say("needs-role", { role: needed })];
}

/** Turns away, before anything else is read: foreign host names, other sites' pages, and people without the role. */
export function guardRequests(
  app: FastifyInstance,
  ownNames: ReadonlySet<string>,
  people: People | null,
): void {
  const refuse = (request: FastifyRequest): Refusal | null => {
    if (!isOwnHost(request.headers.host, ownNames))
      return [421, "This gateway does not answer to that host name."];
    if (!onlyReads(request) && !isOwnPage(request)) return [403, say("other-site")];
    request.caller = callerOf(request, people);
    return refusalOf(request, people);
  };
  rememberCallers(app);
  app.addHook("onRequest", (request: FastifyRequest, reply: FastifyReply, done) => {
    const refusal = refuse(request);
    if (refusal === null) {
      if (request.caller !== null && isDoing(request)) people?.door.noteActivity(request.caller);
      return done();
    }
    const [statusCode, told] = refusal;
    if (statusCode === 401) reply.header("www-authenticate", challengeOf(people));
    reply.code(statusCode).send(failure(statusCode, told));
  });
}
