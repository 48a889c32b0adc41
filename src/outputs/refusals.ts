/** Why a server cannot be used, for somebody who has to put it right: after the code of Node's, OpenSSL's or the
 *  library's error. The error itself stays the cause. */
const UNTRUSTED = "no authority that we trust has signed its certificate; name the right one in tls.ca";
const OLD_TLS = "it can do no better than TLS 1.1, which is not safe; it has to allow TLS 1.2 or newer";
const OWN_CERTIFICATE = "it does not accept our certificate, or asks for one that tls.cert does not name";
const LOGIN = "it does not accept our user name or password";

const SENTENCES: Readonly<Record<string, string>> = {
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: UNTRUSTED,
  UNABLE_TO_GET_ISSUER_CERT: UNTRUSTED,
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: UNTRUSTED,
  SELF_SIGNED_CERT_IN_CHAIN: UNTRUSTED,
  DEPTH_ZERO_SELF_SIGNED_CERT: UNTRUSTED,
  CERT_SIGNATURE_FAILURE: UNTRUSTED,
  CERT_HAS_EXPIRED: "its certificate has expired, or the clock of this machine is wrong",
  CERT_NOT_YET_VALID: "its certificate is not valid yet, or the clock of this machine is wrong",
  ERR_TLS_CERT_ALTNAME_INVALID: "its certificate is for another host than the one in the address",
  ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION: OLD_TLS,
  ERR_SSL_UNSUPPORTED_PROTOCOL: OLD_TLS,
  ERR_SSL_WRONG_VERSION_NUMBER: "it does not speak TLS at this port",
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
  ECONNRESET: "it broke the connection off",
  ECONNREFUSED: "nothing listens there",
  ENOTFOUND: "there is no host of this name",
  EHOSTUNREACH: "no network leads there",
  ENETUNREACH: "no network leads there",
  // CONNACK: MQTT 3.1.1, 3.2.2.3, and MQTT 5.0, 3.2.2.2.
  "4": LOGIN,
  "5": LOGIN,
  "134": LOGIN,
  "135": LOGIN,
};

export function refusalSentence(cause: Error | undefined): string {
  const { code } = (cause ?? {}) as { readonly code?: string | number };
  const known = code === undefined ? undefined : SENTENCES[String(code)];
  if (known !== undefined) return known;
  return cause === undefined || cause.message === "" ? "it closed the connection" : cause.message;
}
