import net from "node:net";
import type { Socket } from "node:net";

/** The first byte of whoever begins with TLS: a record of the kind `handshake` (RFC 8446, 5.1). */
const HANDSHAKE = 0x16;
/** Who connects and says nothing is sent away. */
const SILENCE_MAX_MS = 10_000;
const SOCKETS_MAX = 400;

type Take = (socket: Socket) => void;

export interface Front {
  readonly server: net.Server;
  /** Breaks every connection off. */
  end(): void;
}

/** A listener that hands those who encrypt to `secure`, and those on this machine who do not to `plain`. Nobody else is
 *  answered, so that nothing leaves the machine unencrypted. */
export function createFront(isHere: (socket: Socket) => boolean, plain: Take, secure: Take): Front {
  const sockets = new Set<Socket>();
  const server = net.createServer({ noDelay: true }, (socket) => {
    sockets.add(socket);
    socket.once("close", () => sockets.delete(socket));
    socket.on("error", () => undefined); // its close follows
    socket.setTimeout(SILENCE_MAX_MS, () => socket.destroy());
    socket.once("data", (first: Buffer) => {
      socket.setTimeout(0).removeAllListeners("timeout");
      const isSecure = first[0] === HANDSHAKE;
      if (!isSecure && !isHere(socket)) return void socket.destroy();
      if (isSecure) socket.pause(); // TLS reads from below
      socket.unshift(first);
      (isSecure ? secure : plain)(socket);
    });
  });
  server.maxConnections = SOCKETS_MAX;
  return {
    server,
    end() {
      for (const socket of sockets) socket.destroy();
    },
  };
}

/** Whether the other end is this machine too, by whichever of its addresses. */
export function isFromHere({ remoteAddress, localAddress }: Socket): boolean {
  if (remoteAddress === undefined) return false;
  return remoteAddress === localAddress || /^(::1|(::ffff:)?127[.].*)$/.test(remoteAddress);
}
