import { hostname } from "node:os";
import type { TypeBoxTypeProvider } from "@fastify/type-provider-typebox";
import Fastify from "fastify";
import type { HttpConfig } from "../config/plant.ts";
import type { ReadingBatch } from "../domain/batch.ts";
import type { ListenerCertificate } from "../domain/certificate.ts";
import type { Log } from "../domain/ports.ts";
import type { Clock } from "../domain/time.ts";
import type { App } from "./app.ts";
import { answerFailures } from "./failure.ts";
import { guardRequests } from "./guard.ts";
import { followRequests } from "./last-requests.ts";
import type { Listener } from "./listener.ts";
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
import type { GatewayView } from "./view.ts";

const BODY_BYTES_MAX = 1024 * 1024;
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
  /** Tells the live clients that these tags have new readings. */
  readonly publish: (batch: ReadingBatch) => void;
  /** Tells them that these alarms have changed. */
  readonly alarm: (alarms: readonly string[]) => void;
  /** Answers what it was asked, for 2 s at the most, and says good-bye to the live clients. */
  close(): Promise<void>;
}

/** Every route of the gateway, which nobody listens for yet. */
export async function buildHttp(context: HttpContext, live: Live): Promise<App> {
  const { view, clock, log, webDir, certificate } = context;
  const app = createApp(view.plant.http);
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

function createApp({ trustedProxies }: HttpConfig): App {
  const app = Fastify({
    bodyLimit: BODY_BYTES_MAX,
    routerOptions: { maxParamLength: PARAMETER_LENGTH_MAX },
    ...(trustedProxies === undefined ? {} : { trustProxy: [...trustedProxies] }),
  });
  return app.withTypeProvider<TypeBoxTypeProvider>();
}

/** Host names under which browsers may come: ours, those of the plant file and those that our certificate proves. */
function ownNames(
  { host, names = [] }: HttpConfig,
  certificate: ListenerCertificate | undefined,
): ReadonlySet<string> {
  const known = ["localhost", hostname(), host, ...names, ...(certificate?.hosts ?? [])];
  return new Set(known.map((name) => name.toLowerCase()));
}

/** Answers what `listener` hears, from now on until it closes. */
export async function serveHttp(context: HttpContext, listener: Listener): Promise<HttpServer> {
  const live = new Live(context);
  const app = await buildHttp(context, live);
  app.addHook("preClose", followRequests(app.server, context.clock, context.view.speed));
  await app.ready();
  listener.lead(app.server);
  context.log.info({ url: listener.url }, "serving the page and the API");
  return {
    publish: (batch) => live.publish(batch),
    alarm: (alarms) => live.alarm(alarms),
    async close() {
      await live.close();
      await app.close();
    },
  };
}
