import type { ListenerTls, Plant } from "../config/plant.ts";
import type { ListenerCertificate } from "../domain/certificate.ts";
import type { Log } from "../domain/ports.ts";
import type { Clock } from "../domain/time.ts";
import { startHttp } from "../http/server.ts";
import type { HttpServer } from "../http/server.ts";
import type { GatewayView } from "../http/view.ts";
import { startBroker } from "../outputs/broker.ts";
import type { Broker } from "../outputs/broker.ts";
import type { CertificateKeeping, CertificateOptions } from "./certificates.ts";

export interface ListenerOptions {
  readonly plant: Plant;
  readonly clock: Clock;
  /** The time of people, which no demonstration hurries. */
  readonly sinkClock: Clock;
  readonly log: Log;
  readonly webDir: string;
}

export interface Page extends HttpServer {
  /** By which it is served at its start; null where that is plain HTTP. */
  readonly certificate: ListenerCertificate | null;
}

/** Serves page and API, by HTTPS where the plant file says so. */
export async function startPage(options: ListenerOptions, view: GatewayView): Promise<Page> {
  const { plant, clock, sinkClock, log, webDir } = options;
  const keeping = await keepingOf("page", plant.http.tls, { plant, clock: sinkClock, log });
  const certificate = keeping?.certificate ?? null;
  const http = await startHttp({ view, clock, log, webDir, ...(certificate && { certificate }) });
  keeping?.follow(http.renew);
  return {
    ...http,
    certificate,
    close() {
      keeping?.stop();
      return http.close();
    },
  };
}

/** Starts the embedded broker where the plant has one. `knows` says whether this is the token of a program. */
export async function startOwnBroker(
  { plant, sinkClock: clock, log }: ListenerOptions,
  knows: (token: string) => boolean,
): Promise<Broker | null> {
  if (plant.broker === null) return null;
  const keeping = await keepingOf("broker", plant.broker.tls, { plant, clock, log });
  const certificate = keeping?.certificate ?? null;
  const broker = await startBroker(plant.broker, log, { certificate, knows, clock });
  keeping?.follow(broker.renew);
  return {
    ...broker,
    close() {
      keeping?.stop();
      return broker.close();
    },
  };
}

/** Null for a listener without TLS, which needs nothing of what makes certificates. */
async function keepingOf(
  name: "page" | "broker",
  tls: ListenerTls | undefined,
  options: CertificateOptions,
): Promise<CertificateKeeping | null> {
  if (tls === undefined) return null;
  const { keepCertificate } = await import("./certificates.ts");
  return keepCertificate(name, tls, options);
}
