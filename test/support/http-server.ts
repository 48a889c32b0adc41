import { connect } from "node:net";
import { text } from "node:stream/consumers";
import { WebSocket } from "ws";
import type { Log } from "../../src/domain/ports.ts";
import { systemClock } from "../../src/domain/system-clock.ts";
import { openListener } from "../../src/http/listener.ts";
import type { Listener } from "../../src/http/listener.ts";
import { serveHttp } from "../../src/http/server.ts";
import type { HttpContext, HttpServer as Answering } from "../../src/http/server.ts";
import type { GatewayView } from "../../src/http/view.ts";
import { until } from "./until.ts";

export const silentLog: Log = { debug() {}, info() {}, warn() {}, error() {} };

/** A server and what listens for it. */
export type HttpServer = Answering & Pick<Listener, "url" | "port" | "renew">;

/** Serves a view where its plant says. */
export async function startHttp(context: HttpContext): Promise<HttpServer> {
  const { host, port } = context.view.plant.http;
  const listener = await openListener({ host, port, certificate: context.certificate ?? null });
  const server = await serveHttp(context, listener);
  return {
    ...server,
    ...listener,
    async close() {
      await server.close();
      await listener.close();
    },
  };
}

/** A server on a free port; `webDir` names no folder unless the test is about the page. */
export function serveView(view: GatewayView, webDir = "/nowhere"): Promise<HttpServer> {
  return startHttp({ view, clock: systemClock, log: silentLog, webDir });
}

/** Sends these bytes on a connection of its own and gives everything that comes back until the server closes it. */
export async function sendRaw(port: number, bytes: string): Promise<string> {
  const socket = connect(port, "127.0.0.1");
  // What comes after the server has closed is refused by the system; the answer is already here then.
  socket.on("error", () => undefined);
  socket.write(bytes);
  return text(socket);
}

export function statusOf(answer: string): number {
  return Number(/^HTTP\/1\.1 (\d{3})/.exec(answer)?.[1]);
}

export interface LiveUpdate {
  readonly tag: string;
  readonly t: number;
  readonly v: unknown;
  readonly q: string;
  readonly s: number;
}

/** A client of the live socket that keeps all it is sent. */
export interface LiveReader {
  readonly socket: WebSocket;
  readonly messages: unknown[];
  /** Latest value by tag, over all messages. */
  readonly latest: Map<string, LiveUpdate>;
  readonly closed: Promise<{ code: number; reason: string }>;
}

export async function openLive(
  { port }: HttpServer,
  request?: object,
  headers: Record<string, string> = {},
): Promise<LiveReader> {
  const socket = new WebSocket(`ws://127.0.0.1:${port}/api/v1/live`, { headers, perMessageDeflate: false });
  const messages: unknown[] = [];
  const latest = new Map<string, LiveUpdate>();
  socket.on("message", (data: Buffer) => {
    const message: unknown = JSON.parse(data.toString());
    messages.push(message);
    if (Array.isArray(message)) for (const update of message as LiveUpdate[]) latest.set(update.tag, update);
  });
  const closed = new Promise<{ code: number; reason: string }>((resolve) => {
    socket.on("close", (code, reason) => resolve({ code, reason: reason.toString() }));
  });
  await new Promise((resolve, reject) => socket.once("open", resolve).once("error", reject));
  if (request !== undefined) {
    socket.send(JSON.stringify(request));
    await until(() => messages.length > 0);
  }
  return { socket, messages, latest, closed };
}
