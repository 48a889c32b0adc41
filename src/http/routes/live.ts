import websocket from "@fastify/websocket";
import type { App } from "../app.ts";
import { knownCaller } from "../callers.ts";
import { failure } from "../failure.ts";
import type { Live } from "../live.ts";

/** Longest message of a client; longer ones close its socket with 1009. */
const MESSAGE_BYTES_MAX = 64 * 1024;
/** Two hundred dashboards, and some more. */
const LIVE_CLIENTS_MAX = 250;
/** Of one person or program, so that nobody takes the sockets of all. */
const SOCKETS_OF_ONE_MAX = 20;

/** To be called before any route is declared: it teaches the server to upgrade connections. */
export async function acceptWebSockets(app: App): Promise<void> {
  await app.register(websocket, { options: { maxPayload: MESSAGE_BYTES_MAX, perMessageDeflate: false } });
}

export function liveRoutes(app: App, live: Live): void {
  app.route({
    method: "GET",
    url: "/api/v1/live",
    exposeHeadRoute: false,
    config: { role: "viewer" },
    schema: {
      summary: "Live readings (WebSocket)",
      description:
        'Send {"subscribe": ["TAG", ...]} or {"subscribe": "*"}; the present state comes back, and then changes, ' +
        "as arrays of {tag, t, v, q, s}: time in ms since 1970, value, quality and OPC UA StatusCode. " +
        'With "alarms": true how alarms stand comes as {"alarms": [...]}, first all that are not NORM, then those ' +
        "that change, as in /api/v1/alarms. " +
        'With "session": true who the client is comes as {"session": {...}}, as in /api/v1/session, and again when it ' +
        "changes; a session that ends closes its sockets with 1008. " +
        'With "time": true the plant\'s time comes every second as {"time": ms}.',
      tags: ["readings"],
    },
    preHandler: (request, reply, done) => {
      const { caller } = request;
      if (caller?.kind !== "local" && caller !== null && live.socketsOf(caller) >= SOCKETS_OF_ONE_MAX) {
        reply
          .code(429)
          .send(failure(429, `At most ${SOCKETS_OF_ONE_MAX} live sockets are served to one name.`));
        return;
      }
      if (live.clientCount < LIVE_CLIENTS_MAX) return done();
      reply.code(503).send(failure(503, `At most ${LIVE_CLIENTS_MAX} live clients are served.`));
    },
    handler: (_request, reply) =>
      reply.code(426).header("upgrade", "websocket").send(failure(426, "This address speaks WebSocket.")),
    wsHandler: (socket, request) => live.attach(socket, knownCaller(request)),
  });
}
