import net from "node:net";
import type { Duplex } from "node:stream";
import tls from "node:tls";
import { createWebSocketStream, WebSocket } from "ws";

/** Begins to open the transport that the URL's scheme names; errors come as events of the stream. */
export function dial(url: URL): Duplex {
  const host = url.hostname.replace(/^\[|\]$/gu, "");
  switch (url.protocol) {
    case "mqtt:":
      return net.connect({ host, port: portOf(url, 1883), noDelay: true });
    case "mqtts:":
      return tls.connect({
        host,
        port: portOf(url, 8883),
        ...(net.isIP(host) === 0 ? { servername: host } : {}),
      });
    case "ws:":
    case "wss:":
      return createWebSocketStream(new WebSocket(url, ["mqtt"], { perMessageDeflate: false }));
    default:
      throw new RangeError(`${url.protocol}// is no scheme of MQTT: use mqtt, mqtts, ws or wss.`);
  }
}

function portOf(url: URL, usual: number): number {
  return url.port === "" ? usual : Number(url.port);
}
