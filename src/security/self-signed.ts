import { createHash, generateKeyPairSync, randomBytes, sign } from "node:crypto";
import { isIPv4, isIPv6 } from "node:net";
import type { EpochMs } from "../domain/time.ts";
import * as der from "./der.ts";

const ECDSA_WITH_SHA256 = "1.2.840.10045.4.3.2";
const COMMON_NAME = "2.5.4.3";
const SUBJECT_KEY = "2.5.29.14";
const KEY_USAGE = "2.5.29.15";
const SUBJECT_ALTERNATIVE_NAMES = "2.5.29.17";
const BASIC_CONSTRAINTS = "2.5.29.19";
const EXTENDED_KEY_USAGE = "2.5.29.37";
const SERVER_AUTHENTICATION = "1.3.6.1.5.5.7.3.1";
const SERIAL_BYTES = 16;
/** Of all that a key may be used for, the first: it signs what proves us (RFC 5280, 4.2.1.3). */
const DIGITAL_SIGNATURE = der.bits(Uint8Array.of(0x80), 7);

export interface CertificateOrder {
  /** Of the subject, for people. */
  readonly name: string;
  /** DNS names in ASCII and IP addresses that it stands for. */
  readonly hosts: readonly string[];
  readonly from: EpochMs;
  readonly to: EpochMs;
}

/** Makes a key on the curve P-256 and a certificate of a server for it that it signs itself; both in PEM (RFC 5280). */
export function selfSign({ name, hosts, from, to }: CertificateOrder): { cert: string; key: string } {
  const { publicKey, privateKey } = generateKeyPairSync("ec", { namedCurve: "prime256v1" });
  const spki = publicKey.export({ type: "spki", format: "der" });
  const subject = der.sequence(der.set(der.sequence(der.objectId(COMMON_NAME), der.text(name))));
  const algorithm = der.sequence(der.objectId(ECDSA_WITH_SHA256));
  const serial = randomBytes(SERIAL_BYTES);
  serial[0] = 0x40 | ((serial[0] as number) & 0x3f); // always as long, and never negative
  const body = der.sequence(
    der.tagged(0, der.integer(Uint8Array.of(2))), // version 3
    der.integer(serial),
    algorithm,
    subject,
    der.sequence(der.time(from), der.time(to)),
    subject,
    spki,
    der.tagged(3, der.sequence(...extensions(hosts, spki))),
  );
  const certificate = der.sequence(body, algorithm, der.bits(sign("sha256", body, privateKey)));
  return {
    cert: `-----BEGIN CERTIFICATE-----\n${linesOf(certificate.toString("base64"))}-----END CERTIFICATE-----\n`,
    key: String(privateKey.export({ type: "pkcs8", format: "pem" })),
  };
}

function extensions(hosts: readonly string[], spki: Uint8Array): Buffer[] {
  const keyId = createHash("sha1").update(spki).digest();
  const names = hosts.map(generalName);
  return [
    extension(BASIC_CONSTRAINTS, der.sequence(), true), // no authority
    extension(KEY_USAGE, DIGITAL_SIGNATURE, true),
    extension(EXTENDED_KEY_USAGE, der.sequence(der.objectId(SERVER_AUTHENTICATION))),
    extension(SUBJECT_KEY, der.octets(keyId)),
    extension(SUBJECT_ALTERNATIVE_NAMES, der.sequence(...names)),
  ];
}

function extension(id: string, value: Uint8Array, isCritical = false): Buffer {
  return der.sequence(der.objectId(id), ...(isCritical ? [der.truth()] : []), der.octets(value));
}

/** An IP address or a DNS name (RFC 5280, 4.2.1.6). */
function generalName(host: string): Buffer {
  if (isIPv4(host)) return der.element(0x87, Buffer.from(host.split(".").map(Number)));
  if (isIPv6(host)) return der.element(0x87, bytesOfIpv6(host));
  return der.element(0x82, Buffer.from(host));
}

function bytesOfIpv6(address: string): Buffer {
  // The parser of addresses in URLs writes every group in hexadecimal.
  const [head = "", tail] = new URL(`http://[${address}]`).hostname.slice(1, -1).split("::");
  const groups = (part: string): string[] => (part === "" ? [] : part.split(":"));
  const [first, last] = [groups(head), groups(tail ?? "")];
  const zeros = Array.from({ length: 8 - first.length - last.length }, () => "0");
  return Buffer.from([...first, ...zeros, ...last].map((group) => group.padStart(4, "0")).join(""), "hex");
}

function linesOf(base64: string): string {
  return base64.replaceAll(/.{1,64}/g, "$&\n");
}
