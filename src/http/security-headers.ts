import type { FastifyInstance } from "fastify";

const POLICY = {
  "default-src": "'self'",
  "object-src": "'none'",
  "base-uri": "'none'",
  "form-action": "'self'",
  "frame-ancestors": "'none'",
  "img-src": "'self' data:",
};

function written(policy: Readonly<Record<string, string>>): string {
  return Object.entries(policy)
    .map(([directive, sources]) => `${directive} ${sources}`)
    .join("; ");
}

/** Everything on a page comes from this gateway: no inline script or style, no frame around it. */
export const PAGE_POLICY = written(POLICY);
/** The API browser writes style elements of its own; a report carries its style with it, so that it can be kept and sent. */
export const DOCS_POLICY = written({ ...POLICY, "style-src": "'self' 'unsafe-inline'" });

const HEADERS = {
  "content-security-policy": PAGE_POLICY,
  "x-content-type-options": "nosniff",
  "x-frame-options": "DENY",
  "referrer-policy": "no-referrer",
  "cross-origin-opener-policy": "same-origin",
  "cross-origin-resource-policy": "same-origin",
  "permissions-policy": "camera=(), geolocation=(), microphone=()",
};

/** For a year the browser comes encrypted or not at all, and lets nobody click a wrong certificate away (RFC 6797). */
const STRICT_TRANSPORT = { "strict-transport-security": "max-age=31536000" };

/** Sets the headers first of all, so that refusals carry them too. Readings are never to be kept by a cache. `isProven`: an
 *  authority vouches for our certificate. One of our own making is approved by hand, which RFC 6797 would forbid. */
export function sendSecurityHeaders(app: FastifyInstance, isProven: boolean): void {
  const headers = isProven ? { ...HEADERS, ...STRICT_TRANSPORT } : HEADERS;
  app.addHook("onRequest", (request, reply, done) => {
    reply.headers(headers);
    if (request.url.startsWith("/api/")) reply.header("cache-control", "no-store");
    done();
  });
}
