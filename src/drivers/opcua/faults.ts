import { say } from "../../domain/said.ts";
import type { Said } from "../../domain/said.ts";
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
  return within(clock, ms, work, () => new TimedOut(say("no-answer-within", { what, ms })), signal);
}

/** Sentences for the answers that a person must act on. Matched in order against the library's text, which quotes the code. */
const EXPLANATIONS: readonly (readonly [RegExp, Said])[] = [
  [/RSA_PKCS1_PADDING|Basic128Rsa15/, say("opcua-old-policy")],
  [/BadUserAccessDenied|BadIdentityTokenRejected/, say("opcua-login")],
  [/BadIdentityTokenInvalid|Cannot find \w+ user token policy/, say("opcua-identity")],
  [/BadSecurityChecksFailed|BadCertificateUntrusted|BadCertificateInvalid/, say("opcua-not-trusted")],
  [/BadCertificateTimeInvalid/, say("certificate-out-of-date")],
  [/BadTooManySessions/, say("opcua-sessions")],
  [/ECONNREFUSED/, say("nothing-listens")],
  [/ENOTFOUND|EAI_AGAIN/, say("host-unknown")],
  [/EHOSTUNREACH|ENETUNREACH/, say("no-way-to-host")],
  [/BadServerHalted|BadShutdown/, say("server-stopping")],
];

/** Turns whatever the library throws into a lost link with one sentence. */
export function connectionLost(endpoint: string, error: unknown): ConnectionLost {
  if (error instanceof ConnectionLost) return error;
  const message = error instanceof Error ? error.message : String(error);
  const explanation = EXPLANATIONS.find(([pattern]) => pattern.test(message))?.[1];
  const text = message.replaceAll(/\s+/g, " ").trim().slice(0, 300);
  const why = explanation === undefined ? text : say("explained", { why: explanation, text });
  return new ConnectionLost(say("lost", { where: endpoint, why }), { cause: error });
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
