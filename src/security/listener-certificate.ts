import { X509Certificate } from "node:crypto";
import { chmodSync, mkdirSync, renameSync, writeFileSync } from "node:fs";
import { isIP } from "node:net";
import { hostname } from "node:os";
import { join } from "node:path";
import { domainToASCII } from "node:url";
import type { ListenerTls, Plant } from "../config/plant.ts";
import type { ListenerCertificate } from "../domain/certificate.ts";
import type { EpochMs } from "../domain/time.ts";
import { readCertificate } from "./certificate-files.ts";
import { selfSign } from "./self-signed.ts";

const DAY_MS = 24 * 3_600_000;
/** The longest that every system takes from a certificate that its people have approved. */
const VALID_MS = 825 * DAY_MS;
/** It is made anew so long before its end. */
const RENEWED_MS = 60 * DAY_MS;
/** A clock that is behind by this still takes a new one. */
const CLOCK_LAG_MS = DAY_MS;

/** The certificate of a listener as it is now. A generated one is in `tls` below the data folder, is made at the first
 *  call, and again before it ends and when the gateway gets another name. Throws an Error with a sentence when a file that
 *  the plant file names cannot be read, is none, or does not belong to the other. */
export function listenerCertificate(
  tls: ListenerTls,
  plant: Pick<Plant, "http" | "broker" | "data">,
  now: EpochMs,
): ListenerCertificate {
  if (tls.kind === "given") return readCertificate(tls.certificateFile, tls.keyFile, false);
  const folder = join(plant.data.dir, "tls");
  const hosts = hostsOf(plant);
  return readGenerated(folder, hosts, now) ?? makePair(folder, hosts, now);
}

/** Where browsers and brokers' clients find the gateway, by what it knows of itself. */
function hostsOf({ http, broker }: Pick<Plant, "http" | "broker">): string[] {
  const listened = [http.host, ...(broker === null ? [] : [broker.host])];
  const known = ["localhost", "127.0.0.1", "::1", hostname(), ...listened, ...(http.names ?? [])];
  const written = known.map((host) => (isIP(host) === 0 ? domainToASCII(host) : host.toLowerCase()));
  return [...new Set(written)].filter((host) => !NO_HOST.test(host));
}

/** Every address at once, one of a single network card, and what is no name. */
const NO_HOST = /^(?:|0\.0\.0\.0|::|[^%]*%.*)$/s;

function filesIn(folder: string): readonly [certificateFile: string, keyFile: string] {
  return [join(folder, "gateway.pem"), join(folder, "gateway.key")];
}

/** Null when there is none that is good for these hosts for long enough. */
function readGenerated(folder: string, hosts: readonly string[], now: EpochMs): ListenerCertificate | null {
  try {
    const pair = readCertificate(...filesIn(folder), true);
    const certificate = new X509Certificate(pair.cert);
    const isFor = hosts.every(
      (host) => certificate.checkHost(host) !== undefined || certificate.checkIP(host) !== undefined,
    );
    return isFor && pair.validUntil - now > RENEWED_MS && now >= certificate.validFromDate.getTime()
      ? pair
      : null;
  } catch {
    return null; // then it is made anew
  }
}

function makePair(folder: string, hosts: readonly string[], now: EpochMs): ListenerCertificate {
  const name = `Puma Gateway ${hostname()}`.slice(0, 64);
  const { cert, key } = selfSign({ name, hosts, from: now - CLOCK_LAG_MS, to: now + VALID_MS });
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const [certificateFile, keyFile] = filesIn(folder);
  // A crash between the two leaves a pair that does not match, and then another one is made.
  writeWhole(keyFile, key);
  writeWhole(certificateFile, cert);
  return readCertificate(certificateFile, keyFile, true);
}

/** Never half of it under its name, and never readable by others. */
function writeWhole(file: string, content: string): void {
  const draft = `${file}.new`;
  writeFileSync(draft, content, { mode: 0o600 });
  chmodSync(draft, 0o600); // a draft that a crash left behind keeps its mode
  renameSync(draft, file);
}
