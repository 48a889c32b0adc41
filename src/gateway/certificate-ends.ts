import { X509Certificate } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { ListenerTls, Plant } from "../config/plant.ts";
import { CERTIFICATE_SOON_MS } from "../domain/certificate.ts";
import type { Clock, EpochMs } from "../domain/time.ts";
import { listCertificates, ownCertificateFile } from "../drivers/opcua/trust.ts";
import type { Link } from "./link.ts";

/** So old what was read of the files may be, ms. */
const LOOK_MS = 60_000;

/** A certificate without which somebody is not believed any more. */
export interface WatchedCertificate {
  /** Within the plant: `page`, `output-mqtt`, `server-leach`. */
  readonly id: string;
  /** Whose it is, for people. */
  readonly owner: string;
  /** Where it is, or the connection whose server shows it. */
  readonly from: { readonly file: string } | { readonly connection: string };
}

/** Every certificate that the gateway shows, and those of the servers that it believes. */
export function watchedCertificates({
  http,
  broker,
  outputs,
  connections,
  data,
}: Plant): readonly WatchedCertificate[] {
  const listener = (id: string, owner: string, tls: ListenerTls | undefined): WatchedCertificate[] =>
    tls === undefined ? [] : [{ id, owner, from: { file: listenerFile(tls, data.dir) } }];
  const secured = connections.flatMap((one) =>
    one.protocol === "opcua" && one.security.mode !== "None" ? [one] : [],
  );
  return [
    ...listener("page", "Page of the gateway", http.tls),
    ...listener("broker", "MQTT broker of the gateway", broker?.tls),
    ...outputs.flatMap((one) => {
      const file = one.type === "mqtt" ? one.tls?.certificateFile : null;
      return file == null ? [] : [{ id: `output-${one.id}`, owner: `Output ${one.id}`, from: { file } }];
    }),
    ...(secured.length === 0
      ? []
      : [
          {
            id: "opcua",
            owner: "OPC UA client of the gateway",
            from: { file: ownCertificateFile(data.dir) },
          },
        ]),
    ...connections.flatMap((one) =>
      one.protocol === "opcua" && one.identity.kind === "certificate"
        ? [
            {
              id: `user-${one.id}`,
              owner: `OPC UA user at ${one.id}`,
              from: { file: one.identity.certificateFile },
            },
          ]
        : [],
    ),
    ...secured.map(({ id }) => ({
      id: `server-${id}`,
      owner: `OPC UA server at ${id}`,
      from: { connection: id },
    })),
  ];
}

function listenerFile(tls: ListenerTls, dataDir: string): string {
  return tls.kind === "given" ? tls.certificateFile : join(dataDir, "tls", "gateway.pem");
}

export interface CertificateEnds {
  /** Whether this certificate ends within thirty days or has ended. False for one that is not there or not known yet: whoever
   *  needs it says so. */
  isEnding(id: string): boolean;
}

/** Watches over the certificates of a plant. The files are read again once a minute, as long as somebody asks. */
export function watchCertificateEnds(
  plant: Plant,
  links: readonly Pick<Link, "connection" | "driver">[],
  clock: Clock,
): CertificateEnds {
  const watched = watchedCertificates(plant);
  const byId = new Map(watched.map((one) => [one.id, one]));
  let ends = new Map<string, EpochMs>();
  let lookedAt = -Infinity;

  async function look(): Promise<void> {
    const found = new Map<string, EpochMs>();
    // Folders and files are open to hands: what cannot be read now is told by whoever needs it.
    for (const { thumbprint, validUntil } of await listCertificates(plant.data.dir).catch(() => []))
      found.set(thumbprint, Date.parse(validUntil));
    for (const { from } of watched) {
      const end = "file" in from ? await endOf(from.file) : null;
      if ("file" in from && end !== null) found.set(from.file, end);
    }
    ends = found;
  }

  function keyOf({ from }: WatchedCertificate): string {
    if ("file" in from) return from.file;
    const link = links.find(({ connection }) => connection.id === from.connection);
    return link?.driver.certificate?.() ?? "";
  }

  return {
    isEnding(id) {
      if (clock.monotonic() - lookedAt >= LOOK_MS) {
        lookedAt = clock.monotonic();
        void look();
      }
      const one = byId.get(id);
      const end = one === undefined ? undefined : ends.get(keyOf(one));
      return end !== undefined && end - clock.now() < CERTIFICATE_SOON_MS;
    },
  };
}

async function endOf(file: string): Promise<EpochMs | null> {
  try {
    return new X509Certificate(await readFile(file)).validToDate.getTime();
  } catch {
    return null;
  }
}
