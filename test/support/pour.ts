import type { Socket } from "node:net";
import { until } from "./until.ts";

/** What the system's buffers of a connection may hold, whoever reads. */
export const SYSTEM_BYTES_MAX = 8 * 1024 * 1024;

/** Bytes that the other side took before it had enough. */
export async function pour(socket: Socket, head: Buffer, total: number): Promise<number> {
  socket.write(head);
  const piece = Buffer.alloc(64 * 1024);
  for (let sent = 0; sent < total && !socket.destroyed; sent += piece.length)
    if (!socket.write(piece)) await until(() => socket.writableLength === 0 || socket.destroyed);
  return socket.bytesWritten - socket.writableLength;
}
