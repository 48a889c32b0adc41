import { ConnectionLost } from "../../domain/errors.ts";
import { within } from "../../domain/time.ts";
import type { Clock } from "../../domain/time.ts";

/** No answer within the deadline. The link may be slow or gone: the caller decides. */
export class TimedOut extends ConnectionLost {}

/** Settles like `work`, but never later than `ms`, nor after `signal`. An answer that comes later is thrown away. */
export function withDeadline<T>(
  clock: Clock,
  ms: number,
  what: string,
  work: Promise<T>,
  signal?: AbortSignal,
): Promise<T> {
  return within(clock, ms, work, () => new TimedOut(`${what}: no answer within ${ms} ms`), signal);
}

/** Sentences for the answers that a person must act on. Matched in order against the library's text, which quotes the code. */
const EXPLANATIONS: readonly (readonly [RegExp, string])[] = [
  [
    /RSA_PKCS1_PADDING|Basic128Rsa15/,
    "the server wants the old policy Basic128Rsa15, which Node.js refuses because its padding can be attacked (CVE-2023-46809); " +
      "switch the server to Basic256Sha256, or start the gateway with --security-revert=CVE-2023-46809 in NODE_OPTIONS",
  ],
  [
    /BadUserAccessDenied|BadIdentityTokenRejected/,
    "the server refuses this user name and password, or this user certificate",
  ],
  [
    /BadIdentityTokenInvalid|Cannot find \w+ user token policy/,
    "the server does not accept this kind of identity at this endpoint",
  ],
  [
    /BadSecurityChecksFailed|BadCertificateUntrusted|BadCertificateInvalid/,
    "the server does not trust the gateway's certificate; copy pki/own/certs/gateway.pem of the data folder into the server's trusted list",
  ],
  [/BadCertificateTimeInvalid/, "a certificate is out of date; check the clocks of both machines"],
  [/BadTooManySessions/, "the server has no free session; close other clients or raise its limit"],
  [/ECONNREFUSED/, "nothing listens at this address"],
  [/ENOTFOUND|EAI_AGAIN/, "the host name cannot be resolved"],
  [/EHOSTUNREACH|ENETUNREACH/, "there is no route to this host"],
  [/BadServerHalted|BadShutdown/, "the server is shutting down"],
];

/** Turns whatever the library throws into a lost link with one sentence. */
export function connectionLost(endpoint: string, error: unknown): ConnectionLost {
  if (error instanceof ConnectionLost) return error;
  const text = error instanceof Error ? error.message : String(error);
  const explanation = EXPLANATIONS.find(([pattern]) => pattern.test(text))?.[1];
  const said = text.replaceAll(/\s+/g, " ").trim().slice(0, 300);
  const sentence = explanation === undefined ? said : `${explanation} (${said})`;
  return new ConnectionLost(`${endpoint}: ${sentence}`, { cause: error });
}

/** Did the server itself say no, over a link that works? The library attaches the answer to most such errors
 *  and quotes the status code, as in "BadSessionIdInvalid (0x80250000)", in the others. */
export function isRefusal(error: unknown): boolean {
  if (!(error instanceof Error) || error instanceof ConnectionLost) return false;
  if ("response" in error && error.response !== undefined && error.response !== null) return true;
  return (
    /\bBad\w+ \(0x8[0-9a-f]{7}\)/i.test(error.message) &&
    !/BadConnectionClosed|BadSecureChannelClosed/.test(error.message)
  );
}
