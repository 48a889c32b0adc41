import type { AddressInfo } from "node:net";
import type { TypeBoxTypeProvider } from "@fastify/type-provider-typebox";
import Fastify from "fastify";
import type { ReadingBatch } from "../domain/batch.ts";
import type { Log } from "../domain/ports.ts";
import type { Clock } from "../domain/time.ts";
import type { App } from "./app.ts";
import { answerFailures } from "./failure.ts";
import { guardRequests } from "./guard.ts";
import { Live } from "./live.ts";
import { requireDeclaredRoles } from "./roles.ts";
import { alarmRoutes } from "./routes/alarms.ts";
import { assayRoutes } from "./routes/assays.ts";
import { balanceRoutes } from "./routes/balance.ts";
import { deviceRoutes } from "./routes/devices.ts";
import { describeRoutes, docRoutes } from "./routes/docs.ts";
import { entryRoutes } from "./routes/entries.ts";
import { healthRoutes } from "./routes/health.ts";
import { equipmentRoutes } from "./routes/equipment.ts";
import { figureRoutes } from "./routes/figures.ts";
import { historyRoutes } from "./routes/history.ts";
import { acceptCsv } from "./routes/intake.ts";
import { limitRoutes } from "./routes/limits.ts";
import { acceptWebSockets, liveRoutes } from "./routes/live.ts";
import { metricRoutes } from "./routes/metrics.ts";
import { overviewRoutes } from "./routes/overview.ts";
import { pageRoutes } from "./routes/page.ts";
import { peopleRoutes } from "./routes/people.ts";
import { plantRoutes } from "./routes/plant.ts";
import { reportRoutes } from "./routes/reports.ts";
import { sessionRoutes } from "./routes/session.ts";
import { simulatorRoutes } from "./routes/simulators.ts";
import { tagRoutes } from "./routes/tags.ts";
import { textRoutes } from "./routes/texts.ts";
import { sendSecurityHeaders } from "./security-headers.ts";
import { refuseUnreadable } from "./unreadable.ts";
import type { GatewayView } from "./view.ts";

const BODY_BYTES_MAX = 1024 * 1024;
const HEADER_BYTES_MAX = 16 * 1024;
const HEADERS_MAX_MS = 10_000;
const REQUEST_MAX_MS = 10_000;
const IDLE_SOCKET_MAX_MS = 30_000;
const KEEP_ALIVE_MS = 10_000;
const TIMEOUT_CHECK_MS = 1_000;
/** Enough that a couple of thousand connections that never finish a request keep nobody out until they are closed. */
const CONNECTIONS_MAX = 4096;
/** Longest tag name in an address. */
const PARAMETER_LENGTH_MAX = 300;

export interface HttpContext {
  readonly view: GatewayView;
  readonly clock: Clock;
  readonly log: Log;
  /** Folder of the built page, absolute. */
  readonly webDir: string;
}

export interface HttpServer {
  readonly url: string;
  readonly port: number;
  /** Tells the live clients that these tags have new readings. */
  readonly publish: (batch: ReadingBatch) => void;
  /** Tells them that these alarms have changed. */
  readonly alarm: (alarms: readonly string[]) => void;
  close(): Promise<void>;
}

/** Every route of the gateway, not yet listening. */
export async function buildHttp({ view, clock, log, webDir }: HttpContext, live: Live): Promise<App> {
  const app: App = Fastify({
    bodyLimit: BODY_BYTES_MAX,
    requestTimeout: REQUEST_MAX_MS,
    connectionTimeout: IDLE_SOCKET_MAX_MS,
    keepAliveTimeout: KEEP_ALIVE_MS,
    forceCloseConnections: true,
    clientErrorHandler: refuseUnreadable,
    routerOptions: { maxParamLength: PARAMETER_LENGTH_MAX },
    http: {
      maxHeaderSize: HEADER_BYTES_MAX,
      headersTimeout: HEADERS_MAX_MS,
      connectionsCheckingInterval: TIMEOUT_CHECK_MS,
    },
  }).withTypeProvider<TypeBoxTypeProvider>();
  app.server.maxConnections = CONNECTIONS_MAX;
  // Schemas describe the answers; JSON.stringify writes them, because it leaves nothing out and no odd number stops it.
  app.setSerializerCompiler(() => JSON.stringify);
  requireDeclaredRoles(app);
  sendSecurityHeaders(app);
  await acceptWebSockets(app);
  guardRequests(app, view.plant.http.host, view.people);
  answerFailures(app, log);
  await describeRoutes(app, view.version);
  tagRoutes(app, view);
  historyRoutes(app, view, clock);
  figureRoutes(app, view, clock);
  balanceRoutes(app, view);
  deviceRoutes(app, view);
  plantRoutes(app, view, clock);
  textRoutes(app, view);
  acceptCsv(app);
  assayRoutes(app, view, clock);
  entryRoutes(app, view, clock);
  reportRoutes(app, view, clock);
  alarmRoutes(app, view, clock);
  if (view.simulators !== null) simulatorRoutes(app, view.simulators);
  limitRoutes(app, view);
  equipmentRoutes(app, view, clock);
  overviewRoutes(app, view, clock);
  healthRoutes(app, view, clock);
  metricRoutes(app, view, clock, () => live.clientCount);
  liveRoutes(app, live);
  sessionRoutes(app, view);
  peopleRoutes(app, view, clock);
  await docRoutes(app);
  await pageRoutes(app, webDir, view.simulators !== null);
  return app;
}

function urlOf(host: string, port: number): string {
  const isWildcard = host === "0.0.0.0" || host === "::";
  const name = isWildcard ? "localhost" : host;
  return `http://${name.includes(":") ? `[${name}]` : name}:${port}`;
}

/** Serves the gateway's page and API on `plant.http`; port 0 takes any free one.
 *  Rejects with the system's error (`EADDRINUSE`, `EACCES`) when it cannot listen. */
export async function startHttp(context: HttpContext): Promise<HttpServer> {
  const live = new Live(context);
  const app = await buildHttp(context, live);
  const { host, port: wantedPort } = context.view.plant.http;
  try {
    await app.listen({ host, port: wantedPort });
  } catch (error) {
    await app.close();
    throw error;
  }
  const { port } = app.server.address() as AddressInfo;
  const url = urlOf(host, port);
  context.log.info({ url }, "serving the page and the API");
  return {
    url,
    port,
    publish: (batch) => live.publish(batch),
    alarm: (alarms) => live.alarm(alarms),
    async close() {
      await live.close();
      await app.close();
    },
  };
}
