import { createServer } from "node:http";
import type { IncomingMessage, Server, ServerResponse } from "node:http";
import { createServer as createTlsServer } from "node:https";
import type { AddressInfo } from "node:net";
import { Server as TlsServer } from "node:tls";
import type { SecureContextOptions } from "node:tls";
import type { Duplex } from "node:stream";
import type { ListenerCertificate } from "../domain/certificate.ts";
import { failure } from "./failure.ts";
import { refuseUnreadable } from "./unreadable.ts";

const HEADER_BYTES_MAX = 16 * 1024;
const HEADERS_MAX_MS = 10_000;
/** With its body. */
const REQUEST_MAX_MS = 30_000;
const HANDSHAKE_MAX_MS = 10_000;
const IDLE_SOCKET_MAX_MS = 30_000;
const KEEP_ALIVE_MS = 10_000;
const TIMEOUT_CHECK_MS = 1_000;
/** Enough that a couple of thousand connections that never finish a request keep nobody out until they are closed. */
const CONNECTIONS_MAX = 4096;
/** Requests that wait for a plant file to be put into use; whoever comes then is told to come again. */
const WAITING_MAX = 1_000;

export interface ListenerOptions {
  readonly host: string;
  /** 0 takes any free one. */
  readonly port: number;
  /** By what HTTPS is served; plain HTTP without it. */
  readonly certificate: ListenerCertificate | null;
}

/** What listens for the page and the API, from the first plant file to the end: whoever answers changes behind it. */
export interface Listener {
  readonly url: string;
  readonly port: number;
  /** From now on this one, which does not listen itself, gets the requests, and first those that wait. With null they wait. */
  lead(to: Server | null): void;
  /** Shows another certificate to whoever comes from now on. */
  readonly renew: (certificate: ListenerCertificate) => void;
  /** Cuts every connection. */
  close(): Promise<void>;
}

/** A request that waits for somebody who answers. */
interface Waiting {
  go(to: Server): void;
  refuse(): void;
}

/** Listens; until `lead` is called requests wait. Rejects with the system's error (`EADDRINUSE`, `EACCES`) when it cannot. */
export async function openListener({ host, port, certificate }: ListenerOptions): Promise<Listener> {
  const server = createUnled(certificate);
  let leads: Server | null = null;
  const waiting = new Set<Waiting>();
  const wait = (one: Waiting, peer: ServerResponse | Duplex): void => {
    if (waiting.size >= WAITING_MAX) return one.refuse();
    waiting.add(one);
    peer.once("close", () => waiting.delete(one));
  };
  server.on("request", (request, answer) => {
    if (leads === null) wait(waitingRequest(request, answer), answer);
    else leads.emit("request", request, answer);
  });
  server.on("upgrade", (request, socket, head) => {
    if (leads === null) wait(waitingUpgrade(request, socket, head), socket);
    else leads.emit("upgrade", request, socket, head);
  });
  await listenAt(server, host, port);
  const { port: found } = server.address() as AddressInfo;
  return {
    url: urlOf(certificate === null ? "http" : "https", host, found),
    port: found,
    lead(to) {
      leads = to;
      if (to === null) return;
      for (const one of waiting) one.go(to);
      waiting.clear();
    },
    renew(next) {
      if (server instanceof TlsServer) server.setSecureContext(tlsOptions(next));
    },
    async close() {
      await new Promise((resolve) => {
        server.close(resolve);
        server.closeAllConnections();
      });
    },
  };
}

function waitingRequest(request: IncomingMessage, answer: ServerResponse): Waiting {
  return {
    go: (to) => void to.emit("request", request, answer),
    refuse() {
      answer.writeHead(503, { "content-type": "application/json; charset=utf-8", ...COME_AGAIN });
      answer.end(JSON.stringify(BUSY));
    },
  };
}

/** Errors of its connection are nobody's while it waits. */
function waitingUpgrade(request: IncomingMessage, socket: Duplex, head: Buffer): Waiting {
  const drop = (): void => void socket.destroy();
  socket.on("error", drop);
  return {
    go(to) {
      socket.off("error", drop);
      to.emit("upgrade", request, socket, head);
    },
    refuse: () => void socket.end(BUSY_UPGRADE, drop),
  };
}

const COME_AGAIN = { "retry-after": "1", connection: "close" } as const;
const BUSY_UPGRADE = "HTTP/1.1 503 Service Unavailable\r\nRetry-After: 1\r\nConnection: close\r\n\r\n";
const BUSY = failure(503, "A plant file is being put into use. Ask again in a moment.");

function createUnled(certificate: ListenerCertificate | null): Server {
  const limits = {
    maxHeaderSize: HEADER_BYTES_MAX,
    headersTimeout: HEADERS_MAX_MS,
    requestTimeout: REQUEST_MAX_MS,
    keepAliveTimeout: KEEP_ALIVE_MS,
    connectionsCheckingInterval: TIMEOUT_CHECK_MS,
  };
  // Requests are the same over either.
  const server =
    certificate === null
      ? createServer(limits)
      : createTlsServer({ ...limits, ...tlsOptions(certificate), handshakeTimeout: HANDSHAKE_MAX_MS });
  server.setTimeout(IDLE_SOCKET_MAX_MS);
  server.maxConnections = CONNECTIONS_MAX;
  server.on("clientError", refuseUnreadable);
  return server;
}

function tlsOptions({ cert, key }: ListenerCertificate): SecureContextOptions {
  return { minVersion: "TLSv1.2", cert, key };
}

function listenAt(server: Server, host: string, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen({ host, port }, () => {
      server.off("error", reject);
      resolve();
    });
  });
}

function urlOf(scheme: "http" | "https", host: string, port: number): string {
  const isWildcard = host === "0.0.0.0" || host === "::";
  const name = isWildcard ? "localhost" : host;
  return `${scheme}://${name.includes(":") ? `[${name}]` : name}:${port}`;
}
