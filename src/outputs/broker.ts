import net from "node:net";
import type { AddressInfo } from "node:net";
import type { BrokerConfig } from "../config/plant.ts";
import type { ListenerCertificate } from "../domain/certificate.ts";
import type { Log } from "../domain/ports.ts";
import { systemClock } from "../domain/system-clock.ts";
import type { Clock } from "../domain/time.ts";
import { createBrokerClients } from "./broker-clients.ts";
import { openDoors } from "./broker-doors.ts";
import { isFromHere } from "./front.ts";

export interface Broker {
  readonly tcpPort: number;
  readonly wsPort: number;
  /** `mqtt://host:port` of the TCP listener, for this machine. */
  readonly url: string;
  /** Shows another certificate to whoever comes from now on. */
  readonly renew: (certificate: ListenerCertificate) => void;
  /** Ends all connections and closes both listeners. */
  close(): Promise<void>;
}

export interface BrokerOptions {
  /** Take the next free port where the configured one is taken. */
  readonly nextFree?: boolean;
  /** By which other machines are spoken to; null: nobody encrypts. */
  readonly certificate?: ListenerCertificate | null;
  /** Whether this is the token of a program, which other machines are asked for; without it none is let in. */
  readonly knows?: (token: string) => boolean;
  /** The time of the network. */
  readonly clock?: Clock;
  /** Whether the other end of a connection is this machine: by its addresses, unless somebody knows better. */
  readonly isHere?: (socket: net.Socket) => boolean;
}

const PACKET_BYTES_MAX = 1_048_576;
const PORTS_TRIED_MAX = 50;

/** The embedded broker: MQTT 3.1.1 over TCP and over WebSocket, without persistence. It serves the programs of this machine
 *  as they come; from other machines it lets in who shows the token of a program, and those only listen. Rejects with the
 *  system's error when a port is taken. */
export async function startBroker(
  config: BrokerConfig,
  log: Log,
  options: BrokerOptions = {},
): Promise<Broker> {
  const { nextFree = false, certificate = null, knows = () => false, isHere = isFromHere } = options;
  const { clock = systemClock } = options;
  const clients = await createBrokerClients({ bytesMax: PACKET_BYTES_MAX, log, knows, clock });
  const { accept } = clients;
  const doors = openDoors({ accept, bytesMax: PACKET_BYTES_MAX, log, certificate, isFromHere: isHere });
  const close = async (): Promise<void> => {
    const gone = clients.end();
    doors.end();
    await Promise.all([closeServer(doors.tcp), closeServer(doors.web), gone]);
  };
  try {
    const tcpPort = await listen(doors.tcp, config.host, config.port, nextFree);
    const wsPort = await listen(doors.web, config.host, config.wsPort, nextFree);
    log.info({ host: config.host, tcpPort, wsPort }, "MQTT broker started");
    const host = net.isIPv6(config.host) ? `[${config.host}]` : config.host;
    return { tcpPort, wsPort, url: `mqtt://${host}:${tcpPort}`, renew: doors.renew, close };
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
