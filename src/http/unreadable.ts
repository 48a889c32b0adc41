import type { Socket } from "node:net";
import { failure } from "./failure.ts";

const STATUS_BY_CODE: ReadonlyMap<string, number> = new Map([
  ["HPE_HEADER_OVERFLOW", 431],
  ["ERR_HTTP_REQUEST_TIMEOUT", 408],
]);

/** What is read and thrown away after the refusal, so that the client gets to see it instead of a reset. */
const LINGER_BYTES_MAX = 1024 * 1024;
const LINGER_MS = 1000;

function sentence(statusCode: number): string {
  if (statusCode === 431) return "The headers are too long.";
  return statusCode === 408 ? "The request did not arrive in time." : "This is not HTTP.";
}

/** Answers what cannot be read as a request, then closes the connection. Called again for whatever else it brings. */
export function refuseUnreadable(error: Error & { code?: string }, socket: Socket): void {
  if (socket.writableEnded || !socket.writable) {
    if (!socket.writableEnded || socket.bytesRead > LINGER_BYTES_MAX) socket.destroy();
    return;
  }
  const statusCode = STATUS_BY_CODE.get(error.code ?? "") ?? 400;
  const body = failure(statusCode, sentence(statusCode));
  const json = JSON.stringify(body);
  socket.setTimeout(LINGER_MS, () => socket.destroy());
  socket.end(
    `HTTP/1.1 ${statusCode} ${body.error}\r\nContent-Type: application/json; charset=utf-8\r\n` +
      `Content-Length: ${Buffer.byteLength(json)}\r\nConnection: close\r\n\r\n${json}`,
  );
}
