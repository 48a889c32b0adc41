import websocket from "@fastify/websocket";
import type { App } from "../app.ts";
import { failure } from "../failure.ts";
import type { Live } from "../live.ts";

/** Longest message of a client; longer ones close its socket with 1009. */
const MESSAGE_BYTES_MAX = 64 * 1024;
const LIVE_CLIENTS_MAX = 100;

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
        'With "time": true the plant\'s time comes every second as {"time": ms}.',
      tags: ["readings"],
    },
    preHandler: (_request, reply, done) => {
      if (live.clientCount < LIVE_CLIENTS_MAX) return done();
      reply.code(503).send(failure(503, `At most ${LIVE_CLIENTS_MAX} live clients are served.`));
    },
    handler: (_request, reply) =>
      reply.code(426).header("upgrade", "websocket").send(failure(426, "This address speaks WebSocket.")),
    wsHandler: (socket) => live.attach(socket),
  });
}
