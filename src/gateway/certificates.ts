import type { ListenerTls, Plant } from "../config/plant.ts";
import { CERTIFICATE_SOON_MS } from "../domain/certificate.ts";
import type { ListenerCertificate } from "../domain/certificate.ts";
import type { Log } from "../domain/ports.ts";
import type { Clock } from "../domain/time.ts";
import { listenerCertificate } from "../security/listener-certificate.ts";

/** How often we look whether somebody has put another certificate there, or ours wants to be made anew. */
const LOOK_MS = 3_600_000;

export interface CertificateOptions {
  readonly plant: Plant;
  /** The time of people, which no demonstration hurries. */
  readonly clock: Clock;
  readonly log: Log;
}

/** The certificate of a listener now, and again and again as long as it listens. */
export interface CertificateKeeping {
  readonly certificate: ListenerCertificate;
  /** From now on `renew` is given every new one. */
  follow(renew: (certificate: ListenerCertificate) => void): void;
  stop(): void;
}

/** Throws when the files that the plant file names are no certificate and its key. */
export function keepCertificate(
  name: "page" | "broker",
  tls: ListenerTls,
  { plant, clock, log }: CertificateOptions,
): CertificateKeeping {
  const look = (): ListenerCertificate => listenerCertificate(tls, plant, clock.now());
  let present = look();
  let renew: (certificate: ListenerCertificate) => void = () => undefined;
  const lookAgain = (): void => {
    cancel = clock.schedule(LOOK_MS, lookAgain);
    try {
      const found = look();
      if (found.fingerprint !== present.fingerprint) {
        renew(found);
        present = found;
        const { fingerprint } = found;
        log.info({ listener: name, fingerprint }, "another certificate is shown from now on");
      }
    } catch (error) {
      const reason = (error as Error).message;
      log.error({ listener: name, reason }, "the certificate cannot be read: the one before stays");
    }
    warnOfEnd();
  };
  const warnOfEnd = (): void => {
    if (present.validUntil - clock.now() < CERTIFICATE_SOON_MS)
      log.warn(
        { listener: name, until: new Date(present.validUntil).toISOString() },
        "the certificate ends soon",
      );
  };
  let cancel = clock.schedule(LOOK_MS, lookAgain);
  warnOfEnd();
  return {
    get certificate() {
      return present;
    },
    follow: (action) => void (renew = action),
    stop: () => cancel(),
  };
}
