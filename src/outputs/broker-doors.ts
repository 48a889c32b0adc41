import http from "node:http";
import https from "node:https";
import net from "node:net";
import type { Socket } from "node:net";
import tls from "node:tls";
import type { SecureContextOptions } from "node:tls";
import type { Duplex } from "node:stream";
import { createWebSocketStream, WebSocketServer } from "ws";
import type { ListenerCertificate } from "../domain/certificate.ts";
import type { Log } from "../domain/ports.ts";
import { createFront } from "./front.ts";

/** Takes a client over, and whether it sits at this machine. */
export type Accept = (stream: Duplex, isFromHere: boolean) => void;

/** Where the clients of the broker come in, by TCP and by WebSocket; not yet listening. */
export interface Doors {
  readonly tcp: net.Server;
  readonly web: net.Server;
  readonly renew: (certificate: ListenerCertificate) => void;
  /** Breaks off whoever has come in. */
  end(): void;
}

export interface DoorOptions {
  readonly accept: Accept;
  /** Of a message over WebSocket. */
  readonly bytesMax: number;
  readonly log: Log;
  readonly certificate: ListenerCertificate | null;
  /** Whether the other end of a connection is this machine. */
  readonly isFromHere: (socket: Socket) => boolean;
}

/** With a certificate, other machines come encrypted or not at all. */
export function openDoors(options: DoorOptions): Doors {
  const { accept, certificate, isFromHere } = options;
  const take = (socket: Socket): void => accept(socket, isFromHere(socket));
  const sockets = webSockets(options);
  const web = sockets.serve(http.createServer(refer));
  const end = (): void => {
    sockets.end();
    web.closeAllConnections();
  };
  if (certificate === null)
    return { tcp: net.createServer({ noDelay: true }, take), web, renew: () => undefined, end };
  const secureTcp = tls.createServer(tlsOptions(certificate), take);
  const secureWeb = sockets.serve(https.createServer(tlsOptions(certificate), refer));
  const tcpFront = createFront(isFromHere, take, (socket) => void secureTcp.emit("connection", socket));
  const webFront = createFront(
    isFromHere,
    (socket) => void web.emit("connection", socket),
    (socket) => void secureWeb.emit("connection", socket),
  );
  return {
    tcp: tcpFront.server,
    web: webFront.server,
    renew(renewed) {
      for (const server of [secureTcp, secureWeb]) server.setSecureContext(tlsOptions(renewed));
    },
    end() {
      end();
      tcpFront.end();
      webFront.end();
    },
  };
}

function tlsOptions({ cert, key }: ListenerCertificate): SecureContextOptions {
  return { cert, key, minVersion: "TLSv1.2" };
}

/** Whoever asks for a page learns that there is none. */
function refer(_request: http.IncomingMessage, response: http.ServerResponse): void {
  response.writeHead(426).end();
}

function webSockets({ accept, bytesMax, log, isFromHere }: DoorOptions) {
  const sockets = new WebSocketServer({
    noServer: true,
    maxPayload: bytesMax,
    handleProtocols: (offered) => (offered.has("mqtt") ? "mqtt" : false),
    perMessageDeflate: false,
  });
  return {
    serve<T extends http.Server>(server: T): T {
      server.on("upgrade", (request: http.IncomingMessage, socket: Socket, head: Buffer) => {
        const isHere = isFromHere(socket);
        sockets.handleUpgrade(request, socket, head, (client) => {
          client.on("error", (error) => log.debug({ err: error }, "a WebSocket of the broker failed"));
          accept(createWebSocketStream(client), isHere);
        });
      });
      return server;
    },
    end() {
      for (const client of sockets.clients) client.terminate();
      sockets.close();
    },
  };
}
