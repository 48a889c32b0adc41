import { createServer } from "node:net";
import type { AddressInfo, Server, Socket } from "node:net";
import { once } from "node:events";
import { parseMbap } from "../codec/frames.ts";
import { CLIENTS_MAX } from "./listener.ts";
import type { Listener, StreamReader } from "./listener.ts";
import type { ModbusLine, Send } from "./modbus-line.ts";

export interface TcpListener extends Listener {
  /** Where it listens, once open; the same port when opened again. */
  readonly port: number;
}

/** Replies that a client has not taken before it is thrown out. */
const UNREAD_BYTES_MAX = 1 << 20;

/** Serves a line to TCP clients, whatever the framing. */
export function createTcpListener(
  line: ModbusLine,
  host: string,
  configuredPort: number,
  readerFor: (line: ModbusLine, send: Send, abort: () => void) => StreamReader,
): TcpListener {
  const sockets = new Set<Socket>();
  let server: Server | null = null;
  let port = configuredPort;

  function accept(socket: Socket): void {
    if (sockets.size >= CLIENTS_MAX) {
      line.counters.clientsRefused++;
      socket.destroy();
      return;
    }
    line.counters.clients++;
    sockets.add(socket);
    socket.setNoDelay(true);
    const send: Send = (bytes) => {
      if (socket.destroyed) return;
      if (socket.writableLength > UNREAD_BYTES_MAX) socket.destroy();
      else socket.write(bytes);
    };
    const reader = readerFor(line, send, () => socket.destroy());
    socket.on("data", (chunk) => reader.receive(chunk));
    socket.on("close", () => {
      reader.close();
      sockets.delete(socket);
    });
    // A client that goes away without a word is no event for a device; "close" follows and tidies up.
    socket.on("error", () => socket.destroy());
  }

  return {
    get port() {
      return port;
    },
    async open() {
      server = createServer(accept);
      server.listen(port, host);
      await once(server, "listening");
      ({ port } = server.address() as AddressInfo);
    },
    async close() {
      const closing = server;
      server = null;
      for (const socket of sockets) socket.destroy();
      if (closing === null) return;
      closing.close();
      await once(closing, "close");
    },
  };
}

/** Cuts an MBAP stream into requests; a stream out of step ends the connection. */
export function mbapReader(line: ModbusLine, send: Send, abort: () => void): StreamReader {
  let rest = Buffer.alloc(0);
  return {
    receive(chunk) {
      const received = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
      let at = 0;
      for (;;) {
        const parsed = parseMbap(received, at);
        if (parsed.kind === "incomplete") break;
        if (parsed.kind !== "request") line.counters.malformedFrames++;
        if (parsed.kind === "broken") {
          abort();
          return;
        }
        at += parsed.bytes;
        if (parsed.kind === "request") line.receive(parsed.request, send);
      }
      rest = at === received.length ? Buffer.alloc(0) : Buffer.from(received.subarray(at));
    },
    close() {
      rest = Buffer.alloc(0);
    },
  };
}
