import net from "node:net";
import type { Duplex } from "node:stream";
import tls from "node:tls";
import { createWebSocketStream, WebSocket } from "ws";
import type { Credentials } from "../credentials.ts";

const DEADLINE_MS = 5000;

/** Longest message of a WebSocket that we take; brokers put a few of our small packets into one. */
const MESSAGE_BYTES_MAX = 1_048_576;

/** Opens the transport that the URL's scheme names. Rejects with the system's or TLS's error, or the signal's reason.
 *  A broker that cannot prove by its certificate to be the host of the URL is an error. */
export function dial(url: URL, credentials: Credentials, signal: AbortSignal): Promise<Duplex> {
  const { stream, opener, opened } = begin(url, credentials);
  const late = AbortSignal.timeout(DEADLINE_MS);
  const given = AbortSignal.any([signal, late]);
  return new Promise((resolve, reject) => {
    const fail = (error: Error): void => {
      settle();
      stream.on("error", () => undefined).destroy();
      reject(error);
    };
    const failed = (error: Error): void => fail(error);
    const closed = (): void => fail(new Error("it closed the connection"));
    const aborted = (): void =>
      fail(late.aborted ? new Error(`no answer within ${DEADLINE_MS / 1000} s`) : (signal.reason as Error));
    const settle = (): void => {
      stream.off("error", failed).off("close", closed);
      given.removeEventListener("abort", aborted);
    };
    opener.once(opened, () => {
      settle();
      resolve(stream);
    });
    stream.once("error", failed).once("close", closed);
    given.addEventListener("abort", aborted, { once: true });
  });
}

interface Beginning {
  readonly stream: Duplex;
  /** Who says, and by which event, that the transport is open. */
  readonly opener: NodeJS.EventEmitter;
  readonly opened: string;
}

function begin(url: URL, credentials: Credentials): Beginning {
  const host = url.hostname.replace(/^\[|\]$/gu, "");
  switch (url.protocol) {
    case "mqtt:": {
      const socket = net.connect({ host, port: portOf(url, 1883), noDelay: true });
      return { stream: socket, opener: socket, opened: "connect" };
    }
    case "mqtts:": {
      const named = net.isIP(host) === 0 ? { servername: host } : {};
      const socket = tls.connect({ host, port: portOf(url, 8883), ...credentials, ...named });
      socket.setNoDelay(true);
      return { stream: socket, opener: socket, opened: "secureConnect" };
    }
    case "ws:":
    case "wss:": {
      const bounds = { perMessageDeflate: false, maxPayload: MESSAGE_BYTES_MAX };
      const socket = new WebSocket(url, ["mqtt"], { ...bounds, ...credentials });
      return { stream: createWebSocketStream(socket), opener: socket, opened: "open" };
    }
    default:
      throw new RangeError(`${url.protocol}// is no scheme of MQTT: use mqtt, mqtts, ws or wss.`);
  }
}

function portOf(url: URL, usual: number): number {
  return url.port === "" ? usual : Number(url.port);
}
