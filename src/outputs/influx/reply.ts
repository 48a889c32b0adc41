import { say } from "../../domain/said.ts";
import { ConnectionLost, Throttled } from "../../domain/errors.ts";
import type { HttpReply } from "./http.ts";

/** What a server's answer to some lines means. */
export type Verdict =
  | { readonly kind: "stored" }
  /** The request is too large: send less at once. */
  | { readonly kind: "too-large" }
  /** The database does not exist. */
  | { readonly kind: "no-database"; readonly reason: string }
  /** Some lines are bad. */
  | BadLines;

export interface BadLines {
  readonly kind: "bad-lines";
  readonly reason: string;
  /** How many lines were refused, while all others were stored; null when the server does not say. */
  readonly refused: number | null;
  /** Which lines, counted from 0, while all others were stored; null when the server does not say. */
  readonly named: readonly { readonly line: number; readonly reason: string }[] | null;
}

const RETRY_AFTER_USUAL_MS = 5000;
const RETRY_AFTER_MAX_MS = 300_000;
const REASON_CHARACTERS_MAX = 300;

/** Throws Throttled on 429 and 503, and ConnectionLost on every answer after which the lines must be kept:
 *  refused credentials, an address that is no InfluxDB, a server in trouble. */
export function judge(reply: HttpReply, host: string, now: number): Verdict {
  const { status, body } = reply;
  if (status >= 200 && status < 300) return { kind: "stored" };
  if (status === 413) return { kind: "too-large" };
  if (status === 404) return { kind: "no-database", reason: reasonOf(body) };
  if (status === 400 || status === 422) return badLines(body);
  throw troubleOf(reply, host, now);
}

function troubleOf({ status, body, retryAfter }: HttpReply, host: string, now: number): Error {
  const reason = reasonOf(body);
  switch (status) {
    case 429:
    case 503:
      return new Throttled(
        say("server-asks-to-wait", { host, status, why: reason }),
        retryAfterMs(retryAfter, now),
      );
    case 401:
    case 403:
      return new ConnectionLost(say("server-login", { host, status, why: reason }));
    default:
      return new ConnectionLost(say("server-answered", { host, status, why: reason }));
  }
}

/** Retry-After in seconds or as a date (RFC 9110, 10.2.3), within sensible bounds. */
export function retryAfterMs(header: string | undefined, now: number): number {
  if (header === undefined) return RETRY_AFTER_USUAL_MS;
  const seconds = /^\d+$/u.test(header.trim()) ? Number(header) : (Date.parse(header) - now) / 1000;
  if (Number.isNaN(seconds)) return RETRY_AFTER_USUAL_MS;
  return Math.min(Math.max(0, seconds * 1000), RETRY_AFTER_MAX_MS);
}

function badLines(body: string): Verdict {
  const reason = reasonOf(body);
  // InfluxDB 1 and 2: "partial write: field type conflict: … dropped=3".
  const from = body.indexOf("partial write");
  const dropped = from === -1 ? undefined : /^.*dropped=(\d+)/su.exec(body.slice(from))?.[1];
  const refused = dropped === undefined || dropped === "0" ? null : Number(dropped);
  return { kind: "bad-lines", reason, refused, named: namedLines(body) };
}

/** InfluxDB 3: {"error":"partial write of line protocol occurred","data":[{"line_number":2,"error_message":"…"}]}. */
function namedLines(body: string): BadLines["named"] {
  const data = fieldOf(parsed(body), "data");
  if (!Array.isArray(data) || !/partial write/u.test(body)) return null;
  const named = data.map((entry: unknown) => ({
    line: Number(fieldOf(entry, "line_number")) - 1,
    reason: shorten(String(fieldOf(entry, "error_message"))),
  }));
  return named.length > 0 && named.every(({ line }) => Number.isInteger(line) && line >= 0) ? named : null;
}

/** The sentence in a server's answer: `error` of versions 1 and 3, `message` of version 2, else the plain text. */
function reasonOf(body: string): string {
  const json = parsed(body);
  const sentence = fieldOf(json, "error") ?? fieldOf(json, "message");
  return shorten(typeof sentence === "string" ? sentence : body.trim());
}

function shorten(text: string): string {
  return text.length > REASON_CHARACTERS_MAX ? `${text.slice(0, REASON_CHARACTERS_MAX)}…` : text;
}

function parsed(body: string): unknown {
  try {
    return JSON.parse(body) as unknown;
  } catch {
    return null; // plain text, or cut off at our bound
  }
}

function fieldOf(json: unknown, key: string): unknown {
  return typeof json === "object" && json !== null ? (json as Record<string, unknown>)[key] : undefined;
}
