import http from "node:http";
import net from "node:net";
import type { AddressInfo } from "node:net";
import type { Duplex } from "node:stream";
import { Aedes } from "aedes";
import { createWebSocketStream, WebSocketServer } from "ws";
import type { BrokerConfig } from "../config/plant.ts";
import type { Log } from "../domain/ports.ts";
import { boundPackets, createRetainedBound } from "./broker-bounds.ts";

export interface Broker {
  readonly tcpPort: number;
  readonly wsPort: number;
  /** `mqtt://host:port` of the TCP listener. */
  readonly url: string;
  /** Ends all connections and closes both listeners. */
  close(): Promise<void>;
}

export interface BrokerOptions {
  /** Take the next free port where the configured one is taken. */
  readonly nextFree?: boolean;
}

const CLIENTS_MAX = 100;
const PACKET_BYTES_MAX = 1_048_576;
const RETAINED_TOPICS_MAX = 100_000;
const SLOW_CLIENT_MS = 5000; // a subscriber that takes nothing for so long is cut off, for the sake of the others
const CONNECT_DEADLINE_MS = 10_000;
const PORTS_TRIED_MAX = 50;

/** The embedded broker: MQTT 3.1.1 over TCP and over WebSocket, without accounts and without persistence, meant for
 *  programs on the same machine. Rejects with the system's error when a port is taken. */
export async function startBroker(
  config: BrokerConfig,
  log: Log,
  { nextFree = false }: BrokerOptions = {},
): Promise<Broker> {
  const aedes = await Aedes.createBroker({
    drainTimeout: SLOW_CLIENT_MS,
    connectTimeout: CONNECT_DEADLINE_MS,
    authorizePublish: createRetainedBound(RETAINED_TOPICS_MAX),
  });
  aedes.on("clientError", (client, error) =>
    log.debug({ client: client.id, err: error }, "MQTT client failed"),
  );
  aedes.on("connectionError", (_client, error) => log.debug({ err: error }, "MQTT connection failed"));
  const open = new Set<Duplex>();
  const accept = (stream: Duplex): void => {
    if (open.size >= CLIENTS_MAX) {
      stream.on("error", () => undefined).destroy();
      return;
    }
    open.add(stream);
    stream.once("close", () => open.delete(stream));
    aedes.handle(stream);
    boundPackets(stream, PACKET_BYTES_MAX);
  };
  const tcp = net.createServer({ noDelay: true }, accept);
  const web = http.createServer((_request, response) => response.writeHead(426).end());
  const sockets = new WebSocketServer({
    server: web,
    maxPayload: PACKET_BYTES_MAX,
    handleProtocols: (offered) => (offered.has("mqtt") ? "mqtt" : false),
    perMessageDeflate: false,
  });
  sockets.on("error", (error) => log.debug({ err: error }, "WebSocket listener failed"));
  sockets.on("connection", (socket) => accept(createWebSocketStream(socket)));
  const close = async (): Promise<void> => {
    for (const client of sockets.clients) client.terminate();
    for (const stream of open) stream.destroy();
    sockets.close();
    web.closeAllConnections();
    await Promise.all([
      closeServer(tcp),
      closeServer(web),
      new Promise<void>((done) => aedes.close(() => done())),
    ]);
  };
  try {
    const tcpPort = await listen(tcp, config.host, config.port, nextFree);
    const wsPort = await listen(web, config.host, config.wsPort, nextFree);
    log.info({ host: config.host, tcpPort, wsPort }, "MQTT broker started");
    const host = net.isIPv6(config.host) ? `[${config.host}]` : config.host;
    return { tcpPort, wsPort, url: `mqtt://${host}:${tcpPort}`, close };
  } catch (error) {
    await close();
    throw error;
  }
}

async function listen(server: net.Server, host: string, port: number, nextFree: boolean): Promise<number> {
  const last = nextFree && port !== 0 ? Math.min(port + PORTS_TRIED_MAX, 65_535) : port;
  for (let candidate = port; ; candidate++) {
    try {
      return await listenOn(server, host, candidate);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "EADDRINUSE" || candidate >= last) throw error;
    }
  }
}

function listenOn(server: net.Server, host: string, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, host, () => {
      server.off("error", reject);
      resolve((server.address() as AddressInfo).port);
    });
  });
}

function closeServer(server: net.Server): Promise<void> {
  return new Promise((resolve) => {
    if (!server.listening) resolve();
    else server.close(() => resolve());
  });
}
