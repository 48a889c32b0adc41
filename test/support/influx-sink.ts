import { readFileSync } from "node:fs";
import http from "node:http";
import https from "node:https";
import type { AddressInfo } from "node:net";
import { gunzipSync } from "node:zlib";
import type { Pair } from "./certificates.ts";

export interface InfluxRequest {
  readonly method: string;
  readonly url: string;
  readonly headers: http.IncomingHttpHeaders;
  readonly body: string;
}

export interface Answer {
  readonly status: number;
  readonly headers?: Record<string, string>;
  readonly body?: string;
  /** Destroy the connection instead of answering, or never answer. */
  readonly instead?: "cut" | "silence";
}

export interface InfluxSink extends AsyncDisposable {
  readonly url: string;
  readonly requests: InfluxRequest[];
  /** Lines of all requests that were answered 2xx. */
  readonly stored: string[];
  readonly connections: () => number;
  /** What a write is answered; tests replace it. */
  answer: (request: InfluxRequest) => Answer;
}

/** An HTTP server that counts lines, with TLS where it has a certificate. Pings are always answered. */
export async function startInfluxSink(port = 0, certificate: Pair | null = null): Promise<InfluxSink> {
  let connections = 0;
  const answer: http.RequestListener = (incoming, response) => {
    const chunks: Buffer[] = [];
    incoming.on("data", (chunk: Buffer) => chunks.push(chunk));
    incoming.on("end", () => {
      const raw = Buffer.concat(chunks);
      const body = (incoming.headers["content-encoding"] === "gzip" ? gunzipSync(raw) : raw).toString();
      const request = { method: incoming.method!, url: incoming.url!, headers: incoming.headers, body };
      sink.requests.push(request);
      if (request.url.startsWith("/ping")) return response.writeHead(204).end();
      const { status, headers, body: text, instead } = sink.answer(request);
      if (instead === "cut") return incoming.socket.resetAndDestroy();
      if (instead === "silence") return undefined;
      if (status < 300 && !request.url.startsWith("/query"))
        sink.stored.push(...body.split("\n").slice(0, -1));
      return response.writeHead(status, headers).end(text);
    });
  };
  const server =
    certificate === null
      ? http.createServer(answer)
      : https.createServer(
          { cert: readFileSync(certificate.cert), key: readFileSync(certificate.key) },
          answer,
        );
  server.on("connection", () => connections++);
  await new Promise<void>((done) => server.listen(port, "127.0.0.1", done));
  const sink: InfluxSink = {
    url: `${certificate === null ? "http" : "https"}://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests: [],
    stored: [],
    connections: () => connections,
    answer: () => ({ status: 204 }),
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((done) => server.close(done));
    },
  };
  return sink;
}
