import { createServer } from "node:net";
import type { AddressInfo, Socket } from "node:net";

// Devices that answer their first request with as much as whoever asked will take, in a process of their own. Tells its ports, one
// for each kind of flood.

const PIECE_BYTES = 256 * 1024;

/** A reply that is well-formed and answers nobody: transaction 65535, unit 1, function 3, one register. */
const FOREIGN = Buffer.from([0xff, 0xff, 0, 0, 0, 5, 1, 3, 2, 0, 7]);
/** A header that declares 65535 bytes, and bytes that could be them. */
const ENDLESS = Buffer.from([0, 1, 0, 0, 0xff, 0xff]);

const FLOODS: readonly Buffer[] = [
  Buffer.alloc(PIECE_BYTES, 0x42),
  Buffer.concat([ENDLESS, Buffer.alloc(PIECE_BYTES)]),
  Buffer.alloc(FOREIGN.length * Math.floor(PIECE_BYTES / FOREIGN.length), FOREIGN),
];

function flood(socket: Socket, piece: Buffer): void {
  socket.on("error", () => undefined);
  socket.once("data", () => {
    const pour = (): void => {
      if (socket.destroyed) return;
      socket.write(piece, (error) => {
        if (!error) pour();
      });
    };
    pour();
  });
}

const ports: number[] = [];
for (const piece of FLOODS) {
  const server = createServer((socket) => flood(socket, piece)).listen(0, "127.0.0.1", () => {
    ports.push((server.address() as AddressInfo).port);
    if (ports.length === FLOODS.length) process.send?.(ports);
  });
}
process.on("disconnect", () => process.exit());
