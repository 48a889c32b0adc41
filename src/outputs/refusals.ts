import { say } from "../domain/said.ts";
import type { Said } from "../domain/said.ts";

/** Why a server cannot be used, for somebody who has to put it right: after the code of Node's, OpenSSL's or the
 *  library's error. The error itself stays the cause. */
const UNTRUSTED = say("certificate-authority");
const OLD_TLS = say("old-tls");
const OWN_CERTIFICATE = say("own-certificate");
const LOGIN = say("login");

const SENTENCES: Readonly<Record<string, Said>> = {
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: UNTRUSTED,
  UNABLE_TO_GET_ISSUER_CERT: UNTRUSTED,
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: UNTRUSTED,
  SELF_SIGNED_CERT_IN_CHAIN: UNTRUSTED,
  DEPTH_ZERO_SELF_SIGNED_CERT: UNTRUSTED,
  CERT_SIGNATURE_FAILURE: UNTRUSTED,
  CERT_HAS_EXPIRED: say("certificate-expired"),
  CERT_NOT_YET_VALID: say("certificate-not-yet"),
  ERR_TLS_CERT_ALTNAME_INVALID: say("certificate-other-host"),
  ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION: OLD_TLS,
  ERR_SSL_UNSUPPORTED_PROTOCOL: OLD_TLS,
  ERR_SSL_WRONG_VERSION_NUMBER: say("no-tls"),
  ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED: OWN_CERTIFICATE,
  ERR_SSL_SSLV3_ALERT_HANDSHAKE_FAILURE: OWN_CERTIFICATE,
  "ERR_SSL_SSL/TLS_ALERT_HANDSHAKE_FAILURE": OWN_CERTIFICATE,
  ERR_SSL_TLSV1_ALERT_UNKNOWN_CA: OWN_CERTIFICATE,
  ERR_SSL_SSLV3_ALERT_BAD_CERTIFICATE: OWN_CERTIFICATE,
  "ERR_SSL_SSL/TLS_ALERT_BAD_CERTIFICATE": OWN_CERTIFICATE,
  "ERR_SSL_SSL/TLS_ALERT_CERTIFICATE_EXPIRED": OWN_CERTIFICATE,
  "ERR_SSL_SSL/TLS_ALERT_CERTIFICATE_UNKNOWN": OWN_CERTIFICATE,
  ERR_SSL_SSLV3_ALERT_CERTIFICATE_EXPIRED: OWN_CERTIFICATE,
  ERR_SSL_SSLV3_ALERT_CERTIFICATE_UNKNOWN: OWN_CERTIFICATE,
  ECONNRESET: say("broke-off"),
  ECONNREFUSED: say("nothing-listens"),
  ENOTFOUND: say("no-host"),
  EHOSTUNREACH: say("no-network"),
  ENETUNREACH: say("no-network"),
  // CONNACK: MQTT 3.1.1, 3.2.2.3, and MQTT 5.0, 3.2.2.2.
  "4": LOGIN,
  "5": LOGIN,
  "134": LOGIN,
  "135": LOGIN,
};

export function refusalSentence(cause: Error | undefined): Said | string {
  const { code } = (cause ?? {}) as { readonly code?: string | number };
  const known = code === undefined ? undefined : SENTENCES[String(code)];
  if (known !== undefined) return known;
  return cause === undefined || cause.message === "" ? say("closed-by-it") : cause.message;
}
