import type { ListenerTls, Plant } from "../config/plant.ts";
import type { ListenerCertificate } from "../domain/certificate.ts";
import type { Log } from "../domain/ports.ts";
import type { Clock } from "../domain/time.ts";
import { openListener } from "../http/listener.ts";
import type { Listener } from "../http/listener.ts";
import { startBroker } from "../outputs/broker.ts";
import type { Broker } from "../outputs/broker.ts";
import type { CertificateKeeping, CertificateOptions } from "./certificates.ts";

export interface ListenerOptions {
  readonly plant: Plant;
  /** The time of people, which no demonstration hurries. */
  readonly sinkClock: Clock;
  readonly log: Log;
}

export interface PageListener extends Listener {
  /** That is shown now; null where the page is served by plain HTTP. */
  readonly certificate: ListenerCertificate | null;
}

/** Listens for the page and the API, by HTTPS where the plant file says so. Nobody answers yet. */
export async function openPageListener({
  plant,
  sinkClock: clock,
  log,
}: ListenerOptions): Promise<PageListener> {
  const keeping = await keepingOf("page", plant.http.tls, { plant, clock, log });
  const { host, port } = plant.http;
  const listener = await openListener({ host, port, certificate: keeping?.certificate ?? null });
  keeping?.follow(listener.renew);
  return {
    ...listener,
    get certificate() {
      return keeping?.certificate ?? null;
    },
    close() {
      keeping?.stop();
      return listener.close();
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
