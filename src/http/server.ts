import type { AddressInfo } from "node:net";
import { hostname } from "node:os";
import { Server as TlsServer } from "node:tls";
import type { SecureContextOptions } from "node:tls";
import type { TypeBoxTypeProvider } from "@fastify/type-provider-typebox";
import Fastify from "fastify";
import type { FastifyInstance } from "fastify";
import type { HttpConfig } from "../config/plant.ts";
import type { ReadingBatch } from "../domain/batch.ts";
import type { ListenerCertificate } from "../domain/certificate.ts";
import type { Log } from "../domain/ports.ts";
import type { Clock } from "../domain/time.ts";
import type { App } from "./app.ts";
import { answerFailures } from "./failure.ts";
import { guardRequests } from "./guard.ts";
import { followRequests } from "./last-requests.ts";
import { Live } from "./live.ts";
import { requireDeclaredRoles } from "./roles.ts";
import { alarmRoutes } from "./routes/alarms.ts";
import { assayRoutes } from "./routes/assays.ts";
import { balanceRoutes } from "./routes/balance.ts";
import { certificateRoutes } from "./routes/certificates.ts";
import { configurationRoutes } from "./routes/configuration.ts";
import { deviceRoutes } from "./routes/devices.ts";
import { describeRoutes, docRoutes } from "./routes/docs.ts";
import { entryRoutes } from "./routes/entries.ts";
import { healthRoutes } from "./routes/health.ts";
import { equipmentRoutes } from "./routes/equipment.ts";
import { figureRoutes } from "./routes/figures.ts";
import { gatewayRoutes } from "./routes/gateway.ts";
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
import { writeRoutes } from "./routes/writes.ts";
import { sendSecurityHeaders } from "./security-headers.ts";
import { refuseUnreadable } from "./unreadable.ts";
import type { GatewayView } from "./view.ts";

const BODY_BYTES_MAX = 1024 * 1024;
const HEADER_BYTES_MAX = 16 * 1024;
const HEADERS_MAX_MS = 10_000;
/** With its body. */
const REQUEST_MAX_MS = 30_000;
const HANDSHAKE_MAX_MS = 10_000;
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
  /** By what HTTPS is served; plain HTTP without it. */
  readonly certificate?: ListenerCertificate;
}

export interface HttpServer {
  readonly url: string;
  readonly port: number;
  /** Tells the live clients that these tags have new readings. */
  readonly publish: (batch: ReadingBatch) => void;
  /** Tells them that these alarms have changed. */
  readonly alarm: (alarms: readonly string[]) => void;
  /** Shows another certificate to whoever comes from now on. */
  readonly renew: (certificate: ListenerCertificate) => void;
  close(): Promise<void>;
}

/** Every route of the gateway, not yet listening. */
export async function buildHttp(context: HttpContext, live: Live): Promise<App> {
  const { view, clock, log, webDir, certificate } = context;
  const app = createApp(view.plant.http, certificate);
  // Schemas describe the answers; JSON.stringify writes them, because it leaves nothing out and no odd number stops it.
  app.setSerializerCompiler(() => JSON.stringify);
  requireDeclaredRoles(app);
  sendSecurityHeaders(app, certificate?.isGenerated === false);
  await acceptWebSockets(app);
  guardRequests(app, ownNames(view.plant.http, certificate), view.people);
  answerFailures(app, log);
  await describeRoutes(app, view.version);
  tagRoutes(app, view);
  historyRoutes(app, view, clock);
  figureRoutes(app, view, clock);
  balanceRoutes(app, view);
  deviceRoutes(app, view);
  gatewayRoutes(app, view, clock, live);
  certificateRoutes(app, view.certificates);
  plantRoutes(app, view, clock);
  textRoutes(app, view);
  acceptCsv(app);
  assayRoutes(app, view, clock);
  entryRoutes(app, view, clock);
  reportRoutes(app, view, clock);
  alarmRoutes(app, view, clock);
  if (view.simulators !== null) simulatorRoutes(app, view.simulators);
  limitRoutes(app, view);
  writeRoutes(app, view.writes);
  equipmentRoutes(app, view, clock);
  overviewRoutes(app, view, clock);
  healthRoutes(app, view, clock);
  metricRoutes(app, view, clock, live);
  liveRoutes(app, live);
  sessionRoutes(app, view);
  peopleRoutes(app, view, clock);
  configurationRoutes(app, view);
  await docRoutes(app);
  await pageRoutes(app, webDir, view.simulators !== null);
  return app;
}

function createApp(config: HttpConfig, certificate: ListenerCertificate | undefined): App {
  const limits = {
    maxHeaderSize: HEADER_BYTES_MAX,
    headersTimeout: HEADERS_MAX_MS,
    connectionsCheckingInterval: TIMEOUT_CHECK_MS,
  };
  const options = {
    bodyLimit: BODY_BYTES_MAX,
    requestTimeout: REQUEST_MAX_MS,
    connectionTimeout: IDLE_SOCKET_MAX_MS,
    keepAliveTimeout: KEEP_ALIVE_MS,
    forceCloseConnections: true,
    clientErrorHandler: refuseUnreadable,
    routerOptions: { maxParamLength: PARAMETER_LENGTH_MAX },
    ...(config.trustedProxies === undefined ? {} : { trustProxy: [...config.trustedProxies] }),
  };
  const secure = { ...limits, ...tlsOptions(certificate), handshakeTimeout: HANDSHAKE_MAX_MS };
  // Requests are the same over either; so are the routes.
  const app =
    certificate === undefined
      ? Fastify({ ...options, http: limits })
      : (Fastify({ ...options, https: secure }) as unknown as FastifyInstance);
  app.server.maxConnections = CONNECTIONS_MAX;
  return app.withTypeProvider<TypeBoxTypeProvider>();
}

function tlsOptions(certificate: ListenerCertificate | undefined): SecureContextOptions {
  return { minVersion: "TLSv1.2", ...(certificate && { cert: certificate.cert, key: certificate.key }) };
}

/** Host names under which browsers may come: ours, those of the plant file and those that our certificate proves. */
function ownNames(
  { host, names = [] }: HttpConfig,
  certificate: ListenerCertificate | undefined,
): ReadonlySet<string> {
  const known = ["localhost", hostname(), host, ...names, ...(certificate?.hosts ?? [])];
  return new Set(known.map((name) => name.toLowerCase()));
}

function urlOf(scheme: "http" | "https", host: string, port: number): string {
  const isWildcard = host === "0.0.0.0" || host === "::";
  const name = isWildcard ? "localhost" : host;
  return `${scheme}://${name.includes(":") ? `[${name}]` : name}:${port}`;
}

/** Serves the gateway's page and API on `plant.http`; port 0 takes any free one.
 *  Rejects with the system's error (`EADDRINUSE`, `EACCES`) when it cannot listen. */
export async function startHttp(context: HttpContext): Promise<HttpServer> {
  const live = new Live(context);
  const app = await buildHttp(context, live);
  app.addHook("preClose", followRequests(app.server, context.clock, context.view.speed));
  const { host, port: wantedPort } = context.view.plant.http;
  try {
    await app.listen({ host, port: wantedPort });
  } catch (error) {
    await app.close();
    throw error;
  }
  const { port } = app.server.address() as AddressInfo;
  const url = urlOf(context.certificate === undefined ? "http" : "https", host, port);
  context.log.info({ url }, "serving the page and the API");
  return {
    url,
    port,
    publish: (batch) => live.publish(batch),
    alarm: (alarms) => live.alarm(alarms),
    renew(certificate) {
      if (app.server instanceof TlsServer) app.server.setSecureContext(tlsOptions(certificate));
    },
    async close() {
      await live.close();
      await app.close();
    },
  };
}
