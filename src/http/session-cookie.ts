import type { FastifyReply, FastifyRequest } from "fastify";

/** A browser keeps a `__Host-` cookie only if it came encrypted and for this host alone (RFC 6265bis, 4.1.3.2). */
const NAME_ENCRYPTED = "__Host-puma";
const NAME_PLAIN = "puma";
const SECRET = /^[\w-]{43}$/;

/** By the socket itself; a header says so only where a trusted proxy has set it. */
function isEncrypted(request: FastifyRequest): boolean {
  return request.protocol === "https";
}

/** What the browser shows to be known by; null when it shows nothing of the kind. */
export function sessionSecret(request: FastifyRequest): string | null {
  const name = isEncrypted(request) ? NAME_ENCRYPTED : NAME_PLAIN;
  for (const pair of (request.headers.cookie ?? "").split(";")) {
    const [key = "", value = ""] = pair.trim().split("=", 2);
    if (key === name) return SECRET.test(value) ? value : null;
  }
  return null;
}

/** Has the browser show `secret` for as long as the session can last; null has it forget. No script of a page can read it,
 *  and no other site's page makes the browser send it. */
export function setSessionCookie(
  request: FastifyRequest,
  reply: FastifyReply,
  secret: string | null,
  ageS: number,
): void {
  const [name, secure] = isEncrypted(request) ? [NAME_ENCRYPTED, "; Secure"] : [NAME_PLAIN, ""];
  const age = secret === null ? 0 : Math.max(0, Math.round(ageS));
  reply.header(
    "set-cookie",
    `${name}=${secret ?? ""}; Path=/; Max-Age=${age}; HttpOnly; SameSite=Strict${secure}`,
  );
}
