import { say } from "../../domain/said.ts";
import http from "node:http";
import https from "node:https";
import { whenAborted } from "../../domain/aborted.ts";
import { ConnectionLost } from "../../domain/errors.ts";
import type { Clock } from "../../domain/time.ts";
import { readPem } from "../credentials.ts";
import { refusalSentence } from "../refusals.ts";

export interface HttpReply {
  readonly status: number;
  readonly retryAfter: string | undefined;
  /** The first 64 KiB. */
  readonly body: string;
}

export interface HttpRequest {
  readonly method: "GET" | "POST";
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array | null;
}

const REPLY_BYTES_MAX = 65_536;
const DEADLINE_MS = 10_000; // of one request, from its first byte to the last of the reply
const IDLE_MS = 30_000;

/** One connection to one server, kept open between requests. */
export interface HttpClient {
  /** Throws ConnectionLost on any failure of the network, and the signal's reason when aborted. */
  send(request: HttpRequest, signal: AbortSignal): Promise<HttpReply>;
  close(): void;
}

/** `caFile` is read again after a failure, so that an authority can be renewed without a restart. */
export function createHttpClient(base: URL, caFile: string | null, clock: Clock): HttpClient {
  const { Agent, request: open } = base.protocol === "https:" ? https : http;
  const agent = new Agent({ keepAlive: true, maxSockets: 1, timeout: IDLE_MS });
  const target = {
    agent,
    protocol: base.protocol,
    hostname: base.hostname.replace(/^\[|\]$/gu, ""),
    port: base.port,
  };
  let trust: https.RequestOptions | null = null;
  const attempt = async (request: HttpRequest, signal: AbortSignal): Promise<HttpReply> => {
    trust ??= { ca: await readPem(caFile) };
    const { method, path, headers: own, body } = request;
    const headers = { ...own, "content-length": body?.length ?? 0 };
    signal.throwIfAborted();
    const sent = open({ ...target, ...trust, method, path, headers });
    // The option `signal` of the request would do the same, with listeners of its own on the signal each time.
    const forget = whenAborted(signal, () => sent.destroy(signal.reason as Error));
    return replyTo(sent, body, base, clock).finally(forget);
  };
  return {
    async send(request, signal) {
      try {
        return await attempt(request, signal).catch((error: unknown) => {
          // The server closed the idle connection at the very moment at which we used it: that says nothing about the server.
          if (error instanceof RequestFailed && error.isStaleConnection) return attempt(request, signal);
          throw error;
        });
      } catch (error) {
        trust = null;
        signal.throwIfAborted();
        const cause = error instanceof RequestFailed ? error.cause : (error as Error);
        if (cause instanceof ConnectionLost) throw cause;
        throw new ConnectionLost(
          say("server-unreachable", { host: base.host, why: refusalSentence(cause) }),
          { cause },
        );
      }
    },
    close: () => agent.destroy(),
  };
}

/** Throws RequestFailed. */
function replyTo(
  sent: http.ClientRequest,
  body: Uint8Array | null,
  base: URL,
  clock: Clock,
): Promise<HttpReply> {
  return new Promise((resolve, reject) => {
    const cancel = clock.schedule(DEADLINE_MS, () =>
      sent.destroy(
        new ConnectionLost(say("server-silent", { host: base.host, seconds: DEADLINE_MS / 1000 })),
      ),
    );
    const fail = (error: Error): void => {
      cancel();
      reject(new RequestFailed(error, sent.reusedSocket));
    };
    sent.on("error", fail);
    sent.on("response", (response) => {
      const done = (text: string): void => {
        cancel();
        const { statusCode: status = 0, headers } = response;
        resolve({ status, retryAfter: headers["retry-after"], body: text });
      };
      collect(response, done, fail);
    });
    sent.end(body ?? undefined);
  });
}

class RequestFailed extends Error {
  override readonly cause: Error;
  readonly isStaleConnection: boolean;

  constructor(cause: Error, wasReused: boolean) {
    super(cause.message);
    this.cause = cause;
    this.isStaleConnection =
      wasReused && "code" in cause && (cause.code === "ECONNRESET" || cause.code === "EPIPE");
  }
}

/** Reads a reply to its end, so that the connection can be used again, and keeps its beginning. */
function collect(
  response: http.IncomingMessage,
  done: (text: string) => void,
  fail: (error: Error) => void,
): void {
  const chunks: Buffer[] = [];
  let length = 0;
  response.on("data", (chunk: Buffer) => {
    if (length >= REPLY_BYTES_MAX) {
      response.destroy(); // no reply that we can use is so long
      done(Buffer.concat(chunks).toString());
      return;
    }
    chunks.push(chunk);
    length += chunk.length;
  });
  response.on("end", () => done(Buffer.concat(chunks).toString()));
  response.on("error", fail);
  response.on("aborted", () => fail(new Error("the reply broke off")));
}
