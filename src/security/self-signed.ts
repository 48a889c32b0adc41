import { createHash, generateKeyPairSync, randomBytes, sign } from "node:crypto";
import { isIP, isIPv6 } from "node:net";
import { AsnConvert, OctetString } from "@peculiar/asn1-schema";
import {
  AlgorithmIdentifier,
  AttributeTypeAndValue,
  AttributeValue,
  BasicConstraints,
  Certificate,
  ExtendedKeyUsage,
  Extension,
  Extensions,
  GeneralName,
  id_ce_basicConstraints,
  id_ce_extKeyUsage,
  id_ce_keyUsage,
  id_ce_subjectAltName,
  id_ce_subjectKeyIdentifier,
  id_kp_serverAuth,
  KeyUsage,
  KeyUsageFlags,
  Name,
  RelativeDistinguishedName,
  SubjectAlternativeName,
  SubjectKeyIdentifier,
  SubjectPublicKeyInfo,
  TBSCertificate,
  Validity,
  Version,
} from "@peculiar/asn1-x509";
import type { EpochMs } from "../domain/time.ts";

const ECDSA_WITH_SHA256 = "1.2.840.10045.4.3.2";
const COMMON_NAME = "2.5.4.3";
const SERIAL_BYTES = 16;

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
  const signature = new AlgorithmIdentifier({ algorithm: ECDSA_WITH_SHA256 });
  const value = new AttributeValue({ utf8String: name });
  const subject = new Name([
    new RelativeDistinguishedName([new AttributeTypeAndValue({ type: COMMON_NAME, value })]),
  ]);
  const body = new TBSCertificate({
    version: Version.v3,
    serialNumber: serialNumber(),
    signature,
    issuer: subject,
    validity: new Validity({ notBefore: new Date(from), notAfter: new Date(to) }),
    subject,
    subjectPublicKeyInfo: AsnConvert.parse(spki, SubjectPublicKeyInfo),
    extensions: new Extensions(extensions(hosts, spki)),
  });
  const signed = sign("sha256", Buffer.from(AsnConvert.serialize(body)), privateKey);
  const certificate = new Certificate({
    tbsCertificate: body,
    signatureAlgorithm: signature,
    signatureValue: arrayBufferOf(signed),
  });
  const base64 = Buffer.from(AsnConvert.serialize(certificate)).toString("base64");
  return {
    cert: `-----BEGIN CERTIFICATE-----\n${linesOf(base64)}-----END CERTIFICATE-----\n`,
    key: String(privateKey.export({ type: "pkcs8", format: "pem" })),
  };
}

/** Always as long, and never negative. */
function serialNumber(): ArrayBuffer {
  const serial = randomBytes(SERIAL_BYTES);
  serial[0] = 0x40 | ((serial[0] as number) & 0x3f);
  return arrayBufferOf(serial);
}

function extensions(hosts: readonly string[], spki: Uint8Array): Extension[] {
  const keyId = createHash("sha1").update(spki).digest();
  return [
    extension(id_ce_basicConstraints, new BasicConstraints({ cA: false }), true),
    // Of all that a key may be used for, the one that proves who we are (RFC 5280, 4.2.1.3).
    extension(id_ce_keyUsage, new KeyUsage(KeyUsageFlags.digitalSignature), true),
    extension(id_ce_extKeyUsage, new ExtendedKeyUsage([id_kp_serverAuth])),
    extension(id_ce_subjectKeyIdentifier, new SubjectKeyIdentifier(keyId)),
    extension(id_ce_subjectAltName, new SubjectAlternativeName(hosts.map(generalName))),
  ];
}

function extension(extnID: string, value: object, critical = false): Extension {
  return new Extension({ extnID, critical, extnValue: new OctetString(AsnConvert.serialize(value)) });
}

/** An IP address or a DNS name (RFC 5280, 4.2.1.6). */
function generalName(host: string): GeneralName {
  if (isIP(host) === 0) return new GeneralName({ dNSName: host });
  // The parser of addresses in URLs writes every group in hexadecimal.
  return new GeneralName({
    iPAddress: isIPv6(host) ? new URL(`http://[${host}]`).hostname.slice(1, -1) : host,
  });
}

function arrayBufferOf(bytes: Uint8Array): ArrayBuffer {
  return Uint8Array.from(bytes).buffer;
}

function linesOf(base64: string): string {
  return base64.replaceAll(/.{1,64}/g, "$&\n");
}
